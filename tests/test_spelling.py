"""Misspelt words."""

from collections.abc import Callable

import pytest

from assistant.spelling import Spelling, _is_a_letter_away

MATERIAL = ["Wigan and Newcastle wrote a Social Value Commitment on procurement for the whole community."]


@pytest.fixture(scope="module")
def correct() -> Callable[[str], str]:
    return Spelling(MATERIAL, {"wot": "what", "r": "are"})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wot r the comitments", "what are the commitments"),
        ("socail value in newcastel", "social value in newcastle"),
        ("procurment for the comunity", "procurement for the community"),
        ("Does Wigen buy locally?", "Does Wigan buy locally?"),
    ],
)
def test_misspelt_words_are_put_right(correct: Callable[[str], str], written: str, meant: str) -> None:
    assert correct(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "What did Wigton Council do?",  # a town of that name is not Wigan
        "Does TUPE apply?",
        "What is LM3 worth in 2019?",
        "How did Hartlepool and Bolton commission?",
        "It isn’t what the council’s officers said.",
        "is homecare placemaking?",  # two words in one, which dictionaries lack: no "homepage"
    ],
)
def test_names_acronyms_and_good_english_stay_as_they_are(correct: Callable[[str], str], text: str) -> None:
    assert correct(text) == text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("erly intervenshun", "early intervention"),  # too many letters away, but it sounds the same
        ("a peice on contrcts", "a piece on contracts"),  # not "price" and "contacts", as near by letters
        ("what funders want", "what funders want"),  # who does what a good verb says: not "under"
        ("tryin it", "trying it"),
    ],
)
def test_what_sounds_alike_comes_before_what_has_like_letters(written: str, meant: str) -> None:
    spelling = Spelling(
        ("The price of early intervention is in the contracts.", "A piece on early contacts."), {}
    )
    assert spelling(written) == meant


def test_a_rare_word_is_taken_for_a_name_a_letter_away_and_for_nothing_else() -> None:
    spelling = Spelling(("The fall of Carillion cost jobs in lending.",), {})
    assert spelling("what did carillon cost") == "what did Carillion cost"
    assert spelling("is mending cheaper") == "is mending cheaper"


@pytest.mark.parametrize("near", ["arm", "frm", "framx", "fram", "farms", "afarm", "fartm"])
def test_every_slip_of_one_letter_counts(near: str) -> None:
    assert _is_a_letter_away(near, "farm") == (near != "framx")
    assert _is_a_letter_away("farm", near) == (near != "framx")
