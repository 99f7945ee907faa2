"""Writes a finished exchange for the reader's own browser to keep, and reads it when it is opened again.

What comes back may have been changed there. It has to keep the promises of the vocabulary, is escaped like
everything else when it is drawn, and is seen by nobody but the one who sent it.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from pydantic import Field, TypeAdapter

from assistant.vocabulary import Answer, Done, Question
from assistant.web.exchange import Exchange

MOST_KEPT = 40


@dataclass(frozen=True, slots=True)
class _Kept:
    question: Question
    asked_on: date
    answer: Answer


_ONE = TypeAdapter(_Kept)
_SEVERAL = TypeAdapter(Annotated[list[str], Field(min_length=1, max_length=MOST_KEPT)])


def kept(exchange: Exchange) -> str | None:
    """Write an exchange; one without its whole answer is not kept, and nothing that only developers read."""
    if not exchange.answer:
        return None
    question = replace(exchange.question, history=())
    answer = replace(exchange.answer, checked=None)
    return _ONE.dump_json(_Kept(question, exchange.asked_on, answer)).decode()


def reopened(texts: object) -> tuple[Exchange, ...]:
    """Read a conversation, the oldest first; raises `ValueError` where it was not written here."""
    read = (_ONE.validate_json(text) for text in _SEVERAL.validate_python(texts))
    return tuple(Exchange(one.question, one.asked_on).after(Done(one.answer)) for one in read)
