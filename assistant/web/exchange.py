"""One question of a reader's conversation, and what came of it so far."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from assistant.vocabulary import (
    Answer,
    Citation,
    Done,
    Event,
    Question,
    Retrieved,
    Sentence,
    Shown,
    Turn,
    Waiting,
)

MOST_TURNS = 20
MOST_LETTERS = 4_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer while it grows; `answer` is there once it is whole."""

    question: Question
    asked_on: date
    question_used: str = ""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    stopped: bool = False

    def after(self, event: Event) -> "Exchange":
        """Return this exchange with one more event taken in."""
        match event:
            case Retrieved():
                return replace(self, question_used=event.question_used)
            case Shown():
                return replace(
                    self,
                    sentences=(*self.sentences, event.sentence),
                    citations=(*self.citations, *event.new),
                )
            case Done(answer=answer):
                return replace(
                    self,
                    answer=answer,
                    question_used=answer.question_used,
                    sentences=answer.sentences,
                    citations=answer.citations,
                )
            case Waiting():
                return self

    def ended(self) -> "Exchange":
        """Return this exchange as it is when nothing more will come."""
        return replace(self, stopped=self.stopped or self.answer is None)

    @property
    def pending(self) -> bool:
        """Whether more of the answer is to come."""
        return self.answer is None and not self.stopped

    @property
    def text(self) -> str:
        """The answer as far as it goes, with its markers."""
        return self.answer.answer if self.answer else " ".join(map(with_markers, self.sentences))


def with_markers(sentence: Sentence) -> str:
    """Write a sentence with its numbers behind it."""
    return sentence.text + "".join(f"[{number}]" for number in sentence.citations)


def history(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """Return the conversation as the assistant takes it: the newest turns, none too long."""
    turns = chain.from_iterable(
        (Turn("reader", exchange.question.text), Turn("assistant", exchange.text)) for exchange in exchanges
    )
    spoken = [Turn(turn.role, turn.text[:MOST_LETTERS]) for turn in turns if turn.text]
    return tuple(spoken[-MOST_TURNS:])
