"""Every sentence a reader sees that neither the material nor a model wrote."""

import calendar

NAME = "The Keep it Local assistant"

WHAT_IT_IS = (
    "Answers questions about community commissioning from Locality’s Keep it Local material, "
    "and shows for every sentence the words it rests on."
)

WHAT_IT_IS_NOT = (
    "It is not legal advice and does not speak for Locality. Check a source before you quote it: "
    "most of the texts here are digests of longer originals."
)

GREETED = "Hello. Ask me how councils commission services with their communities; there are examples below."
THANKED = "You’re welcome. Ask away if there is more."
PARTED = "Goodbye, and good luck with the work."
ABOUT = (
    "I am a program that finds answers in Locality’s Keep it Local material: an introduction, six principles "
    "with essays and case studies, and reports, guides and articles around them. I show the material’s own "
    "sentences, each with the place it comes from, and I say so when the material does not answer. I know "
    "nothing else, I give no legal advice, and I do not speak for Locality. Try one of the questions below."
)
NOT_OBEYED = (
    "I only answer questions about community commissioning from the Keep it Local material, so I can’t do "
    "that. Ask me about that material and I’ll show you what it says."
)
SAY_MORE = "Could you say a little more about what you need? These are questions that the material answers:"


# What a refusal begins with, whatever else it says.
_UNSURE = "I found no sure answer to this in the Keep it Local material."
_REFUSED = "The Keep it Local material here does not answer this."
_NOTHING = "I found nothing on “"


def is_refusal(said: str) -> bool:
    """Whether a text is one of the refusals below: nothing in it is of the material."""
    return said.startswith((_UNSURE, _REFUSED, _NOTHING))


def not_answered(question: str, gap: str | None, *, unsure: bool = False) -> str:
    """Say plainly that nothing (surely) supports an answer, and what is known to be missing."""
    said = (
        f"{_UNSURE} Look at the closest passages before you take it that there is none. "
        f"I looked for: “{question}”"
        if unsure
        else f"{_REFUSED} I looked for: “{question}”"
    )
    return f"{said}\n\n{gap}" if gap else said


def nothing_near(question: str) -> str:
    """Say kindly that the question is about something else."""
    return (
        f"{_NOTHING}{question}” in the Keep it Local material. It is about how councils commission "
        "services with their communities; ask me about that."
    )


def not_held(title: str, not_covered: str) -> str:
    """Say what the digest of a document leaves out."""
    missing = f"{not_covered[0].lower()}{not_covered[1:].rstrip('.')}"
    return f"What is here of “{title}” does not hold this: {missing}. The original may say more."


def lead_in(owners: tuple[str, ...], published: str | None) -> str:
    """Say whose view follows, and the date of its page, which may be later than its text."""
    dated = f"page dated {in_words(published)}" if published else ""
    if not owners:
        return f"From a {dated}: " if dated else ""
    listed = " and ".join((", ".join(owners[:-1]), owners[-1])) if len(owners) > 1 else owners[0]
    return f"According to {listed} ({dated}): " if dated else f"According to {listed}: "


def in_words(published: str) -> str:
    """Turn 2022-09-19 into 19 September 2022, 2022-09 into September 2022; a year stays."""
    year, *rest = published.split("-")
    month = [calendar.month_name[int(rest[0])]] if rest else []
    day = [str(int(rest[1]))] if rest[1:] else []
    return " ".join([*day, *month, year])


_IN_WORDS = "one two three four five six seven eight nine ten".split()


def counted(number: int) -> str:
    """Say how many documents fit, before they are listed."""
    said = _IN_WORDS[number - 1] if 0 < number <= len(_IN_WORDS) else str(number)
    return f"The material here has {said}. "


def missing_parts(parts: tuple[str, ...]) -> str:
    """Say which parts of a question have no support."""
    return "The material here does not say: " + "; ".join(f"“{part.rstrip(' .')}”" for part in parts)


def send_on(concern: str, contact_name: str, contact_url: str) -> str:
    """Say whom to ask about what is not ours to answer."""
    asked = {
        "legal": "Whether something is lawful in your case is a matter for your council’s legal and "
        "procurement teams or a solicitor; this is not legal advice.",
        "complaint": "A complaint about a council goes to that council first, and then to the Local "
        "Government and Social Care Ombudsman.",
        "distress": "I am only a program that searches documents, and I am sorry that I can’t help with "
        "this. If you or somebody else is in danger, call 999. Samaritans listen at any hour on 116 123, "
        "free.",
    }[concern]
    return f"{asked} For anything else, ask {contact_name}: {contact_url}"


# --- the web interface (web/problems.py, records.py); web/labels.py has the titles of the problems ---

UNKNOWN_FIELD = "there is no such field"
MISSING_FIELD = "this field is needed"
AND_MORE = "and more"


def wait_seconds(seconds: int) -> str:
    """Say how long to wait before the next question."""
    return f"This address has asked a lot in the last minute. Ask again in {seconds} seconds."


def wait_for_others(seconds: int) -> str:
    """Say that all readers together ask too much."""
    return f"Many people are asking just now. Ask again in {seconds} seconds."


def too_many_tries(seconds: int) -> str:
    """Say how long to wait before the next password is tried."""
    return f"A wrong password was given too often. Try again in {seconds} seconds."


def others_try(seconds: int) -> str:
    """Say that others are signing in at this moment."""
    return f"Others are signing in just now. Try again in {seconds} second."


def one_of(allowed: tuple[str, ...]) -> str:
    """Say which values a field takes."""
    return f"has to be one of {', '.join(allowed)}"


def no_such_answer(keep_days: int) -> str:
    """Say that feedback came for an answer that is not on record."""
    return f"There is no answer with this id on record. Answers are kept for {keep_days} days."


# --- the browser chat (web/labels.py has the rest of its words) ---

EXAMPLES = (
    "How can a council use reserved contracts to help communities?",
    "What should a commissioner ask procurement colleagues?",
    "How did Leeds merge its contracts and keep small providers?",
    "What is the Oldham Model?",
)
PRINCIPLES_IN_SHORT = {
    1: "Whole systems, not silos",
    2: "Neighbourhood services",
    3: "Local spend",
    4: "Early intervention",
    5: "Commitment to community",
    6: "Simple, collaborative commissioning",
}
KINDS_IN_WORDS = {
    "introduction": "Introduction",
    "essay": "Essay",
    "case-study": "Case study",
    "guide": "Guide",
    "report": "Report",
    "network": "Network page",
    "press": "Press release",
    "article": "Article or blog",
}

# --- where a language model writes (writing.py): the one line for the reader when it fell short ---

MODEL_SILENT = (
    "The language model did not answer, so this answer is made of the material’s own sentences instead."
)
MODEL_NOT_HELD = (
    "What the language model wrote did not hold up against the material, so this answer is made of the "
    "material’s own sentences instead."
)
MODEL_PARTLY_HELD = (
    "Much of what the language model wrote did not hold up against the material and was left out. The rest "
    "of this answer is made of the material’s own sentences."
)
MODEL_BESIDE = (
    "The language model left out what answers the question best. The rest of this answer is made of the "
    "material’s own sentences."
)
MODEL_BROKE_OFF = (
    "The language model broke off. The rest of this answer is made of the material’s own sentences."
)
MODEL_CUT_SHORT = (
    "The language model broke off before it had finished, so this answer may lack something. Every sentence "
    "shown was checked."
)

# --- originals (terminal.py) ---

PAGE_CHANGED = "its page has changed or gone since"


def fetched(on: str) -> str:
    """Say when the text of an original was got."""
    return f"got on {on[:10]}"


# --- links (citing.py) ---


def in_file(name: str, page: int | None) -> str:
    """Say where in a file that is on no web page something stands."""
    return f"{name}, page {page}" if page is not None else name


# --- records (records.py) ---

NOT_RECORDED = "Answers and feedback are not kept here, so this one can’t be. Recording is switched off."
