"""What kind of answer a question wants, and whether a sentence holds that kind of thing."""

import re
from enum import StrEnum


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
        r"how much (?:money|does|did|do|is|was|are|were|has|have|of the budget|would|will|can|could|funding|cash|should)"
        r"|\b(?:what|any idea what).{0,60}\b(?:costs?|price|fees?|budget|worth|value|salary|paid|paying|pay|spend|spent|figure in pounds|amount)\b"
        r"|\b(?:in|how many) pounds\b|\bprice tag\b|\bhow expensive\b|how much\s*\??$|\bhow big is the (?:grant|budget|fund|contract)",
    ),
    (Wanted.SHARE, r"per ?cent|percentage|\bproportion\b|what share|\bpct\b|what fraction"),
    (Wanted.COUNT, r"how many|number of|how often|how old\b|how big\b|how far\b|how long\b|how large"),
    (
        Wanted.DATE,
        r"\bwhen (?:did|was|were|is|are|does|do|will|has|have|had)\b|^when\b|(?:what|which) (?:date|year|month|day)|since when"
        r"|how long ago|deadline|\bwhat time\b|how recent",
    ),
    (
        Wanted.LIST,
        r"\b(?:list|all (?:the|of)|name (?:the|all|them|every)|every|set out|checklist|which (?:councils|documents|reports|case studies|places|areas|organisations|partners|authors|essays|articles))\b"
        r"|\bwhat(?:'s| are| were) (?:the|all|its|their) (?:\w+ ){0,3}(?:\w+s)\b",
    ),
    (
        Wanted.PERSON,
        r"\bwho\b|\bwho's\b|\bwhose\b|which (?:person|officer|councillor|director|professor|author|mayor|leader)|name of the|\bin whose\b",
    ),
    (Wanted.REASON, r"\bwhy\b|how come|what reasons?|what for\b|what makes"),
    (Wanted.MANNER, r"\bhow\b"),
)
_HOLDS = {
    Wanted.MONEY: r"£\s?\d|\b\d[\d,.]*\s?(?:m|bn|k)\b|\bpounds\b|\bno fee\b|without charge|\bfree\b|\bfunded by\b",
    Wanted.SHARE: r"\d\s?%|per ?cent|\b(?:half|third|quarter|majority|most)\b",
    Wanted.COUNT: rf"\b{_NUMBER}\b",
    Wanted.DATE: rf"\b(?:19|20)\d\d\b|\b(?:{_MONTH})\b|\b(?:decades?|years?|months?|centur\w+) (?:ago|later|earlier)\b|\byear\b",
}


def wanted(question: str) -> Wanted:
    """Return the kind of answer that the question asks for; the first that fits."""
    return next((kind for kind, asked in _ASKED if re.search(asked, question, re.IGNORECASE)), Wanted.OTHER)


def holds(kind: Wanted, text: str) -> bool | None:
    """Whether `text` holds that kind of thing; None where words alone can't tell."""
    pattern = _HOLDS.get(kind)
    if pattern is None:
        return None
    return re.search(pattern, text, re.IGNORECASE if kind is not Wanted.DATE else 0) is not None
