"""What a person reads at the terminal: references, passages, documents; and nothing that steers it."""

from dataclasses import replace

import pytest

from assistant import notices, terminal
from assistant.vocabulary import Answer, Entry, Hit, Question, Turn
from assistant.web import labels
from tests import fakes
from tests.fakes import FakeAssistant


def _shown(answer: Answer, capsys: pytest.CaptureFixture[str]) -> list[str]:
    terminal.show_answer(answer)
    return capsys.readouterr().out.splitlines()


def test_every_number_of_an_answer_has_its_reference(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _shown(fakes.answered(), capsys)
    references = lines[lines.index(labels.REFERENCES) + 1 :]
    assert references[0].startswith(
        "[1] Ada Field, Locality (page dated 2021), “Hollinbrook: gardens before contracts”."
    )
    assert references[0].endswith("https://example.org/hollinbrook-gardens")
    assert references[1] == f"    “{fakes.answered().citations[0].quote}”"
    assert references[2].startswith("[2] Ben Shore")


def test_a_quote_that_is_the_answer_is_not_printed_again(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _shown(fakes.partly_answered(), capsys)
    assert sum("The gardens cost £30,000 a year." in line for line in lines) == 1


def test_what_is_missing_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    inside = fakes.partly_answered()
    assert sum("does not say who paid" in line for line in _shown(inside, capsys)) == 1
    beside = replace(inside, answer="The gardens cost £30,000 a year. [1]")
    assert sum("does not say who paid" in line for line in _shown(beside, capsys)) == 1


def test_a_refusal_shows_the_closest_passages_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _shown(fakes.not_in_material(), capsys)
    assert lines[0] == "The material does not say."
    assert f"{labels.CLOSEST}. {labels.CLOSEST_MEANS}" in lines
    assert labels.REFERENCES not in lines
    assert "    “Saltmere replaced its tender questionnaire with a conversation.”" in lines


def test_questions_to_ask_next_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert _shown(fakes.answered(), capsys)[-2:] == [labels.ASK_NEXT, "- What did the gardens cost?"]


def test_text_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    steering = "\x1b[2J\x1b]0;owned\x07 red\x9b31m\u202e"
    hostile = fakes.passage(f"Words. {steering}", of=fakes.document(title=f"Title {steering}"))
    terminal.show_hits([Hit(hostile, 0.5)])
    terminal.show_document(FakeAssistant().documents()[0], [hostile])
    terminal.show_answer(replace(fakes.conversation(), answer=f"Hello {steering}"))
    printed = capsys.readouterr().out
    assert "owned" in printed
    assert not set(printed) & {"\x1b", "\x07", "\x9b", "\u202e", "\r"}


def test_passages_are_ranked(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_hits([Hit(fakes.COST, 0.91), Hit(fakes.TALKS, 0.5)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == " 1. What did it cost? (0.91)"
    assert "    The gardens cost £30,000 a year." in lines
    assert " 2. What did the council change? (0.50)" in lines


def test_no_passages_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_hits([])
    assert capsys.readouterr().out.strip() == notices.NOTHING_FOUND


def test_a_document_says_what_its_text_is_and_what_it_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_document(*FakeAssistant().document("saltmere-essay"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Original text. https://example.org/saltmere-essay"
    assert lines[2] == f"{labels.NOT_COVERED} The interviews."
    assert lines.count("What was reported?") == 1


def test_a_conversation_sends_back_what_was_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([fakes.ANSWERED, "  ", "And the cost?", "Quit."])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    assistant = FakeAssistant()
    terminal.converse(assistant.answer, lambda text, history: Question(text, tuple(history)))
    assert [question.text for question in assistant.asked] == [fakes.ANSWERED, "And the cost?"]
    assert assistant.asked[0].history == ()
    assert assistant.asked[1].history == (
        Turn("reader", fakes.ANSWERED),
        Turn("assistant", fakes.answered().answer),
    )


def test_a_model_that_fell_short_is_told_of_first(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _shown(replace(fakes.answered(), note="The language model did not answer."), capsys)
    assert lines[0] == "The language model did not answer."
    assert "The language model" not in "".join(_shown(fakes.answered(), capsys))


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_table_shows_every_cell_and_cannot_steer_the_terminal(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)
    terminal.show_table(("document", "text"), [("alpha", "[red]original"), ("beta", "digest\x1b[2J")])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[-2:]] == [["alpha", "[red]original"], ["beta", "digest[2J"]]
    assert ("document" in lines[0]) == is_terminal


def test_a_document_says_when_its_original_was_got_and_that_its_page_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    got = fakes.document(fetched_on="2026-11-20T08:00:00+00:00", page_changed=True)
    terminal.show_catalogue([Entry(got, "original", 2, fakes.INDEXED_ON)])
    assert "Original text, got on 2026-11-20, its page has changed or gone since." in capsys.readouterr().out
