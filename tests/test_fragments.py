"""Links to the words: what a browser would select with them."""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fragments import directive
from assistant.vocabulary import RECORD, Passage
from tests.fakes import document, passage

DOCUMENT = document(url="https://example.org/leeds")


def page(*texts: str) -> tuple[Passage, ...]:
    return tuple(
        replace(passage(text, of=DOCUMENT, text_from="original"), id=f"leeds/{at}", position=at)
        for at, text in enumerate(texts)
    )


def test_a_quote_that_stands_once_is_named_by_its_words() -> None:
    (one,) = page("Leeds merged four contracts. It took time.")
    assert directive(one, "It took time.", (one,)) == "It%20took%20time."


def test_dashes_commas_ampersands_and_letters_beyond_ascii_are_escaped() -> None:
    (one,) = page("Zoë’s co-op, R&D – and 50% more #1. It took time.")
    written = directive(one, "Zoë’s co-op, R&D – and 50% more #1.", (one,))
    assert re.fullmatch(r"[A-Za-z0-9%.]+", written)
    assert unquote(written) == "Zoë’s co-op, R&D – and 50% more #1."


def test_the_second_of_two_like_quotes_is_told_by_what_is_beside_it() -> None:
    first, second = page("It took time. Then came Hull.", "In York, it took time. Nobody minded.")
    assert directive(first, "It took time.", (first, second)) == "It%20took%20time."
    assert directive(second, "it took time.", (first, second)) == "it%20took%20time.,-Nobody%20minded."


def test_what_a_browser_takes_for_the_same_counts_as_the_same() -> None:
    first, second = page("The cafe’s tables", "Early: the café's tables were full.")
    assert (
        directive(second, "the café's tables", (first, second))
        == "the%20caf%C3%A9%27s%20tables,-were%20full."
    )


def test_half_a_word_is_not_taken_for_a_quote() -> None:
    first, second = page("Contracts renewed", "We said: contract.")
    assert directive(second, "contract.", (first, second)) == "contract."


def test_a_list_is_named_by_its_first_and_last_words_without_its_bullets() -> None:
    (one,) = page("They asked for:\n- one warm hall;\n- two more staff.")
    assert directive(one, one.text, (one,)) == "They%20asked%20for%3A,two%20more%20staff."


def test_a_row_of_a_table_is_named_by_its_cells_without_their_heads() -> None:
    (one,) = page("Ward: Quay | Cost: £40\n\nWard: Marl | Cost: £70")
    assert directive(one, "Ward: Marl | Cost: £70", (one,)) == "Marl,%C2%A370"


def test_a_quote_of_more_than_300_letters_is_named_by_its_ends() -> None:
    quote = " ".join(f"word{number}" for number in range(60)) + "."
    (one,) = page(f"{quote} It took time.")
    assert unquote(directive(one, quote, (one,))) == (
        "word0 word1 word2 word3 word4 word5,word54 word55 word56 word57 word58 word59."
    )


def test_a_quote_that_cannot_be_told_from_another_selects_nothing() -> None:
    first, second = page("It took time.", "It took time.")
    third = page("other")[0]
    same = (first, second, replace(third, id="leeds/2"))
    assert directive(first, "It took time.", same) == "It%20took%20time."
    assert unquote(directive(second, "It took time.", same)) == "It took time.-,It took time."


def test_the_catalogue_record_is_in_our_words_and_selects_nothing() -> None:
    record = replace(page("“Leeds” is an essay.")[0], section=RECORD)
    assert directive(record, "“Leeds” is an essay.", (record,)) == ""


@given(
    st.lists(st.sampled_from(["one", "two", "Two", "three-four", "five, six", "é"]), min_size=2, max_size=30),
    st.data(),
)
def test_whatever_the_page_the_directive_selects_the_quote_or_nothing(
    words: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    (one,) = page(" ".join(words))
    quote = " ".join(words[start:end])
    written = directive(one, quote, (one,))
    if written:
        text = f"{DOCUMENT.title}\n{one.text}"
        assert _selected(written, text.lower()) == text.find(quote)


def _selected(written: str, text: str) -> int:
    """Do as a browser does, in the plainest way: the first whole words with their neighbours."""
    parts = written.split(",")
    prefix = unquote(parts.pop(0)[:-1]).lower() + " " if parts[0].endswith("-") else ""
    suffix = " " + unquote(parts.pop()[1:]).lower() if parts[-1].startswith("-") else ""
    (quote,) = (unquote(part).lower() for part in parts)
    found = re.search(
        rf"(?<!\w){re.escape(prefix)}(?<!\w)({re.escape(quote)})(?!\w){re.escape(suffix)}(?!\w)", text
    )
    assert found is not None
    return found.start(1)


@pytest.mark.parametrize("quote", ["It took time", "not there"])
def test_a_quote_of_other_words_selects_nothing_else(quote: str) -> None:
    (one,) = page("Leeds merged four contracts.")
    assert directive(one, quote, (one,)) == ""
