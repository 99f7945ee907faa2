"""The same text under two addresses counts once."""

import time

import pytest

from ingest.duplicates import duplicates

WORDS = [f"word{number}" for number in range(400)]
PAGE = " ".join(WORDS)


def test_the_second_copy_names_the_first() -> None:
    assert duplicates({"a": PAGE, "b": PAGE.upper() + "!", "c": PAGE}) == {"b": "a", "c": "a"}


@pytest.mark.parametrize(
    "edited",
    [
        "Print this page. " + PAGE + " Locality is a charity.",
        " ".join(word if number % 100 else "changed" for number, word in enumerate(WORDS)),
        " ".join([*WORDS[:200], "a", "new", "sentence", "in", "between.", *WORDS[200:]]),
        " ".join(WORDS[:380]),
    ],
)
def test_small_edits_do_not_make_another_text(edited: str) -> None:
    assert duplicates({"a": PAGE, "b": edited}) == {"b": "a"}


@pytest.mark.parametrize(
    "other",
    [
        " ".join(f"other{number}" for number in range(400)),
        " ".join(WORDS[:100]),  # a chapter of it
        " ".join(WORDS[:200] + [f"other{number}" for number in range(200)]),
        " ".join(reversed(WORDS)),
        "",
    ],
)
def test_what_only_shares_a_part_is_another_text(other: str) -> None:
    assert duplicates({"a": PAGE, "b": other}) == {}


def test_a_thousand_pages_are_compared_in_seconds() -> None:
    pages = {str(page): " ".join(f"p{page}w{number}" for number in range(500)) for page in range(1000)}
    started = time.monotonic()
    assert duplicates(pages) == {}
    assert time.monotonic() - started < 20
