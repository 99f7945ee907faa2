"""A website that carries the widget of a scripted server on another origin, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.chromium import chromium
from tests.widget.scripted import Assistant, Pages, Script, Website, serving

__all__ = ["chromium"]

expect.set_options(timeout=10_000)

HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Keep it Local</title>"
)
STRICT = "default-src 'none'; script-src {server}; connect-src {server}; require-trusted-types-for 'script'"


@dataclass
class Desk:
    """Puts pages on the website, opens them, and remembers what each one did."""

    browser: Browser
    script: Script
    server: str
    site: str
    pages: Pages
    requests: list[str] = field(default_factory=list)
    """What was asked of the scripted server, in order."""
    errors: list[str] = field(default_factory=list)
    """What the console said as an error."""
    raised: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def tag(self, **data: str) -> str:
        """Write the tag that an editor copies."""
        attributes = "".join(f' data-{name.replace("_", "-")}="{escape(data[name])}"' for name in data)
        return f'<script src="{self.server}/widget.js" defer{attributes}></script>'

    def put(self, body: str, path: str = "/", csp: str | None = None) -> None:
        """Put a page on the website."""
        style = "" if csp else "<style>:root { color-scheme: light dark } body { background: Canvas }</style>"
        headers = {"Content-Security-Policy": csp.format(server=self.server)} if csp else {}
        self.pages[path] = (f"{HEAD}{style}<main><h1>Keep it Local</h1>{body}</main></html>", headers)

    def visit(self, body: str | None = None, csp: str | None = None, **options: Any) -> Page:
        """Open a page that carries the tag, or this body."""
        self.put(self.tag() if body is None else body, csp=csp)
        size = {"width": options.pop("width", 1100), "height": options.pop("height", 800)}
        context = self.browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        self.contexts.append(context)
        context.on("request", self._note)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.raised.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.goto(self.site)
        return page

    def _note(self, request: Request) -> None:
        if request.url.startswith(self.server):
            self.requests.append(f"{request.method} {request.url.removeprefix(self.server)}")


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def desk(chromium: Browser, script: Script) -> Iterator[Desk]:
    """Serve both sides; at the end no page may have raised anything, nor run what an answer brought."""
    pages: Pages = {}
    with serving(Assistant, script=script) as server, serving(Website, pages=pages) as site:
        desk = Desk(chromium, script, server, site, pages)
        yield desk
        script.go_on.set()
        pwned = [page.evaluate("window.pwned") for context in desk.contexts for page in context.pages]
        for context in desk.contexts:
            context.close()
    assert desk.raised == []
    assert set(pwned) <= {None}


def open_widget(page: Page) -> Locator:
    """Open the widget as a reader does."""
    page.get_by_role("button", name="Ask Keep it Local").click()
    dialog = page.get_by_role("dialog", name="Ask Keep it Local")
    expect(dialog).to_be_visible()
    return dialog


def ask(page: Page, question: str) -> Locator:
    """Ask, opening the widget where it is closed, and return the turn."""
    if page.locator("keep-it-local dialog[open], keep-it-local section").count() == 0:
        open_widget(page)
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    return page.locator("article.turn").last


def answered(page: Page, question: str) -> Locator:
    """Ask, and wait until the answer is whole."""
    turn = ask(page, question)
    turn.locator(".more").wait_for()
    return turn
