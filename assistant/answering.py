"""The whole story, in order: understand, find, compose, judge, check, cite, answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from assistant import wording
from assistant.checking import Checker
from assistant.citing import cite_passage, number_answer
from assistant.conversing import Talk
from assistant.embedding import TokenVectors
from assistant.errors import NotFound
from assistant.follow_ups import suggest
from assistant.retrieval import Hits, retrieve
from assistant.rewriting import rewrite
from assistant.sentences import split_sentences
from assistant.understanding import Understood
from assistant.vocabulary import (
    RECORD,
    Answer,
    Citation,
    Document,
    Done,
    Draft,
    Entry,
    Event,
    Hit,
    Material,
    Outcome,
    Passage,
    Query,
    Question,
    Retrieved,
)
from assistant.weighing import Clock, Found, Weighing, is_vague, queries
from assistant.writing import Author, Telling

_TALK = {
    Talk.GREETING: wording.GREETED,
    Talk.THANKS: wording.THANKED,
    Talk.GOODBYE: wording.PARTED,
    Talk.ABOUT: wording.ABOUT,
    Talk.ORDER: wording.NOT_OBEYED,
}


@dataclass(frozen=True)
class Assistant:
    """Answers questions from one index. Holds no conversation: readers' questions never meet."""

    understand: Callable[[Question], Understood]
    weighing: Weighing
    check: Checker
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]
    material: Material
    contact: tuple[str, str]
    starters: tuple[str, ...]
    read: Callable[[Sequence[str]], list[TokenVectors]]
    author: Author | None = None

    def in_quotes(self) -> "Assistant":
        """Return the same assistant without its language model."""
        return replace(self, author=None)

    def answer(self, question: Question) -> Answer:
        """Return the whole answer."""
        *_, last = self.events(question)
        assert isinstance(last, Done)
        return last.answer

    def events(self, question: Question) -> Iterator[Event]:
        """Yield what was retrieved, each checked sentence, then the whole answer."""
        clock, understood, failure = Clock(), self.understand(question), None
        if self.author is not None:
            rewritten = yield from rewrite(self.author.model.writer, question, understood)
            understood, failure = rewritten.understood, rewritten.failure
        if understood.talk is not None:
            yield Done(self._talk(question, understood, clock))
            return
        parts = self.weighing.find(queries(question, understood), clock)
        hits = {hit.passage.id: hit for part in parts for hit in part.hits}
        yield Retrieved(understood.question_used, len(hits))
        sent_on = understood.concern is not None
        answered = () if is_vague(understood) else self.weighing.answered(parts, sent_on=sent_on)
        telling, quotes = Telling(self.check, hits.values(), clock, self._page), _in_turn(answered)
        if self.author is None or not answered:
            yield from telling.tell(quotes)
        else:
            yield from self.author.tell(telling, answered, quotes, failure)
        if not telling.shown:
            yield Done(self._refuse(question, understood, parts[0], clock))
            return
        yield Done(self._conclude(question, understood, parts, answered, telling, clock))

    def search(self, question: Question, limit: int) -> tuple[Hit, ...]:
        """Return ranked passages without an answer."""
        query = Query(question.text, principles=question.principles, kinds=question.kinds)
        return retrieve(self.weighing.steps, query)[:limit]

    def documents(self) -> tuple[Entry, ...]:
        """Return the catalogue, in the order of the material."""
        return self.entries

    def document(self, document_id: str) -> tuple[Entry, tuple[Passage, ...]]:
        """Return one document with its passages in order; raises `NotFound`."""
        for entry in self.entries:
            if entry.document.id == document_id:
                held = (passage for passage in self.passages if passage.document.id == document_id)
                return entry, tuple(sorted(held, key=lambda passage: passage.position))
        raise NotFound(f"There is no document “{document_id}”. The catalogue lists what there is.")

    def _conclude(
        self,
        question: Question,
        understood: Understood,
        parts: tuple[Found, ...],
        answered: tuple[Found, ...],
        telling: Telling,
        clock: Clock,
    ) -> Answer:
        missing = self.weighing.missing(parts, answered)
        if understood.concern is not None:
            missing = wording.send_on(understood.concern, *self.contact)
        citations = telling.citing.citations
        cited = [citation.passage for citation in citations]
        return Answer(
            id=uuid4().hex,
            outcome=Outcome.PARTLY_ANSWERED if missing else Outcome.ANSWERED,
            question_used=understood.question_used,
            answer=number_answer(telling.shown),
            answered_by=telling.by or self.weighing.composer.name,
            material=self._searched(question),
            took=clock.took(),
            sentences=tuple(telling.shown),
            missing=missing,
            citations=citations,
            follow_ups=self._suggest(question, understood, cited, parts[0].hits),
            note=telling.note,
            checked=telling.checked,
        )

    def _refuse(self, question: Question, understood: Understood, whole: Found, clock: Clock) -> Answer:
        near, vague = self.weighing.is_near(whole), is_vague(understood)
        return Answer(
            id=uuid4().hex,
            outcome=Outcome.CONVERSATION if vague else Outcome.NOT_IN_MATERIAL,
            question_used=understood.question_used,
            answer=wording.SAY_MORE if vague else self._refusal(understood, whole, near=near),
            answered_by=self.weighing.composer.name,
            material=self._searched(question),
            took=clock.took(),
            nearest=self._nearest(whole.hits) if near and not vague else (),
            follow_ups=self._suggest(question, understood, (), whole.hits if near or vague else ()),
        )

    def _refusal(self, understood: Understood, whole: Found, *, near: bool) -> str:
        if understood.concern is not None:
            return wording.send_on(understood.concern, *self.contact)
        if not near:
            return wording.nothing_near(understood.question_used)
        gap, unsure = self.weighing.known_gap(whole), self.weighing.is_unsure(whole)
        return wording.not_answered(understood.question_used, gap, unsure=unsure)

    def _talk(self, question: Question, understood: Understood, clock: Clock) -> Answer:
        assert understood.talk is not None
        order = understood.talk is Talk.ORDER
        return Answer(
            id=uuid4().hex,
            outcome=Outcome.NOT_IN_MATERIAL if order else Outcome.CONVERSATION,
            question_used=understood.question_used,
            answer=_TALK[understood.talk],
            answered_by=self.weighing.composer.name,
            material=self._searched(question),
            took=clock.took(),
            follow_ups=() if understood.talk is Talk.GOODBYE else self.starters,
        )

    def _page(self, document: Document) -> tuple[Passage, ...]:
        """Return all passages of a document, in its order."""
        here = (passage for passage in self.passages if passage.document.id == document.id)
        return tuple(sorted(here, key=lambda passage: passage.position))

    def _nearest(self, hits: Hits) -> tuple[Citation, ...]:
        """Return the closest passages, each with its first sentence, for a reader who wants to look."""
        return tuple(
            cite_passage(
                number,
                hit.passage,
                split_sentences(hit.passage.text)[0],
                hit.score,
                self._page(hit.passage.document),
            )
            for number, hit in enumerate(hits[:3], start=1)
        )

    def _searched(self, question: Question) -> Material:
        query = Query("", principles=question.principles, kinds=question.kinds)
        admitted = sum(query.admits(entry.document) for entry in self.entries)
        return replace(self.material, documents=admitted)

    def _suggest(
        self, question: Question, understood: Understood, cited: Sequence[Passage], hits: Hits
    ) -> tuple[str, ...]:
        asked = [understood.question_used, question.text, *(turn.text for turn in question.history)]
        documents = dict.fromkeys(passage.document.id for passage in cited)
        same = (passage for passage in self.passages if passage.document.id in documents)
        return suggest(cited, (*same, *(hit.passage for hit in hits)), asked) or self.starters


def _in_turn(answered: Sequence[Found]) -> Iterator[Draft]:
    """Yield the drafts part by part; with several each has fewer, but a list of documents stays whole."""
    limit = max(2, 12 // len(answered)) if len(answered) > 1 else None
    for part in answered:
        listed = all(passage.section == RECORD for draft in part.drafts for passage in draft.claimed)
        yield from part.drafts if listed else part.drafts[:limit]
