"""Draws numbers so that they can be looked at, with the same numbers in words beside or under them."""

from collections.abc import Sequence
from datetime import date
from math import log10

from assistant.staff.counting import OUTCOMES, Slot
from assistant.web.markup import Html, element

SHORT = {
    "answered": "Answered",
    "partly_answered": "Answered in part",
    "not_in_material": "Not in the material",
    "conversation": "Greetings and the like",
}
_COLUMN, _GAP, _HEIGHT = 10, 2, 100
_DATES = (5, 4, 3)  # so many stand under the columns, best where they fall on one
_TOPS = (10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100)  # each with a half to write beside it


def bar(number: int, most: int, kind: str = "") -> Html:
    """Draw one bar across a cell. It is hidden from screen readers: its number stands in the next cell."""
    width = round(100 * number / most, 2) if most else 0
    drawn = element("rect", width=str(width), height="10", class_=f"b-{kind}" if kind else "b")
    return element(
        "svg", drawn, viewBox="0 0 100 10", preserveAspectRatio="none", class_="bar", aria_hidden="true"
    )


def over_time(slots: Sequence[Slot]) -> Html:
    """Draw a column for each slot, its outcomes one upon the other."""
    top = _round_up(max((slot.asked for slot in slots), default=0))
    columns = [_column(at, slot, top) for at, slot in enumerate(slots)]
    width = len(slots) * _COLUMN
    lines = (
        element("line", x1="0", x2=str(width), y1=str(y), y2=str(y), class_="grid") for y in (0, 50, 100)
    )
    drawing = element(
        "svg",
        *lines,
        *columns,
        viewBox=f"0 0 {width} {_HEIGHT}",
        preserveAspectRatio="none",
        role="img",
        aria_label=_in_words(slots),
    )
    scale = element(
        "div",
        *(element("span", f"{one:,}") for one in (top, top // 2, 0)),
        class_="scale",
        aria_hidden="true",
    )
    dates = element(
        "div", *(element("span", day) for day in _dates(slots)), class_="dates", aria_hidden="true"
    )
    return element(
        "figure",
        element("figcaption", f"Questions {_each(slots)}, by outcome"),
        element("div", scale, drawing, dates, class_="drawing"),
        _legend(),
        class_="plot",
    )


def span(slot: Slot) -> str:
    """Name the days of a slot."""
    return short(slot.first) if slot.first == slot.last else f"{short(slot.first)} to {short(slot.last)}"


def short(day: date) -> str:
    """Write 3 November as people do on a calendar."""
    return f"{day.day} {day:%b}"


def _column(at: int, slot: Slot, top: int) -> Html:
    pieces, low = [], float(_HEIGHT)
    for outcome in OUTCOMES:
        if height := _HEIGHT * slot.outcomes[outcome] / top:
            low -= height
            pieces.append(
                element(
                    "rect",
                    x=str(at * _COLUMN + _GAP / 2),
                    y=f"{low:.2f}",
                    width=str(_COLUMN - _GAP),
                    height=f"{height:.2f}",
                    class_=f"b-{outcome}",
                )
            )
    said = ", ".join(
        f"{slot.outcomes[name]} {SHORT[name].lower()}" for name in OUTCOMES if slot.outcomes[name]
    )
    return element("g", element("title", f"{span(slot)}: {said or 'none'}"), *pieces)


def _legend() -> Html:
    marks = (
        element("li", element("span", class_=f"key b-{name}", aria_hidden="true"), words)
        for name, words in SHORT.items()
    )
    return element("ul", *marks, class_="legend")


def _dates(slots: Sequence[Slot]) -> list[str]:
    """Name the first, the last, and a few evenly between them."""
    if not slots:
        return []
    evenly = (names for names in _DATES if len(slots) >= names and (len(slots) - 1) % (names - 1) == 0)
    names = next(evenly, min(_DATES[0], len(slots)))
    at = {round(one * (len(slots) - 1) / max(1, names - 1)) for one in range(names)}
    return [short(slots[one].first) for one in sorted(at)]


def _in_words(slots: Sequence[Slot]) -> str:
    asked = sum(slot.asked for slot in slots)
    if not asked:
        return "No questions in this time."
    most = max(slots, key=lambda slot: slot.asked)
    return (
        f"Columns for {len(slots)} spans of time from {short(slots[0].first)} to {short(slots[-1].last)}: "
        f"{asked:,} questions in all, most of them, {most.asked:,}, {_on(most)} {span(most)}. The table "
        "below has every number."
    )


def _on(slot: Slot) -> str:
    return "on" if slot.first == slot.last else "from"


def _each(slots: Sequence[Slot]) -> str:
    days = (slots[0].last - slots[0].first).days + 1 if slots else 1
    return {1: "a day", 7: "a week"}.get(days, f"in each {days} days")


def _round_up(number: int) -> int:
    """Take the next even number that is easy to read on a scale."""
    if number <= 10:
        return max(2, number + number % 2)
    step = int(10 ** (int(log10(number)) - 1))
    return next(tens * step for tens in _TOPS if tens * step >= number)
