"""How much one address may ask, and how large a request may be."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from assistant.records import Records
from assistant.web.limits import LARGEST_BODY, RateLimit
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import STREAM, client_of

ASK = {"question": fakes.ANSWERED}


def test_too_many_questions_are_told_when_to_come_back(records: Records) -> None:
    client = client_of(FakeAssistant, records, rate_per_minute=3)
    within = [
        client.post("/api/ask", json=ASK),
        client.post("/api/ask", json=ASK, headers=STREAM),
        client.get("/api/search?q=x"),
    ]
    beyond = [client.post("/api/ask", json=ASK), client.get("/api/search?q=x")]

    assert [response.status_code for response in within] == [200, 200, 200]
    assert [response.status_code for response in beyond] == [429, 429]
    for response in beyond:
        seconds = int(response.headers["retry-after"])
        assert 1 <= seconds <= 60
        assert f"{seconds} seconds" in response.json()["detail"]


def test_wrong_requests_count_too(records: Records) -> None:
    client = client_of(FakeAssistant, records, rate_per_minute=1)

    assert [client.post("/api/ask", json={}).status_code for _ in range(2)] == [422, 429]


def test_all_readers_together_have_a_limit_too(records: Records) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=0, rate_total=2)
    asked = [
        TestClient(app, client=(f"192.0.2.{reader}", 50_000)).post("/api/ask", json=ASK)
        for reader in range(3)
    ]

    assert [response.status_code for response in asked] == [200, 200, 429]
    assert "Many people are asking" in asked[2].json()["detail"]
    assert 1 <= int(asked[2].headers["retry-after"]) <= 60


def test_who_asks_too_much_uses_up_nothing_of_the_others(records: Records) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=1, rate_total=2)
    greedy, other = (TestClient(app, client=(address, 50_000)) for address in ("192.0.2.1", "192.0.2.2"))

    assert [greedy.post("/api/ask", json=ASK).status_code for _ in range(5)] == [200, 429, 429, 429, 429]
    assert other.post("/api/ask", json=ASK).status_code == 200


def test_the_page_without_scripts_counts_with_the_rest(records: Records) -> None:
    client = client_of(FakeAssistant, records, rate_per_minute=3)
    asked = [
        client.post("/api/ask", json=ASK),
        client.get("/ask", params={"q": fakes.ANSWERED}),
        client.post("/ask", data={"q": fakes.ANSWERED}),
        client.get("/ask", params={"q": fakes.ANSWERED}),
    ]

    assert [response.status_code for response in asked] == [200, 200, 200, 429]
    assert client.get("/ask").status_code == 200  # the form itself asks nothing


def test_feedback_has_a_limit_of_its_own(records: Records) -> None:
    client = client_of(FakeAssistant, records, rate_per_minute=2)
    answer = client.post("/api/ask", json=ASK).json()["id"]
    opinion = {"answer": answer, "rating": "up"}
    given = [
        client.post("/api/feedback", json=opinion),
        client.post("/feedback", data=opinion, follow_redirects=False),
        client.post("/api/feedback", json=opinion),
        client.post("/feedback", data=opinion, follow_redirects=False),
    ]

    assert [response.status_code for response in given] == [204, 303, 429, 429]
    assert {"retry-after"} <= {*given[2].headers} & {*given[3].headers}
    assert client.post("/api/ask", json=ASK).status_code == 200


def test_the_other_addresses_are_not_counted(records: Records) -> None:
    client = client_of(FakeAssistant, records, rate_per_minute=1)

    addresses = ["/api/documents", "/api/documents/saltmere-essay", "/healthz", "/readyz"]
    assert {client.get(address).status_code for address in addresses * 2} == {200}


def test_one_reader_does_not_use_up_anothers_questions(records: Records) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=1)
    one, other = (TestClient(app, client=(address, 50_000)) for address in ("192.0.2.1", "192.0.2.2"))

    asked = [client.post("/api/ask", json=ASK).status_code for client in (one, one, other)]
    assert asked == [200, 429, 200]


def test_no_limit_is_set_with_nought(records: Records) -> None:
    client = client_of(FakeAssistant, records, rate_per_minute=0)

    assert {client.post("/api/ask", json=ASK).status_code for _ in range(20)} == {200}


def test_the_memory_for_addresses_is_bounded_and_holds_the_latest() -> None:
    rate = RateLimit(1, most_addresses=50)
    for number in range(500):
        rate.admit(f"192.0.2.{number}")

    assert len(rate._storage.events) <= 50
    with pytest.raises(HTTPException):
        rate.admit("192.0.2.499")
    rate.admit("192.0.2.0")


def test_an_address_that_keeps_asking_is_not_forgotten_for_new_ones() -> None:
    rate = RateLimit(2, most_addresses=2)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"):
        rate.admit(address)

    with pytest.raises(HTTPException):
        rate.admit("192.0.2.1")


def _post_in_pieces(piece: bytes, pieces: int, length: bytes | None, app: Any) -> tuple[int, int]:
    """Post a body piece by piece; return the status and how many pieces were fetched."""
    fetched = 0
    status = 0

    async def receive() -> dict[str, object]:
        nonlocal fetched
        fetched += 1
        return {"type": "http.request", "body": piece, "more_body": fetched < pieces}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = [(b"content-type", b"application/json"), *([(b"content-length", length)] if length else [])]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/ask",
        "raw_path": b"/api/ask",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("192.0.2.1", 50_000),
    }
    asyncio.run(app(scope, receive, send))
    return status, fetched


@pytest.mark.parametrize("length", [None, b"10", b"x"])
def test_a_large_body_is_refused_while_it_comes_in(records: Records, length: bytes | None) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=0)
    status, fetched = _post_in_pieces(b" " * 1_024, 10_240, length, app)

    assert (status, fetched) == (413, LARGEST_BODY // 1_024 + 1)


@pytest.mark.parametrize("length", [b"65537", b"10485760", b"9" * 5_000])
def test_a_body_that_is_said_to_be_large_is_not_even_fetched(records: Records, length: bytes) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=0)

    assert _post_in_pieces(b" ", 1, length, app) == (413, 0)


def test_a_body_of_64_kib_is_taken_and_one_byte_more_is_not(client: TestClient) -> None:
    body = b'{"question": "Hello"}'.ljust(LARGEST_BODY)
    headers = {"Content-Type": "application/json"}

    statuses = [
        client.post("/api/ask", content=sent, headers=headers).status_code for sent in (body, body + b" ")
    ]
    assert statuses == [200, 413]


def test_feedback_is_limited_in_size_too(client: TestClient) -> None:
    response = client.post("/api/feedback", json={"answer": "x", "rating": "up", "reason": "y" * 70_000})

    assert response.status_code == 413
    assert "64 KiB" in response.json()["detail"]
