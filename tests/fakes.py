"""Hand-written stand-ins that several tests share, and samples of the vocabulary's objects."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from threading import Event as Signal

import numpy as np

from assistant.embedding import TokenVectors
from assistant.errors import NotFound
from assistant.postings import Postings
from assistant.precedents import Labelled
from assistant.vocabulary import (
    Answer,
    Citation,
    Document,
    Done,
    Entry,
    Event,
    Hit,
    Material,
    Outcome,
    Passage,
    Query,
    Question,
    Retrieved,
    Sentence,
    Shown,
    Source,
    Took,
)
from tests.fakes_embedding import FakeEmbedder

INDEXED_ON = "2026-11-20"

ANSWERED = "What did Hollinbrook and Saltmere change?"
SOURCED = "Who reported on Saltmere?"
PARTLY_ANSWERED = "What did the Hollinbrook gardens cost, and who paid?"
NOT_IN_MATERIAL = "How deep is the harbour at Saltmere?"
CONVERSATION = "Hello"


def document(id: str = "hollinbrook-gardens", **fields: object) -> Document:
    """Build a sample document; any field can be set."""
    sample = Document(
        id=id,
        title="Hollinbrook: gardens before contracts",
        kind="case-study",
        authors=("Ada Field", "Locality"),
        organisation="Locality",
        url=f"https://example.org/{id}",
        principle=4,
        place="Hollinbrook",
        published="2021-05",
    )
    return replace(sample, **fields)  # type: ignore[arg-type]


def labelled(*said: tuple[str, float, Mapping[tuple[Passage, int], float]]) -> Labelled:
    """Build precedents: of each question how far it is answered, and what sentences of passages are worth."""
    texts = [text for text, _, _ in said]
    votes = [(held.id, at, worth) for _, _, each in said for (held, at), worth in each.items()]
    passages = tuple(dict.fromkeys(id_ for id_, _, _ in votes))
    return Labelled(
        vectors=FakeEmbedder().embed(texts),
        words=Postings.of(texts),
        answered=np.array([answered for _, answered, _ in said], dtype=np.float32),
        starts=np.cumsum([0, *(len(each) for _, _, each in said)]),
        of=np.array([passages.index(id_) for id_, _, _ in votes], dtype=np.int32),
        at=np.array([at for _, at, _ in votes], dtype=np.int32),
        worth=np.array([worth for _, _, worth in votes], dtype=np.float32),
        passages=passages,
    )


def passage(text: str, position: int = 0, of: Document | None = None, **fields: object) -> Passage:
    """Build a sample passage of a document; any field can be set."""
    of = of or document()
    sample = Passage(
        id=f"{of.id}-{position}",
        document=of,
        section="What did the council change?",
        text=text,
        position=position,
    )
    return replace(sample, **fields)  # type: ignore[arg-type]


def citation(number: int, of: Passage, quote: str | None = None, score: float = 0.8) -> Citation:
    """Cite a passage, all of it unless a quote is given."""
    return Citation(
        number=number,
        passage=of,
        quote=quote or of.text,
        link=(of.source.url if of.source else None) or of.document.url,
        score=score,
    )


HOLLINBROOK = document()
SALTMERE = document(
    "saltmere-essay",
    title="Saltmere: <b>one</b> conversation at a time",
    kind="essay",
    authors=("Ben Shore",),
    principle=2,
    place=None,
    published=None,
    not_covered="The interviews.",
)

GARDENS = passage(
    "Hollinbrook council let twelve community gardens run its wellbeing service. "
    "Referrals rose from 40 to 95 in one year.",
)
COST = passage(
    "The gardens cost £30,000 a year.",
    1,
    section="What did it cost?",
    text_from="original",
    page=3,
)
TALKS = passage(
    "Saltmere replaced its tender questionnaire with a conversation.", of=SALTMERE, text_from="original"
)
REPORT = passage(
    "The Saltmere Courier reported that small providers won six of ten contracts.",
    1,
    of=SALTMERE,
    section="What was reported?",
    source=Source("Saltmere Courier", "https://example.org/courier"),
)
PASSAGES = (GARDENS, COST, TALKS, REPORT)


def _answer(outcome: Outcome, text: str, **fields: object) -> Answer:
    empty = Answer(
        id="canned",
        outcome=Outcome.CONVERSATION,
        question_used=text,
        answer="",
        answered_by="quotes",
        material=Material(INDEXED_ON, 2),
        took=Took(total=12.5, retrieve=8.0, compose=1.5, check=3.0),
    )
    return replace(empty, outcome=outcome, **fields)  # type: ignore[arg-type]


def answered() -> Answer:
    """Answer from two documents; the first citation is used twice."""
    first, second = "Hollinbrook let community gardens run its service.", "Saltmere talks before it buys."
    return _answer(
        Outcome.ANSWERED,
        ANSWERED,
        answer=f"{first}[1] {second}[2][1]",
        sentences=(Sentence(first, (1,), 0.9), Sentence(second, (2, 1), 0.8)),
        citations=(
            citation(
                1, GARDENS, "Hollinbrook council let twelve community gardens run its wellbeing service."
            ),
            citation(2, TALKS),
        ),
        follow_ups=("What did the gardens cost?",),
    )


def sourced() -> Answer:
    """Answer from a section that names its own source."""
    text = "Small providers won six of ten contracts."
    return _answer(
        Outcome.ANSWERED,
        SOURCED,
        answer=f"{text}[1]",
        sentences=(Sentence(text, (1,), 1.0),),
        citations=(citation(1, REPORT),),
    )


def partly_answered() -> Answer:
    """Answer one half and name the other."""
    text = "The gardens cost £30,000 a year."
    return _answer(
        Outcome.PARTLY_ANSWERED,
        PARTLY_ANSWERED,
        answer=f"{text}[1]\n\nThe material does not say who paid.",
        sentences=(Sentence(text, (1,), 1.0),),
        missing="The material does not say who paid.",
        citations=(citation(1, COST),),
    )


def not_in_material() -> Answer:
    """Refuse, and name the closest passages."""
    return _answer(
        Outcome.NOT_IN_MATERIAL,
        NOT_IN_MATERIAL,
        answer="The material does not say.",
        nearest=(citation(1, TALKS, score=0.3), citation(2, REPORT, score=0.2)),
    )


def conversation() -> Answer:
    """Return a greeting."""
    return _answer(Outcome.CONVERSATION, CONVERSATION, answer="Hello. What would you like to know?")


CANNED: dict[str, Callable[[], Answer]] = {
    ANSWERED: answered,
    SOURCED: sourced,
    PARTLY_ANSWERED: partly_answered,
    NOT_IN_MATERIAL: not_in_material,
    CONVERSATION: conversation,
}


class FakeAssistant:
    """Answers the canned questions and refuses all others; remembers what it was asked.

    `failure` is raised after the first event. With `hold`, all events but the first wait for `go_on`.
    `stopped` is set when somebody stops listening before the end.
    """

    def __init__(self, *, failure: Exception | None = None, hold: bool = False) -> None:
        self.material = Material(INDEXED_ON, 2)
        self.asked: list[Question] = []
        self.failure = failure
        self.go_on = Signal()
        self.waiting = Signal()
        self.stopped = Signal()
        self._ids = count(1)
        if not hold:
            self.go_on.set()

    def events(self, question: Question) -> Iterator[Event]:
        self.asked.append(question)
        answer = CANNED.get(question.text, not_in_material)()
        answer = replace(answer, id=f"answer-{next(self._ids)}", question_used=question.text)
        try:
            yield Retrieved(question.text, len(self.search(question, 50)))
            self._pause()
            for event in _shown(answer):
                yield event
                self._pause()
            yield Done(answer)
        except GeneratorExit:
            self.stopped.set()
            raise

    def in_quotes(self) -> "FakeAssistant":
        return self

    def answer(self, question: Question) -> Answer:
        *_, last = self.events(question)
        assert isinstance(last, Done)
        return last.answer

    def search(self, question: Question, limit: int) -> tuple[Hit, ...]:
        """Find every passage that the filters admit, the first the best."""
        query = Query(question.text, principles=question.principles, kinds=question.kinds)
        found = [sample for sample in PASSAGES if query.admits(sample.document)]
        return tuple(Hit(sample, 1 - rank / 10) for rank, sample in enumerate(found[:limit]))

    def read(self, texts: Sequence[str], /) -> list[TokenVectors]:
        return FakeEmbedder().tokens(texts)

    def documents(self) -> tuple[Entry, ...]:
        return (
            Entry(HOLLINBROOK, "digest", 2, INDEXED_ON),
            Entry(SALTMERE, "original", 2, INDEXED_ON),
        )

    def document(self, document_id: str) -> tuple[Entry, tuple[Passage, ...]]:
        for entry in self.documents():
            if entry.document.id == document_id:
                return entry, tuple(sample for sample in PASSAGES if sample.document.id == document_id)
        raise NotFound(f"There is no document “{document_id}”.")

    def _pause(self) -> None:
        self.waiting.set()
        if self.failure:
            raise self.failure
        self.go_on.wait(20)


def _shown(answer: Answer) -> Iterator[Shown]:
    """Show each sentence with the citations that no earlier one brought."""
    sent: set[int] = set()
    for sentence in answer.sentences:
        new = [c for c in answer.citations if c.number in sentence.citations and c.number not in sent]
        sent.update(c.number for c in new)
        yield Shown(sentence, tuple(new))
