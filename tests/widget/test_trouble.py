"""What a reader and an editor are told when the assistant does not answer."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widget.conftest import Desk, ask
from tests.widget.samples import ANSWERED

pytestmark = pytest.mark.browser


def _told(page: Page, turn: Locator, said: str) -> None:
    expect(turn.locator(".error")).to_contain_text(f"{said} Your question is back in the box.")
    expect(page.get_by_label("Your question")).to_have_value(ANSWERED)
    expect(page.get_by_label("Your question")).to_be_focused()


def test_a_refused_host_is_told_to_the_reader_and_how_to_mend_it_to_the_editor(desk: Desk) -> None:
    desk.script.allows = False
    page = desk.visit()
    turn = ask(page, ANSWERED)

    _told(page, turn, "This website may not use the assistant. Please tell whoever looks after it.")
    mine = [said for said in desk.errors if "Keep it Local" in said]
    assert mine == [
        f"Keep it Local: {desk.server}/ can’t be asked. Add {desk.site} to its KIL_ALLOWED_ORIGINS."
    ]
    assert desk.script.asked == []


def test_a_server_that_is_down_is_told_and_the_editor_is_pointed_to_the_policy(desk: Desk) -> None:
    page = desk.visit(desk.tag(server="http://127.0.0.1:9/"))
    turn = ask(page, ANSWERED)

    _told(page, turn, "The assistant can’t be reached. Please try again later.")
    assert "connect-src" in desk.errors[-1]


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (429, {"Retry-After": "12"}, "Too many questions just now. Please try again in 12 seconds."),
        (429, {"Retry-After": "300"}, "Too many questions just now. Please try again in 5 minutes."),
        (429, {}, "Too many questions just now. Please try again in 1 minute."),
        (503, {"Retry-After": "10"}, "The assistant is not ready. Please try again in 10 seconds."),
        (500, {}, "Something went wrong. Please try again."),
        (422, {}, "The details."),
    ],
)
def test_a_problem_is_a_plain_sentence(desk: Desk, status: int, headers: dict[str, str], said: str) -> None:
    desk.script.status, desk.script.headers = status, headers
    page = desk.visit()

    _told(page, ask(page, ANSWERED), said)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (502, "Something went wrong. Please try again."),
        (200, "The connection broke off before the answer was complete."),
    ],
)
def test_a_page_from_between_is_no_answer(desk: Desk, status: int, said: str) -> None:
    desk.script.status, desk.script.page = status, b"<h1>Gateway</h1>"
    page = desk.visit()

    _told(page, ask(page, ANSWERED), said)


def test_a_retry_asks_the_same_again_in_place_of_what_failed(desk: Desk) -> None:
    desk.script.status = 503
    page = desk.visit()
    turn = ask(page, ANSWERED)
    retry = turn.get_by_role("button", name="Try again")
    retry.wait_for()
    desk.script.status = 200

    retry.click()

    expect(page.locator(".answered.outcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.get_by_label("Your question")).to_have_value("")
    assert [asked["history"] for asked in desk.script.asked] == [[], []]


def test_what_the_reader_types_meanwhile_is_not_lost(desk: Desk) -> None:
    desk.script.holds_after = desk.script.drops_after = 1
    page = desk.visit()
    turn = ask(page, ANSWERED)
    page.get_by_label("Your question").fill("Another one")
    desk.script.go_on.set()
    turn.locator(".error").wait_for()

    expect(page.get_by_label("Your question")).to_have_value("Another one")


def test_a_connection_that_breaks_off_keeps_the_sentences_and_says_so(desk: Desk) -> None:
    desk.script.drops_after = 2
    page = desk.visit()
    turn = ask(page, ANSWERED)

    _told(page, turn, "The connection broke off before the answer was complete.")
    expect(turn.locator(".sentence")).to_have_count(1)


def test_a_stall_ends_after_a_while(desk: Desk) -> None:
    desk.script.holds_after = 1
    page = desk.visit("<p></p>")
    page.clock.install()
    desk.put(desk.tag())
    page.reload()
    turn = ask(page, ANSWERED)
    turn.get_by_text("Looking").wait_for()
    page.clock.fast_forward(30_000)
    expect(turn.get_by_text("Looking")).to_be_visible()
    page.clock.fast_forward(15_000)

    _told(page, turn, "The connection broke off before the answer was complete.")


def test_a_problem_in_the_middle_of_a_stream_is_told(desk: Desk) -> None:
    desk.script.fails_with = {"type": "x", "title": "No", "status": 503, "detail": "No."}
    page = desk.visit()

    _told(page, ask(page, ANSWERED), "The assistant is not ready. Please try again in 1 minute.")


def test_an_answer_in_an_unknown_shape_is_not_half_shown(desk: Desk) -> None:
    desk.script.streams = False
    desk.script.answers[ANSWERED] = {"sentences": [{"text": "No citations here."}]}
    page = desk.visit()

    _told(page, ask(page, ANSWERED), "The connection broke off before the answer was complete.")


def test_an_empty_question_is_not_asked(desk: Desk) -> None:
    page = desk.visit()
    turn = ask(page, "   ")

    expect(page.get_by_role("status")).to_have_text("Type a question first.")
    expect(turn).to_have_count(0)
    assert desk.script.asked == []


def test_an_opinion_that_could_not_be_sent_is_told(desk: Desk) -> None:
    page = desk.visit()
    turn = ask(page, ANSWERED)
    turn.locator(".more").wait_for()
    page.route("**/api/feedback", lambda route: route.abort())
    turn.get_by_role("button", name="Yes").click()

    expect(page.get_by_role("status")).to_have_text("That could not be sent.")
