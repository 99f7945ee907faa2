"""The words on the chat page: its labels, buttons and small sentences."""

from assistant.wording import NAME, PRINCIPLES_IN_SHORT, in_words

LEAD = "What have places learnt about keeping services local?"
EXAMPLES_HEADING = "Try one of these"
HOW_HEADING = "How it works"
HOW = (
    "Ask in your own words, then follow up.",
    "Every sentence of an answer has a number. Open it to see the exact words that it rests on.",
    "What the material does not say is not made up. You are told so, with the closest passages.",
)
QUESTION = "Your question"
COUNTER = "{used} of {most} characters"
PLACEHOLDER = "Ask in your own words"
ASK = "Ask"
START_OVER = "Start over"
STOP = "Stop"
NARROW = "Narrow the search"
NARROW_PRINCIPLES = "Only these principles"
NARROW_KINDS = "Only these kinds of text"

YOU_ASKED = "You asked"
LOOKING = "Looking through the material…"
STOPPED = "Stopped before the answer was complete."
OUTCOMES = {
    "answered": "Answered from the material",
    "partly_answered": "Partly answered from the material",
    "not_in_material": "Not in the material",
    "conversation": "About this assistant",
}
MISSING = "What is missing"
BY_QUOTES = "No language model wrote this: each sentence rests on the source behind its number."
ASK_NEXT = "You could ask next"

SOURCES = "Sources"
CLOSEST = "Closest passages"
CLOSEST_MEANS = "They come nearest to your question; none is sure to answer it."
TEXT_FROM = {"original": "Original text", "digest": "Digest in our own words"}
FACT_FROM = "This comes from another source:"
NOT_COVERED = "This digest does not hold:"
READ_ORIGINAL = "Read the original"
READ_SOURCE = "Read this source"
NEW_TAB = "(opens in a new tab)"

COPY = "Copy answer with references"
COPIED = "Copied"
COPY_FAILED = "Copying did not work: please select the text"
REFERENCES = "References"
NO_DATE = "no date"
CITED_FROM = {"original": "Cited in its own words", "digest": "Cited from a digest, not in its own words"}
SEARCHED = "Searched:"

USEFUL = "Was this answer useful?"
YES = "Yes"
NO = "No"
RATED = "Thank you for telling us."
REASON = "What made it useful, or what was wrong? (optional)"
REASON_HINT = "Please leave out names and personal details."
SEND = "Send"
REASON_SENT = "Thank you. Your note is kept with the answer."

NOT_ASKED = "Nothing was asked yet"
STILL_ANSWERING = ("One moment", "Your last question is still being answered. Wait for it, or choose Stop.")
EMPTY_QUESTION = "Type a question first, then choose Ask."
QUESTION_KEPT = "Your question is still in the box."
ABOUT_THE_MATERIAL = "About the material"
MATERIAL_IS = (
    "These are the texts that are searched. A digest sums a text up in our own words and may leave "
    "parts out: follow the link to read the original."
)
NEEDS_SCRIPTS = (
    "This page needs JavaScript to answer questions. Switch it on and load the page again, or use the"
)
PLAIN_PAGE = "page that works without JavaScript"

# --- the pages without JavaScript (sheets.py) ---

TO_THE_CONTENT = "Skip to the content"
TO_THE_ANSWER = "Skip to the answer"
NO_NAMES = "Please leave out names and personal details. Answers come from the material, with their sources."
PRINCIPLE = "Principle"
ALL_PRINCIPLES = "All six principles"
KIND = "Kind of text"
ALL_KINDS = "All kinds"
FOLLOW_UP = "Ask a follow-up question"
FOLLOW_UP_HINT = "It may build on this answer, as in “And what did that cost?”"
ASK_THIS = "Ask this"
TEXT_TO_COPY = "Text to copy, with references"
LINK_TO_QUESTION = "Link to this question, to keep or to send on"
YES_USEFUL = "Yes, it was useful"
NO_USE = "No, it was not"
THANKS = "Thank you for telling us"
THANKS_KEPT = "What you said is kept with the answer, without your name or address."
ASK_ANOTHER = "Ask another question"

_MONTHS = "January February March April May June July August September October November December"


def too_long(letters: int, most: int) -> str:
    """Say that a question is too long."""
    return f"A question has at most {most:,} characters, and this one has {letters:,}. Please shorten it."


def written_by(model: str) -> str:
    """Name the model that wrote an answer."""
    return f"Written by {model}; every sentence was checked against its source."


def material(documents: int, indexed_on: str) -> str:
    """Say how much is searched and how old the index is."""
    return f"{documents} documents, indexed on {long_date(indexed_on)}"


def back_to_sentence(number: int) -> str:
    """Name the way back from a source to the sentence that it supports."""
    return f"Source {number}: back to the sentence"


def to_source(number: int, title: str) -> str:
    """Name the way from a sentence to the source that supports it."""
    return f"Source {number}: {title}"


def principle_number(number: int) -> str:
    """Name a Keep it Local principle where there is little room."""
    return f"Principle {number}"


def principle(number: int) -> str:
    """Name a Keep it Local principle in a few words."""
    return f"Principle {number}: {PRINCIPLES_IN_SHORT[number]}"


def narrowed_to(parts: str) -> str:
    """Say that only a part of the material was searched."""
    return f"Searched only: {parts}"


def searched_for(question: str) -> str:
    """Say what a follow-up was taken to mean."""
    return f"Searched for: {question}"


def dates_of_sources(years: list[str], undated: int) -> str:
    """Say how the cited pages are dated, which may be later than their text; `years` are in order."""
    if not years:
        return "The pages cited carry no date."
    span = years[0] if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
    return f"Pages dated {span}{f'; {undated} without a date' if undated else ''}."


def page_date(year: str | None) -> str:
    """Say how a page is dated: its text may be older."""
    return f"page dated {year}" if year else NO_DATE


def via(source: str) -> str:
    """Name the source that a fact was taken from."""
    return f", citing {source}"


def copied_from(asked_on: str, indexed_on: str) -> str:
    """Say where a copied answer is from."""
    return (
        f"Asked on {long_date(asked_on)}. {NAME}; material indexed on {long_date(indexed_on)}. "
        "Check a source before you quote it: a digest is not the original’s wording."
    )


def went_wrong(title: str) -> str:
    """Say in a page's title, which screen readers read first, that something went wrong."""
    return f"Error: {title}"


def long_date(day: str) -> str:
    """Write the date that an ISO date or time begins with as people do: 3 March 2020."""
    year, month, number = day[:10].split("-")
    return f"{int(number)} {_MONTHS.split()[int(month) - 1]} {year}"


# --- problems.py: title and detail of each problem by its name ---

PROBLEMS = {
    "not-found": ("Not found", "There is nothing at this address. /docs lists the addresses that there are."),
    "method-not-allowed": (
        "This address is used differently",
        "This address does not take this method. The header Allow names the ones that it takes.",
    ),
    "too-large": (
        "The request is too large",
        "A request has at most 64 KiB. Send a shorter question, or less of the history.",
    ),
    "unreadable": (
        "The request can’t be read",
        "The body has to be one JSON object in UTF-8, with the header Content-Type: application/json.",
    ),
    "invalid": ("A field is not right", "Mend the fields that are named, then send the request again."),
    "not-signed-in": (
        "For staff only",
        "Sign in at /staff, or send the staff password with HTTP Basic and any user name.",
    ),
    "other-site": (
        "This website may not use the assistant",
        "Whoever runs the assistant has to add this website’s address to KIL_ALLOWED_ORIGINS first.",
    ),
    "too-many": ("Too many questions", "This address has asked a lot in the last minute. Ask again later."),
    "not-ready": (
        "Not ready yet",
        "Questions can’t be answered yet. If waiting does not help, `keep-it-local ingest` builds the index.",
    ),
    "other-index": (
        "The index does not fit",
        "The index was made with another embedding model. `keep-it-local ingest` builds it anew.",
    ),
    "index-busy": ("The index is being built", "The index is being built just now. Try again in a minute."),
    "model-unavailable": (
        "The language model is out of reach",
        "The language model does not answer, so the question was not answered. Try again in a minute.",
    ),
    "storage": (
        "Storage is out of reach",
        "The server can’t use its own files at the moment, so this was not done. Try again later.",
    ),
    "busy": ("Very busy", "Too many people are asking at this moment. Try again in a few seconds."),
    "unexpected": ("Something went wrong", "Try again. If it happens again, tell whoever runs the server."),
}


def reference(reference_id: str) -> str:
    """Name the line of the log that tells more about a fault."""
    return f"{PROBLEMS['unexpected'][1]} Give the reference {reference_id}."


# --- the privacy note and the transparency record (about.py) ---

ABOUT_THIS = "About this assistant, and privacy"
ABOUT_TITLE = "About this assistant"
ABOUT_PAGE = f"{ABOUT_TITLE} – {NAME}"
ABOUT_LEAD = (
    "What it is, what it does with your words, how good it is, and whom to ask. This page is written from "
    "the "
    "settings that the assistant runs with at this moment."
)
ABOUT_AS_JSON = "The same for machines (JSON)"
ASK_A_QUESTION = "Ask a question"
RECORD_TITLE = "Transparency record"
RECORD_LEAD = (
    "In the shape of the UK’s Algorithmic Transparency Recording Standard: an overview, then the details. "
    "What "
    "no setting can know is marked as still to be completed. It has not been submitted to the government’s "
    "repository by this page."
)

# --- briefings (briefing.py, markdown.py, word.py) ---

BRIEFING = "Briefing from the Keep it Local material"
DOWNLOADS = {"docx": "Download as Word", "md": "Download as Markdown"}
NOT_AS_ON_THE_PAGE = (
    "This was put together again for the download, and its words differ from those that the page showed. "
    "Every sentence was checked in the same way."
)


def asked_on(day: str) -> str:
    """Say when a question was asked."""
    return f"Asked on {long_date(day)}."


def dated(day: str | None) -> str:
    """Say the date of a page, which may be later than its text."""
    return f"page dated {in_words(day)}" if day else NO_DATE


def in_section(section: str) -> str:
    """Name the heading that a passage stands under."""
    return f", section “{section}”"
