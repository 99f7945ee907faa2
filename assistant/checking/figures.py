"""Amounts, shares, counts and dates of a text, however written, and whether another text has them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_UNITS = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen""".split()
    )
} | {"dozen": 12}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9,
    "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "decade": 10, "decades": 10, "dozen": 12,
    "dozens": 12, "century": 100, "centuries": 100,
}  # fmt: skip
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
_FRACTIONS = {"half": 50.0, "halves": 50.0, "quarter": 25.0, "quarters": 25.0, "thirds": 100 / 3}
_MONTHS = {
    name: number
    for number, names in enumerate(
        """january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept
        october|oct november|nov december|dec""".split(),
        start=1,
    )
    for name in names.split("|")
}
_WORDS = "|".join((*_UNITS, *_TENS))
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"""(?<![\w.])(?P<money>[£$€])?(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
    (?P<ordinal>st|nd|rd|th)?(?:[\s-]?(?P<scale>{_SCALE})\b)?(?P<share>\s?%|[\s-]per[\s-]?cent\b)?(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_WORDED = re.compile(
    rf"""(?<![\w-])(?P<half>half\s+an?\s+)?(?P<words>(?:{_WORDS}|a|an)(?:[\s-](?:and[\s-])?(?:{_WORDS}))*)?
    [\s-]?(?P<scale>(?:hundred|thousand|million|billion|decade|dozen)s?|century|centuries)?
    (?P<share>[\s-]per[\s-]?cent)?(?![\w])""",
    re.VERBOSE | re.IGNORECASE,
)
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?:half|halves|quarters?|thirds|a (?:third|fifth|tenth))\b(?!\s+an?\b)", re.IGNORECASE
)
_DATE = re.compile(
    rf"""(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?P<month>{"|".join(_MONTHS)})\b\.?
    (?:\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:%|million|people)))?,?
    (?:/\w+)?(?:\s+(?P<year>(?:1[5-9]|20)\d\d)\b)?""",
    re.VERBOSE | re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w£$€.,])(?:1[5-9]|20)\d\d(?:[-–/]\d\d(?:\d\d)?)?s?(?![\w%]|[.,]\d)")
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_HEDGES = (
    (">", re.compile(r"(?:more than|over|above|exceed(?:s|ed|ing)?|greater than|upwards of|in excess of|"
                     r"beyond|passed|surpass(?:es|ed|ing)?)(?:\s+(?:a|the|by))?\s*$", re.IGNORECASE)),
    (">=", re.compile(r"(?:at least|no (?:less|fewer) than|a minimum of|not less than)\s*$", re.IGNORECASE)),
    ("<", re.compile(r"(?:less than|fewer than|under|below|lower than)\s*$", re.IGNORECASE)),
    ("<=", re.compile(r"(?:at most|up to|no more than|a maximum of|not more than)\s*$", re.IGNORECASE)),
    ("-", re.compile(r"(?:almost|nearly|close to|just under|approaching)(?:\s+an?)?\s*$", re.IGNORECASE)),
    ("~", re.compile(r"(?:about|around|roughly|approximately|some|circa|approx\.?|or so)(?:\s+an?)?\s*$",
                     re.IGNORECASE)),
)  # fmt: skip
# “Over ten years” is a time that something took, or more than that: nobody can tell.
_DURING = re.compile(r"\bover\s+(?:a\s+|an\s+)?$", re.IGNORECASE)
_TIME = re.compile(r"[\s-]?(?:years?|months?|weeks?|days?|decades?)\b", re.IGNORECASE)
_AFTER = ((">=", re.compile(r"\s*(?:or|and) (?:more|over|above)\b")), (">", re.compile(r"\s?\+")))
_DAYS = 31


@dataclass(frozen=True, slots=True)
class Figure:
    """`kind` is money, share, number, scale (“millions”), ordinal, date or weekday; `hedge` bounds the value.

    A date's value is its year (0 if none is said), with `month` and `day`.
    """

    kind: str
    value: float
    start: int
    hedge: str = "="
    month: int = 0
    day: int = 0


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """Return all figures of a text, in its order."""
    taken: list[tuple[int, int]] = []
    found: list[Figure] = []
    for reader in (_dates, _numerals, _fractions, _worded, _ordinals):
        for figure, end in reader(text):
            if not any(start < end and figure.start < stop for start, stop in taken):
                taken.append((figure.start, end))
                found.append(figure)
    return tuple(sorted(found, key=lambda figure: figure.start))


def _dates(text: str) -> Iterator[tuple[Figure, int]]:
    for match in _DATE.finditer(text):
        day, year = match["day"] or match["day2"], match["year"]
        year = year or _year_of_the_pair(text, match.end("month"))
        month = _MONTHS[match["month"].lower()]
        if (day or year or (match["month"][0].isupper() and month != _MONTHS["may"])) and int(
            day or 1
        ) <= _DAYS:
            end = (
                match.end("year")
                if match["year"]
                else match.end("day2")
                if match["day2"]
                else match.end("month")
            )
            start = match.start("day") if match["day"] else match.start("month")
            yield Figure("date", float(year or 0), start, "=", month, int(day or 0)), end
    for match in _YEAR.finditer(text):
        yield Figure("date", float(match[0][:4]), match.start()), match.end()
    for match in _WEEKDAY.finditer(text):
        yield (
            Figure("weekday", float("mtwtfss".index(match[0][0].lower()) + len(match[0])), match.start()),
            match.end(),
        )


def _year_of_the_pair(text: str, at: int) -> str | None:
    """Return the year of “August/September 2019” or “March and April 2019” for the first of the two."""
    match = re.match(
        rf"\s?(?:/|and|to|–|-)\s?(?:{'|'.join(_MONTHS)})\s+((?:19|20)\d\d)", text[at:], re.IGNORECASE
    )
    return match[1] if match else None


def _numerals(text: str) -> Iterator[tuple[Figure, int]]:
    for match in _NUMBER.finditer(text):
        value = float(match["digits"].replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1.0)
        kind = "money" if match["money"] else "share" if match["share"] else "number"
        kind = "ordinal" if match["ordinal"] else kind
        yield Figure(kind, value, match.start(), _hedge(text, match.start(), match.end())), match.end()


def _fractions(text: str) -> Iterator[tuple[Figure, int]]:
    for match in _FRACTION.finditer(text):
        word = match[0].lower()
        value = _FRACTIONS.get(word) or {"a third": 100 / 3, "a fifth": 20.0, "a tenth": 10.0}[word]
        count = re.search(r"\b(two|three)[\s-]$", text[: match.start()], re.IGNORECASE)
        value *= _UNITS[count[1].lower()] if count else 1
        start = count.start() if count else match.start()
        yield Figure("share", value, start, _hedge(text, start, match.end())), match.end()


def _worded(text: str) -> Iterator[tuple[Figure, int]]:
    for match in _WORDED.finditer(text):
        words = re.findall(r"[a-z]+", (match["words"] or "").lower())
        numbers = [_UNITS.get(word, _TENS.get(word, 0)) for word in words if word not in ("and", "a", "an")]
        scale = (match["scale"] or "").lower()
        if not scale and (not numbers or (sum(numbers) <= 1 and not match["share"])):
            continue  # “one”, “a” and “no” say no figure
        if scale.endswith("s") and not numbers:  # “millions of pounds”
            yield (
                Figure("scale", _SCALES.get(scale.removesuffix("s"), 0.0), match.start("scale")),
                match.end(),
            )
            continue
        value = (
            (sum(numbers) or 1)
            * _SCALES.get(scale, _SCALES.get(scale.removesuffix("s"), 1.0))
            * (0.5 if match["half"] else 1)
        )
        kind = (
            "share"
            if match["share"]
            else "money"
            if re.match(r"\s(?:pounds|euros|dollars)\b", text[match.end() :])
            else "number"
        )
        start = match.start()
        yield Figure(kind, value, start, _hedge(text, start, match.end())), match.end()


def _ordinals(text: str) -> Iterator[tuple[Figure, int]]:
    for match in _ORDINAL.finditer(text):
        yield Figure("ordinal", float(_ORDINALS[match[0].lower()]), match.start()), match.end()


def _hedge(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 24) : start], text[end : end + 12]
    if _DURING.search(before) and _TIME.match(after):
        return "?"
    for sign, pattern in _HEDGES:
        if pattern.search(before):
            return sign
    return next((sign for sign, pattern in _AFTER if pattern.match(after)), "=")


def has(said: Sequence[Figure], wanted: Figure) -> bool:
    """Whether one of the figures said is, or implies, the one wanted; less precise is fine, more is not."""
    return any(_implies(figure, wanted) for figure in said)


def _implies(said: Figure, wanted: Figure) -> bool:
    if said.kind != wanted.kind:
        return False
    if wanted.kind == "date":
        return (
            wanted.value in (0, said.value)
            and wanted.month in (0, said.month)
            and wanted.day in (0, said.day)
        )
    if wanted.kind in ("ordinal", "weekday", "scale"):
        return said.value == wanted.value
    return _within(said, wanted)


def _within(said: Figure, wanted: Figure) -> bool:  # noqa: PLR0911 - one return for each hedge
    """Compare two amounts with their hedges: “over 100” follows from “120”, and never the other way."""
    if "?" in (said.hedge, wanted.hedge):
        return math.isclose(said.value, wanted.value, rel_tol=1e-9)
    least, most = _bounds(said)
    match wanted.hedge:
        case ">":
            return least > wanted.value or (least == wanted.value and said.hedge == ">")
        case ">=":
            return least >= wanted.value
        case "<":
            return most < wanted.value or (most == wanted.value and said.hedge in "<-")
        case "<=":
            return most <= wanted.value
        case "-":
            return wanted.value * 0.9 <= said.value <= wanted.value and said.hedge in "=-<~"
        case "~":
            return math.isclose(said.value, wanted.value, rel_tol=0.1)
        case _:
            return said.hedge == "=" and math.isclose(said.value, wanted.value, rel_tol=1e-9)


def _bounds(said: Figure) -> tuple[float, float]:
    match said.hedge:
        case ">" | ">=":
            return said.value, math.inf
        case "<" | "<=":
            return 0.0, said.value
        case "-":
            return 0.9 * said.value, said.value
        case "~":
            return 0.9 * said.value, 1.1 * said.value
        case _:
            return said.value, said.value


# “Two of the six principles are …” picks two; it doesn't count them.
_CHOSEN = re.compile(r"(?:two|three) (?:of (?:the|its|their|these)|are|is)\b", re.IGNORECASE)


def missing(text: str, said: str, also: str = "") -> tuple[Figure, ...]:
    """Return the figures of `text` that neither `said` nor, for dates, `also` has."""
    there = figures(said)
    dates = tuple(figure for figure in figures(also) if figure.kind == "date")
    return tuple(
        figure
        for figure in figures(text)
        if not has(there, figure) and not has(dates, figure) and not _CHOSEN.match(text, figure.start)
    )
