"""A table computes nothing in the spreadsheet that opens it."""

import csv
from io import StringIO

import pytest

from assistant.spreadsheet import Cell, cell, table


@pytest.mark.parametrize(
    "written",
    [
        "=1+1",
        "+44 20",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "  \t=1",
        "＝1",
        '=HYPERLINK("https://example.org","x")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_looks_like_a_formula_is_text(written: str) -> None:
    assert cell(written) == f"'{written}"


@pytest.mark.parametrize("written", ["", "What is 1+1=?", "a-b", "'quoted'", 5, -5, 0.5, None])
def test_everything_else_stays_as_it_is(written: str | float | None) -> None:
    assert cell(written) == written


def test_a_table_opens_as_utf_8_and_keeps_commas_quotes_and_lines() -> None:
    rows: list[tuple[Cell, ...]] = [("a,b", 'say "x"', "two\nlines", "Zoë – £5"), ("=1", None, 3, "")]
    written = table(("one", "two", "three", "four"), rows)

    assert written.encode("utf-8").startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(StringIO(written.removeprefix("\ufeff"), newline="")))
    assert read == [
        ["one", "two", "three", "four"],
        ["a,b", 'say "x"', "two\nlines", "Zoë – £5"],
        ["'=1", "", "3", ""],
    ]
