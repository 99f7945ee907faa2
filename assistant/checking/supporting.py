"""The check of every sentence that is to be shown: rules that nothing gets past, then a model that weighs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.checking import polarity
from assistant.checking.features import Told, measure, opposed
from assistant.checking.figures import missing
from assistant.checking.lexicon import load_lexicon
from assistant.checking.names import (
    misattributed,
    missing_names,
    missing_quotations,
    parted_names,
    promoted,
    replaced_names,
)
from assistant.checking.reading import Reader
from assistant.checking.weigher import Weigher, load_weigher
from assistant.checking.windows import Window, best_windows, spans
from assistant.vocabulary import Document, Draft, Evidence, Passage

# How many windows of each claimed passage are weighed, and how many of all the others together.
_CLAIMED, _OTHERS = 2, 3
# A window that says less of the sentence than this is not weighed at all.
_LEAST = 0.5
_JOINT = re.compile(r",? (?:and|but|while|whereas|although)\s+|; ")
_SHORTEST = 4
# Exact words mean something else without what stands before or behind them in their sentence.
_TURNS = re.compile(
    r"\b(?:myth|doubts?|den(?:y|ies|ied)|false\w*|wrong\w*|untrue|whether|unless|if|refus\w+|fail\w*"
    r"|once|used to|claims? that)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"\b(?:if|unless|except|provided|only when)\b", re.IGNORECASE)


@dataclass(frozen=True)
class SupportChecker:
    """Supports a sentence that a passage says, in its own words or in others.

    The exact words of a passage support themselves. Otherwise figures, dates, names and quotations have to
    be there, no claim may go further than the passage, and nobody may be given another's view; what is
    left is weighed, and passes from `threshold` (0..1) on. The weight is the support.
    """

    reader: Reader
    weigher: Weigher
    threshold: float

    def __call__(self, draft: Draft, passages: Sequence[Passage]) -> tuple[Evidence, ...]:
        """Try the claimed passages, two of them together, then the others; empty if none supports it."""
        others = [passage for passage in passages if passage not in draft.claimed]
        quoted = _quoted(draft.text, (*draft.claimed, *others))
        if quoted:
            return (quoted,)
        found = self._best(draft.text, draft.claimed, _CLAIMED * len(draft.claimed))
        if found:
            return (found,)
        together = self._together(draft)
        if together:
            return together
        found = self._best(draft.text, others, _OTHERS)
        return (found,) if found else ()

    def support(self, text: str, passage: Passage) -> float:
        """Return how well (0..1) the passage supports the text: graded, for comparing and measuring.

        What a rule forbids keeps half of its weight here, and never reaches the threshold.
        """
        if is_quoted(text, passage.text):
            return 1.0
        windows = best_windows(self.reader, text, passage, _CLAIMED)
        return max((self._graded(text, window) for window in windows), default=0.0)

    def _graded(self, text: str, window: Window) -> float:
        weight = self._weigh(text, window)
        return min(0.99 * self.threshold, weight / 2) if forbidden(text, window) else weight

    def _best(self, text: str, passages: Iterable[Passage], count: int) -> Evidence | None:
        windows = [
            window
            for passage in passages
            for window in best_windows(self.reader, text, passage, _CLAIMED)
            if window.share >= _LEAST
        ]
        weighed = [
            (self._weigh(text, window), window)
            for window in sorted(windows, key=lambda window: -window.share)[:count]
            if not forbidden(text, window)
        ]
        support, window = max(weighed, key=lambda each: each[0], default=(0.0, None))
        if window is None or support < self.threshold:
            return None
        return Evidence(window.passage, window.quote, support)

    def _together(self, draft: Draft) -> tuple[Evidence, ...]:
        """Support each part of the sentence by a passage of its own."""
        if len(draft.claimed) < 2:
            return ()
        for first, second in _halves(draft.text):
            one, other = (
                _quoted(part, draft.claimed) or self._best(part, draft.claimed, _CLAIMED * len(draft.claimed))
                for part in (first, second)
            )
            if one and other and one.passage != other.passage:
                return one, other
        return ()

    def _weigh(self, text: str, window: Window) -> float:
        claim, held = self.reader.read(text), self.reader.read(window.quote)
        relations = self.reader.relate(claim, held)
        measured = measure(text, window.quote, told(window.passage), claim, held, relations)
        return 0.0 if opposed(measured) else min(0.999, self.weigher(claim, held, relations, measured))


def _quoted(text: str, passages: Iterable[Passage]) -> Evidence | None:
    quoting = (passage for passage in passages if is_quoted(text, passage.text))
    return next((Evidence(passage, text, 1.0) for passage in quoting), None)


def is_quoted(text: str, passage: str) -> bool:
    """Whether the text is words of the passage, and means there what it means alone."""
    at = passage.find(text) if text.strip() else -1
    if at < 0:
        return False
    for start, end in spans(passage):
        if start < at < end and (_TURNS.search(passage[start:at]) or polarity.negations(passage[start:at])):
            return False
        if start < at + len(text) < end and _LIMITS.search(passage[at + len(text) : end]):
            return False
    return True


def forbidden(text: str, window: Window) -> bool:
    """Whether a rule says that the window does not support the text, whatever else speaks for it."""
    passage, quote = window.passage, window.quote
    front = told(passage).front
    return (
        bool(missing(text, quote, front))
        or bool(missing_names(text, f"{quote} {front} {passage.text}"))
        or bool(parted_names(text, f"{quote}. {front}. {passage.text}"))
        or replaced_names(text, quote)
        or promoted(text, passage.text)
        or polarity.realised(text, quote)
        or polarity.believed(text, quote)
        or bool(polarity.reversed_words(text, quote))
        or bool(missing_quotations(text, f"{quote} {front}"))
        or any(polarity.overclaims(text, quote))
        or misattributed(text, passage.text, _owners(passage))
    )


@lru_cache(maxsize=1024)
def told(passage: Passage) -> Told:
    """Return what a sentence about this passage may say beside what the quote says."""
    document = passage.document
    said = (
        document.title, passage.section, document.place, document.organisation, *document.authors,
        _published(document), passage.source.name if passage.source else None,
    )  # fmt: skip
    return Told(". ".join(part for part in said if part), passage.text)


def _owners(passage: Passage) -> tuple[str, ...]:
    source = (passage.source.name,) if passage.source else ()
    return (*passage.document.authors, passage.document.organisation, *source)


def _published(document: Document) -> str | None:
    """Return the date as a sentence says it: 19 September 2022 for 2022-09-19."""
    year, *rest = (document.published or "").split("-")
    if not rest:
        return year or None
    first = date(int(year), int(rest[0]), 1)
    return f"{int(rest[1])} {first:%B %Y}" if len(rest) > 1 else f"{first:%B %Y}"


def _halves(text: str) -> Iterator[tuple[str, str]]:
    for match in _JOINT.finditer(text):
        first, second = text[: match.start()], text[match.end() :]
        if min(len(first.split()), len(second.split())) >= _SHORTEST:
            yield first, second


def load_checker() -> SupportChecker:
    """Make the checker from the weights that ship with the package."""
    weigher, threshold = load_weigher()
    return SupportChecker(Reader(load_lexicon()), weigher, threshold)
