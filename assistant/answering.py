"""The whole story, in order: understand, find, compose, judge, check, cite, answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from uuid import uuid4

from assistant import wording
from assistant.checking import Checker
from assistant.citing import Citing, cite_passage, number_answer
from assistant.composing import Composer
from assistant.conversing import Concern, Talk
from assistant.errors import NotFound
from assistant.follow_ups import suggest
from assistant.judging import Judge, Judgement
from assistant.retrieval import Hits, Step, retrieve
from assistant.sentences import split_sentences
from assistant.understanding import Understood
from assistant.vocabulary import (
    Answer,
    Citation,
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
    Sentence,
    Shown,
    Took,
)

_TALK = {
    Talk.GREETING: wording.GREETED,
    Talk.THANKS: wording.THANKED,
    Talk.GOODBYE: wording.PARTED,
    Talk.ABOUT: wording.ABOUT,
    Talk.ORDER: wording.NOT_OBEYED,
}


@dataclass(frozen=True)
class Thresholds:
    """Confidence (0..1) from which a question, or a part of it, counts as answered.

    `gap` is the share of a part's words that a document's `not_covered` must say for the part to
    count as only partly answered; under `near` a question counts as off the subject.
    """

    whole: float = 0.3
    part: float = 0.2
    gap: float = 0.6
    near: float = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """One part of the question with what was found, drafted and judged for it."""

    query: Query
    hits: Hits
    drafts: tuple[Draft, ...]
    judgement: Judgement


class Clock:
    """Adds up the milliseconds of each stage."""

    def __init__(self) -> None:
        self._started = self._last = perf_counter()
        self._spent = {"retrieve": 0.0, "compose": 0.0, "check": 0.0}

    def lap(self, stage: str) -> None:
        """Charge the time since the last lap to this stage."""
        now = perf_counter()
        self._spent[stage] += (now - self._last) * 1000
        self._last = now

    def took(self) -> Took:
        """Return what was spent so far."""
        return Took((perf_counter() - self._started) * 1000, **self._spent)


@dataclass(frozen=True)
class Assistant:
    """Answers questions from one index. Holds no conversation: readers' questions never meet."""

    understand: Callable[[Question], Understood]
    steps: Sequence[Step]
    choose: Step
    composer: Composer
    judge: Judge
    check: Checker
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]
    material: Material
    contact: tuple[str, str]
    starters: tuple[str, ...]
    thresholds: Thresholds = Thresholds()

    def answer(self, question: Question) -> Answer:
        """Return the whole answer."""
        *_, last = self.events(question)
        assert isinstance(last, Done)
        return last.answer

    def events(self, question: Question) -> Iterator[Event]:
        """Yield what was retrieved, each checked sentence, then the whole answer."""
        clock, understood = Clock(), self.understand(question)
        if understood.talk is not None:
            yield Done(self._talk(question, understood, clock))
            return
        parts = tuple(self._find(query, understood, clock) for query in _queries(question, understood))
        yield Retrieved(understood.question_used, len({hit.passage.id for part in parts for hit in part.hits}))
        whole, rest = parts[0], parts[1:]
        answered = self._answered(whole, rest)
        citing, shown = Citing(hit for part in parts for hit in part.hits), list[Sentence]()
        for draft in _in_turn(answered):
            evidence = self.check(draft, [hit.passage for hit in whole.hits])
            clock.lap("check")
            if evidence and draft.text not in {sentence.text for sentence in shown}:
                event = citing.cite(draft.text, evidence)
                shown.append(event.sentence)
                yield event
        if not shown:
            yield Done(self._refuse(question, understood, whole, clock))
            return
        yield Done(self._conclude(question, understood, parts, answered, citing, tuple(shown), clock))

    def search(self, question: Question, limit: int) -> tuple[Hit, ...]:
        """Return ranked passages without an answer."""
        query = Query(question.text, principles=question.principles, kinds=question.kinds)
        return retrieve(self.steps, query)[:limit]

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

    def _find(self, query: Query, understood: Understood, clock: Clock) -> Found:
        hits = retrieve(self.steps, query)
        clock.lap("retrieve")
        chosen = self.choose(query, hits)
        drafts = tuple(self.composer.compose(query, chosen))
        # A follow-up's own words may be two; what it means is judged.
        meant = replace(query, text=understood.question_used) if understood.context else query
        judgement = self.judge.judge(meant, hits, drafts)
        clock.lap("compose")
        return Found(query, chosen, drafts, judgement)

    def _answered(self, whole: Found, parts: tuple[Found, ...]) -> tuple[Found, ...]:
        """Return what has enough evidence: the parts, or the whole where it has only one part."""
        if not parts:
            return (whole,) if whole.judgement.confidence >= self.thresholds.whole else ()
        answered = tuple(part for part in parts if part.judgement.confidence >= self.thresholds.part)
        if whole.judgement.confidence < self.thresholds.whole and len(answered) < len(parts):
            return tuple(part for part in answered if part.judgement.confidence >= self.thresholds.whole)
        return answered

    def _missing(self, parts: tuple[Found, ...], answered: tuple[Found, ...]) -> str | None:
        """Say what has no support: whole parts, or what a digest is known to leave out."""
        asked = parts[1:] or parts
        absent = tuple(part.query.text for part in asked if part not in answered)
        if absent:
            return wording.missing_parts(absent)
        for part in answered:
            gap, first = part.judgement.gap, part.hits[0].passage.document
            if gap is first and gap.not_covered and part.judgement.gap_share >= self.thresholds.gap:
                return wording.not_held(gap.title, gap.not_covered)
        return None

    def _conclude(
        self,
        question: Question,
        understood: Understood,
        parts: tuple[Found, ...],
        answered: tuple[Found, ...],
        citing: Citing,
        shown: tuple[Sentence, ...],
        clock: Clock,
    ) -> Answer:
        missing = self._missing(parts, answered)
        if understood.concern is not None:
            missing = wording.send_on(understood.concern, *self.contact)
        cited = [citation.passage for citation in citing.citations]
        return Answer(
            id=uuid4().hex,
            outcome=Outcome.PARTLY_ANSWERED if missing else Outcome.ANSWERED,
            question_used=understood.question_used,
            answer=number_answer(shown),
            answered_by=self.composer.name,
            material=self._searched(question),
            took=clock.took(),
            sentences=shown,
            missing=missing,
            citations=citing.citations,
            follow_ups=self._suggest(question, understood, cited, parts[0].hits),
        )

    def _refuse(self, question: Question, understood: Understood, whole: Found, clock: Clock) -> Answer:
        near = whole.judgement.subject >= self.thresholds.near
        return Answer(
            id=uuid4().hex,
            outcome=Outcome.NOT_IN_MATERIAL,
            question_used=understood.question_used,
            answer=self._refusal(understood, whole, near=near),
            answered_by=self.composer.name,
            material=self._searched(question),
            took=clock.took(),
            nearest=_nearest(whole.hits) if near else (),
            follow_ups=self._suggest(question, understood, [], whole.hits) if near else self.starters,
        )

    def _refusal(self, understood: Understood, whole: Found, *, near: bool) -> str:
        if understood.concern is not None:
            return wording.send_on(understood.concern, *self.contact)
        if not near:
            return wording.nothing_near(understood.question_used)
        gap = whole.judgement.gap
        known = gap is not None and gap.not_covered and whole.judgement.gap_share >= self.thresholds.gap / 2
        return wording.not_answered(
            understood.question_used, wording.not_held(gap.title, gap.not_covered) if known and gap and gap.not_covered else None
        )

    def _talk(self, question: Question, understood: Understood, clock: Clock) -> Answer:
        assert understood.talk is not None
        order = understood.talk is Talk.ORDER
        return Answer(
            id=uuid4().hex,
            outcome=Outcome.NOT_IN_MATERIAL if order else Outcome.CONVERSATION,
            question_used=understood.question_used,
            answer=_TALK[understood.talk],
            answered_by=self.composer.name,
            material=self._searched(question),
            took=clock.took(),
            follow_ups=() if understood.talk is Talk.GOODBYE else self.starters,
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
        return suggest(cited, (*same, *(hit.passage for hit in hits)), asked)


def _queries(question: Question, understood: Understood) -> tuple[Query, ...]:
    """Return the whole question first, then its parts where there are several."""
    whole = Query(" ".join(understood.parts), understood.context, question.principles, question.kinds)
    if len(understood.parts) < 2:
        return (whole,)
    context = f"{understood.context} {whole.text}".strip()
    return whole, *(replace(whole, text=part, context=context) for part in understood.parts)


def _in_turn(answered: Sequence[Found]) -> Iterator[Draft]:
    """Yield the drafts part by part; with several parts each has fewer."""
    limit = 6 if len(answered) == 1 else max(2, 8 // len(answered) if answered else 0)
    for part in answered:
        yield from part.drafts[:limit] if len(answered) > 1 else part.drafts


def _nearest(hits: Hits) -> tuple[Citation, ...]:
    """Return the closest passages, each with its first sentence, for a reader who wants to look."""
    return tuple(
        cite_passage(number, hit.passage, split_sentences(hit.passage.text)[0], hit.score)
        for number, hit in enumerate(hits[:3], start=1)
    )
