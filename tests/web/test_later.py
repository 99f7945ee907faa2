"""The page is there before the chat is, and becomes it by itself."""

import threading
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

from assistant.errors import NotReady
from assistant.records import Records
from assistant.web.later import mount_later
from assistant.web.server import build_app
from tests.fakes import FakeAssistant


class Chat:
    """Stands in for what takes seconds to load: remembers that it was started and stopped."""

    def __init__(self) -> None:
        self.may_load = threading.Event()
        self.lived: list[str] = []

    def load(self, app: FastAPI) -> None:
        assert self.may_load.wait(60)

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> Any:
            self.lived.append("started")
            yield
            self.lived.append("stopped")

        app.router.lifespan_context = lifespan
        app.add_api_route("/", lambda: PlainTextResponse("the chat"))


def _served(ready: Callable[[], Any], tmp_path: Path, chat: Chat, patience: float = 5.0) -> TestClient:
    app = build_app(ready, Records(tmp_path, 90), rate_per_minute=0)
    return TestClient(mount_later(app, chat.load, patience))


def _becomes(client: TestClient, text: str) -> bool:
    until = time.monotonic() + 10
    while client.get("/").text != text:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_until_the_chat_is_there_the_same_address_has_a_form_that_works(tmp_path: Path) -> None:
    chat = Chat()
    with _served(FakeAssistant, tmp_path, chat) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "<form" in page.text
        assert 'action="ask"' in page.text
        assert "waiting.js" in page.text
        assert page.headers["Retry-After"] == "1"
        assert "script-src 'self';" in page.headers["Content-Security-Policy"]
        assert client.get("/chat/waiting.js").status_code == 200
        assert client.post("/ask", data={"q": "What is local?"}).status_code == 200
        assert client.get("/healthz").status_code == 200
        assert client.get("/gradio_api/queue/data").status_code == 503

        chat.may_load.set()
        assert _becomes(client, "the chat")
        assert "Retry-After" not in client.get("/").headers
        assert client.get("/api/documents").status_code == 200
    assert chat.lived == ["started", "stopped"]


def test_questions_can_be_answered_before_the_chat_is_loaded(tmp_path: Path) -> None:
    chat, is_ready = Chat(), threading.Event()
    chat.may_load.set()

    def ready() -> FakeAssistant:
        if not is_ready.is_set():
            raise NotReady("Starting.")
        return FakeAssistant()

    with _served(ready, tmp_path, chat) as client:
        time.sleep(0.3)
        assert chat.lived == []
        is_ready.set()
        began = time.monotonic()
        assert _becomes(client, "the chat")
        assert time.monotonic() - began > 0.3  # in which the first question is answered by itself


def test_the_first_index_is_not_waited_for(tmp_path: Path) -> None:
    def never() -> FakeAssistant:
        raise NotReady("The material is being indexed.")

    chat = Chat()
    chat.may_load.set()
    with _served(never, tmp_path, chat, patience=0.2) as client:
        assert "The material is being indexed." in client.get("/").text
        assert _becomes(client, "the chat")


def test_a_server_can_be_stopped_before_the_chat_was_there(tmp_path: Path) -> None:
    def never() -> FakeAssistant:
        raise NotReady("Starting.")

    chat = Chat()
    with _served(never, tmp_path, chat):
        pass
    assert chat.lived == []


def test_without_the_chat_the_form_stays(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def load(app: FastAPI) -> None:
        raise ImportError("no gradio")

    app = build_app(FakeAssistant, Records(tmp_path, 90), rate_per_minute=0)
    with TestClient(mount_later(app, load)) as client:
        until = time.monotonic() + 10
        while "The chat can't be loaded" not in caplog.text:
            assert time.monotonic() < until
            time.sleep(0.02)
        assert client.get("/").status_code == 200
