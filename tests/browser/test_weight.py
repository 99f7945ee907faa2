"""What the page asks of a reader's connection: little, early, and of nobody else."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from assistant.web import captions
from tests import fakes
from tests.browser.conftest import Open, ask

pytestmark = pytest.mark.browser

MOST_REQUESTS = 60
MOST_BYTES = 400_000
CONTENT = "performance.getEntriesByName('first-contentful-paint').length"


def test_the_page_is_small(chromium: Browser, plain_url: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(plain_url)
    expect(page.locator("#foot .material")).not_to_be_empty()
    page.wait_for_timeout(2_000)
    context.close()

    print(f"\n{len(sizes)} requests, {sum(sizes):,} bytes")
    assert len(sizes) <= MOST_REQUESTS
    assert sum(sizes) <= MOST_BYTES


def test_the_page_is_there_before_gradio_and_what_is_asked_by_then_is_answered(
    chromium: Browser, plain_url: str
) -> None:
    """Gradio's scripts are held back until the reader has typed and sent a question."""
    context = chromium.new_context()
    page = context.new_page()
    held: list[Route] = []
    is_held = True

    def meet(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/assets/*.js", meet)
    page.goto(plain_url, wait_until="commit")
    box = page.get_by_label("Your question")
    box.fill(fakes.ANSWERED)
    expect(page.get_by_text("What have places learnt")).to_be_visible()
    assert page.evaluate(CONTENT) == 1
    page.wait_for_function("globalThis.chat")  # ours, not Gradio's
    box.press("Enter")
    expect(box).to_have_value(fakes.ANSWERED)

    is_held = False
    for route in held:
        route.continue_()

    expect(page.locator(".outcome")).to_have_text("Answered from the material", timeout=30_000)
    expect(box).to_have_value("")
    context.close()


def test_without_any_script_the_box_leads_to_the_page_that_does_without(
    chromium: Browser, plain_url: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(plain_url)
    page.get_by_label("Your question").fill(fakes.ANSWERED)
    page.get_by_role("button", name="Ask", exact=True).click()

    expect(page.get_by_role("heading", name=fakes.ANSWERED)).to_be_visible()
    expect(page.locator(".sentence")).to_have_count(2)
    context.close()


def test_nothing_is_asked_of_another_site_whatever_the_reader_does(plain_url: str, visit: Open) -> None:
    """`visit` fails at its end if anything was; here the reader goes everywhere."""
    page: Page = visit(plain_url)
    ask(page, fakes.ANSWERED).locator("a.cite").first.click()
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_role("link", name=captions.VIEW_NAMES["browse"]).click()
    page.get_by_role("button", name=captions.READ_HERE).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#catalogue .principle")).to_have_count(6)
