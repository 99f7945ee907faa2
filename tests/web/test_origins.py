"""Which websites may use the assistant from a reader's browser."""

import logging
from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

from assistant.records import Records
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import PROBLEM_KEYS
from tests.web.pages import chat_app

ALLOWED = "https://www.locality.example"
OTHER = "https://elsewhere.example"
ASK = {"question": fakes.ANSWERED}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
ASKING = (
    ("POST", "/api/ask"),
    ("GET", "/api/search?q=x"),
    ("GET", "/api/documents"),
    ("GET", "/api/documents/saltmere-essay"),
    ("POST", "/api/feedback"),
)


@pytest.fixture
def open_client(assistant: FakeAssistant, records: Records) -> TestClient:
    app = build_app(lambda: assistant, records, rate_per_minute=0, allowed_origins=f"{ALLOWED},http://a.test")
    return TestClient(app)


@pytest.mark.parametrize("origin", [ALLOWED, "http://a.test"])
def test_an_allowed_website_asks_and_reads_the_answer(open_client: TestClient, origin: str) -> None:
    response = open_client.post("/api/ask", json=ASK, headers={"Origin": origin})

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == origin
    assert "access-control-allow-credentials" not in response.headers
    assert "origin" in response.headers["vary"].lower()


def test_an_allowed_website_may_send_json_and_read_when_to_retry(open_client: TestClient) -> None:
    preflight = open_client.options("/api/ask", headers={"Origin": ALLOWED, **PREFLIGHT})
    answer = open_client.post("/api/ask", json=ASK, headers={"Origin": ALLOWED})

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ALLOWED
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    assert "Retry-After" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(("method", "address"), ASKING)
@pytest.mark.parametrize(
    "origin", [OTHER, "null", f"{ALLOWED}.evil.example", "https://testserver.evil.example", ""]
)
def test_other_websites_are_refused_before_anything_is_done(
    open_client: TestClient, assistant: FakeAssistant, method: str, address: str, origin: str
) -> None:
    response = open_client.request(method, address, json=ASK, headers={"Origin": origin})

    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert list(response.json()) == PROBLEM_KEYS
    assert "access-control-allow-origin" not in response.headers
    assert assistant.asked == []


def test_the_refusal_says_what_to_set_and_not_what_is_set(open_client: TestClient) -> None:
    detail = open_client.post("/api/ask", json=ASK, headers={"Origin": OTHER}).json()["detail"]

    assert "KIL_ALLOWED_ORIGINS" in detail
    assert "locality.example" not in detail


def test_another_website_gets_no_leave_to_send_json(open_client: TestClient) -> None:
    preflight = open_client.options("/api/ask", headers={"Origin": OTHER, **PREFLIGHT})

    assert preflight.status_code == 403
    assert "access-control-allow-origin" not in preflight.headers


def test_with_nothing_set_only_our_own_pages_ask(client: TestClient) -> None:
    own = client.post("/api/ask", json=ASK, headers={"Origin": "http://testserver"})
    other = client.post("/api/ask", json=ASK, headers={"Origin": ALLOWED})

    assert (own.status_code, other.status_code) == (200, 403)


def test_programs_that_name_no_origin_are_let_through(client: TestClient) -> None:
    assert client.post("/api/ask", json=ASK).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        # a proxy that changes the host: the browser's word counts
        ({"Host": "inside:7860", "Origin": "https://ask.example", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "inside:7860", "Origin": "https://ask.example"}, 403),
        # a proxy that does HTTPS and keeps the host
        ({"Host": "ask.example", "Origin": "https://ask.example"}, 200),
        ({"Host": "ask.example:443", "Origin": "https://ask.example"}, 200),
        ({"Host": "ASK.example:8443", "Origin": "https://ask.example:8443"}, 200),
        ({"Host": "[::1]:7860", "Origin": "http://[::1]:7860"}, 200),
        # another port is another website
        ({"Host": "ask.example", "Origin": "https://ask.example:8443"}, 403),
        # the browser says that it is not ours, whatever the host looks like
        ({"Host": "ask.example", "Origin": "https://ask.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "ask.example", "Origin": "null", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
def test_our_own_pages_are_known_behind_a_proxy(
    client: TestClient, headers: Mapping[str, str], status: int
) -> None:
    assert client.post("/api/ask", json=ASK, headers=headers).status_code == status


@pytest.mark.parametrize("address", ["/api/search?q=x", "/ask?q=x"])
def test_a_question_is_no_picture_on_another_website(
    client: TestClient, assistant: FakeAssistant, address: str
) -> None:
    fetched = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

    assert client.get(address, headers=fetched).status_code == 403
    assert assistant.asked == []
    assert client.get(address, headers=followed).status_code == 200


@pytest.mark.parametrize("address", ["/ask", "/feedback"])
def test_no_form_of_another_website_is_taken(
    client: TestClient, assistant: FakeAssistant, address: str
) -> None:
    response = client.post(address, data={"q": "x", "rating": "up"}, headers={"Origin": OTHER})

    assert response.status_code == 403
    assert assistant.asked == []


def test_the_chat_takes_no_questions_from_other_websites(records: Records) -> None:
    with TestClient(chat_app(FakeAssistant, records), base_url="http://ask.example") as client:
        join = "/gradio_api/queue/join"
        foreign = client.post(join, json={}, headers={"Origin": OTHER})
        asked_for_leave = client.options(join, headers={"Origin": OTHER, **PREFLIGHT})
        own = client.post(join, json={}, headers={"Origin": "https://ask.example"})

    assert (foreign.status_code, asked_for_leave.status_code) == (403, 403)
    assert "access-control-allow-origin" not in {*foreign.headers, *asked_for_leave.headers}
    assert own.status_code != 403


@pytest.mark.parametrize("address", ["/", "/ask", "/widget"])
def test_our_pages_may_be_framed_by_the_allowed_websites_only(records: Records, address: str) -> None:
    policies = []
    for allowed in ("", ALLOWED):
        with TestClient(chat_app(FakeAssistant, records, allowed_origins=allowed)) as client:
            policies.append(client.get(address).headers["content-security-policy"])

    assert policies[0].rpartition("; ")[2] == "frame-ancestors 'self'"
    assert policies[1].rpartition("; ")[2] == f"frame-ancestors 'self' {ALLOWED}"


def test_whoever_runs_the_server_is_told_once_which_website_was_refused(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        client.post("/api/ask", json=ASK, headers={"Origin": "https://told-once.example"})

    told = [record.getMessage() for record in caplog.records if "told-once" in record.getMessage()]
    assert len(told) == 1
    assert "KIL_ALLOWED_ORIGINS" in told[0]
    assert fakes.ANSWERED not in told[0]
