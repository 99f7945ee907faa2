"""The widget on a website, with the real server behind it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import expect

from assistant.records import Records
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.widget.conftest import STRICT, Desk, answered, ask, open_widget

pytestmark = pytest.mark.browser


@contextmanager
def _real(records: Records, allowed: str, rate_per_minute: int = 0) -> Iterator[str]:
    assistant = FakeAssistant()
    app = build_app(lambda: assistant, records, rate_per_minute=rate_per_minute, allowed_origins=allowed)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=3))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
    assert not thread.is_alive()


def test_an_allowed_website_gets_answers_and_its_readers_opinions_arrive(desk: Desk, tmp_path: Path) -> None:
    records = Records(tmp_path / "data", keep_days=30)
    with _real(records, desk.site) as server:
        page = desk.visit(
            f'<script src="{server}/widget.js" defer></script>', csp=STRICT.replace("{server}", server)
        )
        turn = answered(page, fakes.ANSWERED)
        expect(turn.locator(".sentence")).to_have_count(2)
        turn.get_by_role("button", name="Source 2").click()
        expect(turn.locator("mark")).to_have_text(fakes.TALKS.text)
        expect(turn.get_by_text("Saltmere: <b>one</b> conversation at a time")).to_be_visible()
        turn.get_by_role("button", name="Yes").click()
        expect(page.get_by_role("status")).to_have_text("Thank you.")
        expect(answered(page, fakes.PARTLY_ANSWERED).locator(".box")).to_contain_text("who paid")
        expect(answered(page, fakes.NOT_IN_MATERIAL).locator("details")).to_have_count(2)
        page.close()
    assert desk.errors == []


def test_a_website_that_is_not_allowed_is_told_so_and_asks_nothing(desk: Desk, tmp_path: Path) -> None:
    with _real(Records(tmp_path / "data", keep_days=30), "https://example.org") as server:
        page = desk.visit(f'<script src="{server}/widget.js" defer></script>')
        turn = ask(page, fakes.ANSWERED)

        expect(turn.locator(".error")).to_contain_text("This website may not use the assistant.")
        assert any(f"Add {desk.site} to its KIL_ALLOWED_ORIGINS" in said for said in desk.errors)
        page.close()


def test_over_the_limit_a_reader_is_told_when_to_ask_again(desk: Desk, tmp_path: Path) -> None:
    with _real(Records(tmp_path / "data", keep_days=30), desk.site, rate_per_minute=1) as server:
        page = desk.visit(f'<script src="{server}/widget.js" defer></script>')
        open_widget(page)
        answered(page, fakes.ANSWERED)

        expect(ask(page, fakes.SOURCED).locator(".error")).to_contain_text("Please try again in")
        page.close()
