"""What the widget does and does not do to the page that carries it."""

import gzip
import json

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import STRICT, Desk, answered, ask, open_widget
from tests.widget.samples import ANSWERED, GREETING, HOSTILE, PARTLY, XSS
from tests.widget.scripted import WIDGET

pytestmark = pytest.mark.browser

KEPT = "Object.keys(sessionStorage).concat(Object.keys(localStorage))"


def test_it_weighs_less_than_12_kilobytes() -> None:
    assert len(gzip.compress(WIDGET.read_bytes(), 9)) < 12_000


def test_before_it_is_opened_nothing_is_asked_and_nothing_kept(desk: Desk) -> None:
    page = desk.visit()
    expect(page.get_by_role("button", name="Ask Keep it Local")).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert desk.requests == ["GET /widget.js"]
    assert page.evaluate(KEPT) == []
    assert page.evaluate("document.cookie") == ""


def test_opening_and_closing_it_asks_nothing_and_keeps_nothing_either(desk: Desk) -> None:
    page = desk.visit()
    open_widget(page)
    page.keyboard.press("Escape")
    page.wait_for_load_state("networkidle")

    assert desk.requests == ["GET /widget.js"]
    assert page.evaluate(KEPT) == []


def test_only_the_assistant_is_ever_asked_and_without_cookies(desk: Desk) -> None:
    page = desk.visit()
    elsewhere: list[str] = []
    cookies: list[bool] = []
    page.on(
        "request",
        lambda one: None if one.url.startswith((desk.server, desk.site)) else elsewhere.append(one.url),
    )
    page.on("request", lambda one: cookies.append("cookie" in one.headers))
    answered(page, ANSWERED).get_by_role("button", name="Source 1").first.click()

    assert elsewhere == []
    assert cookies
    assert not any(cookies)
    assert {request for request in desk.requests if "POST" in request} == {"POST /api/ask"}


def test_it_works_under_a_strict_content_security_policy(desk: Desk) -> None:
    page = desk.visit(csp=STRICT)
    turn = answered(page, ANSWERED)
    turn.get_by_role("button", name="Source 1").first.click()
    with page.expect_download():
        turn.get_by_role("button", name="Download").click()
    turn.get_by_role("button", name="Copy with references").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")

    assert page.locator(".launch").evaluate("(one) => getComputedStyle(one).position") == "fixed"
    assert desk.errors == []


def test_the_tag_may_stand_on_the_page_twice(desk: Desk) -> None:
    page = desk.visit(desk.tag() + desk.tag(title="Another"))

    expect(page.locator("keep-it-local")).to_have_count(1)
    answered(page, ANSWERED)


def test_a_corner_and_two_places_on_a_page_are_three_conversations(desk: Desk) -> None:
    tags = desk.tag(target="#a", title="First") + desk.tag(target="#b", title="Second") + desk.tag()
    page = desk.visit(f'<div id="a"></div><div id="b"></div>{tags}')
    first, second = (page.get_by_role("region", name=name) for name in ("First", "Second"))
    first.get_by_label("Your question").fill(ANSWERED)
    first.get_by_role("button", name="Ask", exact=True).click()
    expect(first.locator(".more")).to_be_visible()

    expect(second.locator(".turn")).to_have_count(0)
    assert open_widget(page).locator(".turn").count() == 0


def test_taken_away_and_put_back_it_still_has_its_conversation(desk: Desk) -> None:
    page = desk.visit()
    answered(page, ANSWERED)
    page.evaluate("""() => {
      const widget = document.querySelector("keep-it-local");
      widget.remove();
      document.body.append(widget);
    }""")
    expect(page.get_by_role("dialog")).to_have_count(0)

    dialog = open_widget(page)
    expect(dialog.locator(".turn")).to_have_count(1)
    answered(page, PARTLY)


def test_a_single_page_site_may_throw_it_away_and_run_the_tag_again(desk: Desk) -> None:
    desk.script.holds_after = 1
    page = desk.visit()
    ask(page, ANSWERED)
    page.evaluate(
        """(src) => {
      document.body.replaceChildren();
      const tag = document.createElement("script");
      tag.src = src;
      document.body.append(tag);
    }""",
        f"{desk.server}/widget.js",
    )
    desk.script.holds_after = None
    desk.script.go_on.set()

    expect(page.locator("keep-it-local")).to_have_count(1)
    expect(open_widget(page).locator(".turn")).to_have_count(1)
    answered(page, PARTLY)


def test_an_element_written_by_hand_is_a_widget_too(desk: Desk) -> None:
    page = desk.visit(f'<keep-it-local data-inline data-title="Ours"></keep-it-local>{desk.tag()}')

    expect(page.locator("keep-it-local")).to_have_count(1)
    expect(page.get_by_role("region", name="Ours")).to_be_visible()


def test_a_place_that_is_not_there_is_told_to_the_editor(desk: Desk) -> None:
    page = desk.visit(desk.tag(target="#nowhere"))
    page.wait_for_load_state("networkidle")

    expect(page.locator("keep-it-local")).to_have_count(0)
    assert desk.errors == ["Keep it Local: no element #nowhere on this page."]


def test_the_pages_own_link_can_open_it_with_a_question(desk: Desk) -> None:
    page = desk.visit()
    page.evaluate("(question) => document.querySelector('keep-it-local').open(question)", ANSWERED)

    expect(page.get_by_role("dialog").locator(".answered.outcome")).to_be_visible()


def test_the_conversation_is_kept_in_this_tab_and_cleared_on_request(desk: Desk) -> None:
    page = desk.visit()
    desk.put(desk.tag(), path="/next")
    answered(page, ANSWERED)
    page.goto(f"{desk.site}/next")
    dialog = open_widget(page)
    expect(dialog.locator(".sentence")).to_have_count(2)
    expect(dialog.locator(".answered.outcome")).to_be_visible()

    dialog.get_by_role("button", name="Start over").click()

    expect(dialog.locator(".turn")).to_have_count(0)
    expect(dialog.get_by_role("status")).to_have_text("The conversation was cleared.")
    expect(dialog.get_by_role("button", name="Start over")).to_be_hidden()
    expect(page.get_by_label("Your question")).to_be_focused()
    assert page.evaluate(KEPT) == []
    answered(page, PARTLY)
    assert desk.script.asked[-1]["history"] == []


def test_an_answer_cut_off_by_a_new_page_is_shown_as_cut_off(desk: Desk) -> None:
    desk.script.holds_after = 1
    page = desk.visit()
    ask(page, ANSWERED).get_by_text("Looking").wait_for()
    page.reload()
    dialog = open_widget(page)

    expect(dialog.get_by_role("heading", name=ANSWERED)).to_be_visible()
    expect(dialog.locator(".outcome")).to_have_text("Stopped before the answer was complete")


@pytest.mark.parametrize("kept", ["nonsense", '[{"question": "Why?"}]', "7"])
def test_a_store_that_cannot_be_read_is_thrown_away(desk: Desk, kept: str) -> None:
    page = desk.visit()
    page.evaluate("(kept) => sessionStorage.setItem('keep-it-local ', kept)", kept)
    dialog = open_widget(page)

    expect(dialog.get_by_text("Try one of these")).to_be_visible()
    answered(page, ANSWERED)


def test_a_browser_that_forbids_storage_answers_all_the_same(desk: Desk) -> None:
    page = desk.visit("<p></p>")
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('no') }})")
    desk.put(desk.tag())
    page.reload()

    answered(page, ANSWERED)


@pytest.mark.parametrize("streams", [True, False])
def test_nothing_from_an_answer_becomes_markup(desk: Desk, streams: bool) -> None:
    desk.script.streams = streams
    page = desk.visit()
    turn = answered(page, HOSTILE)
    turn.locator(".n").click()
    turn.locator("summary").click()

    expect(turn.get_by_text(XSS).first).to_be_visible()
    expect(turn.locator("img, script, [onerror]")).to_have_count(0)
    expect(turn.locator("a")).to_have_count(0)
    with page.expect_download() as waiting:
        turn.get_by_role("button", name="Download").click()
    saved = waiting.value.path().read_text(encoding="utf-8")
    assert "<img" not in saved
    assert "<script" not in saved
    assert "javascript:" not in saved
    _reload_and_open(page)


def test_what_should_be_words_and_is_not_is_not_shown_as_anything(desk: Desk) -> None:
    page = desk.visit()
    good = desk.script.answers[ANSWERED]
    for field in ("missing", "note", "question_used", "answered_by"):
        attributes = {"onclick": "window.pwned=4", "style": "position:fixed"}
        desk.script.answers[ANSWERED] = {**good, field: attributes}
        ask(page, ANSWERED).locator(".error").wait_for()
    desk.script.answers[ANSWERED] = good
    answered(page, ANSWERED)

    expect(page.locator(".turn :is([onclick], [style])")).to_have_count(0)


def test_a_hostile_store_becomes_text_too(desk: Desk) -> None:
    page = desk.visit()
    turn = {"question": XSS, "asked": XSS, "answer": desk.script.answers[HOSTILE]}
    page.evaluate("(kept) => sessionStorage.setItem('keep-it-local ', kept)", json.dumps([turn]))
    dialog = open_widget(page)

    expect(dialog.locator(".turn")).to_have_count(1)
    expect(dialog.locator("img, script")).to_have_count(0)


def test_the_pages_styles_and_the_widgets_stay_apart(desk: Desk) -> None:
    styles = "<style>*{font-size:50px!important;color:red} button{display:none!important}</style>"
    page = desk.visit(f"{styles}<p id='theirs'>Theirs</p>{desk.tag()}")
    before = page.locator("#theirs").evaluate("(one) => getComputedStyle(one).margin")
    open_widget(page)

    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    assert page.locator("#theirs").evaluate("(one) => getComputedStyle(one).margin") == before


def test_the_pages_shortcuts_do_not_hear_what_is_typed(desk: Desk) -> None:
    page = desk.visit(
        f"<script>addEventListener('keydown', () => (window.heard = true))</script>{desk.tag()}"
    )
    open_widget(page)
    page.keyboard.type("s/")

    assert page.evaluate("window.heard") is None


def test_a_greeting_is_not_asked_for_an_opinion_of_its_sources(desk: Desk) -> None:
    turn = answered(desk.visit(), GREETING)

    expect(turn.get_by_role("button", name="Copy with references")).to_have_count(0)


def _reload_and_open(page: Page) -> None:
    page.reload()
    expect(open_widget(page).locator(".turn")).to_have_count(1)
