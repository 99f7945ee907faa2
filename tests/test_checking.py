"""What may be shown: a sentence that a passage supports, with its exact words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking import WordChecker
from assistant.citing import Citing, number_answer
from assistant.sentences import split_sentences
from assistant.vocabulary import Draft, Hit
from tests.fakes import passage

TEXT = (
    "Leeds City Council merged four contracts into one. The contract is worth £1.3 million a year. "
    "Procurement rules do not stop a council from commissioning locally."
)
LEEDS = passage(TEXT)
OTHER = passage("Kent had used the model before Leeds did.", position=1)


def test_words_of_the_passage_are_supported_wholly_and_quoted_exactly() -> None:
    (evidence,) = WordChecker()(Draft("The contract is worth £1.3 million a year.", (LEEDS,)), (LEEDS,))
    assert evidence.quote == "The contract is worth £1.3 million a year."
    assert evidence.support == 1.0


def test_a_claim_on_the_wrong_passage_is_put_right() -> None:
    (evidence,) = WordChecker()(Draft("Kent had used the model before Leeds did.", (LEEDS,)), (LEEDS, OTHER))
    assert evidence.passage is OTHER


def test_almost_the_same_words_are_supported_by_the_whole_sentence() -> None:
    (evidence,) = WordChecker()(Draft("Leeds City Council merged its four contracts into one", (LEEDS,)), ())
    assert evidence.quote == "Leeds City Council merged four contracts into one."


@pytest.mark.parametrize(
    "wrong",
    [
        "The contract is worth £1.5 million a year.",
        "Bradford City Council merged four contracts into one.",
        "Leeds City Council merged Bradford contracts into one.",
        "Procurement rules do stop a council from commissioning locally.",
        "The service supported three thousand people in its first year.",
        "",
    ],
)
def test_a_changed_figure_name_or_negation_is_not_supported(wrong: str) -> None:
    assert WordChecker()(Draft(wrong, (LEEDS,)), (LEEDS, OTHER)) == ()


@given(st.lists(st.sampled_from([*split_sentences(TEXT), *split_sentences(OTHER.text)]), max_size=8))
def test_any_draft_is_numbered_without_gaps_and_each_quote_is_in_its_passage(texts: list[str]) -> None:
    citing, check = Citing([Hit(LEEDS, 0.9), Hit(OTHER, 0.4)]), WordChecker()
    shown = [citing.cite(text, check(Draft(text, (LEEDS,)), (LEEDS, OTHER))) for text in texts]
    numbers = [citation.number for citation in citing.citations]
    assert numbers == list(range(1, len(set(texts)) + 1))
    assert [new.number for event in shown for new in event.new] == numbers
    assert all(citation.quote in citation.passage.text for citation in citing.citations)
    answer = number_answer(event.sentence for event in shown)
    assert all(f"{text} [" in answer for text in texts)
