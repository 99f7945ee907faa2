"""What was found for each part of a question, and whether it is evidence enough."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from threading import Semaphore
from time import perf_counter

from assistant import wording
from assistant.composing import Composer
from assistant.composing.catalogue import Catalogue
from assistant.judging import Judge, Judgement
from assistant.retrieval import Hits, Step, retrieve
from assistant.understanding import Understood, refers_back
from assistant.vocabulary import Draft, Query, Question, Took
from assistant.words import stems, tokens

# What wants the whole of something, so that a part of it is only a part of the answer.
_WHOLE = re.compile(
    r"\b(?:all|each|every|exact|exactly|in full|the full|word for word|list|in detail|details|complete"
    r"|take me through|talk me through|one by one|step by step)\b",
    re.IGNORECASE,
)

REMEMBERED = 128  # questions or parts of them
AT_ONCE = 2  # are looked for: more only take each other's time, and some 20 MB of memory each


@dataclass(frozen=True)
class Thresholds:
    """What counts as enough, set by hand on the questions in `tests/evaluation`.

    `confidence` (0..1) is what a question, or a part of it, needs to be answered; a `follow_up` needs
    less, because it says only half of what it means. Under `subject` (0..1), and under a confidence of
    `likely`, a question is taken for something else altogether. `gap` is the share (0..1) of a part's
    words that a document's `not_covered` has to say for the part to count as only partly answered, and
    `gap_of_whole` the same for a part that wants the whole of something ("each", "exact words"). A refusal
    from a confidence of `unsure` on says that there may be an answer all the same. From `sure` on, a part
    that only shares words with `not_covered` is answered.
    """

    confidence: float = 0.28
    follow_up: float = 0.15
    subject: float = 0.1
    likely: float = 0.5
    gap: float = 0.6
    gap_of_whole: float = 0.35
    unsure: float = 0.1
    sure: float = 0.65


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
class Weighing:
    """Finds, drafts and judges; `steps` is how passages are found, in order."""

    steps: Sequence[Step]
    choose: Step
    catalogue: Catalogue
    composer: Composer
    judge: Judge
    thresholds: Thresholds = Thresholds()

    def find(self, queries: Sequence[Query], clock: Clock) -> tuple[Found, ...]:
        """Find passages for the question and each part of it, draft from them and judge the drafts."""
        several = self._together.map if len(queries) > 1 else map
        list(several(self._chosen, queries))
        clock.lap("retrieve")
        found = tuple(several(self._found, queries))
        clock.lap("compose")
        return found

    @cached_property
    def _together(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="parts")

    # What was found is kept as long as this object, which is made anew for each index: the same question
    # costs next to nothing, and never has an answer out of another index. Ids, checks and records are new.

    @cached_property
    def _chosen(self) -> Callable[[Query], Hits]:
        turn = Semaphore(AT_ONCE)

        def choose(query: Query) -> Hits:
            with turn:
                return self.choose(query, retrieve(self.steps, query))

        return lru_cache(REMEMBERED)(choose)

    @cached_property
    def _found(self) -> Callable[[Query], Found]:
        return lru_cache(REMEMBERED)(self._find)

    def _find(self, query: Query) -> Found:
        chosen = self._chosen(query)
        listed = tuple(self.catalogue.compose(query))
        if listed:
            return Found(query, chosen, listed, Judgement(1.0, 1.0, None, 0.0))
        drafts = tuple(self.composer.compose(query, chosen))
        return self._without_others(Found(query, chosen, drafts, self.judge.judge(query, chosen, drafts)))

    def _without_others(self, found: Found) -> Found:
        """Leave only what the document itself says where its digest leaves out what is asked of it.

        The like of another document would be taken for this one's.
        """
        if self._not_held(found) is None:
            return found
        own = tuple(each for each in found.drafts if each.claimed[0].document == found.judgement.gap)
        return replace(found, drafts=own or found.drafts)

    def answered(self, parts: tuple[Found, ...], *, sent_on: bool = False) -> tuple[Found, ...]:
        """Return what has enough evidence: of the parts, or the whole (the first) where it has no parts.

        Where the reader is `sent_on` to somebody who can answer, less is enough to say it beside that.
        "How long have they got?" has an answer only if what it asks about has one, or the whole.
        """
        if not self.is_near(parts[0]):
            return ()
        alone = len(parts) == 1 and parts[0].query.follow_up
        enough = self.thresholds.follow_up if alone or sent_on else self.thresholds.confidence
        sure = [part.judgement.confidence >= enough for part in parts]
        if len(parts) == 1:
            return parts if sure[0] else ()
        return tuple(
            part
            for at, part in enumerate(parts)
            if at and sure[at] and (at == 1 or any(sure[:at]) or not refers_back(part.query.text))
        )

    def missing(self, parts: tuple[Found, ...], answered: tuple[Found, ...]) -> str | None:
        """Say what has no support: whole parts, or what a digest is known to leave out."""
        absent = tuple(part.query.text for part in parts[1:] or parts if part not in answered)
        if absent:
            return wording.missing_parts(absent)
        held_back = (self._not_held(part) for part in (*answered, parts[0]))
        return next((gap for gap in held_back if gap), None)

    def _not_held(self, part: Found) -> str | None:
        """Say what the first digest leaves out, if the question asks for that and wants all of it."""
        gap, share = part.judgement.gap, part.judgement.gap_share
        whole = _WHOLE.search(f"{part.query.text} {part.query.context}")
        limit = self.thresholds.gap_of_whole if whole else self.thresholds.gap
        if part.judgement.confidence >= self.thresholds.sure:
            return None
        if gap is None or not gap.not_covered or gap != part.hits[0].passage.document or share < limit:
            return None
        return wording.not_held(gap.title, gap.not_covered)

    def known_gap(self, part: Found) -> str | None:
        """Say what the nearest digest leaves out, where that explains why there is no answer."""
        gap, share = part.judgement.gap, part.judgement.gap_share
        if gap is None or not gap.not_covered or share < self.thresholds.gap / 2:
            return None
        return wording.not_held(gap.title, gap.not_covered)

    def is_unsure(self, part: Found) -> bool:
        """Whether something may answer, though not surely enough to be told."""
        return bool(part.hits) and part.judgement.confidence >= self.thresholds.unsure

    def is_near(self, part: Found) -> bool:
        """Whether the question is on the subject at all; a follow-up leans on one that was.

        The everyday words of somebody's situation may be far from it, and what answers them is not.
        """
        judged = part.judgement
        likely = judged.subject >= self.thresholds.subject or judged.confidence >= self.thresholds.likely
        return part.query.follow_up or likely


def is_vague(understood: Understood) -> bool:
    """Whether a message has too little in it to be a question, such as "funding?"."""
    text = understood.question_used
    return not understood.context and len(stems(text)) < 2 and len(tokens(text)) < 3


def queries(question: Question, understood: Understood) -> tuple[Query, ...]:
    """Return the whole question first, then its parts where there are several."""
    before, parted = f"{understood.context} {understood.setting}".strip(), len(understood.parts) > 1
    whole = Query(
        text=" ".join(understood.parts),
        context=before,
        follow_up=bool(understood.context),
        parted=parted,
        principles=question.principles,
        kinds=question.kinds,
    )
    if not parted:
        return (whole,)
    # To search for each part behind the whole too finds no more, in twice the time, unless it leans on it.
    return whole, *(
        replace(whole, text=part, parted=False, context=_context(part, before, whole.text))
        for part in understood.parts
    )


def _context(part: str, before: str, whole: str) -> str:
    return f"{before} {whole}".strip() if refers_back(part) else before
