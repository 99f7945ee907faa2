"""How the server is seen from outside: names, lines in the log, figures; and what is in none of them."""

import json
import logging
import re

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from assistant.errors import ModelUnavailable
from assistant.logs import Lines, Plain
from assistant.records import Records
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import STREAM, read_events
from tests.web.pages import chat_app

HERE = ("127.0.0.1", 50_000)
LOCAL = "http://127.0.0.1:7860"
ASK = {"question": fakes.ANSWERED}


@pytest.fixture
def here(assistant: FakeAssistant, records: Records) -> TestClient:
    return TestClient(build_app(lambda: assistant, records, rate_per_minute=2), base_url=LOCAL, client=HERE)


def _figures(client: TestClient) -> dict[str, float]:
    text = client.get("/metrics").text
    families = text_string_to_metric_families(text)
    return {
        " ".join((sample.name, *(value for _, value in sorted(sample.labels.items())))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize(
    "path", ["/healthz", "/api/documents", "/nothing", "/ask", "/widget.js", "/static/chat.css"]
)
def test_every_response_names_its_request(here: TestClient, path: str) -> None:
    names = [here.get(path).headers["x-request-id"] for _ in range(2)]
    assert all(re.fullmatch(r"[0-9a-f]{12}", name) for name in names)
    assert names[0] != names[1]


def test_gradios_responses_are_named_too(records: Records) -> None:
    with TestClient(chat_app(FakeAssistant, records)) as client:
        for path in ("/", "/config", "/theme.css", "/gradio_api/upload", "/gradio_api/queue/join"):
            response = client.get(path)
            assert response.headers["x-request-id"]
            assert response.headers["permissions-policy"]
            assert response.headers["content-security-policy"]


def test_a_problem_says_the_name_that_its_header_says(here: TestClient) -> None:
    for response in (here.get("/api/nothing"), here.post("/api/ask", json={}), here.get("/nothing")):
        assert response.json()["request_id"] == response.headers["x-request-id"]


def test_the_problem_at_the_end_of_a_stream_has_it_too(records: Records) -> None:
    assistant = FakeAssistant(failure=ModelUnavailable("it is down"))
    client = TestClient(build_app(lambda: assistant, records, rate_per_minute=0))
    response = client.post("/api/ask", json=ASK, headers=STREAM)
    assert read_events(response.text)[-1][1]["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("trusted", "proposed", "kept"),
    [
        (1, "from-the-proxy.1", True),
        (0, "from-the-reader", False),
        (1, "short", False),
        (1, 'x"}\n{"level": "INFO"', False),
        (1, "a" * 65, False),
    ],
)
def test_a_name_is_taken_only_from_a_trusted_proxy_and_only_a_harmless_one(
    records: Records, trusted: int, proposed: str, kept: bool
) -> None:
    client = TestClient(build_app(FakeAssistant, records, rate_per_minute=0, trusted_proxies=trusted))
    given = client.get("/healthz", headers={b"X-Request-ID": proposed.encode()}).headers["x-request-id"]
    assert (given == proposed) is kept


def test_each_request_and_each_answer_is_a_line_that_tells_how_it_went_and_nothing_of_what_was_said(
    here: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        asked = here.post("/api/ask", json=ASK)
        here.get("/api/search", params={"q": "Hollinbrook gardens"})
        refused = here.get("/ask", params={"q": "Hollinbrook gardens"})
        here.get("/Hollinbrook/gardens")
        here.get("/api/documents/hollinbrook-gardens")
    ours = [record for record in caplog.records if record.name.startswith("assistant")]
    lines = [json.loads(Lines().format(record)) for record in ours]
    answer, *requests = lines
    assert (answer["message"], answer["answer"], answer["outcome"]) == (
        "answer",
        asked.json()["id"],
        "answered",
    )
    assert answer["request_id"] == requests[0]["request_id"] == asked.headers["x-request-id"]
    assert (answer["retrieve_ms"], answer["ms"]) == (8, 12)
    told = [(line["method"], line["path"], line["status"], line.get("problem")) for line in requests]
    assert told == [
        ("POST", "/api/ask", 200, None),
        ("GET", "/api/search", 200, None),
        ("GET", "/ask", 429, "too-many"),
        ("GET", "other", 404, "not-found"),
        ("GET", "/api/documents/{id}", 200, None),
    ]
    assert refused.status_code == 429
    both = "".join(json.dumps(line) for line in lines) + "".join(map(Plain().format, ours))
    assert not re.search(r"Hollinbrook|gardens|Saltmere|127\.0\.0\.1", both)


def test_what_was_raised_is_logged_without_its_message() -> None:
    try:
        raise ValueError(fakes.ANSWERED)
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("uvicorn.error", logging.ERROR, __file__, 1, "it failed", (), info)
    for formatter in (Lines(), Plain()):
        assert "ValueError" in formatter.format(record)
        assert "test_watching.py" in formatter.format(record)
        assert "Hollinbrook" not in formatter.format(record)


def test_the_figures_count_what_happened(here: TestClient) -> None:
    for _ in range(3):
        here.post("/api/ask", json=ASK)
    here.get("/nothing")
    figures = _figures(here)
    assert figures["kil_requests_total POST /api/ask 200"] == 2
    assert figures["kil_requests_total POST /api/ask 429"] == figures["kil_rate_limited_total"] == 1
    assert figures["kil_requests_total GET other 404"] == figures["kil_problems_total not-found"] == 1
    assert figures["kil_answers_total quotes answered"] == 2
    assert figures["kil_answer_seconds_count retrieve"] == 2
    assert figures["kil_answer_seconds_sum retrieve"] == pytest.approx(0.016)
    assert figures["kil_requests_in_flight"] == 1  # the one that asks for the figures
    assert figures["kil_ready"] == 1
    assert figures["kil_index_documents"] == 2
    assert figures["kil_index_age_seconds"] > 0
    assert figures["process_resident_memory_bytes"] > 1_000_000


def test_a_methods_name_or_an_address_never_becomes_a_figure_of_its_own(here: TestClient) -> None:
    for number in range(20):
        here.request(f"M{number}", f"/nothing-{number}")
    assert sum(name.startswith("kil_requests_total") for name in _figures(here)) == 1


@pytest.mark.parametrize(
    ("address", "base", "headers", "seen"),
    [
        ("127.0.0.1", LOCAL, {}, True),
        ("::1", "http://localhost:7860", {}, True),
        ("::ffff:127.0.0.1", LOCAL, {}, True),
        ("192.0.2.1", LOCAL, {}, False),
        ("", LOCAL, {}, False),
        ("127.0.0.1", "http://ask.example", {}, False),  # a name that leads here, or a proxy on this machine
        ("127.0.0.1", LOCAL, {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", LOCAL, {"x-forwarded-proto": "http"}, False),
        ("127.0.0.1", LOCAL, {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", LOCAL, {"Via": "1.1 proxy"}, False),
        ("127.0.0.1", LOCAL, {"X-Real-IP": "127.0.0.1"}, False),
        ("127.0.0.1", LOCAL, {"Origin": "https://elsewhere.example"}, False),
    ],
)
@pytest.mark.parametrize("trusted", [0, 1])
def test_only_whoever_sits_at_the_machine_sees_the_figures(
    records: Records, address: str, base: str, headers: dict[str, str], seen: bool, trusted: int
) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=0, trusted_proxies=trusted)
    client = TestClient(app, base_url=base, client=(address, 50_000))
    response = client.get("/metrics", headers=headers)
    assert (response.status_code == 200) is seen
    assert ("kil_requests" in response.text) is seen


def test_who_comes_through_a_trusted_proxy_from_this_machine_sees_none(records: Records) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=0, trusted_proxies=1)
    client = TestClient(app, base_url=LOCAL, client=HERE)
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


@pytest.mark.parametrize(
    ("scheme", "trusted", "secure"), [("https", 1, True), ("https", 0, False), ("http", 1, False)]
)
def test_https_is_insisted_on_where_it_is_used_and_only_there(
    records: Records, scheme: str, trusted: int, secure: bool
) -> None:
    client = TestClient(build_app(FakeAssistant, records, rate_per_minute=0, trusted_proxies=trusted))
    headers = client.get("/healthz", headers={"X-Forwarded-Proto": scheme}).headers
    assert ("strict-transport-security" in headers) is secure


def test_what_is_no_page_can_load_nothing_even_when_it_is_opened_as_one(here: TestClient) -> None:
    for path in ("/api/documents", "/static/favicon.svg", "/nothing", "/openapi.json"):
        assert here.get(path).headers["content-security-policy"].startswith("default-src 'none'")
