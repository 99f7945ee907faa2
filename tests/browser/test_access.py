"""The chat for everybody: axe-core finds nothing in any state, and all of it works by keyboard."""

import json
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assistant.web import captions, labels
from tests import fakes
from tests.browser.conftest import Open, Serve, ask
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations", "incomplete"]}
# Nothing is left out: what Gradio draws beside our parts is judged as well.
NO_SCROLL = "document.documentElement.scrollWidth <= window.innerWidth"


def faults(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(serve: Serve, visit: Open, scheme: str) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant), color_scheme=scheme, reduced_motion="reduce")
    expect(page.locator("#foot .material")).not_to_be_empty()
    assert faults(page) == [], "start"
    page.get_by_role("button", name=labels.NARROW).click()
    page.get_by_label("Case study", exact=True).check()
    assert faults(page) == [], "filters"
    page.get_by_role("button", name=labels.NARROW).click()
    turn = ask(page, fakes.ANSWERED)
    turn.get_by_role("button", name="No", exact=True).click()
    turn.locator(".source").nth(1).locator("summary").click()
    turn.get_by_role("button", name=captions.REPORT).first.click()
    assert faults(page) == [], "answered"
    turn.locator("a.cite").first.click()
    assert faults(page) == [], "lit"
    ask(page, fakes.PARTLY_ANSWERED)
    page.get_by_role("button", name=captions.EDIT).click()
    assert faults(page) == [], "partly answered, being changed"
    ask(page, fakes.NOT_IN_MATERIAL)
    assert faults(page) == [], "refused"
    for opener, name in ((captions.TAKE, captions.TAKE_HEADING), (captions.EARLIER, captions.EARLIER)):
        page.get_by_role("button", name=opener).last.click()
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        assert faults(page) == [], name
        page.keyboard.press("Escape")
    page.get_by_role("link", name=captions.VIEW_NAMES["search"]).click()
    page.get_by_label(captions.SEARCH_FOR).fill("gardens")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    assert faults(page) == [], "search"
    page.locator(".hit").first.get_by_role("button").click()
    expect(page.get_by_role("dialog").locator(".passage.here")).to_be_visible()
    assert faults(page) == [], "document"
    page.keyboard.press("Escape")
    page.get_by_role("link", name=captions.VIEW_NAMES["browse"]).click()
    assert faults(page) == [], "browse"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_an_answer_grows_and_when_it_fails(
    serve: Serve, visit: Open, scheme: str
) -> None:
    assistant = FakeAssistant(hold=True)
    page = visit(serve(lambda: assistant), color_scheme=scheme, reduced_motion="reduce")
    page.get_by_label("Your question").fill(fakes.ANSWERED)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert faults(page) == [], "growing"
    assistant.failure = RuntimeError("boom")
    assistant.go_on.set()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == [], "failed"


def test_from_question_to_source_and_back_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=captions.TO_THE_QUESTION)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(fakes.ANSWERED)
    page.keyboard.press("Enter")
    expect(page.locator(".outcome")).to_have_text("Answered from the material", timeout=30_000)
    page.locator("a.cite").first.focus()
    page.keyboard.press("Enter")
    summary = page.locator(".source").first.locator("summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".source").first.locator("a.number")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("a.cite").first).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 768, 1920])
def test_no_view_and_no_dialog_has_to_be_scrolled_sideways(plain_url: str, visit: Open, width: int) -> None:
    page = visit(plain_url, width=width)
    page.get_by_role("button", name=labels.NARROW).click()
    page.get_by_role("checkbox", name="Principle 6").check()
    assert page.evaluate(NO_SCROLL), "filters"
    page.get_by_role("button", name=captions.CLEAR_FILTERS).click()
    page.get_by_role("button", name=labels.NARROW).click()
    ask(page, fakes.ANSWERED)
    for opener in (captions.TAKE, captions.EARLIER):
        page.get_by_role("button", name=opener).first.click()
        dialog = page.locator("dialog[open]")
        assert dialog.evaluate("(one) => one.scrollWidth <= one.clientWidth"), opener
        page.keyboard.press("Escape")
    page.get_by_role("link", name=captions.VIEW_NAMES["search"]).click()
    page.get_by_label(captions.SEARCH_FOR).fill("gardens")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    assert page.evaluate(NO_SCROLL), "search"
    page.get_by_role("link", name=captions.VIEW_NAMES["browse"]).click()
    assert page.evaluate(NO_SCROLL), "browse"


def test_no_view_is_lost_with_text_twice_as_large(plain_url: str, visit: Open) -> None:
    page = visit(plain_url, width=640)
    page.add_style_tag(content="html { font-size: 200% }")
    ask(page, fakes.ANSWERED)
    assert page.evaluate(NO_SCROLL), "answer"
    page.get_by_role("button", name=captions.TAKE).click()
    assert page.locator("dialog[open]").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    page.keyboard.press("Escape")
    page.get_by_role("link", name=captions.VIEW_NAMES["browse"]).click()
    assert page.evaluate(NO_SCROLL), "browse"
