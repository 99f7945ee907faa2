"""`POST /api/ask`, answered as JSON."""

import sqlite3
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.vocabulary import Question, Turn
from assistant.web.schema import answer_json
from tests import fakes
from tests.fakes import FakeAssistant

ANSWER_FIELDS = [
    "id",
    "outcome",
    "question_used",
    "answer",
    "sentences",
    "missing",
    "citations",
    "nearest",
    "follow_ups",
    "answered_by",
    "note",
    "material",
    "took_ms",
]
CITATION_FIELDS = [
    "number",
    "document",
    "section",
    "passage",
    "quote",
    "text_from",
    "source",
    "link",
    "score",
]
DOCUMENT_FIELDS = [
    "id",
    "title",
    "kind",
    "principle",
    "authors",
    "organisation",
    "place",
    "published",
    "url",
]


def test_an_answer_has_the_fields_of_the_interface_in_its_order(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": fakes.ANSWERED}).json()

    assert list(body) == ANSWER_FIELDS
    assert list(body["citations"][0]) == CITATION_FIELDS
    assert list(body["citations"][0]["document"]) == DOCUMENT_FIELDS
    assert body["material"] == {"indexed_on": fakes.INDEXED_ON, "documents": 2}
    assert body["took_ms"] == {"total": 12.5, "retrieve": 8.0, "compose": 1.5, "check": 3.0}


def test_an_answer_tells_what_the_core_said(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": fakes.ANSWERED}).json()

    said = fakes.answered()
    assert body["answer"] == said.answer
    assert body["sentences"][1] == {
        "text": "Saltmere talks before it buys.",
        "citations": [2, 1],
        "support": 0.8,
    }
    assert [citation["quote"] for citation in body["citations"]] == [c.quote for c in said.citations]
    assert [citation["passage"] for citation in body["citations"]] == [fakes.GARDENS.text, fakes.TALKS.text]
    assert [citation["text_from"] for citation in body["citations"]] == ["digest", "original"]
    assert body["follow_ups"] == ["What did the gardens cost?"]


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (fakes.ANSWERED, "answered"),
        (fakes.PARTLY_ANSWERED, "partly_answered"),
        (fakes.NOT_IN_MATERIAL, "not_in_material"),
        (fakes.CONVERSATION, "conversation"),
    ],
)
def test_every_outcome_is_an_answer_and_no_error(client: TestClient, question: str, outcome: str) -> None:
    response = client.post("/api/ask", json={"question": question})

    assert (response.status_code, response.json()["outcome"]) == (200, outcome)


def test_a_refusal_shows_the_nearest_passages_and_cites_none(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": fakes.NOT_IN_MATERIAL}).json()

    assert (body["sentences"], body["citations"], body["missing"]) == ([], [], None)
    assert [citation["passage"] for citation in body["nearest"]] == [fakes.TALKS.text, fakes.REPORT.text]


def test_a_partial_answer_says_what_is_missing(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": fakes.PARTLY_ANSWERED}).json()

    assert body["missing"] == "The material does not say who paid."


def test_a_fact_from_elsewhere_names_its_source(client: TestClient) -> None:
    citation = client.post("/api/ask", json={"question": fakes.SOURCED}).json()["citations"][0]

    assert citation["source"] == {"name": "Saltmere Courier", "url": "https://example.org/courier"}
    assert citation["link"] == "https://example.org/courier"


def test_the_command_line_prints_the_same_object() -> None:
    assert list(answer_json(fakes.answered())) == ANSWER_FIELDS
    assert answer_json(fakes.answered())["outcome"] == "answered"


def test_the_core_is_asked_with_history_and_filters(client: TestClient, assistant: FakeAssistant) -> None:
    client.post(
        "/api/ask",
        json={
            "question": "  And in Saltmere? ",
            "history": [
                {"role": "reader", "text": "What did Hollinbrook change?"},
                {"role": "assistant", "text": "Its gardens."},
            ],
            "principles": [2, 4],
            "kinds": ["essay"],
        },
    )

    history = (Turn("reader", "What did Hollinbrook change?"), Turn("assistant", "Its gardens."))
    assert assistant.asked == [Question("And in Saltmere?", history, frozenset({2, 4}), frozenset({"essay"}))]


def test_the_longest_question_and_the_longest_turns_are_taken(client: TestClient) -> None:
    history = [{"role": "reader", "text": "y" * 4_000}] * 10 + [{"role": "assistant", "text": ""}] * 10
    response = client.post("/api/ask", json={"question": f" {'x' * 1_000} ", "history": history})

    assert response.status_code == 200


def test_each_answer_is_on_record_once(client: TestClient, tmp_path: Path) -> None:
    answer = client.post("/api/ask", json={"question": fakes.ANSWERED}).json()

    with sqlite3.connect(tmp_path / "data" / "records.sqlite3") as connection:
        rows = connection.execute("SELECT id, question, outcome FROM answers").fetchall()
    connection.close()
    assert rows == [(answer["id"], fakes.ANSWERED, "answered")]
