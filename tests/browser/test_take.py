"""What a reader takes away from a conversation: files, the clipboard, paper; and what they say of it."""

from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from assistant.records import Records
from assistant.web import captions, labels
from tests import fakes
from tests.browser.conftest import Open, Serve, ask
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.browser

RICH = """async () => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType("text/html")).text();
}"""


@pytest.fixture
def three(page: Page) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for question in (fakes.ANSWERED, fakes.PARTLY_ANSWERED, fakes.NOT_IN_MATERIAL):
        ask(page, question)
    page.get_by_role("button", name=captions.TAKE).click()
    return page


def test_chosen_answers_become_one_word_file_with_one_list_of_references(three: Page, tmp_path: Path) -> None:
    dialog = three.get_by_role("dialog", name=captions.TAKE_HEADING)
    dialog.get_by_label(fakes.NOT_IN_MATERIAL).uncheck()
    with three.expect_download() as begun:
        dialog.get_by_role("button", name=labels.DOWNLOADS["docx"]).click()
    file = tmp_path / begun.value.suggested_filename
    begun.value.save_as(file)

    lines = docx.Document(str(file)).paragraphs
    assert [line.text for line in lines if line.style and line.style.name == "Heading 1"] == [
        fakes.ANSWERED,
        fakes.PARTLY_ANSWERED,
        labels.REFERENCES,
    ]
    assert len([line for line in lines if line.style and line.style.name == "List Number"]) == 3


def test_the_whole_conversation_is_copied(three: Page) -> None:
    three.get_by_role("dialog").get_by_role("button", name=captions.TAKE_COPY, exact=True).click()
    expect(three.get_by_role("dialog").get_by_text(labels.COPIED, exact=True)).to_be_visible()

    copied = three.evaluate("navigator.clipboard.readText()")
    assert "The gardens cost £30,000 a year.[3]" in copied
    assert copied.count(labels.REFERENCES) == 1
    assert fakes.NOT_IN_MATERIAL in copied


def test_nothing_chosen_is_said(three: Page) -> None:
    dialog = three.get_by_role("dialog")
    for question in (fakes.ANSWERED, fakes.PARTLY_ANSWERED, fakes.NOT_IN_MATERIAL):
        dialog.get_by_label(question).uncheck()
    dialog.get_by_role("button", name=labels.DOWNLOADS["md"]).click()

    expect(dialog.get_by_text(captions.TAKE_NONE)).to_be_visible()


def test_an_answer_is_copied_for_word_and_as_plain_text(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, fakes.ANSWERED).get_by_role("button", name=captions.COPY_WITH_REFERENCES).click()
    expect(page.get_by_role("button", name=labels.COPIED)).to_be_visible()

    rich = page.evaluate(RICH)
    assert "Saltmere talks before it buys.[2][1]" in rich
    assert '<a href="https://example.org/hollinbrook-gardens"' in rich
    assert "[1] Ada Field, Locality (page dated 2021)" in page.evaluate("navigator.clipboard.readText()")


def test_copying_works_without_https_too(page: Page) -> None:
    """There the browser has no clipboard to write to, and a copy is made the old way."""
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    turn = ask(page, fakes.ANSWERED)
    turn.get_by_role("button", name=captions.COPY_WITH_REFERENCES).click()
    expect(page.get_by_role("button", name=labels.COPIED)).to_be_visible()

    box = page.get_by_label("Your question")
    box.focus()
    page.keyboard.press("Control+V")
    assert "[2] Ben Shore" in box.input_value()


def test_printed_every_source_is_open_and_nothing_to_press_is_left(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(turn.locator("mark").nth(1)).to_be_visible()
    expect(page.locator("button:visible, textarea:visible, nav:visible")).to_have_count(0)
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(turn.locator("mark").nth(1)).to_be_hidden()


def test_only_chosen_answers_are_printed(three: Page) -> None:
    three.evaluate("window.print = () => (window.printed = document.querySelectorAll('.unprinted').length)")
    three.get_by_role("dialog").get_by_label(fakes.ANSWERED).uncheck()
    three.get_by_role("dialog").get_by_role("button", name=captions.PRINT).click()

    assert three.evaluate("window.printed") == 1
    three.emulate_media(media="print")
    expect(three.get_by_role("heading", name=fakes.ANSWERED)).to_be_hidden()
    expect(three.get_by_role("heading", name=fakes.PARTLY_ANSWERED)).to_be_visible()


def test_what_was_wrong_is_kept_in_words_and_with_the_source(
    serve: Serve, visit: Open, records: Records
) -> None:
    page = visit(serve(FakeAssistant))
    turn = ask(page, fakes.ANSWERED)
    turn.get_by_role("button", name="No", exact=True).click()
    turn.get_by_label(captions.REASONS[2]).check()
    turn.get_by_label("What made it useful").fill("Who paid?")
    turn.get_by_role("button", name=labels.SEND, exact=True).first.click()
    expect(turn.get_by_text(labels.REASON_SENT)).to_be_visible()
    card = turn.locator(".source").first
    card.get_by_role("button", name=captions.REPORT).click()
    expect(card.get_by_label(captions.REPORT_ASK)).to_be_focused()
    card.get_by_label(captions.REPORT_ASK).fill("There were thirteen.")
    card.get_by_role("button", name=labels.SEND).click()
    expect(card.get_by_text(captions.REPORT_SENT)).to_be_visible()

    ask(page, fakes.CONVERSATION)  # what was sent before it has arrived
    [rated] = [record for record in records.all() if record.rating]
    assert rated.rating == "down"
    assert rated.reason == (
        f"{captions.REASONS[2]}\nWho paid?\n"
        "Source “Hollinbrook: gardens before contracts”, section “What did the council change?”: "
        "There were thirteen."
    )
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_useful_answer_is_not_asked_what_was_wrong(page: Page) -> None:
    turn = ask(page, fakes.ANSWERED)
    yes = turn.get_by_role("button", name="Yes", exact=True)
    yes.click()

    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(turn.get_by_text(captions.WHAT_WAS_WRONG, exact=True)).to_be_hidden()
    expect(turn.get_by_label("What made it useful")).to_be_visible()
