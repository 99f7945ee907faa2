"""From a model's server over the assistant to a client: what is streamed, stopped, and told when it fails."""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assistant import assembly, llm, wording
from assistant.answering import Assistant
from assistant.assembly import assemble
from assistant.index import open_index
from assistant.records import Records
from assistant.settings import Settings
from assistant.vocabulary import Question, Waiting
from assistant.web.chatting import Asked, Chat, Screen
from assistant.web.server import build_app
from assistant.weighing import Thresholds
from ingest.building import build
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_digest
from tests.modelserver import ModelServer, Script, model_server
from tests.web.clients import STREAM, read_events, serving

KEY = "sk-planted-0815"
GROWS = "What does Alpha council grow on the village green?"
REPLY = (
    "Alpha council ", "grows apples on the vill", "age green. [", "1] ", "The apples cost ",
    "£40,000 a year. ", "[1]",
)  # fmt: skip

Serving = Callable[..., Assistant]


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("model")
    text = "Alpha council grows apples on the village green. The apples cost £40,000 a year."
    write_digest(folder / "digests", "alpha", text)
    index = open_index(folder / "data")
    build(folder / "digests", index, FakeEmbedder())
    index.close()
    made = assemble(Settings(data=folder / "data", _env_file=None), FakeEmbedder())
    enough = Thresholds(confidence=0, follow_up=0, subject=0, gap=2, gap_of_whole=2)
    return replace(made, weighing=replace(made.weighing, thresholds=enough))


@pytest.fixture
def assistant(quoting: Assistant, monkeypatch: pytest.MonkeyPatch) -> Serving:
    monkeypatch.setattr(llm, "RETRIES", 0)

    def made(server: ModelServer, timeout: float = 20, *, quotes: bool = True) -> Assistant:
        settings = Settings(
            model="openai:test",
            model_url=server.address,
            model_key=KEY,
            model_timeout=timeout,
            quotes_if_model_fails=quotes,
            _env_file=None,
        )
        return replace(quoting, author=assembly._author(settings))

    return made


def served(assistant: Assistant, tmp_path: Path) -> AbstractContextManager[str]:
    return serving(build_app(lambda: assistant, Records(tmp_path, 30), rate_per_minute=0))


def asked(address: str, **headers: str) -> httpx.Response:
    return httpx.post(f"{address}/api/ask", json={"question": GROWS}, headers=headers, timeout=20)


def test_each_sentence_is_streamed_once_it_is_checked(assistant: Serving, tmp_path: Path) -> None:
    with model_server(Script(REPLY)) as server, served(assistant(server), tmp_path) as address:
        events = read_events(asked(address, **STREAM).text)
    sentences = [data["text"] for name, data in events if name == "sentence"]
    assert sentences == [
        "Alpha council grows apples on the village green.",
        "The apples cost £40,000 a year.",
    ]
    name, answer = events[-1]
    assert name == "done"
    assert answer["answered_by"] == "openai:test"
    assert answer["note"] is None


def test_a_client_that_goes_away_frees_the_model(assistant: Serving, tmp_path: Path) -> None:
    script = Script(REPLY, stalls=True)
    with model_server(script) as server, served(assistant(server, timeout=60), tmp_path) as address:
        where = urlsplit(address)
        body = f'{{"question": "{GROWS}"}}'
        with socket.create_connection((str(where.hostname), int(where.port or 0))) as client:
            client.sendall(
                f"POST /api/ask HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            assert server.stalled.wait(20)
        assert server.left.wait(10)


@pytest.mark.parametrize(
    ("script", "logged"),
    [
        (Script(status=401), "refuses the key"),
        (Script(status=429), "asked too much"),
        (Script(status=500), "fault of its own"),
        (Script(status=400), "longer than its context"),
        (Script(), "wrote nothing"),
        (Script(REPLY[:2], breaks=True), "broke off"),
        (Script(stalls=True), "took too long"),
        (Script(REPLY[:1], stalls=True), "took too long"),
        (Script(("again ",), endless=True), "fell short"),
    ],
    ids=["wrong key", "rate-limited", "down", "context", "empty", "broken", "slow", "stalled", "endless"],
)
def test_an_outage_is_answered_in_quotes_with_a_line_that_says_so(
    assistant: Serving, script: Script, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    with model_server(script) as server:
        answer = assistant(server, timeout=1.5).answer(Question(GROWS))
    assert answer.outcome == "answered"
    assert answer.answered_by == "quotes"
    assert answer.note in (wording.MODEL_SILENT, wording.MODEL_NOT_HELD)
    assert logged in caplog.text
    assert KEY not in caplog.text
    assert GROWS not in caplog.text


def test_without_quotes_an_outage_is_a_503_that_gives_nothing_away(
    assistant: Serving, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    body = {"error": {"message": f"Incorrect API key provided: {KEY}", "type": "invalid"}}
    refusing = model_server(Script(status=401, body=body))
    with refusing as server, served(assistant(server, quotes=False), tmp_path) as address:
        plain, streamed = asked(address), asked(address, **STREAM)
    assert plain.status_code == 503
    assert plain.json()["type"] == "/docs#model-unavailable"
    assert read_events(streamed.text)[-1][0] == "error"
    told = plain.text + streamed.text + caplog.text
    assert KEY not in told
    assert server.address not in plain.text + streamed.text


def test_the_key_is_in_nothing_that_is_sent_or_written(
    assistant: Serving, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with model_server(Script(REPLY)) as server:
        made = assistant(server)
        with served(made, tmp_path) as address:
            sent = "".join(
                httpx.get(f"{address}{path}", timeout=20).text
                for path in ("/docs", "/openapi.json", "/readyz")
            )
            sent += asked(address).text + asked(address, **STREAM).text
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert server.keys == [f"Bearer {KEY}"] * 2
    assert KEY not in sent + caplog.text + repr(made) + repr(made.author)
    assert KEY.encode() not in written


def test_stop_in_the_chat_ends_the_models_call(assistant: Serving, tmp_path: Path) -> None:
    with model_server(Script(REPLY, stalls=True)) as server:
        chat = Chat(
            lambda: assistant(server, timeout=60), Records(tmp_path, 30), lambda _: None, lambda _: None
        )
        screens = chat.ask(Asked(GROWS), (), "192.0.2.1")
        seen: list[Screen] = [next(screens) for _ in range(4)]
        assert server.stalled.wait(20)
        screens.close()  # type: ignore[attr-defined]
        assert server.left.wait(10)
    assert any(screen.exchanges and screen.exchanges[-1].sentences for screen in seen)


def test_waiting_leaves_the_conversation_as_it_is(assistant: Serving, tmp_path: Path) -> None:
    with model_server(Script(stalls=True)) as server:
        made = assistant(server, timeout=60)
        events = made.events(Question(GROWS))
        assert any(isinstance(next(events), Waiting) for _ in range(3))
        events.close()  # type: ignore[attr-defined]
        screens = Chat(lambda: made, Records(tmp_path, 30), lambda _: None, lambda _: None).ask(
            Asked(GROWS), (), "192.0.2.1"
        )
        seen = [next(screens).exchanges for _ in range(4)]
        screens.close()  # type: ignore[attr-defined]
    assert seen[-1] is None


def test_the_first_sentence_is_shown_while_the_model_still_writes(assistant: Serving) -> None:
    """The time is the model's own and that of one check: nothing waits for the end."""
    with model_server(Script(REPLY, stalls=True)) as server:
        events: Iterator[Any] = assistant(server, timeout=60).events(Question(GROWS))
        shown = next(event for event in events if type(event).__name__ == "Shown")
        took = perf_counter() - server.said_at[4]  # "The apples cost ": the first sentence is whole
        events.close()  # type: ignore[attr-defined]
    assert shown.sentence.text == "Alpha council grows apples on the village green."
    assert took < 5
