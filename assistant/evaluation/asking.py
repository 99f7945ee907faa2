"""Put every question to the assistant, the way a client would, and score what comes back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Protocol

from assistant.evaluation.questions import Case
from assistant.evaluation.scoring import Score, score
from assistant.vocabulary import Answer, Hit, Question

_DEPTH = 10  # how far down a right passage still counts for MRR


class Asked(Protocol):
    """What is measured: the same object that the server asks."""

    def answer(self, question: Question) -> Answer:
        """Answer the question."""
        ...

    def search(self, question: Question, limit: int) -> tuple[Hit, ...]:
        """Find passages without answering."""
        ...


AsJson = Callable[[Answer], dict[str, Any]]


def ask_all(assistant: Asked, as_json: AsJson, cases: Iterable[Case]) -> Iterator[tuple[Answer, Score]]:
    """Yield each answer with its score. Retrieval is scored by what the answer searched for."""
    for case in cases:
        answer = assistant.answer(case.question)
        searched = replace(case.question, text=answer.question_used, history=())
        hits = assistant.search(searched, _DEPTH) if case.sections else ()
        yield answer, score(case, as_json(answer), hits, answer.took.total)
