"""Who opens the page in the first second gets the chat by itself, and loses nothing that was typed."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from assistant.errors import NotReady
from assistant.records import Records
from assistant.web.later import mount_later
from assistant.web.server import build_app
from tests.fakes import FakeAssistant
from tests.web.clients import serving
from tests.web.test_later import Chat


def test_the_form_becomes_the_chat_unless_somebody_types(tmp_path: Path, chromium: Browser) -> None:
    chat = Chat()
    started: list[bool] = []

    def ready() -> FakeAssistant:
        if not started:
            raise NotReady("The assistant is starting.")
        return FakeAssistant()

    app = build_app(ready, Records(tmp_path, 90), rate_per_minute=0)
    with serving(mount_later(app, chat.load, patience=0.1), lifespan="on") as address:
        page = chromium.new_page()
        page.goto(address)
        notice = page.get_by_text("The assistant is starting.")
        expect(notice).to_be_visible()
        started.append(True)
        expect(notice).to_have_count(0, timeout=30_000)

        box = page.get_by_label("Your question")
        box.fill("What is local?")
        chat.may_load.set()
        page.wait_for_timeout(3_000)
        expect(box).to_have_value("What is local?")
        box.fill("")
        expect(page.get_by_text("the chat", exact=True)).to_be_visible(timeout=30_000)
        page.close()
