"""What a reader can do on the real page."""

import re

import pytest
from playwright.sync_api import Page, expect

from assistant import wording
from assistant.errors import NotFound, NotReady
from assistant.records import Records
from tests import fakes
from tests.browser.conftest import Open, Serve, ask
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser

XSS = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


def test_an_answer_has_numbers_behind_its_sentences_and_sources_beside_it(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)

    expect(turn.locator(".outcome")).to_have_text("Answered from the material")
    expect(turn.locator(".sentence").nth(0)).to_have_text(re.compile(r"run its service\.\[1\]"))
    expect(turn.locator(".sentence").nth(1)).to_have_text(re.compile(r"before it buys\.\[2\]\[1\]"))
    expect(turn.get_by_role("heading", name="Sources")).to_be_visible()
    expect(turn.locator(".source")).to_have_count(2)


def test_a_number_opens_its_source_and_lights_the_quote_and_the_source_leads_back(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)
    number, card = turn.locator("a.cite", has_text="[2]"), turn.locator(".source").nth(1)
    expect(card.locator("mark")).to_be_hidden()

    number.click()

    expect(card.locator("mark.lit")).to_be_visible()
    expect(card.locator("mark.lit")).to_have_text(fakes.TALKS.text)
    expect(card.locator("mark.lit")).to_be_in_viewport()
    expect(card.get_by_text("Original text")).to_be_visible()
    card.locator("a.number").click()
    expect(number).to_be_focused()


def test_sources_can_be_reached_by_keyboard_alone(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)
    number, card = turn.locator("a.cite", has_text="[2]"), turn.locator(".source").nth(1)

    turn.locator("a.cite").first.focus()
    page.keyboard.press("Tab")
    expect(number).to_be_focused()
    expect(card.locator("mark.lit")).to_be_visible()
    page.keyboard.press("Enter")

    expect(card.locator("summary")).to_be_focused()


def test_what_a_reader_opened_stays_open_while_the_answer_grows(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant(hold=True)
    page = visit(serve(lambda: assistant))
    page.get_by_label("Your question").fill(fakes.ANSWERED)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Looking through the material")).to_be_visible()
    assistant.go_on.set()
    expect(page.locator(".outcome")).to_have_text("Answered from the material")
    page.locator(".source").nth(1).locator("summary").click()

    ask(page, fakes.SOURCED)

    expect(page.locator("#past .source").nth(1).locator("mark")).to_be_visible()


def test_the_original_opens_in_a_new_tab_and_is_told_nothing(page: Page) -> None:
    link = ask(page, fakes.ANSWERED).get_by_role("link", name="Read the original").first

    expect(link).to_have_attribute("href", "https://example.org/hollinbrook-gardens")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_a_partial_answer_says_what_is_missing(page: Page) -> None:
    turn = ask(page, fakes.PARTLY_ANSWERED)

    expect(turn.locator(".outcome")).to_have_text("Partly answered from the material")
    expect(turn.locator(".missing")).to_contain_text("The material does not say who paid.")


def test_a_refusal_is_plain_and_shows_the_closest_passages(page: Page) -> None:
    turn = ask(page, fakes.NOT_IN_MATERIAL)

    expect(turn.locator(".outcome")).to_have_text("Not in the material")
    expect(turn.get_by_text("The material does not say.")).to_be_visible()
    expect(turn.get_by_role("heading", name="Closest passages")).to_be_visible()
    expect(turn.locator("a.cite")).to_have_count(0)


def test_a_greeting_is_returned(page: Page) -> None:
    turn = ask(page, fakes.CONVERSATION)

    expect(turn.get_by_text("What would you like to know?")).to_be_visible()


def test_until_the_assistant_is_ready_the_question_stays_in_the_box(serve: Serve, visit: Open) -> None:
    assistants: list[FakeAssistant] = []

    def ready() -> FakeAssistant:
        if not assistants:
            raise NotReady("The material is being indexed. Try again in a moment.")
        return assistants[0]

    page = visit(serve(ready))
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("The material is being indexed.")
    box = page.get_by_label("Your question")
    box.fill(fakes.ANSWERED)
    box.press("Enter")
    expect(notice).to_contain_text("Your question is still in the box.")
    expect(box).to_have_value(fakes.ANSWERED)

    assistants.append(FakeAssistant())
    box.press("Enter")

    expect(page.locator(".outcome")).to_have_text("Answered from the material")
    expect(notice).to_have_count(0)
    expect(page.get_by_text("2 documents, indexed on 20 November 2026").first).to_be_visible()


def test_a_page_opened_too_early_notices_by_itself_that_it_may_begin(serve: Serve, visit: Open) -> None:
    assistants: list[FakeAssistant] = []

    def ready() -> FakeAssistant:
        if not assistants:
            raise NotReady("The assistant is starting. Try again in a moment.")
        return assistants[0]

    page = visit(serve(ready))
    expect(page.get_by_role("alert")).to_be_visible()

    assistants.append(FakeAssistant())

    expect(page.get_by_role("alert")).to_have_count(0, timeout=15_000)


def test_a_fault_is_said_plainly_and_the_question_is_back(serve: Serve, visit: Open) -> None:
    page = visit(serve(lambda: FakeAssistant(failure=RuntimeError("boom"))))
    box = page.get_by_label("Your question")
    box.fill(fakes.ANSWERED)
    box.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Something went wrong")
    expect(page.get_by_role("alert")).to_contain_text("reference")
    expect(page.get_by_role("alert")).not_to_contain_text("boom")
    expect(box).to_have_value(fakes.ANSWERED)


def test_markup_in_a_question_is_shown_as_text(page: Page) -> None:
    turn = ask(page, XSS)

    expect(turn.get_by_role("heading", level=2)).to_have_text(XSS)
    expect(page).to_have_title(wording.NAME)
    assert page.locator(".turn img").count() == 0


def test_markup_in_a_title_is_shown_as_text(page: Page) -> None:
    turn = ask(page, fakes.SOURCED)

    expect(turn.locator(".title")).to_have_text("Saltmere: <b>one</b> conversation at a time")


def test_suggestions_ask_and_the_conversation_goes_with_the_question(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    page.get_by_role("button", name=wording.EXAMPLES[0]).click()
    expect(page.locator(".turn h2")).to_have_text(wording.EXAMPLES[0])
    ask(page, fakes.ANSWERED)
    page.get_by_role("button", name="What did the gardens cost?").click()

    heading = page.locator("#current h2")
    expect(heading).to_have_text("What did the gardens cost?")
    expect(heading).to_be_focused()
    expect(page.locator("#past .turn")).to_have_count(2)
    assert [turn.role for turn in assistant.asked[-1].history] == ["reader", "assistant"] * 2


def test_starting_over_forgets_the_conversation(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    ask(page, fakes.ANSWERED)
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("button", name=wording.EXAMPLES[0])).to_be_visible()

    ask(page, fakes.SOURCED)

    assert assistant.asked[-1].history == ()


def test_two_readers_at_once_each_get_their_own_answer(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant(hold=True)
    url = serve(lambda: assistant)
    one, other = visit(url), visit(url)
    for page, question in ((one, fakes.ANSWERED), (other, fakes.NOT_IN_MATERIAL)):
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Looking through the material")).to_be_visible()

    assistant.go_on.set()

    expect(one.locator(".outcome")).to_have_text("Answered from the material")
    expect(other.locator(".outcome")).to_have_text("Not in the material")
    assert [question.history for question in assistant.asked] == [(), ()]


def test_asking_too_early_is_said_and_takes_nothing_away(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant(hold=True)
    page = visit(serve(lambda: assistant))
    box = page.get_by_label("Your question")
    box.fill(fakes.ANSWERED)
    box.press("Enter")
    expect(page.get_by_text("Looking through the material")).to_be_visible()
    box.fill(fakes.SOURCED)
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("still being answered")
    expect(box).to_have_value(fakes.SOURCED)

    assistant.go_on.set()

    expect(page.locator(".outcome")).to_have_text("Answered from the material")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_answer_arrives_even_if_its_stream_was_closed_too_early(page: Page) -> None:
    """As happens when a question is sent in the moment in which something else ends."""
    expect(page.locator("#foot .material")).not_to_be_empty()
    closed = 'data: {"msg": "close_stream"}\n\n'
    page.route(
        "**/queue/data*", lambda route: route.fulfill(content_type="text/event-stream", body=closed), times=1
    )

    turn = ask(page, fakes.ANSWERED)

    expect(turn.locator(".outcome")).to_have_text("Answered from the material")


def test_an_answer_can_be_stopped(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant(hold=True)
    page = visit(serve(lambda: assistant))
    page.get_by_label("Your question").fill(fakes.ANSWERED)
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Stop").click()

    expect(page.locator(".outcome")).to_have_text("Stopped before the answer was complete.")
    assistant.go_on.set()


def test_the_search_can_be_narrowed(serve: Serve, visit: Open) -> None:
    assistant = FakeAssistant()
    page = visit(serve(lambda: assistant))
    narrow = page.get_by_role("button", name="Narrow the search")
    expect(narrow).to_have_attribute("aria-expanded", "false")
    narrow.click()
    expect(narrow).to_have_attribute("aria-expanded", "true")
    page.get_by_role("group", name="Only these principles").get_by_label("Principle 4").check()
    page.get_by_role("group", name="Only these kinds of text").get_by_label("Essay").check()

    turn = ask(page, fakes.ANSWERED)

    assert assistant.asked[-1].principles == {4}
    assert assistant.asked[-1].kinds == {"essay"}
    expect(turn.get_by_text("Searched only: Principle 4: Early intervention; Essay")).to_be_visible()


def test_feedback_is_kept_with_its_reason(serve: Serve, visit: Open, records: Records) -> None:
    page = visit(serve(FakeAssistant))
    turn = ask(page, fakes.ANSWERED)
    turn.get_by_role("button", name="No", exact=True).click()
    expect(turn.get_by_text("Thank you for telling us.")).to_be_visible()
    turn.get_by_label("What made it useful").fill("Too short.")
    turn.get_by_role("button", name="Send").click()
    expect(turn.get_by_text("Your note is kept with the answer.")).to_be_visible()

    expect(page.get_by_role("alert")).to_have_count(0)
    records.rate("answer-1", "up", None)  # it is on record
    with pytest.raises(NotFound):
        records.rate("answer-2", "up", None)


def test_the_answer_can_be_copied_with_its_references(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = ask(page, fakes.ANSWERED).get_by_role("button", name="Copy with references")
    button.click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Hollinbrook let community gardens run its service.[1]" in copied
    assert "[1] Ada Field, Locality (page dated 2021)" in copied


def test_enter_sends_and_shift_enter_makes_a_line(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.press_sequentially("One")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    expect(box).to_have_value("One\ntwo")
    expect(page.locator(".turn")).to_have_count(0)


def test_the_letters_are_counted_near_the_limit(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.fill("x" * 500)
    expect(page.locator("#counter")).to_have_text("")
    box.fill("x" * 990)
    expect(page.locator("#counter")).to_have_text("990 of 1000 characters")


def test_the_material_is_listed_on_the_page(page: Page) -> None:
    page.get_by_role("link", name="Browse").click()

    expect(page.get_by_role("heading", name="Hollinbrook: gardens before contracts")).to_be_visible()
