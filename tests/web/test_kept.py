"""What a reader's browser keeps, and what comes back from it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from assistant.vocabulary import Answer, Checked, Question, Turn
from assistant.web.exchange import Exchange
from assistant.web.kept import MOST_KEPT, kept, reopened
from assistant.web.rendering import conversation
from tests import fakes
from tests.web.reading import Reader, exchange

ALL = [make() for make in fakes.CANNED.values()]


def _kept(one: Exchange) -> str:
    text = kept(one)
    assert text is not None
    return text


@pytest.mark.parametrize("answer", ALL, ids=[answer.outcome for answer in ALL])
def test_what_is_kept_comes_back_as_it_was(answer: Answer) -> None:
    asked = Question(answer.question_used, principles=frozenset({4}), kinds=frozenset({"essay"}))
    one = replace(exchange(answer), question=asked)

    assert reopened([_kept(one)]) == (one,)


def test_neither_the_history_nor_the_drafts_that_were_dropped_are_kept() -> None:
    answer = replace(fakes.answered(), checked=Checked(3, 0, (), ()))
    asked = Question(fakes.ANSWERED, history=(Turn("reader", "My secret"),))
    text = _kept(replace(exchange(answer), question=asked))

    assert "My secret" not in text
    [back] = reopened([text])
    assert back.answer == fakes.answered()


def test_an_answer_that_is_not_whole_is_not_kept() -> None:
    assert kept(Exchange(Question("Half"), date(2026, 11, 22))) is None


def test_a_sentence_without_its_source_does_not_come_back() -> None:
    changed = json.loads(_kept(exchange(fakes.answered())))
    changed["answer"]["sentences"].append({"text": "Anything goes.", "citations": [], "support": 1})

    with pytest.raises(ValueError, match="without a citation"):
        reopened([json.dumps(changed)])


def test_a_quote_that_is_not_in_its_passage_does_not_come_back() -> None:
    changed = json.loads(_kept(exchange(fakes.answered())))
    changed["answer"]["citations"][0]["quote"] = "Words that nobody wrote."

    with pytest.raises(ValueError, match="not words of passage"):
        reopened([json.dumps(changed)])


@pytest.mark.parametrize("sent", [None, [], "text", [1], ["{"], [["{}"]], {"0": "{}"}])
def test_what_was_never_kept_is_refused(sent: object) -> None:
    with pytest.raises(ValueError, match=r"validation error|Invalid JSON"):
        reopened(sent)


def test_no_more_than_a_page_can_show_is_taken() -> None:
    with pytest.raises(ValueError, match="at most"):
        reopened([_kept(exchange(fakes.answered()))] * (MOST_KEPT + 1))


def test_markup_and_addresses_that_were_put_in_are_shown_as_text() -> None:
    changed = json.loads(_kept(exchange(fakes.answered())))
    passage = changed["answer"]["citations"][0]["passage"]
    passage["document"]["title"] = '"><script>alert(1)</script>'
    passage["document"]["url"] = changed["answer"]["citations"][0]["link"] = "javascript:alert(1)"

    page = Reader(conversation(reopened([json.dumps(changed)])))

    assert page.all("script") == []
    assert not any((has.get("href") or "").startswith("javascript") for has in page.all("a"))
