"""A real server and a real browser."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as TookTooLong

from assistant.records import Records
from tests.chromium import chromium
from tests.fakes import FakeAssistant
from tests.web.pages import mounted

__all__ = ["chromium"]

expect.set_options(timeout=15_000)  # CI's two cores are shared with the server and the browser

Ready = Callable[[], FakeAssistant]
Serve = Callable[[Ready], str]
Open = Callable[..., Page]


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "data", keep_days=30)


@pytest.fixture(scope="package")
def plain_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve one chat for all tests that need nothing special of the assistant."""
    records = Records(tmp_path_factory.mktemp("plain"), keep_days=30)
    with serving(lambda: mounted(FakeAssistant, records)) as url:
        yield url


@pytest.fixture
def serve(records: Records) -> Iterator[Serve]:
    """Serve the chat of an assistant on a free port."""
    running = []

    def start(ready: Ready) -> str:
        server = serving(lambda: mounted(ready, records))
        running.append(server)
        return server.__enter__()  # closed below, whatever the test did

    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """Open a page; at the end nothing may have gone wrong on it, and nothing been asked from elsewhere."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit(url: str, width: int = 1280, height: int = 900, shows: str = "#box", **options: str) -> Page:
        size = {"width": width, "height": height}
        context = chromium.new_context(viewport=size, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        _watch(page, url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0], faults)
        page.goto(url)
        page.locator(shows).wait_for()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(plain_url: str, visit: Open) -> Page:
    """Open the page as most tests need it."""
    return visit(plain_url)


def ask(page: Page, question: str) -> Locator:
    """Ask as a reader does, and return what is shown for it.

    Gradio binds its events a moment after it shows the box. An Enter before that does nothing and
    leaves the question where it is, so a reader presses it again.
    """
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    turn = page.locator(".turn", has=page.get_by_role("heading", name=question, exact=True)).last
    with suppress(TookTooLong):
        turn.wait_for(timeout=4_000)
    if not turn.count() and box.input_value() == question:
        box.press("Enter")
    expect(turn.locator(".outcome")).not_to_contain_text("Looking")
    return turn


@contextmanager
def serving(build: Callable[[], FastAPI]) -> Iterator[str]:
    """Serve an app in a thread and give its address. It is built there, inside the loop that serves it."""
    listener = socket.create_server(("127.0.0.1", 0))
    started: Future[uvicorn.Server] = Future()

    async def serve() -> None:
        config = uvicorn.Config(build(), log_config=None, ws="none", timeout_graceful_shutdown=3)
        server = uvicorn.Server(config)
        started.set_result(server)
        await server.serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        started.result(20).should_exit = True
        thread.join(20)
        listener.close()
    assert not thread.is_alive()


def _watch(page: Page, url: str, faults: list[str]) -> None:
    def asked(request: Request) -> None:
        if not request.url.startswith((url, "data:", "blob:")):
            faults.append(f"asked {request.url}")

    page.on("request", asked)
    page.on("pageerror", lambda error: faults.append(f"raised {error}"))
    # Gradio's client says so itself, where a page is left while it listens.
    left = ("AbortError", "Connection errored out")
    page.on(
        "console",
        lambda said: (
            faults.append(said.text)
            if said.type == "error" and not any(w in said.text for w in left)
            else None
        ),
    )
