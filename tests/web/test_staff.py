"""The staff's desk: who gets in, what stands there, and what can be taken along."""

import csv
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.errors import NotReady
from assistant.records import Records
from assistant.vocabulary import Outcome, Question
from assistant.web.chatting import today
from assistant.web.guarding import COOKIE, TRIES_PER_MINUTE
from assistant.web.ledgers import LEDGERS
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.staff.planting import answer
from tests.web.reading import Reader
from tests.web.test_guarding import LINE, PASSWORD, WRONG

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)></textarea></title>'
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def _client(records: Records, assistant: FakeAssistant | None = None, **knobs: object) -> TestClient:
    assistant = assistant or FakeAssistant()
    app = build_app(
        lambda: assistant,
        records,
        **{"rate_per_minute": 0, "staff_password": LINE, **knobs},  # type: ignore[arg-type]
    )
    return TestClient(app, client=("192.0.2.1", 50_000))


def _form(page: str) -> str:
    (field,) = Reader(page).all("input", name="form")
    return str(field["value"])


def _sign_in(client: TestClient, password: str = PASSWORD) -> None:
    form = _form(client.get("/staff").text)
    client.post("/staff", data={"form": form, "password": password}, follow_redirects=False)


@pytest.fixture
def gate(records: Records) -> Iterator[TestClient]:
    with _client(records) as client:
        yield client


@pytest.fixture
def desk(gate: TestClient) -> TestClient:
    _sign_in(gate)
    return gate


def _keep(records: Records, id: str, question: str, outcome: Outcome = Outcome.NOT_IN_MATERIAL) -> None:
    records.keep(Question(question), answer(id, outcome, [fakes.GARDENS]))


def _rows(client: TestClient, name: str, days: str = "30") -> list[list[str]]:
    response = client.get(f"/staff/{name}.csv", params={"days": days})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-disposition"].startswith(f'attachment; filename="keep-it-local-{name}-')
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"), newline="")))


# --- getting in and out ---


def test_without_a_password_there_is_no_desk(records: Records) -> None:
    client = _client(records, staff_password="")

    for address in ("/staff", "/staff/gaps.csv", "/staff/x"):
        assert client.get(address, headers=BROWSER).status_code == 404
    assert client.post("/staff", data={"password": PASSWORD}).status_code == 404
    assert "set-cookie" not in client.get("/staff").headers


def test_the_password_opens_the_desk_until_somebody_signs_out(gate: TestClient) -> None:
    form = _form(gate.get("/staff").text)
    let_in = gate.post("/staff", data={"form": form, "password": PASSWORD}, follow_redirects=False)
    page = gate.get("/staff")

    assert (let_in.status_code, let_in.headers["location"]) == (303, "staff")
    assert "Sign out" in page.text
    stolen = gate.cookies[COOKIE]
    out = gate.post("/staff", data={"form": _form(page.text), "leave": "yes"})
    assert "Password" in Reader(out.text).text
    gate.cookies.set(COOKIE, stolen, path="/staff")
    assert "Sign out" not in gate.get("/staff").text


def test_a_wrong_password_opens_nothing_and_is_not_shown_again(gate: TestClient) -> None:
    form = _form(gate.get("/staff").text)
    refused = gate.post("/staff", data={"form": form, "password": WRONG})

    assert refused.status_code == 403
    assert "That is not the password." in Reader(refused.text).text
    assert WRONG not in refused.text
    assert "Sign out" not in gate.get("/staff").text


def test_wrong_passwords_are_limited_and_told_when_to_try_again(gate: TestClient) -> None:
    form = _form(gate.get("/staff").text)
    tried = []
    for _ in range(TRIES_PER_MINUTE + 1):
        tried.append(gate.post("/staff", data={"form": form, "password": WRONG}))
        form = _form(tried[-1].text)

    assert [one.status_code for one in tried] == [403] * TRIES_PER_MINUTE + [429]
    seconds = int(tried[-1].headers["retry-after"])
    assert f"Try again in {seconds} seconds." in Reader(tried[-1].text).text
    right = gate.post("/staff", data={"form": form, "password": PASSWORD}, follow_redirects=False)
    assert right.status_code == 429


def test_signing_in_and_out_need_a_form_of_ours(gate: TestClient) -> None:
    other = _form(_client(gate.app.state.parts.records).get("/staff").text)  # type: ignore[attr-defined]
    gate.get("/staff")
    for form in ("", "x", other):
        refused = gate.post("/staff", data={"form": form, "password": PASSWORD}, follow_redirects=False)
        assert refused.status_code == 403
        assert "open for too long" in refused.text
    _sign_in(gate)
    assert gate.post("/staff", data={"form": "x", "leave": "yes"}).status_code == 403


def test_another_website_can_post_nothing(desk: TestClient) -> None:
    form = _form(desk.get("/staff").text)
    elsewhere = {"Origin": "https://elsewhere.example"}

    assert desk.post("/staff", data={"form": form, "leave": "yes"}, headers=elsewhere).status_code == 403
    assert "Sign out" in desk.get("/staff").text


@pytest.mark.parametrize(
    ("scheme", "is_secure"), [("http", False), ("https", True)], ids=["plain", "behind a proxy with https"]
)
def test_the_cookie_is_for_our_pages_alone(records: Records, scheme: str, is_secure: bool) -> None:
    client = _client(records, trusted_proxies=1)
    proxied = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "203.0.113.9"}
    cookie = client.get("/staff", headers=proxied).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/staff" in cookie
    assert ("Secure" in cookie) is is_secure


def test_under_a_prefix_the_cookie_and_the_links_stay_below_it(records: Records) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=0, staff_password=LINE)
    client = TestClient(app, root_path="/help", client=("192.0.2.1", 50_000))
    page = client.get("/staff")

    assert "Path=/help/staff" in page.headers["set-cookie"]
    assert [has for _, has in Reader(page.text).elements if (has.get("action") or "").startswith("/")] == []
    client.cookies.clear()
    token = page.headers["set-cookie"].partition("=")[2].partition(";")[0]
    sent = {"form": _form(page.text), "password": PASSWORD}
    let_in = client.post("/staff", data=sent, headers={"Cookie": f"{COOKIE}={token}"}, follow_redirects=False)
    assert let_in.status_code == 303


@pytest.mark.parametrize("how", ["changed", "of another password", "made up"])
def test_a_false_cookie_shows_the_form(records: Records, how: str) -> None:
    client = _client(records)
    _sign_in(client)
    real = client.cookies[COOKIE]
    false = {"changed": real[:-6] + "AAAAAA", "of another password": _foreign(records), "made up": "staff"}[
        how
    ]
    client.cookies.clear()
    client.cookies.set(COOKIE, false, path="/staff")
    page = client.get("/staff")

    assert page.status_code == 200
    assert "Sign out" not in page.text
    assert client.get("/staff/gaps.csv").status_code == 401


def _foreign(records: Records) -> str:
    from assistant.passwords import hashed  # noqa: PLC0415

    other = _client(records, staff_password=hashed("another password").write())
    _sign_in(other, "another password")
    return other.cookies[COOKIE]


def test_nothing_of_it_is_cached_framed_or_found(desk: TestClient) -> None:
    for address in ("/staff", "/staff/wrong.csv"):
        headers = desk.get(address).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-robots-tag"] == "noindex"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]  # default-src 'none' forbids scripts


def test_neither_password_nor_cookie_gets_into_a_log(
    records: Records, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client = _client(records)
    form = _form(client.get("/staff").text)
    client.post("/staff", data={"form": form, "password": WRONG})
    _sign_in(client)
    token = client.cookies[COOKIE]
    assert "Sign out" in client.get("/staff").text
    client.get("/staff/times.csv", auth=("x", WRONG))
    client.post("/staff", data={"form": "x", "password": PASSWORD})

    out, err = capfd.readouterr()
    said = caplog.text + out + err
    assert [secret for secret in (PASSWORD, WRONG, token, LINE) if secret in said] == []


# --- what stands there ---


def test_the_empty_desk_says_that_there_is_nothing(desk: TestClient) -> None:
    reader = Reader(desk.get("/staff").text)

    assert reader.open == []
    assert "Every question in this time was answered." in reader.text
    assert "Nobody marked an answer not useful." in reader.text
    assert "No answers were given in this time." in reader.text
    assert "2 documents: 1 with the original’s own words, 1 as digests. 2 never cited" in reader.text


def test_an_answer_counts_where_it_belongs(desk: TestClient, records: Records) -> None:
    desk.post("/api/ask", json={"question": fakes.ANSWERED})
    refused = desk.post("/api/ask", json={"question": fakes.NOT_IN_MATERIAL}).json()["id"]
    desk.post("/api/ask", json={"question": fakes.PARTLY_ANSWERED})
    desk.post(
        "/api/feedback", json={"answer": refused, "rating": "down", "reason": "Ask the harbour master."}
    )
    reader = Reader(desk.get("/staff").text)

    assert "questions3answered33%answered in part33%not in the material33%marked" in reader.text
    assert "marked not useful, of 1 opinion1" in reader.text
    assert "“Ask the harbour master.”" in reader.text
    assert "Lacked: The material does not say who paid." in reader.text
    assert {row[0]: row[1:] for row in _rows(desk, "outcomes")[1:]} == {
        "answered": ["1"], "partly_answered": ["1"], "not_in_material": ["1"], "conversation": ["0"],
    }  # fmt: skip
    assert _rows(desk, "documents")[1:] == [
        ["hollinbrook-gardens", fakes.HOLLINBROOK.title, "case-study", "4", "2", "0"],
        ["saltmere-essay", fakes.SALTMERE.title, "essay", "2", "1", "1"],
    ]
    (gap, other) = _rows(desk, "gaps")[1:]
    assert {gap[4], other[4]} == {fakes.NOT_IN_MATERIAL, fakes.PARTLY_ANSWERED}
    assert _rows(desk, "wrong")[1][1:4] == [
        fakes.NOT_IN_MATERIAL, "not_in_material", "Ask the harbour master.",
    ]  # fmt: skip


def test_the_same_question_is_one_gap_and_counted(desk: TestClient, records: Records) -> None:
    for number, question in enumerate(
        ("How deep is the harbour?", "how deep is the  harbour", "HOW DEEP is the harbour?")
    ):
        _keep(records, f"a{number}", question)
    _keep(records, "b", "Who pays for the ferry?")
    reader = Reader(desk.get("/staff").text)

    assert "3× asked" in reader.text
    assert "1× asked" in reader.text
    assert len(reader.all("p", class_="count")) == 2


def test_the_time_is_chosen_by_link(tmp_path: Path) -> None:
    moment = datetime.now(UTC)
    records = Records(tmp_path, 400, now=lambda: moment)
    for days in (0, 6, 7, 29, 30, 89, 90, 200):
        moment = datetime.fromordinal(today().toordinal() - days).replace(hour=12, tzinfo=UTC)
        _keep(records, f"a{days}", f"Question of {days} days ago?")
    client = _client(records)
    _sign_in(client)

    for period, number in (("7", 2), ("30", 4), ("90", 6), ("all", 8), ("nonsense", 4), ("", 4)):
        page = Reader(client.get("/staff", params={"days": period}).text)
        assert f"questions{number}answered" in page.text
        (chosen,) = page.all("a", aria_current="page")
        assert chosen["href"] == f"staff?days={period if period in ('7', '90', 'all') else '30'}"
        assert sum(int(row[2]) for row in _rows(client, "time", period)[1:]) == number


def test_what_readers_and_documents_say_stays_text(records: Records) -> None:
    client = _client(records)
    _sign_in(client)
    _keep(records, "a", EVIL)
    _keep(records, "b", f"{EVIL} again, please?", Outcome.PARTLY_ANSWERED)
    records.rate("a", "down", EVIL)
    page = client.get("/staff").text
    reader = Reader(page)

    assert reader.open == []
    assert EVIL in reader.text
    assert "<script" not in page
    assert "<b>one</b> conversation" not in page.replace("&lt;", "<!").replace("&gt;", "!>")
    assert [has for has in reader.all("img") if not str(has["src"]).startswith("chat/")] == []
    assert not any(name.startswith("on") or name == "style" for _, has in reader.elements for name in has)


def test_no_cell_of_a_table_is_a_formula(desk: TestClient, records: Records) -> None:
    for number, start in enumerate(("=", "+", "-", "@", "\t=", " =")):
        _keep(records, f"a{number}", f'{start}HYPERLINK("https://example.org/{number}")')
        records.rate(f"a{number}", "down", f"{start}1+{number}")
    cells = [cell for name in LEDGERS for row in _rows(desk, name) for cell in row]

    assert sum("HYPERLINK" in cell for cell in cells) == 12
    assert [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_a_script_gets_a_table_with_the_password_and_a_browser_is_led_to_the_form(records: Records) -> None:
    client = _client(records)

    assert client.get("/staff/wrong.csv", auth=("any", PASSWORD)).status_code == 200
    assert client.get("/staff/wrong.csv", auth=("any", WRONG)).status_code == 401
    assert client.get("/staff/wrong.csv").headers["www-authenticate"].startswith("Basic ")
    led = client.get("/staff/wrong.csv", headers=BROWSER, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "../staff")
    assert client.get("/staff", auth=("any", PASSWORD)).text.count("Sign out") == 0  # the page wants the form


def test_wrong_addresses_are_problems(desk: TestClient) -> None:
    assert desk.get("/staff/nothing.csv").status_code == 404
    assert desk.get("/staff/").status_code == 404
    assert desk.delete("/staff/gaps.csv").status_code == 404


def test_until_the_assistant_is_ready_the_rest_is_shown(records: Records) -> None:
    def ready() -> FakeAssistant:
        raise NotReady("The assistant is loading.")

    _keep(records, "a", "How deep is the harbour?")
    client = TestClient(build_app(ready, records, rate_per_minute=0, staff_password=LINE))
    _sign_in(client)
    page = client.get("/staff")

    assert page.status_code == 200
    assert Reader(page.text).text.count("The assistant is loading.") == 2
    assert "no longer in the catalogue" not in page.text
    assert client.get("/staff/gaps.csv").status_code == 503
    assert client.get("/staff/times.csv").status_code == 200


def test_records_that_can_not_be_read_are_told_on_a_page(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite3").write_bytes(b"this is no database, but something else" * 100)
    client = _client(Records(tmp_path, 30))
    _sign_in(client)
    page = client.get("/staff")

    assert page.status_code == 503
    assert "Storage is out of reach" in Reader(page.text).text
    assert str(tmp_path) not in page.text


def test_every_link_to_a_table_leads_to_one(desk: TestClient) -> None:
    desk.post("/api/ask", json={"question": fakes.NOT_IN_MATERIAL})
    answered = desk.post("/api/ask", json={"question": fakes.ANSWERED}).json()["id"]
    desk.post("/api/feedback", json={"answer": answered, "rating": "down"})
    links = [
        str(has["href"]) for has in Reader(desk.get("/staff").text).all("a") if ".csv" in str(has["href"])
    ]

    assert {re.sub(r"staff/(.*)\.csv.*", r"\1", link) for link in links} == set(LEDGERS)
    assert {desk.get(f"/{link}").status_code for link in links} == {200}
