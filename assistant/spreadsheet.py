"""Writes tables that a spreadsheet can open without being made to compute anything."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

MARK = "\ufeff"  # Excel takes a table without it for another encoding

# A spreadsheet takes a cell that begins so for a formula, and a reader may have written it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def cell(value: Cell) -> Cell:
    """Put an apostrophe before what would be taken for a formula."""
    is_formula = isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA)
    return f"'{value}" if is_formula else value


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a whole table, with the mark before it."""
    out = StringIO()
    write = csv.writer(out)
    write.writerow(head)
    write.writerows([cell(value) for value in row] for row in rows)
    return MARK + out.getvalue()
