"""A kept answer as JSON, cases and passages to score, and an assistant that answers from a list."""

from copy import deepcopy
from typing import Any

from assistant.evaluation.questions import Case
from assistant.evaluation.scoring import Score
from assistant.vocabulary import (
    Answer,
    Citation,
    Document,
    Hit,
    Material,
    Outcome,
    Passage,
    Question,
    Sentence,
    Took,
)

QUOTE = "Leeds City Council merged four contracts into one."


def passage(document: str = "leeds", section: str = "What did Leeds do?", text: str = QUOTE) -> Passage:
    described = Document(
        id=document,
        title="Leeds",
        kind="case-study",
        authors=("A. Author",),
        organisation="Leeds City Council",
        url="https://example.org/leeds",
    )
    return Passage(id=f"{document}-1", document=described, section=section, text=text, position=0)


def hit(document: str = "leeds", section: str = "What did Leeds do?") -> Hit:
    return Hit(passage(document, section), 0.9)


def answered(document: str = "leeds", text: str = QUOTE) -> Answer:
    cited = passage(document, text=text)
    return Answer(
        id="a1",
        outcome=Outcome.ANSWERED,
        question_used="How many contracts did Leeds merge?",
        answer=f"{text} [1]",
        answered_by="quotes",
        material=Material("2026-11-20", 38),
        took=Took(12.0, 8.0, 3.0, 1.0),
        sentences=(Sentence(text, (1,), 0.97),),
        citations=(Citation(1, cited, text, "https://example.org/leeds", 0.8),),
    )


def refused() -> Answer:
    return Answer(
        id="a2",
        outcome=Outcome.NOT_IN_MATERIAL,
        question_used="What does parkin need?",
        answer="The material does not say.",
        answered_by="quotes",
        material=Material("2026-11-20", 38),
        took=Took(4.0, 3.0, 1.0, 0.0),
    )


_DOCUMENT: dict[str, Any] = {
    "id": "leeds",
    "title": "Leeds",
    "kind": "case-study",
    "principle": None,
    "authors": ["A. Author"],
    "organisation": "Leeds City Council",
    "place": None,
    "published": None,
    "url": "https://example.org/leeds",
}

_CITATION: dict[str, Any] = {
    "number": 1,
    "document": _DOCUMENT,
    "section": "What did Leeds do?",
    "passage": f"{QUOTE} It took two years.",
    "quote": QUOTE,
    "text_from": "original",
    "source": None,
    "link": "https://example.org/leeds#:~:text=Leeds%20City",
    "score": 0.8,
}

_ANSWER: dict[str, Any] = {
    "id": "a1",
    "outcome": "answered",
    "question_used": "What did Leeds do?",
    "answer": f"{QUOTE} [1] It took two years. [1] [2]",
    "sentences": [
        {"text": QUOTE, "citations": [1], "support": 1.0},
        {"text": "It took two years.", "citations": [1, 2], "support": 0.9},
    ],
    "missing": None,
    "citations": [_CITATION, _CITATION | {"number": 2, "quote": "It took two years."}],
    "nearest": [],
    "follow_ups": ["Who won the contract?"],
    "answered_by": "quotes",
    "note": None,
    "material": {"indexed_on": "2026-11-20", "documents": 38},
    "took_ms": {"total": 12.5, "retrieve": 8, "compose": 3.5, "check": 1},
}


def answer_with(**changes: Any) -> dict[str, Any]:
    """Return an answer that keeps every promise, with these fields put in place of its own."""
    return deepcopy(_ANSWER | changes)


def citation_with(**changes: Any) -> list[dict[str, Any]]:
    """Return the sample's citations, the first of them changed."""
    first, second = deepcopy(_ANSWER["citations"])
    return [first | changes, second]


def sentence_with(**changes: Any) -> list[dict[str, Any]]:
    """Return the sample's sentences, the first of them changed."""
    first, second = deepcopy(_ANSWER["sentences"])
    return [first | changes, second]


def case(id: str = "t1", outcome: Outcome = Outcome.ANSWERED, **rest: Any) -> Case:
    usual: dict[str, Any] = {"type": "fact", "question": Question("What?"), "outcomes": (outcome,)}
    return Case(id=id, **(usual | rest))


def scored(case: Case, **marks: Any) -> Score:
    """Return a faultless score of the case, with these marks put in place of its own."""
    right: dict[str, Any] = {
        "outcome": str(case.outcomes[0]),
        "answer": "It is so. [1]",
        "cited": (),
        "document_right": True if case.documents else None,
        "missed": (),
        "said": (),
        "broken": (),
        "rank": 1 if case.sections else None,
        "ms": 10.0,
    }
    return Score(case=case, **(right | marks))


class FakeAssistant:
    """Gives the answers of a list in turn, and the same passages to every search."""

    def __init__(self, *answers: Answer, hits: tuple[Hit, ...] = ()) -> None:
        self.answers = list(answers)
        self.hits = hits
        self.searched: list[Question] = []

    def answer(self, question: Question) -> Answer:
        return self.answers.pop(0)

    def search(self, question: Question, limit: int) -> tuple[Hit, ...]:
        self.searched.append(question)
        return self.hits[:limit]
