"""The other addresses: search, catalogue, feedback, probes and the description."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from assistant import wording
from assistant.records import Records
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import client_of


def test_search_ranks_passages(client: TestClient) -> None:
    body = client.get("/api/search", params={"q": "gardens"}).json()

    assert list(body) == ["passages"]
    assert list(body["passages"][0]) == ["id", "document", "section", "text", "score"]
    assert [passage["text"] for passage in body["passages"]] == [passage.text for passage in fakes.PASSAGES]


def test_search_keeps_to_the_limit_and_the_filters(client: TestClient) -> None:
    limited = client.get("/api/search?q=x&limit=1").json()["passages"]
    filtered = client.get("/api/search?q=x&principle=1&principle=2&kind=essay").json()["passages"]

    assert len(limited) == 1
    assert {passage["document"]["id"] for passage in filtered} == {"saltmere-essay"}


def test_the_catalogue_lists_every_document(client: TestClient) -> None:
    documents = client.get("/api/documents").json()["documents"]

    assert [document["id"] for document in documents] == ["hollinbrook-gardens", "saltmere-essay"]
    assert documents[1] == {
        "id": "saltmere-essay",
        "title": "Saltmere: <b>one</b> conversation at a time",
        "kind": "essay",
        "principle": 2,
        "authors": ["Ben Shore"],
        "organisation": "Locality",
        "place": None,
        "published": None,
        "url": "https://example.org/saltmere-essay",
        "not_covered": "The interviews.",
        "text_from": "original",
        "passages": 2,
        "indexed_on": fakes.INDEXED_ON,
        "fetched_on": None,
        "page_changed": False,
    }


def test_a_document_is_shown_with_its_sections(client: TestClient) -> None:
    body = client.get("/api/documents/saltmere-essay").json()

    assert body["title"] == fakes.SALTMERE.title
    assert body["passages"] == 2
    assert body["sections"] == [
        {
            "section": "What did the council change?",
            "source": None,
            "passages": [{"id": "saltmere-essay-0", "text": fakes.TALKS.text, "page": None}],
        },
        {
            "section": "What was reported?",
            "source": {"name": "Saltmere Courier", "url": "https://example.org/courier"},
            "passages": [{"id": "saltmere-essay-1", "text": fakes.REPORT.text, "page": None}],
        },
    ]


def test_without_records_questions_are_answered_and_feedback_is_told_why_it_is_not_kept(
    assistant: FakeAssistant, tmp_path: Path
) -> None:
    client = client_of(lambda: assistant, Records(tmp_path / "data", keep_days=30, record=False))
    answer = client.post("/api/ask", json={"question": fakes.ANSWERED})
    rated = client.post("/api/feedback", json={"answer": answer.json()["id"], "rating": "up"})

    assert (answer.status_code, rated.status_code) == (200, 404)
    assert rated.json()["detail"] == wording.NOT_RECORDED
    assert not (tmp_path / "data").exists()


def test_feedback_on_an_answer_is_taken(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": fakes.ANSWERED}).json()

    for rating, reason in (("up", None), ("down", "It left out Saltmere.")):
        response = client.post(
            "/api/feedback", json={"answer": answer["id"], "rating": rating, "reason": reason}
        )
        assert (response.status_code, response.content) == (204, b"")


def test_feedback_on_an_unknown_answer_is_not_found(client: TestClient) -> None:
    response = client.post("/api/feedback", json={"answer": "nobody-s", "rating": "up"})

    assert response.status_code == 404
    assert "30 days" in response.json()["detail"]


def test_a_disk_that_takes_no_records_costs_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("no folder")
    client = client_of(FakeAssistant, Records(tmp_path / "data", keep_days=30))

    answers = [client.post("/api/ask", json={"question": fakes.ANSWERED}) for _ in range(3)]
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(warnings) == 1
    assert "Hollinbrook" not in caplog.text

    feedback = client.post("/api/feedback", json={"answer": answers[0].json()["id"], "rating": "up"})
    assert feedback.status_code == 503
    assert str(tmp_path) not in feedback.text
    assert "Try again later" in feedback.json()["detail"]


def test_the_process_is_healthy_before_it_is_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "serving"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_title_is_sent_as_data_and_never_as_a_page(client: TestClient) -> None:
    response = client.get("/api/documents/saltmere-essay")

    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["/api/documents", "/api/nothing", "/healthz", "/docs", "/openapi.json"])
def test_every_answer_keeps_browsers_from_guessing_and_telling(client: TestClient, address: str) -> None:
    headers = client.get(address).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert (headers.get("cache-control") == "no-store") is address.startswith("/api/")


def test_the_description_for_people_lists_everything_and_asks_nobody_else(client: TestClient) -> None:
    response = client.get("/docs")
    described = client.get("/openapi.json").json()

    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert not re.search(r"<(script|link|img|iframe)|https?://|@import", response.text)
    for path, operations in described["paths"].items():
        for method in operations:
            assert f"{method.upper()} {path}" in response.text
    linked = set(re.findall(r'href="#([^"]+)"', response.text))
    assert linked
    assert linked <= set(re.findall(r'id="([^"]+)"', response.text))


def test_what_is_mounted_at_the_root_gets_none_of_the_interfaces_addresses(records: Records) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=0)
    app.mount("/", PlainTextResponse("the chat"))
    client = TestClient(app)

    assert client.get("/").text == "the chat"
    for method, address, status in (
        ("DELETE", "/api/ask", 405),
        ("GET", "/api/nothing", 404),
        ("POST", "/healthz", 405),
        ("GET", "/healthz", 200),
    ):
        response = client.request(method, address)
        assert (response.status_code, response.text == "the chat") == (status, False)
