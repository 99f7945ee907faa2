"""What kind of answer a question wants, and whether a sentence holds that kind of thing."""

import re
from enum import StrEnum
from functools import lru_cache

from assistant.words import stems


class Wanted(StrEnum):
    """Kinds of answer (after the coarse classes of Li and Roth, 2002, COLING)."""

    MONEY = "money"
    SHARE = "share"
    COUNT = "count"
    DATE = "date"
    PERSON = "person"
    REASON = "reason"
    MANNER = "manner"
    LIST = "list"
    OTHER = "other"


_NUMBER = (
    r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|hundreds?|thousands?|million|billion|"
    r"half|third|quarter|dozen|both)"
)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"

_ASKED: tuple[tuple[Wanted, str], ...] = (
    (
        Wanted.MONEY,
        (
            r"how much (?:money|does|did|do|is|was|are|were|has|have|of the budget|would|will|can|could"
            r"|funding|cash|should)"
            r"|\b(?:what|any idea what).{0,60}\b(?:costs?|price|fees?|budget|worth|value|salary|paid|paying"
            r"|pay|spend|spent|figure in pounds|amount)\b"
            r"|\b(?:in|how many) pounds\b|\bprice tag\b|\bhow expensive\b|how much\s*\??$"
            r"|\bhow big is the (?:grant|budget|fund|contract)"
        ),
    ),
    (Wanted.SHARE, r"per ?cent|percentage|\bproportion\b|what share|\bpct\b|what fraction"),
    (Wanted.COUNT, r"how many|number of|how often|how old\b|how big\b|how far\b|how long\b|how large"),
    (
        Wanted.DATE,
        (
            r"\bwhen (?:did|was|were|is|are|does|do|will|has|have|had)\b|^when\b"
            r"|(?:what|which) (?:date|year|month|day)|since when|how long ago|deadline"
            r"|\bwhat time\b|how recent"
        ),
    ),
    (
        Wanted.LIST,
        (
            r"\b(?:list|all (?:the|of)|name (?:the|all|them|every)|every|set out|checklist"
            r"|which (?:councils|documents|reports|case studies|places|areas|organisations|partners|authors"
            r"|essays|articles))\b"
            r"|\bwhat(?:'s| are| were) (?:the|all|its|their) (?:\w+ ){0,3}(?:\w+s)\b"
        ),
    ),
    (
        Wanted.PERSON,
        (
            r"\bwho\b|\bwho's\b|\bwhose\b|name of the|\bin whose\b"
            r"|which (?:person|officer|councillor|director|professor|author|mayor|leader)"
        ),
    ),
    (Wanted.REASON, r"\bwhy\b|how come|what reasons?|what for\b|what makes"),
    (Wanted.MANNER, r"\bhow\b"),
)
_MONEY = re.compile(
    r"£\s?\d[\d.,]*\s?(?:m|bn|k|million|billion)?\b"
    r"|\bno fee\b|\bwithout charge\b|\bthousands of pounds\b|\bbillions\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\d[\d.]*\s?%|\bper ?cent\b", re.IGNORECASE)
_DATE = re.compile(
    rf"\b(?:(?:\d\d? )?(?:{_MONTH})(?: \d{{4}})?|(?:19|20)\d\d)\b"
    r"|\b(?:two decades|ten years|the year after|earlier in)\b"
)
_PERSON = re.compile(r"\b(?!The\b|In\b|A\b|An\b)[A-Z][a-zé]+ (?:Mc)?[A-Z][\w’'-]+\b")
_NOT_PEOPLE = re.compile(
    r"\b(?:Council|Councils|Local|Network|Foundation|Trust|Act|Commission|Report|Model|City|County|Bank"
    r"|School|Town|East|West|South|North|Big|New|Public|National|Social|Health|Community|Communities|Service"
    r"|Services|Power|Practice|Statement)\b"
)
_COUNTED = re.compile(
    r"\b(?:how many|number of)\s+((?:[\w'’-]+\s+){0,4}?[\w'’-]+)\s+"
    r"(?:are|is|was|were|did|does|do|has|have|had|can|could|will|would|in|at|of|from|that|which|who|on|for|to"
    r"|they|we|it|got|came|took|make|made|joined|belong|work\w*|run|runs)\b"
    r"|\b(?:how many|number of)\s+((?:[\w'’-]+\s*){1,4})",
    re.IGNORECASE,
)
# Items on lines of their own, behind a colon, or at least four in a row.
_LISTED = re.compile(r"\n\s*[-*•]|:[^.;]+;|(?:,[^,.;]+){2,},? and ")

_VALUES = {Wanted.MONEY: _MONEY, Wanted.SHARE: _SHARE, Wanted.DATE: _DATE}


@lru_cache(maxsize=256)
def wanted(question: str) -> Wanted:
    """Return the kind of answer that the question asks for; the first that fits."""
    return next((kind for kind, asked in _ASKED if re.search(asked, question, re.IGNORECASE)), Wanted.OTHER)


def holds(question: str, text: str) -> bool | None:
    """Whether `text` newly holds the kind of thing that is asked for; None where words can't tell."""
    kind = wanted(question)
    match kind:
        case Wanted.MONEY | Wanted.SHARE | Wanted.DATE:
            return _new(_VALUES[kind], question, text)
        case Wanted.PERSON:
            return any(
                name not in question and not _NOT_PEOPLE.search(name) for name in _PERSON.findall(text)
            )
        case Wanted.COUNT:
            return _counts(question, text)
        case Wanted.LIST:
            return _LISTED.search(text) is not None
        case _:
            return None


def _new(pattern: re.Pattern[str], question: str, text: str) -> bool:
    asked = {found.lower() for found in pattern.findall(question)}
    return any(found.lower() not in asked for found in pattern.findall(text))


def _counts(question: str, text: str) -> bool:
    """Whether a number stands right before what is counted ("how many people": "almost 300 people")."""
    counted = _COUNTED.search(question)
    things = set(stems(counted[1] or counted[2] or "")) if counted else set()
    if not things:
        return re.search(rf"\b{_NUMBER}\b", text, re.IGNORECASE) is not None
    after = re.findall(rf"\b{_NUMBER}\b((?:[\s-]+[\w'’-]+){{1,5}})", text, re.IGNORECASE)
    return any(things & set(stems(words)) for words in after)
