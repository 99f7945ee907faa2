"""What a client is told when something is wrong, and what it is never told."""

import json
import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.errors import (
    AssistantError,
    IndexBusy,
    IndexMismatch,
    MaterialInvalid,
    ModelUnavailable,
    NotReady,
    StorageFailed,
    WrongUse,
)
from assistant.records import Records
from assistant.web.labels import PROBLEMS
from assistant.web.problems import STATUS
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import PROBLEM_KEYS, client_of

JSON = {"Content-Type": "application/json"}


def _problem(response: Any, status: int) -> dict[str, Any]:
    """Check that it is a problem object, and return it."""
    problem: dict[str, Any] = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert list(problem) == PROBLEM_KEYS
    assert problem["status"] == status
    return problem


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": " \n\t "}, "question"),
        ({"question": "x" * 1_001}, "question"),
        ({"question": 5}, "question"),
        ({"question": "\ud800"}, "question"),
        ({"question": "x", "colour": "red"}, "colour"),
        ({"question": "x", "history": None}, "history"),
        ({"question": "x", "history": [{"role": "reader", "text": "y"}] * 21}, "history"),
        ({"question": "x", "history": [{"role": "reader", "text": "y" * 4_001}]}, "history.0.text"),
        ({"question": "x", "history": [{"role": "system", "text": "y"}]}, "history.0.role"),
        ({"question": "x", "history": [{"role": "reader", "text": "y", "name": "z"}]}, "history.0.name"),
        ({"question": "x", "principles": [0]}, "principles.0"),
        ({"question": "x", "principles": [1, 7]}, "principles.1"),
        ({"question": "x", "principles": ["4"]}, "principles.0"),
        ({"question": "x", "principles": [True]}, "principles.0"),
        ({"question": "x", "kinds": ["poem"]}, "kinds.0"),
    ],
)
def test_a_wrong_field_is_named(client: TestClient, body: dict[str, Any], named: str) -> None:
    problem = _problem(client.post("/api/ask", content=json.dumps(body), headers=JSON), 422)

    assert problem["detail"].startswith(f"{named}: ")


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/api/search", "q"),
        ("/api/search?q=+", "q"),
        ("/api/search?q=x&limit=0", "limit"),
        ("/api/search?q=x&limit=51", "limit"),
        ("/api/search?q=x&limit=many", "limit"),
        ("/api/search?q=x&principle=7", "principle.0"),
        ("/api/search?q=x&kind=poem", "kind.0"),
        ("/api/search?q=x&page=2", "page"),
        ("/api/documents?page=2", "page"),
        ("/api/documents/saltmere-essay?page=2", "page"),
        ("/healthz?page=2", "page"),
        ("/readyz?page=2", "page"),
    ],
)
def test_a_wrong_parameter_is_named(client: TestClient, address: str, named: str) -> None:
    assert _problem(client.get(address), 422)["detail"].startswith(f"{named}: ")


def test_a_parameter_that_a_post_does_not_know_is_named(client: TestClient) -> None:
    response = client.post("/api/ask?verbose=1", json={"question": fakes.ANSWERED})

    assert _problem(response, 422)["detail"].startswith("verbose: ")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"rating": "up"}, "answer"),
        ({"answer": "answer-1"}, "rating"),
        ({"answer": "answer-1", "rating": "fine"}, "rating"),
        ({"answer": "answer-1", "rating": "up", "reason": "x" * 1_001}, "reason"),
        ({"answer": "answer-1", "rating": "up", "name": "Ada"}, "name"),
    ],
)
def test_a_wrong_field_of_feedback_is_named(client: TestClient, body: dict[str, Any], named: str) -> None:
    assert _problem(client.post("/api/feedback", json=body), 422)["detail"].startswith(f"{named}: ")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"question": "x"',
        b"[]",
        b'"x"',
        b"5",
        b'{"question": "\xff"}',
        b"[" * 60_000,
        b"9" * 5_000,
    ],
)
def test_what_is_no_json_object_gets_a_clear_sentence(client: TestClient, body: bytes) -> None:
    problem = _problem(client.post("/api/ask", content=body, headers=JSON), 422)

    assert "one JSON object" in problem["detail"]


def test_json_that_is_not_called_json_gets_the_same_sentence(client: TestClient) -> None:
    response = client.post("/api/ask", content=b'{"question": "x"}', headers={"Content-Type": "text/plain"})

    assert "Content-Type: application/json" in _problem(response, 422)["detail"]


def test_many_wrong_fields_are_not_all_listed(client: TestClient) -> None:
    problem = _problem(client.post("/api/ask", json={"question": "x", "principles": [9] * 5_000}), 422)

    assert len(problem["detail"]) < 1_000
    assert problem["detail"].endswith("and more.")


def test_a_very_long_unknown_field_is_cut(client: TestClient) -> None:
    problem = _problem(client.post("/api/ask", json={"question": "x", "y" * 50_000: 1}), 422)

    assert len(problem["detail"]) < 200


def test_an_unknown_document_is_not_found(client: TestClient) -> None:
    assert "atlantis" in _problem(client.get("/api/documents/atlantis"), 404)["detail"]


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/nothing", "/api/documents/a/b", "/nothing"])
def test_an_address_that_there_is_not_is_not_found(client: TestClient, address: str) -> None:
    assert "/docs" in _problem(client.get(address), 404)["detail"]


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("GET", "/api/ask", "POST"),
        ("DELETE", "/api/documents/saltmere-essay", "GET"),
        ("PUT", "/api/feedback", "POST"),
        ("POST", "/healthz", "GET"),
        ("POST", "/docs", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_one(
    client: TestClient, method: str, address: str, allowed: str
) -> None:
    response = client.request(method, address)

    _problem(response, 405)
    assert response.headers["allow"] == allowed


def test_whoever_is_not_ready_says_why_in_its_own_words(records: Records) -> None:
    def not_ready() -> FakeAssistant:
        raise NotReady("There is no index yet. Build it with keep-it-local ingest.")

    client = client_of(not_ready, records)
    for response in (client.post("/api/ask", json={"question": "x"}), client.get("/readyz")):
        problem = _problem(response, 503)
        assert problem["detail"] == "There is no index yet. Build it with keep-it-local ingest."
        assert int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotReady("The folder /srv/secret is empty."), 503),
        (NotReady("KIL_SECRET is wrong."), 503),
        (NotReady("secret.md:12 has no title."), 503),
        (IndexMismatch("secret-model, not all-MiniLM-L6-v2: KIL_EMBEDDING_MODEL."), 503),
        (IndexBusy("/srv/secret/lock"), 503),
        (ModelUnavailable("http://secret:11434 refused the connection"), 503),
        (StorageFailed("/srv/secret/chroma.sqlite3: disk I/O error"), 503),
        (MaterialInvalid("/srv/secret/essay.md:3: no title"), 500),
        (WrongUse("KIL_SECRET: not a number"), 500),
        (AssistantError("secret"), 500),
        (RuntimeError("secret"), 500),
        (OSError(13, "Permission denied", "/srv/secret"), 500),
        (ExceptionGroup("secret", [ValueError("secret")]), 500),
    ],
)
def test_no_path_setting_or_message_of_the_inside_is_sent(
    records: Records, error: Exception, status: int
) -> None:
    client = client_of(lambda: FakeAssistant(failure=error), records)
    response = client.post("/api/ask", json={"question": fakes.ANSWERED})

    _problem(response, status)
    assert "secret" not in response.text.lower() + str(response.headers).lower()
    assert "KIL_" not in response.text
    assert "Traceback" not in response.text


def test_a_fault_is_found_in_the_log_by_its_reference_without_the_question(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    fault = RuntimeError(f"could not answer {fakes.ANSWERED!r}")
    client = client_of(lambda: FakeAssistant(failure=fault), records)
    with caplog.at_level(logging.DEBUG):
        detail = client.post("/api/ask", json={"question": fakes.ANSWERED}).json()["detail"]

    reference = detail.rstrip(".").rsplit(" ", 1)[-1]
    [record] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert reference in record.getMessage()
    assert "RuntimeError" in record.getMessage()
    assert "fakes.py" in record.getMessage()
    assert "Hollinbrook" not in caplog.text


def test_whoever_runs_it_finds_the_cause_of_a_foreseen_failure_in_the_log(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(lambda: FakeAssistant(failure=StorageFailed("/srv/data is full")), records)
    client.post("/api/ask", json={"question": fakes.ANSWERED})

    assert "StorageFailed: /srv/data is full" in caplog.text


def test_every_problem_has_words_and_a_place_on_the_docs_page(client: TestClient) -> None:
    page = client.get("/docs").text

    assert set(STATUS) == set(PROBLEMS)
    assert all(f'id="{name}"' in page for name in STATUS)


def test_a_problem_is_typed_by_an_address_that_explains_it(client: TestClient) -> None:
    problem = _problem(client.get("/api/documents/atlantis"), 404)

    assert problem["type"] == "/docs#not-found"
