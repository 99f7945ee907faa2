"""The promises of `API.md` that constructors keep."""

import pytest

from assistant.vocabulary import Answer, Citation, Evidence, Material, Outcome, Query, Sentence, Took
from tests.fakes import citation, document, passage

TEXT = "The council merged four contracts. It kept small providers."


def answer(**fields: object) -> Answer:
    sample: dict[str, object] = {
        "id": "1",
        "outcome": Outcome.ANSWERED,
        "question_used": "?",
        "answer": "…",
        "answered_by": "quotes",
        "material": Material("2026-11-20", 1),
        "took": Took(1, 1, 0, 0),
        "sentences": (Sentence("The council merged four contracts.", (1,), 1.0),),
        "citations": (citation(1, passage(TEXT)),),
    }
    return Answer(**{**sample, **fields})  # type: ignore[arg-type]


def test_a_quote_that_is_not_words_of_its_passage_is_refused() -> None:
    with pytest.raises(ValueError, match="not words of passage"):
        Evidence(passage(TEXT), "merged five contracts", 1.0)
    with pytest.raises(ValueError, match="not words of passage"):
        Citation(1, passage(TEXT), "merged five contracts", "https://example.org", 0.5)


def test_an_empty_quote_and_a_support_beyond_one_are_refused() -> None:
    with pytest.raises(ValueError, match="not words"):
        Evidence(passage(TEXT), "  ", 1.0)
    with pytest.raises(ValueError, match=r"0\.\.1"):
        Evidence(passage(TEXT), TEXT, 1.1)


def test_a_sentence_without_a_citation_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without a citation"):
        Sentence("The council merged four contracts.", (), 1.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sentences": (), "citations": ()},
        {"outcome": Outcome.NOT_IN_MATERIAL},
        {"outcome": Outcome.PARTLY_ANSWERED},
        {"missing": "something"},
        {"citations": ()},
        {"citations": (citation(2, passage(TEXT)),)},
        {"citations": (citation(1, passage(TEXT)), citation(2, passage(TEXT)))},
        {"follow_ups": ("a", "b", "c", "d")},
    ],
)
def test_an_answer_that_breaks_the_contract_cannot_be_made(wrong: dict[str, object]) -> None:
    assert answer().outcome is Outcome.ANSWERED
    with pytest.raises(ValueError):  # noqa: PT011 - each case has words of its own
        answer(**wrong)


def test_filters_admit_only_their_principles_and_kinds() -> None:
    fourth = document(principle=4, kind="case-study")
    assert Query("?").admits(fourth)
    assert Query("?", principles=frozenset({4}), kinds=frozenset({"case-study"})).admits(fourth)
    assert not Query("?", principles=frozenset({3})).admits(fourth)
    assert not Query("?", principles=frozenset({4}), kinds=frozenset({"essay"})).admits(fourth)
