"""Makes sentences that the material does not support out of ones that it does, by one change each."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from assistant.checking.figures import figures
from assistant.checking.names import names

_DIGITS = re.compile(r"(?<![\w.])(£?)(\d+(?:,\d{3})*(?:\.\d+)?)(?![\w,]|\.\d)")
_COUNT = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen)\b", re.IGNORECASE
)
_COUNTS = "two three four five six seven eight nine ten eleven twelve sixteen".split()
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(
    r"\b(January|February|March|April|June|July|August|September|October|November|December)\b"
)
_MONTHS = "January February March April June July August September October November December".split()
_VERB = re.compile(
    r"\b(is|are|was|were|can|could|should|will|would|has|have|had|does|do|did)\b(?! not|n[’']t)"
)
_NOT = re.compile(r"\b(?: not|n[’']t)\b|\bcannot\b|\bnever\b")
_PAIR = re.compile(
    r"\b(\w[\w’'-]+(?: \w[\w’'-]+){0,2}) (and|than|before|after|from|by|to|with|for)"
    r" (\w[\w’'-]+(?: \w[\w’'-]+){0,2})\b"
)
_QUANTIFIERS = (
    (r"\b(?:some|many|most|several)\b", "all"), (r"\b(?:often|sometimes|usually)\b", "always"),
    (r"\b(?:nearly all|almost all)\b", "all"),
    (r"\b(?:almost|nearly|about)\b (?=£?\d|all\b|two\b|ten\b)", ""), (r"\bmany\b", "few"),
    (r"\bmost\b", "some"), (r"\bmore than\b", "less than"), (r"\balmost\b", "more than"),
    (r"\ball\b", "some"), (r"\beach\b", "every tenth"),
)  # fmt: skip
_MODALS = (
    (r"\b(?:may|might|could|can|should)\b", "must"),
    (r"\bwas due to\b", "was quick to"), (r"\bexpected\b", "proved"),
    (r"\b(?:says|argues|believes) that\b", "has proved that"),
    (r"\basks?\b", "forces"), (r"\basked\b", "forced"),
    (r"\baims? to\b", "managed to"), (r"\bwants? to\b", "refuses to"), (r"\bhelps?\b", "guarantees"),
)  # fmt: skip
_ADDED = (
    ", which saved about a tenth of the budget", ", mostly in the larger cities",
    " after a public consultation",
    " with support from central government", ", although staff objected", " at the request of the mayor",
    ", especially for young people", " and published a yearly report on it", " despite legal advice",
    ", as an independent evaluation showed", " because of a change in the law",
    " for the first time in the country",
    " in partnership with local universities", ", which led to fewer complaints", " by the end of the year",
)  # fmt: skip
_CAUSES = (
    "As a result of falling crime, ", "Because of new funding, ", "Thanks to volunteers, ",
    "After a court ruling, ",
)  # fmt: skip


@dataclass(frozen=True)
class Corruption:
    """A changed sentence and the kind of the change."""

    text: str
    kind: str


def corrupt(
    text: str, others: Sequence[str], opposites: Mapping[str, Sequence[str]], random: Random
) -> Iterator[Corruption]:
    """Yield one corruption of each kind that the sentence allows; `others` lend names and clauses."""
    for kind, change in _CHANGES.items():
        changed = change(text, random)
        if changed is not None and changed != text:
            yield Corruption(changed, kind)
    for kind, changed in (
        ("name", _rename(text, others, random)),
        ("reversed", _oppose(text, opposites, random)),
        ("blended", _blend(text, others, random)),
        ("name", _exchange(text)),
    ):
        if changed is not None and changed != text:
            yield Corruption(changed, kind)


def _figure(text: str, random: Random) -> str | None:
    found = [
        match for match in _DIGITS.finditer(text) if not _YEAR.fullmatch(match[2]) and not _dated(text, match)
    ]
    if found:
        match = random.choice(found)
        number = float(match[2].replace(",", ""))
        new = (
            number + random.choice([1, 2, 3, 10])
            if random.random() < 0.5
            else number * random.choice([2, 3, 10])
        )
        written = f"{new:,.0f}" if new == int(new) else f"{new:g}"
        return text[: match.start(2)] + written + text[match.end(2) :]
    worded = _COUNT.search(text)
    if worded is None:
        return None
    count = random.choice([word for word in _COUNTS if word != worded[0].lower()])
    count = count.capitalize() if worded[0][0].isupper() else count
    return text[: worded.start()] + count + text[worded.end() :]


def _dated(text: str, match: re.Match[str]) -> bool:
    return bool(_MONTH.match(text[match.end() :].lstrip()))


def _date(text: str, random: Random) -> str | None:
    found = [*_YEAR.finditer(text), *_MONTH.finditer(text)]
    if not found:
        return None
    match = random.choice(found)
    new = (
        str(int(match[0]) + random.choice([-2, -1, 1, 2]))
        if match[0].isdigit()
        else random.choice([month for month in _MONTHS if month != match[0]])
    )
    return text[: match.start()] + new + text[match.end() :]


def _negate(text: str, random: Random) -> str | None:
    match = _NOT.search(text)
    if match is not None:
        affirmed = {"cannot": "can", "never": "always"}.get(match[0], "")
        return text[: match.start()] + affirmed + text[match.end() :]
    verbs = list(_VERB.finditer(text))
    if not verbs:
        return None
    at = random.choice(verbs).end()
    return f"{text[:at]} not{text[at:]}"


def _swap(text: str, random: Random) -> str | None:
    found = [
        match for match in _PAIR.finditer(text) if match[2] != "and" and match[1].lower() != match[3].lower()
    ]
    if not found:
        return None
    match = random.choice(found)
    return text[: match.start()] + f"{match[3]} {match[2]} {match[1]}" + text[match.end() :]


def _replace(patterns: Sequence[tuple[str, str]]) -> Callable[[str, Random], str | None]:
    def change(text: str, random: Random) -> str | None:
        there = [(pattern, new) for pattern, new in patterns if re.search(pattern, text)]
        if not there:
            return None
        pattern, new = random.choice(there)
        return re.sub(pattern, new, text, count=1)

    return change


def _add(text: str, random: Random) -> str | None:
    return text.rstrip(".") + random.choice(_ADDED) + "."


def _cause(text: str, random: Random) -> str | None:
    return random.choice(_CAUSES) + (text if names(text[:25]) else text[0].lower() + text[1:])


def _rename(text: str, others: Sequence[str], random: Random) -> str | None:
    mine = [name for name in names(text) if len(name) > 3]
    theirs = sorted({name for other in others for name in names(other) if len(name) > 3} - set(names(text)))
    if not mine or not theirs:
        return None
    return text.replace(random.choice(mine), random.choice(theirs))


def _exchange(text: str) -> str | None:
    """Exchange the first name and the last, or the first two figures of a kind."""
    there = [figure for figure in figures(text) if figure.kind in ("money", "share", "number")]
    written = [
        match for match in _DIGITS.finditer(text) if any(figure.start == match.start() for figure in there)
    ]
    if len(written) > 1 and written[0][0] != written[1][0]:
        first, second = written[:2]
        return (
            text[: first.start()]
            + second[0]
            + text[first.end() : second.start()]
            + first[0]
            + text[second.end() :]
        )
    mine = list(dict.fromkeys(name for name in names(text) if name[0].isupper()))
    if len(mine) < 2:
        return None
    return re.sub(
        rf"\b(?:{re.escape(mine[0])}|{re.escape(mine[-1])})\b",
        lambda match: mine[-1] if match[0] == mine[0] else mine[0],
        text,
    )


def _oppose(text: str, opposites: Mapping[str, Sequence[str]], random: Random) -> str | None:
    found = [match for match in re.finditer(r"\b[a-z]+\b", text) if match[0] in opposites]
    if not found:
        return None
    match = random.choice(found)
    return text[: match.start()] + random.choice(opposites[match[0]]) + text[match.end() :]


def _blend(text: str, others: Sequence[str], random: Random) -> str | None:
    clauses = [
        part for other in others for part in re.split(r"[,;:] ", other)[1:] if 4 <= len(part.split()) <= 15
    ]
    return f"{text.rstrip('.')}, {random.choice(clauses).rstrip('.')}." if clauses else None


_CHANGES: Mapping[str, Callable[[str, Random], str | None]] = {
    "figure": _figure,
    "date": _date,
    "negation": _negate,
    "role": _swap,
    "quantifier": _replace(_QUANTIFIERS),
    "modality": _replace(_MODALS),
    "added": _add,
    "cause": _cause,
}
