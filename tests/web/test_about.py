"""What /about says is what is set up, in every way that it can be set up."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from assistant.disclosing import disclose
from assistant.disclosure import USUAL, VERSION, Place, server, without_folder
from assistant.errors import NotReady
from assistant.evaluation import publishing
from assistant.evaluation.results import read
from assistant.measured import read_measured
from assistant.passwords import hashed
from assistant.records import Records
from assistant.settings import Settings
from assistant.web import captions, statements
from assistant.web.server import build_app
from assistant.web.transparency import OPEN
from tests import fakes
from tests.fakes import FakeAssistant
from tests.test_promises import PROJECT, ROOT
from tests.web.reading import Reader

KEY = "sk-not-to-be-seen"
SAYS_NOWHERE = "Nowhere. Questions are read and answered on the server that you are connected to."

Tell = Callable[..., str]


def _settings(**set_: object) -> Settings:
    return Settings.model_validate(set_)


def _client(settings: Settings, records: Records, assistant: FakeAssistant | None = None) -> TestClient:
    def ready() -> FakeAssistant:
        if assistant is None:
            raise NotReady("There is no index yet.")
        return assistant

    limits = settings.model_dump(include={"rate_per_minute", "rate_total", "allowed_origins"})
    return TestClient(build_app(ready, records, disclosure=disclose(settings), **limits))


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KIL_{name.upper()}", raising=False)


@pytest.fixture
def tell(records: Records) -> Tell:
    """Say what the page says with these settings."""

    def tell(**set_: object) -> str:
        response = _client(_settings(**set_), records, FakeAssistant()).get("/about")
        assert response.status_code == 200
        reader = Reader(response.text)
        assert reader.open == []
        return reader.text

    return tell


def test_without_a_model_nothing_is_said_to_leave(tell: Tell) -> None:
    said = tell()

    assert statements.NOT_WRITTEN in said
    assert SAYS_NOWHERE in said
    assert "language model’s server" not in said
    assert "Chroma" not in said


@pytest.mark.parametrize(
    ("model", "url", "where"),
    [
        ("openai:small", "http://127.0.0.1:8080/v1", "on the same machine as the assistant (127.0.0.1)"),
        ("openai:small", "http://localhost:8080/v1", "on the same machine as the assistant (localhost)"),
        ("openai:small", "http://10.1.2.3/v1", "of the network that the assistant runs in (10.1.2.3)"),
        ("ollama:qwen3:8b", "http://model:11434", "of the network that the assistant runs in (model)"),
        (
            "openai:big",
            "https://council.openai.azure.com/v1",
            "council.openai.azure.com, which may be outside",
        ),
        ("ollama:qwen3:8b", "", "unless Ollama’s own settings name another"),
        ("anthropic:large", "", "at its provider’s usual address (provider: anthropic)"),
    ],
)
def test_a_model_is_named_with_where_it_is_asked(tell: Tell, model: str, url: str, where: str) -> None:
    said = tell(model=model, model_url=url)

    assert f"The language model {model}. It is asked at" in said
    assert where in said
    assert "To the language model’s server." in said
    assert statements.NOT_WRITTEN not in said
    assert SAYS_NOWHERE not in said


@pytest.mark.parametrize(
    ("url", "leaves"), [("http://127.0.0.1:8080", False), ("http://10.1.2.3", True), ("", True)]
)
def test_terms_are_asked_for_where_words_leave_the_machine(tell: Tell, url: str, leaves: bool) -> None:
    said = tell(model="openai:any", model_url=url)
    assert ("What is done with the text there" in said) is leaves


@pytest.mark.parametrize(
    ("quotes", "said"), [(True, "answers are made of quotes and say so"), (False, "is not answered")]
)
def test_what_happens_when_the_model_fails_is_told(tell: Tell, quotes: bool, said: str) -> None:
    assert said in tell(model="openai:any", quotes_if_model_fails=quotes)


@pytest.mark.parametrize(("days", "said"), [(90, "older than 90 days"), (1, "older than 1 day is")])
def test_how_long_records_are_kept_is_told(tell: Tell, days: int, said: str) -> None:
    assert said in tell(keep_days=days)


@pytest.mark.parametrize(
    ("is_kept", "is_masked", "said", "unsaid"),
    [
        (True, False, "its words as typed", "masked"),
        (True, True, "personal data that was recognised masked", "words as typed"),
        (False, True, "No record is kept", "Kept of each question"),
    ],
)
def test_what_is_kept_is_told_as_it_is_kept(
    records: Records, is_kept: bool, is_masked: bool, said: str, unsaid: str
) -> None:
    told = replace(USUAL, keeps_records=is_kept, masks_personal_data=is_masked)
    page = (
        TestClient(build_app(FakeAssistant, records, rate_per_minute=0, disclosure=told)).get("/about").text
    )

    assert page.count(said) == 2
    assert unsaid not in page
    assert ("Opinions on answers are kept" in page) is is_kept


SAYS_DESK = "Staff who have the password can read at a page of this assistant"
SAYS_NO_DESK = "No page shows what is kept"


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("has_desk", [True, False])
def test_where_staff_read_what_is_kept_is_told_as_it_is(
    records: Records, is_kept: bool, has_desk: bool
) -> None:
    password = hashed("quiet meadow lantern rye").write() if has_desk else ""
    settings = _settings(record=is_kept, staff_password=password)
    app = build_app(
        FakeAssistant, records, rate_per_minute=0, disclosure=disclose(settings), staff_password=password
    )
    client = TestClient(app)
    page = client.get("/about").text

    assert disclose(settings).has_desk is has_desk
    assert (client.get("/staff").status_code == 200) is has_desk
    assert page.count(SAYS_DESK) == (2 if has_desk else 0)
    assert page.count(SAYS_NO_DESK) == (2 if is_kept and not has_desk else 0)
    assert ("what was kept before recording was switched off" in page) is (has_desk and not is_kept)
    assert "scrypt" not in page


def test_limits_websites_contact_and_search_are_those_set(tell: Tell) -> None:
    said = tell(
        rate_per_minute=7,
        rate_total=1200,
        allowed_origins="https://a.example,https://b.example",
        contact_name="Ada Field",
        contact_url="mailto:ada@field.example",
        embedding_model="/srv/models/our-model",
        cross_encoder="org/second-reader",
        chroma_url="http://chroma:8000",
    )

    assert "7 questions a minute from one address, 1,200 questions a minute from all readers" in said
    assert "in their pages: https://a.example, https://b.example." in said
    assert "Ada Field. Say what you asked" in said
    assert "ada@field.example" in said
    assert "our-model, on the server itself. org/second-reader, a second model there" in said
    assert "/srv/models" not in said
    assert "Chroma server (chroma)" in said
    assert "any number from one address, any number in all" in tell(rate_per_minute=0)


def test_the_limits_told_are_those_enforced(records: Records) -> None:
    app = build_app(FakeAssistant, records, rate_per_minute=3, allowed_origins="https://a.example")
    said = TestClient(app).get("/about").text

    assert "Limits: 3 questions a minute" in said
    assert "https://a.example" in said


@pytest.mark.parametrize("address", ["/about", "/about.json"])
def test_no_secret_is_told(records: Records, address: str) -> None:
    settings = _settings(
        model="openai:any",
        model_url=f"https://reader:{KEY}@models.example.org/{KEY}/v1?key={KEY}#{KEY}",
        model_key=SecretStr(KEY),
        chroma_url=f"https://reader:{KEY}@chroma.example.org/?token={KEY}",
        database_url=SecretStr(f"postgresql://reader:{KEY}@database.example.org/{KEY}?options={KEY}"),
        fetch_contact="private@person.example",
        data=Path("/srv/secret-place"),
    )
    said = _client(settings, records, FakeAssistant()).get(address).text

    assert "models.example.org" in said
    assert "chroma.example.org" in said
    assert "database.example.org" in said
    assert KEY not in said
    assert "private@person.example" not in said
    assert "secret-place" not in said


def test_a_database_that_servers_share_is_told(tell: Tell) -> None:
    alone = tell()
    shared = tell(database_url="postgresql://kil:x@db:5433/kil")
    off = tell(database_url="postgresql://kil:x@db/kil", record=False)

    assert "What is kept of questions and opinions, and how much is asked in a minute, lies in" in shared
    assert "in a database (db), so that" in shared
    assert "a number made of each address" in shared
    assert "How much is asked in a minute is counted in a database (db)" in off
    assert "database" not in alone


def test_settings_can_write_no_html(records: Records) -> None:
    evil = '"><script>alert(1)</script>'
    settings = _settings(
        model=f"openai:{evil}", embedding_model=evil, contact_name=evil, contact_url=f"javascript:{evil}"
    )
    page = _client(settings, records, FakeAssistant()).get("/about").text

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not any((has["href"] or "").startswith("javascript") for has in Reader(page).all("a"))


def test_the_material_is_counted_and_dated(tell: Tell) -> None:
    entries = FakeAssistant().documents()
    digests = sum(entry.text_from == "digest" for entry in entries)

    said = tell()
    assert f"2 documents, indexed on 20 November 2026: {digests} digest" in said
    assert fakes.INDEXED_ON == "2026-11-20"


def test_before_the_assistant_is_ready_all_else_is_told(records: Records) -> None:
    response = _client(_settings(), records).get("/about")

    assert response.status_code == 200
    assert statements.NOT_READY in response.text
    assert SAYS_NOWHERE in response.text


def test_every_figure_has_its_date_and_its_denominator(tell: Tell) -> None:
    said = tell()
    for run in read_measured():
        right = run.figures["outcome right"]
        assert f"{right.sum:g} of {right.of}: answers that were given" in said
        assert re.search(rf"Measured on [^,]* {run.measured_on[:4]}, without a language model", said)
    assert "so these figures are not those of its answers" not in said


@pytest.mark.parametrize(
    "otherwise", [{"model": "openai:any"}, {"cross_encoder": "org/one"}, {"embedding_model": "org/other"}]
)
def test_figures_of_another_set_up_are_not_passed_off_as_its_own(
    tell: Tell, otherwise: dict[str, str]
) -> None:
    assert tell(**otherwise).count("so these figures are not those of its answers") == len(read_measured())


def test_the_published_figures_are_the_committed_ones() -> None:
    folder = ROOT / publishing.RESULTS
    assert publishing.PUBLISHED.read_bytes() == publishing.published(folder), (
        "run: python -m assistant.evaluation.publishing"
    )
    first, latest = read_measured()[0], read(folder / "latest.json")
    assert first.measured_on == latest.about.measured_on
    for name, share in first.figures.items():
        found = latest.figures["in all"][name]
        assert (share.sum, share.of) == (found.sum, found.of)


def test_what_is_said_of_the_readers_browser_is_what_the_script_does(tell: Tell) -> None:
    said = tell()
    script = (ROOT / "assistant/web/static/chat-kept.js").read_text(encoding="utf-8")

    assert f"under “{captions.EARLIER}”" in said
    assert "at most fifty are kept" in said
    assert "MOST_TALKS = 50;" in script
    assert not re.search(r"fetch\(|XMLHttpRequest|sendBeacon|WebSocket|cookie", script)


def test_what_no_setting_knows_is_marked_as_open(records: Records) -> None:
    page = _client(_settings(), records, FakeAssistant()).get("/about")
    fields = [one for part in page_of(records)["tier_2"] for one in part["statements"] if one["is_open"]]

    assert {"Senior responsible owner", "Data protection impact assessment"} <= {f["about"] for f in fields}
    assert page.text.count(OPEN) == len(fields)


def page_of(records: Records) -> dict[str, list[dict[str, list[dict[str, object]]]]]:
    told = json.loads(_client(_settings(), records, FakeAssistant()).get("/about.json").text)
    assert isinstance(told, dict)
    return told


def test_machines_are_told_the_same(records: Records, tell: Tell) -> None:
    said = tell()
    told = _client(_settings(), records, FakeAssistant()).get("/about.json").json()

    parts = [told["privacy"], told["tier_1"], *told["tier_2"]]
    for statement in (one for part in parts for one in part["statements"]):
        for words in (statement["about"], *statement["said"], *statement["points"]):
            assert words in said


def test_what_is_told_by_default_is_the_settings_defaults() -> None:
    assert disclose(_settings()) == USUAL


def test_the_version_told_is_that_of_the_package() -> None:
    assert PROJECT["project"]["version"] == VERSION


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://[::1]:8080", Place.THIS_MACHINE),
        ("http://model.localhost", Place.THIS_MACHINE),
        ("192.168.1.9:8080", Place.OWN_NETWORK),
        ("https://gpu.council.internal/v1", Place.OWN_NETWORK),
        ("http://8.8.8.8", Place.ELSEWHERE),
        ("https://localhost.example.org", Place.ELSEWHERE),
        ("https://[broken", Place.ELSEWHERE),
        ("https://", Place.ELSEWHERE),
    ],
)
def test_an_address_that_can_not_be_placed_counts_as_elsewhere(url: str, place: Place) -> None:
    assert server(url).place is place


@pytest.mark.parametrize(
    ("model", "named"),
    [("org/model", "org/model"), ("/srv/a/model/", "model"), ("C:\\models\\one", "one"), ("", "")],
)
def test_a_folder_is_named_by_its_last_part(model: str, named: str) -> None:
    assert without_folder(model) == named


@pytest.mark.parametrize("address", ["/ask", "/about"])
def test_the_page_is_linked_from_the_footer(records: Records, address: str) -> None:
    page = Reader(_client(_settings(), records, FakeAssistant()).get(address).text)
    assert {"href": "about"} in page.all("a")
