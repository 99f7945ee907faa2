"""Whose address counts when proxies stand in front."""

import pytest
from fastapi.testclient import TestClient

from assistant.records import Records
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.pages import chat_app

ASK = {"question": fakes.ANSWERED}
PROXY = "10.0.0.1"


def _statuses(records: Records, trusted: int, forwarded: list[str]) -> list[int]:
    """Ask once for each value of `X-Forwarded-For`, one question a minute being admitted."""
    app = build_app(FakeAssistant, records, rate_per_minute=1, trusted_proxies=trusted)
    client = TestClient(app, client=(PROXY, 50_000))
    return [
        client.post("/api/ask", json=ASK, headers={"X-Forwarded-For": value}).status_code
        for value in forwarded
    ]


def test_nobody_is_believed_unless_told_to(records: Records) -> None:
    assert _statuses(records, 0, ["192.0.2.1", "192.0.2.2"]) == [200, 429]


def test_a_trusted_proxy_tells_readers_apart(records: Records) -> None:
    assert _statuses(records, 1, ["192.0.2.1", "192.0.2.2", "192.0.2.1"]) == [200, 200, 429]


def test_what_a_reader_writes_in_front_changes_nothing(records: Records) -> None:
    spoofed = [f"198.51.100.{number}, 192.0.2.1" for number in range(3)]

    assert _statuses(records, 1, spoofed) == [200, 429, 429]


def test_of_two_proxies_the_outer_one_tells(records: Records) -> None:
    forwarded = [
        "198.51.100.7, 192.0.2.1, 10.0.0.2",
        "198.51.100.8, 192.0.2.1, 10.0.0.2",
        "192.0.2.9, 10.0.0.2",
    ]

    assert _statuses(records, 2, forwarded) == [200, 429, 200]


@pytest.mark.parametrize("forwarded", [["192.0.2.1", "192.0.2.2"], ["unknown, ", "x, y z"], ["", " "]])
def test_who_did_not_come_through_all_proxies_counts_by_its_own_address(
    records: Records, forwarded: list[str]
) -> None:
    assert _statuses(records, 2, forwarded) == [200, 429]


@pytest.mark.parametrize(
    "same",
    [
        ["192.0.2.1", "192.0.2.1:5000"],
        ["[2001:db8:1:2::1]:443", "2001:db8:1:2::1"],
        ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"],  # one household is given 64 bits of addresses
        ["::ffff:192.0.2.1", "192.0.2.1"],
    ],
)
def test_one_reader_is_one_reader_however_the_address_is_written(records: Records, same: list[str]) -> None:
    assert _statuses(records, 1, same) == [200, 429]


def test_neighbouring_networks_are_different_readers(records: Records) -> None:
    assert _statuses(records, 1, ["2001:db8:1:2::1", "2001:db8:1:3::1"]) == [200, 200]


def _ask_in_the_chat(client: TestClient, session: str, forwarded: str) -> str:
    """Ask as the chat's page does, and return all that it is told."""
    parts = client.get("/config").json()["dependencies"]
    ask = next(part["id"] for part in parts if any(event == "submit" for _, event in part["targets"]))
    told = {"text": fakes.ANSWERED}
    body = {"fn_index": ask, "data": [None], "event_data": told, "session_hash": session}
    client.post("/gradio_api/queue/join", json=body, headers={"X-Forwarded-For": forwarded})
    return client.get("/gradio_api/queue/data", params={"session_hash": session}).text


def test_the_chat_counts_by_the_same_address_as_everything_else(records: Records) -> None:
    app = chat_app(FakeAssistant, records, rate_per_minute=1, trusted_proxies=1)
    with TestClient(app, client=(PROXY, 50_000)) as client:
        asked = client.post("/api/ask", json=ASK, headers={"X-Forwarded-For": "192.0.2.1"})
        same = _ask_in_the_chat(client, "one", "198.51.100.1, 192.0.2.1")
        other = _ask_in_the_chat(client, "two", "192.0.2.2")

    assert asked.status_code == 200
    assert "asked a lot in the last minute" in same
    assert fakes.GARDENS.text not in same
    assert fakes.GARDENS.text.split(".")[0] in other


@pytest.mark.parametrize(("trusted", "status"), [(0, 403), (1, 200)])
def test_the_public_host_is_believed_from_a_trusted_proxy_only(
    records: Records, trusted: int, status: int
) -> None:
    client = TestClient(build_app(FakeAssistant, records, rate_per_minute=0, trusted_proxies=trusted))
    headers = {"Origin": "https://ask.example", "X-Forwarded-Host": "ask.example"}

    assert client.post("/api/ask", json=ASK, headers=headers).status_code == status


def test_the_tag_to_copy_names_the_public_address(records: Records) -> None:
    client = TestClient(build_app(FakeAssistant, records, rate_per_minute=0, trusted_proxies=1))
    headers = {"X-Forwarded-Host": "ask.example", "X-Forwarded-Proto": "https"}

    assert "src=&quot;" not in client.get("/widget", headers=headers).text
    assert 'src="https://ask.example/widget.js"' in client.get("/widget", headers=headers).text
