"""More words on the chat page: its views, its filters, what the browser keeps, what can be taken away."""

VIEWS = "Parts of this page"
VIEW_NAMES = {"ask": "Ask", "search": "Search the material", "browse": "Browse"}
TO_THE_QUESTION = "Skip to the question"
CLOSE = "Close"
WITHOUT_SCRIPTS = "Page without JavaScript"

# --- where to look ---

CHOSEN = "Looking only in"
DROP = "Stop looking only in"
CLEAR_FILTERS = "Look everywhere"

# --- one question again ---

AGAIN = "Ask again"
EDIT = "Edit question"
EDITING = "You are changing your last question. Its answer will be replaced."
LEAVE = "Leave it as it was"

# --- search ---

SEARCH_FOR = "Words to search for"
SEARCH_PLACEHOLDER = "Such as “social value”"
SEARCH = "Search"
SEARCH_LEAD = (
    "Finds passages, the nearest to your words first. It does not answer, and the last may be far off."
)
NOTHING_FOUND = "No passage is in what you narrowed the search to. Look everywhere, or in more of it."
NOT_SEARCHED = "Nothing was searched yet"
EMPTY_SEARCH = "Type a word or two first, then choose Search."
SEARCH_KEPT = "Your words are still in the box."

# --- browse ---

BROWSE_LEAD = "What is searched, by the six principles, and what is not there."
NO_PRINCIPLE = "Across all principles"
MISSING_KINDS = {"essay": "No essay on this principle", "case-study": "No case study on this principle"}
ASK_WITHIN = "Ask within this principle"
READ_HERE = "Read what is here"
READ_AROUND = "Read it in its place"
LINES_ABOUT = {"digest": "All of our digest", "original": "All of the text that is here"}

# --- take away ---

COPY_WITH_REFERENCES = "Copy with references"
COPY_LINK = "Copy link"
SAVES = {"docx": "Word", "md": "Markdown"}
LINK_COPIED = "Link copied"
TAKE = "Take it with you"
TAKE_HEADING = "Take this conversation with you"
TAKE_LEAD = (
    "Choose the answers. Their references become one list, with the date of asking and a line that says "
    "what this is."
)
TAKE_ANSWERS = "Answers"
TAKE_COPY = "Copy"
TAKE_NONE = "Choose at least one answer."
NOT_TAKEN = (
    "Nothing to take away",
    "The server has let go of this conversation. Load the page again and open it from Earlier conversations.",
)
PRINT = "Print"

# --- opinions ---

REASONS = (
    "It does not answer what I asked",
    "Something in it is wrong",
    "Something is missing",
    "It is hard to understand",
)
WHAT_WAS_WRONG = "What was wrong?"
REPORT = "Something is wrong with this source"
REPORT_ASK = "What is wrong with it?"
REPORT_SENT = "Thank you. It is kept with the answer."

# --- kept in the browser ---

EARLIER = "Earlier conversations"
EARLIER_NONE = "There are none yet."
EARLIER_KEPT = (
    "They are kept in this browser only, on this device, until you delete them, fifty at most. Whoever uses "
    "this browser can open them. To open one sends it back to the server for as long as the page is open."
)
EARLIER_KEEP = "Keep my conversations in this browser"
EARLIER_ALL = "All of them"
DELETE = "Delete"
DELETE_ALL = "Delete all"
DELETE_SURE = "Delete all for good?"
ONE_QUESTION = "1 question"
SOME_QUESTIONS = "{number} questions"
NOT_OPENED = (
    "This conversation can’t be opened",
    "It was kept by another version of this page, or is damaged. Its questions can be asked again.",
)


def found(number: int, words: str) -> str:
    """Say how many passages are shown."""
    shown = f"{number} passage" if number == 1 else f"{number} passages"
    return f"{shown} for “{words}”"


def source_in_words(title: str, section: str) -> str:
    """Name a source to whoever reads what is wrong with it."""
    return f"Source “{title}”, section “{section}”"


def passages(number: int) -> str:
    """Say how much of a document there is."""
    return "1 passage" if number == 1 else f"{number} passages"
