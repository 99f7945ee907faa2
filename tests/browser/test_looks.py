"""How the real page fits screens and eyes."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests import fakes
from tests.browser.conftest import Open, ask

pytestmark = pytest.mark.browser

NO_SCROLL = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.mark.parametrize("width", [320, 360, 768, 1920])
def test_nothing_has_to_be_scrolled_sideways(plain_url: str, visit: Open, width: int) -> None:
    page = visit(plain_url, width=width)
    assert page.evaluate(NO_SCROLL)
    for question in (fakes.ANSWERED, fakes.PARTLY_ANSWERED, fakes.NOT_IN_MATERIAL, "x" * 300):
        ask(page, question)
        assert page.evaluate(NO_SCROLL)


def test_text_twice_as_large_fits(page: Page) -> None:
    page.add_style_tag(content="html { font-size: 200% }")
    ask(page, fakes.ANSWERED)

    assert page.evaluate(NO_SCROLL)


def test_on_a_phone_the_question_box_stays_in_view(plain_url: str, visit: Open) -> None:
    page = visit(plain_url, width=360, height=640)
    turn = ask(page, fakes.ANSWERED)
    turn.locator("a.cite").first.click()

    expect(page.get_by_label("Your question")).to_be_in_viewport()
    expect(turn.locator("mark.lit")).to_be_in_viewport()


def test_the_page_is_dark_where_the_system_is(plain_url: str, visit: Open) -> None:
    shades = [
        visit(plain_url, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]

    assert shades == ["rgb(250, 247, 241)", "rgb(20, 25, 27)"]


def test_headings_come_in_order(page: Page) -> None:
    ask(page, fakes.ANSWERED)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))")

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
