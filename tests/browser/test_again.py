"""A question once more: asked again, changed, linked to; and its sentences and sources lit together."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from assistant.web import captions, labels
from tests import fakes
from tests.browser.conftest import Open, Serve, ask
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser


def test_the_last_question_is_asked_again_in_its_place(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    ask(page, fakes.ANSWERED)
    ask(page, fakes.SOURCED)
    expect(page.get_by_role("button", name=captions.AGAIN)).to_have_count(1)
    page.get_by_role("button", name=captions.AGAIN).click()

    expect(page.locator('.feedback[data-answer="answer-3"]')).to_be_visible()
    expect(page.locator(".turn")).to_have_count(2)
    assert [turn.text for turn in assistant.asked[2].history if turn.role == "reader"] == [fakes.ANSWERED]


def test_a_stopped_question_can_be_asked_again(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant(hold=True)
    page = visit(serve(lambda: assistant))
    page.get_by_label("Your question").fill(fakes.ANSWERED)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".outcome")).to_have_text(labels.STOPPED)
    assistant.go_on.set()

    page.get_by_role("button", name=captions.AGAIN).click()

    expect(page.locator(".outcome")).to_have_text("Answered from the material")
    expect(page.locator(".turn")).to_have_count(1)


def test_the_last_question_is_changed_with_its_filters(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    page.get_by_role("button", name=labels.NARROW).click()
    page.get_by_label("Principle 4: Early intervention").check()
    ask(page, fakes.ANSWERED)
    page.get_by_role("button", name=captions.CLEAR_FILTERS).click()
    page.get_by_role("button", name=captions.EDIT).click()
    box = page.get_by_label("Your question")
    expect(box).to_have_value(fakes.ANSWERED)
    expect(box).to_be_focused()
    expect(page.get_by_text(captions.EDITING)).to_be_visible()

    ask(page, fakes.PARTLY_ANSWERED)

    expect(page.locator(".turn")).to_have_count(1)
    expect(page.get_by_text(captions.EDITING)).to_be_hidden()
    expect(box).to_have_value("")
    assert assistant.asked[-1].principles == {4}
    assert assistant.asked[-1].history == ()


def test_changing_a_question_can_be_left(page: Page) -> None:
    ask(page, fakes.ANSWERED)
    page.get_by_role("button", name=captions.EDIT).click()
    page.get_by_role("button", name=captions.LEAVE).click()
    expect(page.get_by_label("Your question")).to_have_value("")

    ask(page, fakes.SOURCED)

    expect(page.locator(".turn")).to_have_count(2)


def test_a_link_fills_the_page_and_asks_once(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    url = serve(lambda: assistant)
    page = visit(f"{url}?q={quote(fakes.ANSWERED)}&principle=4&principle=x&kind=case-study&kind=none")

    expect(page.locator(".outcome")).to_have_text("Answered from the material")
    expect(page.get_by_role("list", name=captions.CHOSEN).get_by_role("listitem")).to_have_count(2)
    expect(page).to_have_url(url)
    page.reload()
    expect(page.locator(".outcome")).to_have_text("Answered from the material")  # out of what was kept
    [question] = assistant.asked
    assert question.text == fakes.ANSWERED
    assert question.principles == {4}
    assert question.kinds == {"case-study"}


def test_the_link_that_is_copied_asks_the_same(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=labels.NARROW).click()
    page.get_by_label("Case study").check()
    ask(page, fakes.ANSWERED).get_by_role("button", name=captions.COPY_LINK).click()
    expect(page.get_by_role("button", name=captions.LINK_COPIED)).to_be_visible()

    page.goto(page.evaluate("navigator.clipboard.readText()"))

    expect(page.locator('.feedback[data-answer="answer-2"]')).to_be_visible()
    assert assistant.asked[1] == assistant.asked[0]


def test_a_link_can_not_write_html(serve: Serve, visit: Open) -> None:
    page = visit(f"{serve(FakeAssistant)}?q={quote('<img src=x onerror=alert(1)>')}")

    expect(page.locator(".turn h2")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator(".turn img").count() == 0


def test_hovering_a_number_lights_its_sentence_and_its_source(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)
    turn.locator("a.cite", has_text="[2]").hover()

    expect(turn.locator(".sentence.near")).to_have_text(re.compile("Saltmere talks"))
    expect(turn.locator(".source.near")).to_contain_text("Saltmere")
    page.mouse.move(0, 0)
    expect(turn.locator(".near")).to_have_count(0)


def test_hovering_a_source_lights_the_sentences_that_rest_on_it(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)
    turn.locator(".source").first.locator(".title").hover()
    expect(turn.locator(".sentence.near")).to_have_count(2)

    turn.locator(".source").nth(1).locator(".title").hover()

    expect(turn.locator(".sentence.near")).to_have_text(re.compile("Saltmere talks"))


def test_focus_lights_both_ways_too(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)
    turn.locator(".source").nth(1).locator("a.number").focus()
    expect(turn.locator(".sentence.near")).to_have_text(re.compile("Saltmere talks"))

    turn.locator("a.cite").first.focus()

    expect(turn.locator(".source.near")).to_contain_text("Hollinbrook")
