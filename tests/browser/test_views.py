"""Searching and browsing, and filters that all of the page shares."""

import re

import pytest
from playwright.sync_api import Page, expect

from assistant.web import captions, labels
from tests import fakes
from tests.browser.conftest import Open, Serve, ask
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser


def search(page: Page, words: str) -> None:
    page.get_by_role("link", name=captions.VIEW_NAMES["search"]).click()
    box = page.get_by_label(captions.SEARCH_FOR)
    expect(box).to_be_focused()
    box.fill(words)
    box.press("Enter")


def test_the_material_can_be_searched_without_an_answer(page: Page) -> None:
    search(page, "gardens")

    expect(page.get_by_role("heading", name="4 passages for “gardens”")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="4 passages")).to_have_count(1)
    expect(page.locator(".hit").first).to_contain_text("community gardens")
    expect(page.locator(".hit b").first).to_have_text("gardens")
    expect(page.get_by_label("Your question")).to_be_hidden()


def test_a_search_follows_its_filters_as_they_are_chosen_and_dropped(page: Page) -> None:
    search(page, "gardens")
    expect(page.locator(".hit")).to_have_count(4)
    page.get_by_role("button", name=labels.NARROW).click()
    page.get_by_label("Essay").check()
    expect(page.locator(".hit")).to_have_count(2)
    page.get_by_role("checkbox", name="Principle 4").check()
    expect(page.locator("#found").get_by_text(captions.NOTHING_FOUND)).to_be_visible()

    page.get_by_role("button", name=f"{captions.DROP}: Essay").click()

    expect(page.locator(".hit")).to_have_count(2)
    expect(page.locator(".hit").first).to_contain_text("Hollinbrook")
    expect(page.get_by_label("Essay")).not_to_be_checked()
    page.get_by_role("button", name=captions.CLEAR_FILTERS).click()
    expect(page.locator(".hit")).to_have_count(4)
    expect(page.locator("#chosen")).to_be_hidden()


def test_chosen_filters_are_seen_while_their_list_is_closed_and_go_with_the_question(
    serve: Serve, visit: Open
) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    page.get_by_role("button", name=labels.NARROW).click()
    page.get_by_label("Case study").check()
    page.get_by_role("button", name=labels.NARROW).click()
    expect(page.get_by_label("Case study", exact=True)).to_be_hidden()
    expect(page.get_by_role("list", name=captions.CHOSEN)).to_contain_text("Case study")

    ask(page, fakes.ANSWERED)
    page.get_by_role("button", name=captions.CLEAR_FILTERS).click()
    ask(page, fakes.SOURCED)

    assert [question.kinds for question in assistant.asked] == [{"case-study"}, frozenset()]


def test_a_passage_is_read_in_its_place(page: Page) -> None:
    search(page, "courier")
    hit = page.locator(".hit", has_text="Saltmere Courier").last
    hit.get_by_role("button", name=captions.READ_AROUND).click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Saltmere: <b>one</b> conversation")).to_be_visible()
    expect(dialog.locator(".passage")).to_have_count(2)
    expect(dialog.locator(".passage.here")).to_have_text(fakes.REPORT.text)
    expect(dialog.locator(".passage.here")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(hit.get_by_role("button", name=captions.READ_AROUND)).to_be_focused()


def test_a_source_is_read_in_its_place(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)
    turn.get_by_role("button", name=captions.READ_AROUND).first.click()

    expect(page.get_by_role("dialog").locator(".passage.here")).to_have_text(fakes.GARDENS.text)


def test_the_catalogue_is_browsed_by_principle_and_asked_within(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    page.get_by_role("link", name=captions.VIEW_NAMES["browse"]).click()
    four = page.get_by_role("region", name="Principle 4: Early intervention")
    expect(four.get_by_role("heading", name=fakes.HOLLINBROOK.title)).to_be_visible()
    expect(four.get_by_text(captions.MISSING_KINDS["essay"])).to_be_visible()

    four.get_by_role("button", name=captions.ASK_WITHIN).click()
    expect(page.get_by_label("Your question")).to_be_focused()
    ask(page, fakes.ANSWERED)

    assert assistant.asked[-1].principles == {4}


def test_a_document_of_the_catalogue_is_read(page: Page) -> None:
    page.get_by_role("link", name=captions.VIEW_NAMES["browse"]).click()
    page.get_by_role("button", name=re.compile(f"{captions.READ_HERE}.*Hollinbrook")).click()

    expect(page.get_by_role("dialog").get_by_text(fakes.COST.text)).to_be_visible()


def test_the_browsers_way_back_leads_back(page: Page) -> None:
    search(page, "gardens")
    page.get_by_role("link", name=captions.VIEW_NAMES["browse"]).click()
    expect(page.get_by_role("link", name=captions.VIEW_NAMES["browse"])).to_have_attribute(
        "aria-current", "page"
    )

    page.go_back()
    expect(page.locator(".hit")).to_have_count(4)
    page.go_back()

    expect(page.get_by_label("Your question")).to_be_visible()


def test_a_view_can_be_linked_to(plain_url: str, visit: Open) -> None:
    page = visit(f"{plain_url}#browse", shows="#browse-head")

    expect(page.get_by_role("heading", name="Principle 1: Whole systems, not silos")).to_be_visible()
