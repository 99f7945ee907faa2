"""The pieces that the staff's page is put together from: sections, tables, and bars in tables."""

from collections.abc import Iterable, Sequence

from assistant.web.markup import Html, element


def section(id: str, heading: str, *children: str | None) -> Html:
    """Draw one part of the page."""
    named = element("h3", heading, id=f"{id}-heading")
    return element("section", named, *children, id=id, aria_labelledby=f"{id}-heading")


def nothing(words: str) -> Html:
    """Say that there is nothing to show."""
    return element("p", words, class_="said")


def tables(period: str, **named: str) -> Html:
    """Lead to the same as tables for a spreadsheet."""
    links = (
        element("a", f"{words} (CSV)", href=f"staff/{name}.csv?days={period}")
        for name, words in named.items()
    )
    return element("p", *(element("span", link) for link in links), class_="files")


def more(number: int, thing: str, period: str) -> Html | None:
    """Say what is not shown, and lead to it."""
    if number <= 0:
        return None
    whole = element("a", "Show everything", href=f"staff?days={period}&whole=yes")
    return element("p", f"{counted(number, f'more {thing}')} not shown here. ", whole, class_="more")


def bars(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Draw a table whose second cell is a bar; the numbers stand behind it."""
    first, *others = head
    heads = (
        element("th", first, scope="col"),
        element("td", class_="drawn"),
        *(element("th", words, scope="col", class_="num") for words in others),
    )
    drawn = (
        element(
            "tr",
            element("th", name, scope="row"),
            element("td", bar, class_="drawn"),
            *(element("td", number, class_="num") for number in numbers),
        )
        for name, bar, *numbers in rows
    )
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *heads)),
        element("tbody", *drawn),
        class_="bars",
    )


def plain_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Draw a table that can be scrolled sideways where it does not fit."""
    drawn = (
        element(
            "tr",
            element("th", first, scope="row"),
            *(element("td", value, class_="num" if value[:1].isdigit() else None) for value in others),
        )
        for first, *others in rows
    )
    table = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *(element("th", words, scope="col") for words in head))),
        element("tbody", *drawn),
    )
    return element("div", table, class_="wide", tabindex=0, role="region", aria_label=caption)


def seconds(milliseconds: int) -> str:
    """Write a time as people say it."""
    return f"{milliseconds} ms" if milliseconds < 1_000 else f"{milliseconds / 1000:.1f} s"


def counted(number: int, thing: str) -> str:
    """Say how many of a thing there are."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def percent(number: int, of: int) -> str:
    """Write a share as a whole number of percent; nothing of nothing is a dash."""
    return f"{number / of:.0%}" if of else "–"
