"""The plain pages in a real browser without JavaScript, and what axe-core finds on them."""

import json
from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import fakes
from tests.browser.test_looks import NO_SCROLL

pytestmark = pytest.mark.browser

Look = Callable[..., Page]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def look(chromium: Browser, plain_url: str) -> Iterator[Look]:
    """Open one of our plain pages."""
    contexts: list[BrowserContext] = []

    def look(address: str, width: int = 1280, scheme: str = "light", *, scripts: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(plain_url + address)
        return page

    yield look
    for context in contexts:
        context.close()


def _press_tab_until(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if (
            page.locator(":focus")
            .get_by_text(name, exact=True)
            .or_(page.locator(":focus", has_text=name))
            .count()
        ):
            return
    pytest.fail(f"no way to {name!r} by keyboard")


def test_a_reader_without_scripts_asks_follows_up_and_rates_by_keyboard(look: Look) -> None:
    page = look("ask")
    page.get_by_label("Your question").focus()
    page.keyboard.type(fakes.ANSWERED)
    _press_tab_until(page, "Ask")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=fakes.ANSWERED)).to_be_visible()
    expect(page.get_by_text("Answered from the material")).to_be_visible()
    expect(page.get_by_label("Your question", exact=True)).to_have_value(fakes.ANSWERED)
    page.locator("a.cite", has_text="[2]").click()
    expect(page.locator("mark", has_text=fakes.TALKS.text)).to_be_in_viewport()

    page.get_by_label("Ask a follow-up question").fill(fakes.PARTLY_ANSWERED)
    page.get_by_role("button", name="Ask this").press("Enter")
    expect(page.get_by_text("Partly answered from the material")).to_be_visible()

    page.get_by_label("What made it useful").fill("The figure.")
    page.get_by_role("button", name="Yes, it was useful").press("Enter")
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    page.get_by_role("link", name="Ask another question").click()
    expect(page.get_by_label("Your question")).to_have_value("")


def test_the_skip_link_is_the_first_thing_and_leads_to_the_answer(look: Look) -> None:
    page = look(f"ask?q={fakes.SOURCED}")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to the answer")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the answer")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=fakes.SOURCED)).to_be_in_viewport()


PAGES = {
    "empty": "ask",
    "answered": f"ask?q={fakes.ANSWERED}&principle=4",
    "partly": f"ask?q={fakes.PARTLY_ANSWERED}",
    "refused": f"ask?q={fakes.NOT_IN_MATERIAL}",
    "conversation": f"ask?q={fakes.CONVERSATION}",
    "too long": f"ask?q={'x' * 1_001}",
    "thanks": "thanks",
    "about": "about",
    "widget": "widget",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing(look: Look, address: str, scheme: str) -> None:
    page = look(address, 320, scheme, scripts=True)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")

    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    faults = [
        f"{one['id']}: {node['target']} {node.get('failureSummary')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
    assert faults == []
    assert len(found["passes"]) > 20
    assert page.evaluate(NO_SCROLL)


def test_printed_it_is_the_answer_with_its_sources(look: Look) -> None:
    page = look(f"ask?q={fakes.NOT_IN_MATERIAL}")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name=fakes.NOT_IN_MATERIAL)).to_be_visible()
    expect(page.get_by_text(fakes.TALKS.text)).to_be_visible()
    expect(page.locator("form").first).to_be_hidden()


def test_the_options_of_the_demo_change_tag_and_widget_at_once(look: Look) -> None:
    page = look("widget", scripts=True)
    expect(page.locator("keep-it-local")).to_have_count(1)
    page.get_by_label("Words on the button").fill('Ask "us" & them')
    page.get_by_label("Light or dark").select_option("dark")

    expect(page.locator("keep-it-local").get_by_role("button")).to_have_text('Ask "us" & them')
    expect(page.locator("#tag")).to_contain_text('data-button="Ask &quot;us&quot; &amp; them"')
    expect(page.locator("#tag")).to_contain_text('data-scheme="dark"')
    page.get_by_label("Where it stands").select_option("#assistant")
    expect(page.locator("#assistant keep-it-local")).to_have_count(1)
    expect(page.locator("keep-it-local")).to_have_count(1)
    page.get_by_role("button", name="As it was").click()
    expect(page.locator("body > keep-it-local")).to_have_count(1)
    expect(page.locator("#tag")).not_to_contain_text("data-")


def test_the_tag_that_the_demo_shows_works_on_a_page_of_its_own(look: Look, plain_url: str) -> None:
    page = look("widget", scripts=True)
    page.get_by_label("Pin this version").check()
    tag = page.locator("#tag").inner_text()
    policy = f"script-src {plain_url}widget.js; connect-src {plain_url}; require-trusted-types-for 'script'"
    headers = {"Content-Security-Policy": f"default-src 'none'; {policy}"}  # as the README says
    page.route(
        "**/elsewhere",
        lambda route: route.fulfill(content_type="text/html", body=f"<p>Hello</p>{tag}", headers=headers),
    )
    page.goto(f"{plain_url}elsewhere")

    page.locator("keep-it-local").get_by_role("button").click()
    page.locator("keep-it-local").get_by_label("Your question").fill(fakes.ANSWERED)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Answered from the material")).to_be_visible()
