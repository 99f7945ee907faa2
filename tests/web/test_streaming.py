"""The same question, answered as a stream of events."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.errors import ModelUnavailable
from assistant.records import Records
from assistant.vocabulary import Event, Retrieved
from assistant.web.streaming import COMMENT_EVERY_SECONDS, EventStream, wants_stream
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import PROBLEM_KEYS, STREAM, client_of, read_events


def _events(client: TestClient, question: str = fakes.ANSWERED) -> list[tuple[str, dict[str, Any]]]:
    return read_events(client.post("/api/ask", json={"question": question}, headers=STREAM).text)


def test_events_come_in_the_order_of_the_interface(client: TestClient) -> None:
    events = _events(client)

    assert [name for name, _ in events] == ["retrieved", "sentence", "sentence", "done"]
    assert events[0][1] == {"question_used": fakes.ANSWERED, "passages": 4}
    assert list(events[1][1]) == ["text", "citations", "numbers", "support"]


def test_a_citation_is_sent_with_the_first_sentence_that_uses_it(client: TestClient) -> None:
    sentences = [data for name, data in _events(client) if name == "sentence"]

    assert [[citation["number"] for citation in data["citations"]] for data in sentences] == [[1], [2]]
    assert [data["numbers"] for data in sentences] == [[1], [2, 1]]


@pytest.mark.parametrize("question", fakes.CANNED)
def test_the_stream_ends_with_the_answer_that_json_gives(client: TestClient, question: str) -> None:
    name, streamed = _events(client, question)[-1]
    answered = client.post("/api/ask", json={"question": question}).json()

    assert name == "done"
    assert {**streamed, "id": ""} == {**answered, "id": ""}


def test_a_streamed_answer_is_on_record_once_and_can_be_rated(client: TestClient, tmp_path: Path) -> None:
    answer = _events(client)[-1][1]

    rated = client.post("/api/feedback", json={"answer": answer["id"], "rating": "up"})
    connection = sqlite3.connect(tmp_path / "data" / "records.sqlite3")
    rows = connection.execute("SELECT id, outcome FROM answers").fetchall()
    connection.close()
    assert rated.status_code == 204
    assert rows == [(answer["id"], "answered")]


def test_the_stream_is_not_stored_or_held_back_on_its_way(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": fakes.ANSWERED}, headers=STREAM)

    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"


def test_a_failure_in_the_middle_is_the_last_event(records: Records) -> None:
    client = client_of(lambda: FakeAssistant(failure=ModelUnavailable("http://10.0.0.7/v1 refused")), records)
    events = _events(client)

    assert [name for name, _ in events] == ["retrieved", "error"]
    assert list(events[1][1]) == PROBLEM_KEYS
    assert events[1][1]["status"] == 503
    assert "10.0.0.7" not in str(events)


def test_an_unforeseen_failure_in_the_middle_says_nothing_of_its_cause(records: Records) -> None:
    client = client_of(lambda: FakeAssistant(failure=RuntimeError("/srv/secret")), records)
    events = _events(client)

    assert [name for name, _ in events] == ["retrieved", "error"]
    assert events[1][1]["status"] == 500
    assert "secret" not in str(events)


def test_what_is_wrong_before_the_stream_is_an_ordinary_problem(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": ""}, headers=STREAM)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("text/event-stream", True),
        ("TEXT/Event-Stream;q=0.5", True),
        ("text/event-stream, application/json;q=0.9", True),
        ("text/event-stream, application/json", True),
        ("application/json, text/event-stream", False),
        ("application/json;q=0.1, text/event-stream;q=0", False),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        (";;q=,=,text/event-stream;q=x", True),
    ],
)
def test_the_header_accept_decides(accept: str, streams: bool) -> None:
    assert wants_stream(accept) is streams


def _serve(stream: EventStream, gone_after: float = 20) -> bytes:
    """Run one response for a client that goes away after some seconds; return what it got."""
    got: list[bytes] = []

    async def receive() -> dict[str, str]:
        await asyncio.sleep(gone_after)
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        got.append(message.get("body", b""))

    asyncio.run(stream({"type": "http"}, receive, send))
    return b"".join(got)


def test_silence_is_broken_by_comments() -> None:
    def slow() -> Iterator[Event]:
        yield Retrieved("q", 1)
        time.sleep(0.3)
        yield Retrieved("q", 2)

    _, between, last = _serve(EventStream(slow(), comment_every_seconds=0.05)).decode().split("event: ")

    assert sum(line.startswith(":") for line in between.splitlines()) >= 2
    assert '"passages":2' in last


def test_comments_come_more_often_than_promised() -> None:
    assert COMMENT_EVERY_SECONDS < 15


def test_a_client_that_goes_away_stops_the_answering() -> None:
    closed: list[bool] = []

    def long() -> Iterator[Event]:
        try:
            for _ in range(500):
                yield Retrieved("q", 1)
                time.sleep(0.01)
        except GeneratorExit:
            closed.append(True)
            raise

    stream = EventStream(long())
    _serve(stream, gone_after=0.1)

    assert closed == [True]
