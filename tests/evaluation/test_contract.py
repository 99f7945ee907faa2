"""Every promise of the interface is checked on the JSON alone: each way to break it is seen."""

from typing import Any

import pytest

from assistant.evaluation.contract import broken_promises
from tests.evaluation.samples import QUOTE, answer_with, citation_with, sentence_with

REFUSAL: dict[str, Any] = {
    "outcome": "not_in_material",
    "answer": "The material does not say.",
    "sentences": [],
    "citations": [],
    "nearest": citation_with(),
    "follow_ups": [],
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"outcome": "partly_answered", "missing": "What it cost."},
        REFUSAL,
        {"outcome": "conversation", "answer": "Hello.", "sentences": [], "citations": []},
        {"answer": f"- {QUOTE} [1]\n- It took two years. [1][2]"},
        {"citations": citation_with(source={"name": "E3M", "url": None})},
    ],
)
def test_a_kept_contract_has_nothing_broken(changes: dict[str, Any]) -> None:
    assert broken_promises(answer_with(**changes)) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "maybe"}, "'maybe' is not an outcome"),
        ({"answer": " ", "sentences": [], "citations": []}, "is empty"),
        ({"missing": "What it cost."}, "answered with missing="),
        ({"outcome": "partly_answered"}, "partly_answered with missing=None"),
        ({"outcome": "not_in_material"}, "not_in_material with sentences or citations"),
        ({"sentences": [], "citations": [], "answer": "Yes."}, "answered without a sentence"),
        ({"nearest": citation_with()}, "answered with nearest passages"),
        ({"sentences": sentence_with(citations=[])}, "sentence 1 has no citation"),
        ({"sentences": sentence_with(text=f"{QUOTE} [1]")}, "carries a marker"),
        ({"sentences": sentence_with(support=1.2)}, "sentence 1 has support 1.2"),
        ({"sentences": sentence_with(score=1)}, "sentence 1 has score, which"),
        ({"citations": citation_with(number=2)}, "numbered [2, 2], not 1 to 2"),
        ({"citations": citation_with()[:1]}, "the sentences use [1, 2], the citations are [1]"),
        ({"sentences": sentence_with(citations=[2, 1])}, "the sentences use [2, 1]"),
        (
            {"answer": f"{QUOTE} It took two years. [1] [2]"},
            "sentence 1 is marked [] in the text but cites [1]",
        ),
        ({"answer": f"{QUOTE} [1] It took two years. [2]"}, "sentence 2 is marked [2]"),
        ({"answer": f"It took two years. [1] [2] {QUOTE} [1]"}, "sentence 2 is not in the answer's text"),
        ({"answer": f"{QUOTE} [1] It took two years. [1] [2] And more. [7]"}, "the text is marked [7]"),
        ({"citations": citation_with(quote="Leeds merged four contracts.")}, "not words of its passage"),
        ({"citations": citation_with(quote=" ")}, "not words of its passage"),
        ({"citations": citation_with(text_from="web")}, "text_from is 'web'"),
        ({"citations": citation_with(score=-0.1)}, "the score is -0.1"),
        ({"citations": citation_with(link="https://example.com/else")}, "link does not lead to its source"),
        ({"citations": citation_with(page=3)}, "citations 1 has page, which"),
        (REFUSAL | {"nearest": citation_with(quote="Elsewhere.")}, "nearest 1: the quote is not words"),
        ({"follow_ups": ["a?", "b?", "c?", "d?"]}, "more than three follow-ups"),
        ({"follow_ups": [""]}, "an empty one"),
        ({"material": {"indexed_on": "2026-11-20"}}, "material lacks documents"),
        ({"took_ms": {"total": -1, "retrieve": 0, "compose": 0, "check": 0}}, "not a length of time"),
        ({"confidence": 1}, "the answer has confidence, which"),
    ],
)
def test_each_way_to_break_the_contract_is_seen(changes: dict[str, Any], said: str) -> None:
    assert any(said in promise for promise in broken_promises(answer_with(**changes)))


def test_a_missing_field_is_named() -> None:
    answer = answer_with()
    del answer["missing"]
    assert broken_promises(answer) == ("the answer lacks missing",)


def test_a_citation_without_its_document_is_a_fault_and_not_a_crash() -> None:
    broken = broken_promises(answer_with(citations=[{"number": 1}], sentences=sentence_with()[:1]))
    assert any("citations 1 lacks document" in promise for promise in broken)
