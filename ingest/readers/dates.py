"""Reads dates as British pages write them, as far as they are said: YYYY, YYYY-MM or YYYY-MM-DD."""

import re
from datetime import date

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WAYS = tuple(
    re.compile(way, re.IGNORECASE)
    for way in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>(?:19|20)\d\d)\b",
        rf"\b{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)\b",
        r"(?:published|posted|dated?)(?: in)?:?\s+(?P<year>(?:19|20)\d\d)\b",
        r"^\s*(?P<year>(?:19|20)\d\d)\s*$",
    )
)


def find_date(text: str) -> str | None:
    """Return the first date in a line; None where there is none, or none that exists."""
    for way in _WAYS:
        if found := way.search(text):
            return _written(found.groupdict())
    return None


def _written(parts: dict[str, str | None]) -> str | None:
    year, named, number = parts["year"], parts.get("month"), parts.get("number")
    if named:
        number = str(next(at for at, month in enumerate(_MONTHS, 1) if month.startswith(named[:3].lower())))
    if number is None:
        return year
    day = int(parts.get("day") or 0)
    try:
        date(int(year or 0), int(number), day or 1)
    except ValueError:  # 31 April
        return None
    return f"{year}-{int(number):02}-{day:02}" if day else f"{year}-{int(number):02}"
