"""One answer is scored as the README beside the questions says."""

import pytest

from assistant.evaluation.scoring import clean, score
from assistant.vocabulary import Outcome
from tests.evaluation.samples import QUOTE, answer_with, case, hit


def test_the_text_is_cleaned_of_markers_curly_apostrophes_and_runs_of_white_space() -> None:
    assert clean("It’s  so. [1] [12]\n\nThe ‘end’.") == "It's so. The 'end'."


def test_one_alternative_of_a_fact_is_enough_and_case_does_not_matter() -> None:
    facts = (("nothing", "FOUR contracts"), (r"\bfive\b",))
    found = score(case(facts=facts), answer_with(), (), 1.0)
    assert found.recall == 0.5
    assert found.missed == (r"\bfive\b",)
    assert found.faults == (r"lacks the fact \bfive\b",)


def test_a_question_without_facts_has_no_recall() -> None:
    assert score(case(), answer_with(), (), 1.0).recall is None


def test_a_fact_is_found_across_a_marker() -> None:
    facts = (("into one. It took",),)
    assert score(case(facts=facts), answer_with(), (), 1.0).recall == 1.0


def test_what_is_forbidden_is_found() -> None:
    found = score(case(forbidden=("LEEDS", "Kent")), answer_with(), (), 1.0)
    assert found.said == ("LEEDS",)
    assert found.faults == ("says what is forbidden: LEEDS",)


@pytest.mark.parametrize(
    ("documents", "all_documents", "right"),
    [
        (("leeds", "kent"), (), True),
        (("kent",), (), False),
        (("leeds", "kent"), ("leeds", "kent"), False),
        (("leeds",), ("leeds",), True),
        ((), (), None),
    ],
)
def test_any_document_will_do_unless_all_are_needed(
    documents: tuple[str, ...], all_documents: tuple[str, ...], right: bool | None
) -> None:
    asked = case(documents=documents, all_documents=all_documents)
    assert score(asked, answer_with(), (), 1.0).document_right is right


def test_the_outcome_is_right_when_it_is_one_of_those_named() -> None:
    assert score(case(outcome=Outcome.ANSWERED), answer_with(), (), 1.0).outcome_right
    assert not score(case(outcome=Outcome.CONVERSATION), answer_with(), (), 1.0).outcome_right


def test_a_broken_promise_is_a_fault() -> None:
    found = score(case(), answer_with(answer=f"{QUOTE} It took two years. [1] [2]"), (), 1.0)
    assert any("breaks the contract" in fault for fault in found.faults)


def test_the_rank_counts_a_right_section_only_in_a_right_document() -> None:
    asked = case(documents=("leeds",), sections=("What did Leeds do?",))
    hits = (hit("kent"), hit("leeds", "What did it cost?"), hit())
    assert score(asked, answer_with(), hits, 1.0).rank == 3
    assert score(asked, answer_with(), hits[:2], 1.0).rank == 0
    assert score(case(), answer_with(), hits, 1.0).rank is None


def test_citations_of_right_sections_are_on_point() -> None:
    answer = answer_with()
    (first, *_), sections = answer["citations"], [each["section"] for each in answer["citations"]]
    document, other = first["document"]["id"], "another-document"
    half = score(case(documents=(document,), sections=(sections[0],)), answer, (), 1.0).on_point
    assert half == sections.count(sections[0]) / len(sections)
    assert score(case(documents=(other,), sections=(sections[0],)), answer, (), 1.0).on_point == 0
    assert score(case(documents=(document,)), answer, (), 1.0).on_point is None
    refused = answer | {"citations": []}
    assert score(case(documents=(document,), sections=(sections[0],)), refused, (), 1.0).on_point is None
