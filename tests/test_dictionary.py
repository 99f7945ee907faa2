"""The nearest words are those that SymSpell finds, which looks for them in another way."""

from functools import lru_cache
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from symspellpy import SymSpell, Verbosity

from assistant.dictionary import Dictionary, common_words

COMMON = common_words()
OWN = ("procurement", "newcastle", "wigan", "localised", "thesearelettersinlongerrowsthananywordhas")
LEAD = 10**13


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return Dictionary(COMMON, OWN, LEAD)


@lru_cache(maxsize=1)
def _symspell() -> Any:
    made: Any = SymSpell(max_dictionary_edit_distance=2, prefix_length=4)
    for line in COMMON.decode("utf-8-sig").splitlines():
        word, _, count = line.partition(" ")
        made.create_dictionary_entry(word, int(count) + LEAD * (word in OWN))
    for word in OWN:
        if word not in made.words:
            made.create_dictionary_entry(word, LEAD)
    return made


WORDS = st.sampled_from(sorted(_symspell().words))
SLIPS = st.tuples(
    st.sampled_from("leave put change swap".split()), st.integers(0, 30), st.sampled_from(ascii_lowercase)
)


def _slipped(word: str, slip: tuple[str, int, str]) -> str:
    kind, at, letter = slip
    at %= len(word) or 1
    match kind:
        case "leave":
            return word[:at] + word[at + 1 :]
        case "put":
            return word[:at] + letter + word[at:]
        case "change":
            return word[:at] + letter + word[at + 1 :]
        case _:
            return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


@given(WORDS, st.lists(SLIPS, max_size=3), st.sampled_from((1, 2)))
@settings(max_examples=300, deadline=None)
def test_what_is_near_is_what_symspell_finds(
    dictionary: Dictionary, word: str, slips: list[tuple[str, int, str]], reach: int
) -> None:
    for slip in slips:
        word = _slipped(word, slip)
    if len(word) < 4:
        return
    found = _symspell().lookup(word, Verbosity.CLOSEST, max_edit_distance=reach)
    near = dictionary.near(word, reach)
    assert set(near) == {each.term for each in found}
    assert [dictionary.count(each) for each in near] == [each.count for each in found]


def test_a_word_of_ours_counts_more_than_any_other(dictionary: Dictionary) -> None:
    assert dictionary.count("procurement") > LEAD
    assert dictionary.count("thesearelettersinlongerrowsthananywordhas") == LEAD
    assert 0 < dictionary.count("pottery") < LEAD
    assert dictionary.count("procurment") == 0


@pytest.mark.parametrize("word", ["", "é", "žluťoučký", "x" * 1_000, "日本語で話す"])
def test_what_can_be_no_english_word_is_near_nothing(dictionary: Dictionary, word: str) -> None:
    assert dictionary.count(word) == 0
    assert dictionary.near(word, 2) == [] or len(word) < 3


def test_a_letter_with_an_accent_is_one_slip(dictionary: Dictionary) -> None:
    assert "café".isalpha()
    assert "cafe" in dictionary.near("café", 2)
