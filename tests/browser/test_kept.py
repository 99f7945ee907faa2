"""What stays in the reader's own browser, and how it goes."""

import pytest
from playwright.sync_api import Page, expect

from assistant.web import captions
from tests import fakes
from tests.browser.conftest import Open, Serve, ask
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser

KEPT = "JSON.stringify(Object.entries(localStorage))"


def earlier(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name=captions.EARLIER).click()


def test_a_page_that_is_loaded_again_goes_on_where_it_was(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    ask(page, fakes.ANSWERED)
    ask(page, fakes.NOT_IN_MATERIAL)
    page.reload()
    expect(page.locator(".turn h2")).to_have_text([fakes.ANSWERED, fakes.NOT_IN_MATERIAL])
    expect(page.locator("#past .source")).to_have_count(2)

    ask(page, fakes.SOURCED)

    expect(page.locator(".turn")).to_have_count(3)
    asked = [turn.text for turn in assistant.asked[-1].history if turn.role == "reader"]
    assert asked == [fakes.ANSWERED, fakes.NOT_IN_MATERIAL]


def test_an_earlier_conversation_is_opened_and_followed_up(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    ask(page, fakes.ANSWERED)
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, fakes.SOURCED)
    earlier(page)
    dialog = page.get_by_role("dialog", name=captions.EARLIER)
    expect(dialog.get_by_text("They are kept in this browser only")).to_be_visible()
    expect(dialog.locator(".talks li")).to_have_count(2)
    dialog.get_by_role("button", name=fakes.ANSWERED).first.click()
    expect(page.locator(".turn h2")).to_have_text([fakes.ANSWERED])

    ask(page, fakes.PARTLY_ANSWERED)

    assert assistant.asked[-1].history[0].text == fakes.ANSWERED
    earlier(page)
    expect(dialog.locator(".talks li")).to_have_count(2)  # it went on, and did not become a third
    expect(dialog.get_by_text("2 questions")).to_be_visible()


def test_the_last_ones_are_on_the_start_page(page: Page) -> None:
    ask(page, fakes.ANSWERED)
    page.get_by_role("button", name="Start over").click()

    recent = page.locator("#recent")
    expect(recent.get_by_role("heading", name=captions.EARLIER)).to_be_visible()
    recent.get_by_role("button", name=fakes.ANSWERED).first.click()
    expect(page.locator(".turn h2")).to_have_text([fakes.ANSWERED])


def test_one_conversation_is_deleted_or_all_after_a_second_thought(page: Page) -> None:
    for question in (fakes.ANSWERED, fakes.SOURCED, fakes.NOT_IN_MATERIAL):
        ask(page, question)
        page.get_by_role("button", name="Start over").click()
        expect(page.locator(".turn")).to_have_count(0)
    earlier(page)
    dialog = page.get_by_role("dialog", name=captions.EARLIER)
    dialog.locator("li", has_text=fakes.SOURCED).get_by_role("button", name=captions.DELETE).click()
    expect(dialog.locator(".talks li")).to_have_count(2)
    assert fakes.SOURCED not in page.evaluate(KEPT)
    dialog.get_by_role("button", name=captions.DELETE_ALL, exact=True).click()
    dialog.get_by_role("button", name=captions.CLOSE).focus()
    expect(dialog.get_by_role("button", name=captions.DELETE_ALL, exact=True)).to_be_visible()

    dialog.get_by_role("button", name=captions.DELETE_ALL, exact=True).click()
    dialog.get_by_role("button", name=captions.DELETE_SURE).click()

    expect(dialog.get_by_text(captions.EARLIER_NONE)).to_be_visible()
    assert page.evaluate(KEPT) == "[]"


def test_nothing_is_kept_once_that_is_switched_off(page: Page) -> None:
    earlier(page)
    page.get_by_label(captions.EARLIER_KEEP).uncheck()
    page.keyboard.press("Escape")
    ask(page, fakes.ANSWERED)

    assert fakes.ANSWERED not in page.evaluate(KEPT)
    page.reload()
    expect(page.get_by_role("heading", name=fakes.ANSWERED)).to_have_count(0)
    earlier(page)
    expect(page.get_by_label(captions.EARLIER_KEEP)).not_to_be_checked()


def test_what_was_tampered_with_is_not_opened(page: Page) -> None:
    ask(page, fakes.ANSWERED)
    page.evaluate(
        "for (const [key, value] of Object.entries(localStorage))"
        " localStorage.setItem(key, value.replace('Hollinbrook council let', 'Nobody ever said'))"
    )
    page.reload()

    expect(page.get_by_role("alert")).to_contain_text(captions.NOT_OPENED[0])
    expect(page.locator(".turn")).to_have_count(0)


def test_what_is_no_conversation_at_all_is_passed_over(page: Page) -> None:
    page.evaluate("localStorage.setItem('keep-it-local:talk:x', '{oops')")
    page.reload()
    earlier(page)

    expect(page.get_by_text(captions.EARLIER_NONE)).to_be_visible()


def test_where_the_browser_keeps_nothing_the_page_still_answers(plain_url: str, visit: Open) -> None:
    page = visit(plain_url)
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.reload()

    ask(page, fakes.ANSWERED)

    expect(page.locator(".outcome")).to_have_text("Answered from the material")


def test_when_there_is_no_room_the_oldest_goes(page: Page) -> None:
    page.evaluate(
        """() => {
          const talk = (at) => JSON.stringify({ at, title: "x", turns: ["y".repeat(600_000)] });
          let number = 0;
          try { for (;;) localStorage.setItem(`keep-it-local:talk:${number}`, talk(++number)); } catch {}
        }"""
    )
    before = page.evaluate("Object.keys(localStorage).length")
    ask(page, fakes.ANSWERED)

    kept = page.evaluate("Object.keys(localStorage)")
    assert fakes.ANSWERED in page.evaluate(KEPT)
    assert len(kept) <= before + 1
    assert before > 2
