"""What a reader is told in the widget, and what can be done with it."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import Desk, answered, ask
from tests.widget.samples import ANSWERED, GREETING, PARTLY, REFUSED, answer

pytestmark = pytest.mark.browser


def test_sentences_are_shown_as_they_come_with_their_numbers(desk: Desk) -> None:
    desk.script.holds_after = 2
    page = desk.visit()
    turn = ask(page, ANSWERED)
    expect(turn.locator(".sentence")).to_have_text(["Hollinbrook let gardens run its service.1"])
    expect(turn.get_by_text("Looking through the material")).to_be_visible()

    desk.script.go_on.set()

    expect(turn.locator(".sentence")).to_have_text(
        ["Hollinbrook let gardens run its service.1", "Saltmere talks before it buys.21"]
    )
    expect(turn.get_by_text("Answered from the material")).to_be_visible()


def test_a_server_that_does_not_stream_is_understood(desk: Desk) -> None:
    desk.script.streams = False
    turn = answered(desk.visit(), ANSWERED)

    expect(turn.locator(".sentence")).to_have_count(2)


def test_a_number_opens_its_source_right_behind_its_sentence(desk: Desk) -> None:
    page = desk.visit()
    turn = answered(page, ANSWERED)
    number = turn.locator(".sentence").first.get_by_role("button", name="Source 1")
    expect(number).to_have_attribute("aria-expanded", "false")

    number.click()

    source = turn.locator(".sentence").first.locator("+ .source")
    expect(number).to_have_attribute("aria-expanded", "true")
    assert number.get_attribute("aria-controls") == source.get_attribute("id")
    for words in (
        "Hollinbrook: gardens before contracts",
        "Case study · Principle 4 · May 2021",
        "Digest, not the original’s words",
        "Ada Field, Locality",
        "What did the council change?",
    ):
        expect(source.get_by_text(words)).to_be_visible()
    expect(source.locator("blockquote")).to_have_text(
        "Before. The council let twelve gardens run its service. After that, referrals rose."
    )
    expect(source.locator("mark")).to_have_text("The council let twelve gardens run its service.")
    link = source.get_by_role("link", name="Read the original (opens in a new tab)")
    expect(link).to_have_attribute("href", "https://example.org/gardens#:~:text=twelve")
    expect(link).to_have_attribute("rel", "noreferrer")


def test_an_original_and_a_fact_from_elsewhere_are_said_plainly(desk: Desk) -> None:
    turn = answered(desk.visit(), ANSWERED)
    turn.get_by_role("button", name="Source 2").click()

    expect(turn.locator(".source").get_by_text("Original text")).to_be_visible()
    expect(turn.locator(".source").get_by_text("From another source: Saltmere Courier")).to_be_visible()
    expect(turn.get_by_role("link", name="Read that source")).to_have_attribute(
        "href", "https://example.org/courier"
    )


def test_one_source_is_open_at_a_time_and_closing_it_leads_back_to_its_number(desk: Desk) -> None:
    turn = answered(desk.visit(), ANSWERED)
    first, second = (
        turn.get_by_role("button", name="Source 1").first,
        turn.get_by_role("button", name="Source 2"),
    )
    first.click()
    second.click()
    expect(turn.locator(".source")).to_have_count(1)
    expect(first).to_have_attribute("aria-expanded", "false")

    turn.get_by_role("button", name="Close source").click()

    expect(turn.locator(".source")).to_have_count(0)
    expect(second).to_be_focused()


def test_every_outcome_says_what_it_is_and_has_a_sign_of_its_own_shape(desk: Desk) -> None:
    page = desk.visit()
    for question, said in (
        (ANSWERED, "Answered from the material"),
        (PARTLY, "Partly answered from the material"),
        (REFUSED, "Not in the material"),
        (GREETING, "About this assistant"),
    ):
        expect(answered(page, question).locator(".outcome")).to_have_text(said)
    shapes = page.locator(".outcome path").evaluate_all("all => all.map((one) => one.getAttribute('d'))")

    assert len(set(shapes)) == 4


def test_what_is_missing_is_named_and_a_note_is_passed_on(desk: Desk) -> None:
    turn = answered(desk.visit(), PARTLY)

    expect(turn.locator(".box")).to_contain_text("What is missing")
    expect(turn.locator(".box")).to_contain_text("“who paid”")
    expect(turn.get_by_text("The language model was out of reach")).to_be_visible()


def test_a_refusal_shows_the_closest_passages_without_a_mark(desk: Desk) -> None:
    turn = answered(desk.visit(), REFUSED)
    expect(turn.locator(".n, mark")).to_have_count(0)
    turn.get_by_text("Hollinbrook: gardens before contracts – What did the council change?").click()

    expect(turn.locator("blockquote")).to_be_visible()
    expect(turn.locator("mark")).to_have_count(0)


def test_the_markdown_of_a_greeting_is_drawn(desk: Desk) -> None:
    turn = answered(desk.visit(), GREETING)

    expect(turn.locator("b")).to_have_text("gardens")
    expect(turn.locator(".text li")).to_have_count(2)
    expect(turn.get_by_role("link", name="one")).to_have_attribute("href", "https://example.org/one")


def test_what_was_searched_for_and_who_wrote_it_is_said(desk: Desk) -> None:
    turn = answered(desk.visit(), ANSWERED)

    expect(turn.get_by_text("Searched for: What did Hollinbrook council change?")).to_be_visible()
    expect(turn.get_by_text("No language model wrote this.")).to_be_visible()
    expect(turn.get_by_text("Searched 57 documents, indexed on 20 November 2026.")).to_be_visible()


def test_a_model_that_wrote_is_named(desk: Desk) -> None:
    desk.script.answers["Who?"] = {**desk.script.answers[ANSWERED], "answered_by": "ollama:qwen3:8b"}

    expect(answered(desk.visit(), "Who?").get_by_text("Written by ollama:qwen3:8b")).to_be_visible()


def test_a_follow_up_is_asked_with_the_conversation_so_far(desk: Desk) -> None:
    page = desk.visit()
    answered(page, ANSWERED).get_by_role("button", name=PARTLY).click()
    expect(page.locator(".partly_answered.outcome")).to_be_visible()

    first, second = desk.script.asked
    assert first == {"question": ANSWERED, "history": []}
    assert second == {
        "question": PARTLY,
        "history": [
            {"role": "reader", "text": ANSWERED},
            {"role": "assistant", "text": desk.script.answers[ANSWERED]["answer"]},
        ],
    }
    expect(page.get_by_role("heading", name=PARTLY)).to_be_focused()


@pytest.mark.parametrize(("letters", "turns"), [(10, 20), (6_000, 14)])
def test_a_long_conversation_stays_within_the_limits(desk: Desk, letters: int, turns: int) -> None:
    said = {"question": "Why?", "asked": "2026-11-20", "answer": answer("conversation", "£" * letters)}
    page = desk.visit()
    page.evaluate("(kept) => sessionStorage.setItem('keep-it-local ', kept)", json.dumps([said] * 15))
    answered(page, ANSWERED)

    (asked,) = desk.script.asked
    assert len(asked["history"]) == turns
    assert asked["history"][-1] == {"role": "assistant", "text": "£" * min(letters, 4_000)}
    assert len(json.dumps(asked, ensure_ascii=False).encode()) < 64 * 1024


def test_stop_ends_the_answer_and_keeps_what_is_checked(desk: Desk) -> None:
    desk.script.holds_after = 2
    page = desk.visit()
    turn = ask(page, ANSWERED)
    turn.locator(".sentence").wait_for()

    page.get_by_role("button", name="Stop").click()

    expect(turn.locator(".outcome")).to_have_text("Stopped before the answer was complete")
    expect(turn.locator(".sentence")).to_have_count(1)
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_while_an_answer_is_made_the_next_question_waits_in_the_box(desk: Desk) -> None:
    desk.script.holds_after = 1
    page = desk.visit()
    ask(page, ANSWERED)
    box = page.get_by_label("Your question")
    box.fill(PARTLY)
    box.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Your last question is still being answered.")
    expect(box).to_have_value(PARTLY)
    assert len(desk.script.asked) == 1


def test_copying_gives_words_and_references_as_text_and_as_html(desk: Desk) -> None:
    page = desk.visit(permissions=["clipboard-read"])
    turn = answered(page, ANSWERED)
    turn.get_by_role("button", name="Copy with references").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")

    text, html = (_clipboard(page, kind) for kind in ("text/plain", "text/html"))
    assert text.startswith(
        f"{ANSWERED}\n\nAnswered from the material\n\nHollinbrook let gardens run its service. [1]"
    )
    assert (
        "[1] Ada Field, Locality (2021), “Hollinbrook: gardens before contracts”. "
        "Digest, not the original’s words. https://example.org/gardens" in text
    )
    assert "From another source: Saltmere Courier. Original text. https://example.org/courier" in text
    assert "The Keep it Local assistant; material indexed on 20 November 2026." in text
    assert "<h2" in html
    assert 'href="https://example.org/gardens"' in html


def test_a_download_is_a_briefing_with_references_and_the_words_they_rest_on(desk: Desk) -> None:
    page = desk.visit()
    turn = answered(page, ANSWERED)
    with page.expect_download() as waiting:
        turn.get_by_role("button", name="Download").click()

    assert waiting.value.suggested_filename == "keep-it-local-what-did-hollinbrook-change-.html"
    saved = waiting.value.path().read_text(encoding="utf-8")
    assert saved.startswith(
        '<!doctype html><meta charset="utf-8"><title>What did Hollinbrook change?</title>'
    )
    assert "<blockquote>The words it rests on: “The council let twelve gardens run its service.”" in saved
    assert "Asked on " in saved
    assert "Check a source before you quote it." in saved


def test_thumbs_are_sent_at_once_and_a_reason_after_them(desk: Desk) -> None:
    page = desk.visit()
    turn = answered(page, ANSWERED)
    no = turn.get_by_role("button", name="No")
    no.click()
    expect(no).to_have_attribute("aria-pressed", "true")
    turn.get_by_label("Why?").fill("It is out of date.")
    turn.get_by_role("button", name="Send").click()
    expect(turn.get_by_label("Why?")).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("Thank you.")
    expect(no).to_be_focused()

    assert desk.script.told == [
        {"answer": "answer-1", "rating": "down", "reason": None},
        {"answer": "answer-1", "rating": "down", "reason": "It is out of date."},
    ]


def test_a_person_can_be_asked_where_one_is_named(desk: Desk) -> None:
    tag = desk.tag(contact_url="https://example.org/contact", contact_name="Locality")
    turn = answered(desk.visit(tag), REFUSED)

    expect(turn.get_by_role("link", name="Ask a person: Locality")).to_have_attribute(
        "href", "https://example.org/contact"
    )


def _clipboard(page: Page, kind: str) -> str:
    read = """async (kind) => {
      const [item] = await navigator.clipboard.read();
      return (await item.getType(kind)).text();
    }"""
    return str(page.evaluate(read, kind))
