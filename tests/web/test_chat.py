"""The browser chat without a browser: what a reader sees next, and what the server gives away."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import NotReady
from assistant.records import Records
from assistant.vocabulary import Answer, Done, Outcome, Question
from assistant.web import captions
from assistant.web.chatting import Asked, Chat, Exchanges, Screen, stopped
from assistant.web.exchange import Exchange, history
from assistant.web.kept import kept
from assistant.web.limits import RateLimit
from assistant.web.taking import Wanted
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.pages import chat_app
from tests.web.reading import Reader

ADDRESS = "192.0.2.1"


def chat_of(
    assistant: FakeAssistant | None, records: Records, admit: Callable[[str], None] = lambda _: None
) -> Chat:
    def ready() -> FakeAssistant:
        if assistant is None:
            raise NotReady("The material is being indexed. Try again in a moment.")
        return assistant

    return Chat(ready, records, admit, admit)


@pytest.fixture
def chat(assistant: FakeAssistant, records: Records) -> Chat:
    return chat_of(assistant, records)


def ask(chat: Chat, text: str, exchanges: Exchanges = ()) -> list[Screen]:
    return list(chat.ask(Asked(text), exchanges, ADDRESS))


def said(screen: Screen) -> Exchanges:
    assert screen.exchanges is not None
    return screen.exchanges


def answer_of(screen: Screen) -> Answer:
    answer = said(screen)[-1].answer
    assert answer is not None
    return answer


def test_an_answer_grows_sentence_by_sentence(chat: Chat) -> None:
    screens = ask(chat, fakes.ANSWERED)

    assert [len(said(screen)[-1].sentences) for screen in screens] == [0, 0, 1, 2, 2]
    assert [said(screen)[-1].pending for screen in screens] == [True, True, True, True, False]
    assert answer_of(screens[-1]).outcome is Outcome.ANSWERED


def back(screen: Screen) -> str | None:
    """Return what the page puts back into the box."""
    [notice] = Reader(screen.notice).all("div", class_="notice")
    return notice.get("data-back")


def test_a_follow_up_is_asked_with_what_was_said_before(chat: Chat, assistant: FakeAssistant) -> None:
    first = ask(chat, fakes.ANSWERED)[-1]
    ask(chat, "And Saltmere?", said(first))

    assert [(turn.role, turn.text) for turn in assistant.asked[-1].history] == [
        ("reader", fakes.ANSWERED),
        ("assistant", fakes.answered().answer),
    ]


def test_two_readers_never_hear_of_each_other(chat: Chat, assistant: FakeAssistant) -> None:
    ask(chat, fakes.ANSWERED)
    ask(chat, fakes.SOURCED)

    assert assistant.asked[-1].history == ()


def test_the_search_is_narrowed_to_what_exists(chat: Chat, assistant: FakeAssistant) -> None:
    list(chat.ask(Asked(fakes.ANSWERED, (4, 99), ("essay", "spell")), (), ADDRESS))

    assert assistant.asked[-1].principles == {4}
    assert assistant.asked[-1].kinds == {"essay"}


def test_every_answer_is_put_on_record(chat: Chat) -> None:
    answer = answer_of(ask(chat, fakes.ANSWERED)[-1])

    assert chat.rate({"answer": answer.id, "rating": "up", "reason": None}, ADDRESS) == ""


def test_an_answer_is_shown_even_if_it_can_not_be_put_on_record(
    assistant: FakeAssistant, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    chat = chat_of(assistant, Records(tmp_path / "file", keep_days=1))

    assert answer_of(ask(chat, fakes.ANSWERED)[-1]).outcome is Outcome.ANSWERED


def test_feedback_that_is_not_stored_is_said(chat: Chat) -> None:
    assert "There is no answer with this id" in chat.rate(
        {"answer": "?", "rating": "up", "reason": None}, ADDRESS
    )


def test_feedback_of_an_unknown_shape_is_refused(chat: Chat) -> None:
    assert "Something went wrong" in chat.rate({"answer": "a", "rating": "sideways"}, ADDRESS)


def test_feedback_is_limited_like_questions(assistant: FakeAssistant, records: Records) -> None:
    chat = chat_of(assistant, records, RateLimit(1).admit)
    given = [chat.rate({"answer": "?", "rating": "up"}, ADDRESS) for _ in range(2)]

    assert ["asked a lot" in said for said in given] == [False, True]


def test_before_the_assistant_is_ready_the_question_stays_and_can_be_asked_again(records: Records) -> None:
    [screen] = ask(chat_of(None, records), fakes.ANSWERED)

    assert "The material is being indexed. Try again in a moment." in screen.notice
    assert back(screen) == fakes.ANSWERED
    assert screen.exchanges == ()
    again = ask(chat_of(FakeAssistant(), records), fakes.ANSWERED)[-1]
    assert again.notice == ""
    assert again.exchanges


def test_a_page_says_whether_the_assistant_is_ready(chat: Chat, records: Records) -> None:
    assert chat.welcome().is_ready
    assert "2 documents" in chat.welcome().foot
    early = chat_of(None, records).welcome()
    assert not early.is_ready
    assert "The material is being indexed." in early.notice


def test_a_fault_gives_the_question_back_and_tells_a_reference_that_the_log_has(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    question = "What about the secret plan?"
    chat = chat_of(FakeAssistant(failure=RuntimeError(question)), records)

    with caplog.at_level(logging.DEBUG):
        screen = ask(chat, question)[-1]

    assert back(screen) == question
    assert screen.exchanges == ()
    found = re.search(r"reference (\w+)", screen.notice)
    assert found
    assert found[1] in caplog.text
    assert "secret plan" not in caplog.text


def test_a_fault_leaves_the_earlier_conversation(records: Records) -> None:
    before = said(ask(chat_of(FakeAssistant(), records), fakes.ANSWERED)[-1])
    broken = chat_of(FakeAssistant(failure=RuntimeError()), records)

    assert ask(broken, fakes.SOURCED, before)[-1].exchanges == before


def test_who_asks_too_much_is_told_to_wait(assistant: FakeAssistant, records: Records) -> None:
    chat = chat_of(assistant, records, RateLimit(1).admit)
    ask(chat, fakes.ANSWERED)

    [screen] = ask(chat, fakes.SOURCED)

    assert "Too many questions" in screen.notice
    assert back(screen) == fakes.SOURCED


@pytest.mark.parametrize(
    ("text", "said"), [("", "Type a question first"), (" \n", "Type a question first"), ("x" * 1001, "1,001")]
)
def test_what_is_no_question_is_not_asked(chat: Chat, assistant: FakeAssistant, text: str, said: str) -> None:
    [screen] = ask(chat, text)

    assert said in screen.notice
    assert assistant.asked == []


def test_half_an_emoji_does_not_break_the_page(chat: Chat) -> None:
    screen = ask(chat, "Hello \ud83d")[-1]

    assert said(screen)[-1].question.text == "Hello ?"


def test_what_is_asked_too_early_is_not_lost_without_a_word(chat: Chat, assistant: FakeAssistant) -> None:
    growing = said(ask(chat, fakes.ANSWERED)[2])

    [screen] = ask(chat, fakes.SOURCED, growing)

    assert screen == Screen(None, screen.notice)
    assert "still being answered" in screen.notice
    assert len(assistant.asked) == 1


def test_a_stopped_answer_keeps_the_sentences_that_were_there(chat: Chat) -> None:
    middle = ask(chat, fakes.ANSWERED)[2]

    [exchange] = said(stopped(said(middle)))

    assert len(exchange.sentences) == 1
    assert not exchange.pending


def test_stopping_changes_no_finished_answer(chat: Chat) -> None:
    whole = said(ask(chat, fakes.ANSWERED)[-1])

    assert stopped(whole).exchanges == whole


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=25))
def test_history_keeps_to_the_interface(spoken: list[tuple[str, str]]) -> None:
    exchanges = [_exchange(question * 1500, answer * 1500) for question, answer in spoken]
    turns = history(exchanges)

    assert len(turns) <= 20
    assert all(1 <= len(turn.text) <= 4_000 for turn in turns)
    if spoken:
        last = spoken[-1][1] or spoken[-1][0]
        assert turns[-1].text == (last * 1500)[:4_000]


def _exchange(question: str, answer: str) -> Exchange:
    canned = fakes.conversation()
    done = Answer(
        "id", Outcome.CONVERSATION, question, answer, "quotes", material=canned.material, took=canned.took
    )
    return Exchange(Question(question), date(2026, 11, 22)).after(Done(done))


@pytest.fixture
def page(assistant: FakeAssistant, records: Records) -> Iterator[TestClient]:
    with TestClient(chat_app(lambda: assistant, records)) as client:
        yield client


def test_the_page_is_ours_before_any_script_runs(page: TestClient) -> None:
    html = page.get("/").text

    assert "<title>The Keep it Local assistant</title>" in html
    assert '<html\n\tlang="en-GB"' in html
    assert "This page needs JavaScript" in html
    assert "gradio-app/gradio" not in html
    assert html.count("og:title") == 1


def test_the_page_loads_nothing_from_elsewhere(page: TestClient) -> None:
    response = page.get("/")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', response.text)

    assert len(loaded) > 5
    assert not [address for address in loaded if re.match(r"(\w+:)?//", address)]
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_looks_and_behaviour_are_served(page: TestClient) -> None:
    html = page.get("/").text

    served = [
        page.get(f"/{address}").status_code for address in re.findall(r'(?:href|src)="(chat/.+?)"', html)
    ]

    assert len(served) == 7
    assert set(served) == {200}


@pytest.mark.parametrize(
    "address",
    [
        "/gradio_api/info",
        "/gradio_api/file=/etc/hostname",
        "/gradio_api/runs",
        "/monitoring",
        "/gradio_api/openapi.json",
        "/anything",
    ],
)
def test_what_the_page_does_not_need_is_not_there(page: TestClient, address: str) -> None:
    response = page.get(address)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_nothing_can_be_uploaded(page: TestClient) -> None:
    assert page.post("/gradio_api/upload", files={"files": b"x"}).status_code in (404, 405)


def test_a_huge_request_is_refused(page: TestClient) -> None:
    assert page.post("/gradio_api/queue/join", content=b"x" * 600_000).status_code == 413


def test_the_configuration_names_no_folder_of_the_server(page: TestClient) -> None:
    assert str(Path(__file__).parents[2]) not in page.get("/config").text


def test_the_interface_is_still_there(page: TestClient) -> None:
    assert page.get("/healthz").json()["status"] == "serving"
    assert page.post("/api/ask", json={"question": fakes.ANSWERED}).json()["outcome"] == "answered"
    assert page.get("/docs").status_code == 200


def test_a_question_asked_again_takes_the_place_of_the_last(chat: Chat, assistant: FakeAssistant) -> None:
    one = said(ask(chat, fakes.ANSWERED)[-1])
    two = said(ask(chat, fakes.SOURCED, one)[-1])

    again = said(list(chat.ask(Asked("And now?", replaces=True), two, ADDRESS))[-1])

    assert [exchange.question.text for exchange in again] == [fakes.ANSWERED, "And now?"]
    assert [turn.text for turn in assistant.asked[-1].history if turn.role == "reader"] == [fakes.ANSWERED]


def test_if_asking_again_fails_the_last_answer_stands(records: Records) -> None:
    before = said(ask(chat_of(FakeAssistant(), records), fakes.ANSWERED)[-1])
    broken = chat_of(FakeAssistant(failure=RuntimeError()), records)

    assert list(broken.ask(Asked("And now?", replaces=True), before, ADDRESS))[-1].exchanges == before


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        (
            {"text": "a", "principles": [4, 99, "x"], "kinds": ["essay", {}], "replaces": True},
            Asked("a", (4,), ("essay",), replaces=True),
        ),
        ({"text": 5, "principles": 4, "kinds": "essay", "replaces": "yes"}, Asked("5")),
        ({"text": None}, Asked("")),
        ("a", Asked("")),
        (None, Asked("")),
    ],
)
def test_whatever_the_page_sends_becomes_a_question(sent: object, asked: Asked) -> None:
    assert Asked.sent(sent) == asked


def test_a_search_finds_passages_within_what_it_is_narrowed_to(chat: Chat) -> None:
    found = chat.search(Asked("gardens", kinds=("essay",)), ADDRESS)

    assert fakes.TALKS.text in found
    assert "Hollinbrook council" not in found


def test_a_search_is_limited_like_questions(assistant: FakeAssistant, records: Records) -> None:
    chat = chat_of(assistant, records, RateLimit(1).admit)
    found = [chat.search(Asked("gardens"), ADDRESS) for _ in range(2)]

    assert ["Too many questions" in html for html in found] == [False, True]


def test_a_search_for_nothing_or_too_early_says_so(chat: Chat, records: Records) -> None:
    assert captions.EMPTY_SEARCH in chat.search(Asked(" "), ADDRESS)
    assert "The material is being indexed." in chat_of(None, records).search(Asked("a"), ADDRESS)


@pytest.mark.parametrize("sent", [{"id": "?"}, {}, None, {"id": ["a"]}])
def test_a_document_that_there_is_not_is_said(chat: Chat, sent: object) -> None:
    assert 'class="notice"' in chat.read(sent)


def test_a_document_is_shown(chat: Chat) -> None:
    assert fakes.TALKS.text in chat.read({"id": fakes.SALTMERE.id})


def test_a_kept_conversation_is_opened_and_followed_up(chat: Chat, assistant: FakeAssistant) -> None:
    before = said(ask(chat, fakes.ANSWERED)[-1])
    opened = chat.reopen({"kept": [kept(exchange) for exchange in before]}, ())

    ask(chat, "And Saltmere?", said(opened))

    assert assistant.asked[-1].history[0].text == fakes.ANSWERED


def test_what_can_not_be_opened_is_said_and_changes_nothing(chat: Chat) -> None:
    before = said(ask(chat, fakes.ANSWERED)[-1])

    for sent in ({"kept": ["{}"]}, {}, None):
        screen = chat.reopen(sent, before)
        assert screen.exchanges == before
        assert captions.NOT_OPENED[0] in screen.notice


def test_answers_are_taken_away_as_they_were_shown(chat: Chat, assistant: FakeAssistant) -> None:
    exchanges = said(ask(chat, fakes.ANSWERED)[-1])

    taken, notice = chat.take(Wanted("copy"), exchanges, ADDRESS)

    assert "Saltmere talks before it buys.[2][1]" in taken
    assert notice == ""
    assert len(assistant.asked) == 1  # nothing is asked again for it


def test_taking_away_what_is_not_there_or_too_often_says_so(
    assistant: FakeAssistant, records: Records
) -> None:
    chat = chat_of(assistant, records, RateLimit(1).admit)

    assert captions.NOT_TAKEN[1] in chat.take(Wanted("md"), (), ADDRESS)[1]
    assert "Too many questions" in chat.take(Wanted("md"), (), ADDRESS)[1]
