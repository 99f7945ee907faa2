"""Tells what of the drafts holds; where there is a language model it writes them, with quotes behind it."""

import logging
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, zip_longest

from assistant import wording
from assistant.checking import Checker
from assistant.citing import Citing, Page
from assistant.composing.model import Model
from assistant.errors import ModelUnavailable
from assistant.vocabulary import RECORD, Checked, Draft, Hit, Passage, Sentence, Shown, Waiting
from assistant.weighing import Clock, Found

_log = logging.getLogger(__name__)

# A sentence that opens so says something of the one before it. If that was dropped, it would be read as said
# of another.
_LEANS = re.compile(
    r"(?:He|She|It|They|This|That|These|Those|Its|Their|His|Her|Both|Such|However|But|And|So|Or|Instead"
    r"|Therefore|Thus|Hence|As a result|In addition|Also|For example"
    r"|The (?:same|latter|former|other|others|first|second|third|rest))\b"
)

# The material is English: letters of other scripts are another language, or look-alikes that hide a word.
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")
_LETTERS_BEFORE = 500  # of the last exchange, for a follow-up


class Telling:
    """Checks each draft of one answer, cites what holds, and remembers what was shown and what was not."""

    def __init__(self, check: Checker, hits: Iterable[Hit], clock: Clock, page_of: Page) -> None:
        found = tuple(hits)
        self.citing = Citing(found, page_of)
        self.shown: list[Sentence] = []
        self.note: str | None = None
        self.by: str | None = None
        self.checked: Checked | None = None
        self._check = check
        self._passages = [hit.passage for hit in found]
        self._clock = clock
        self._said: set[str] = set()
        self._proposed: set[str] = set()
        self._dropped: list[Draft] = []
        self._written = self._corrected = 0
        self._held = True

    def tell(self, drafts: Iterable[Draft]) -> Iterator[Shown]:
        """Yield each sentence that the material supports, once."""
        for draft in drafts:
            if draft.text not in self._said:
                yield from self._tell(draft)

    def tell_written(self, draft: Draft) -> Iterator[Shown]:
        """Yield a model's sentence if the material supports it and it leans on none that was dropped."""
        if draft.text in self._proposed:
            return
        self._proposed.add(draft.text)
        self._written += 1
        leaning = not self._held and _LEANS.match(draft.text)
        told = () if leaning or _FOREIGN.search(draft.text) else tuple(self._tell(draft))
        self._held = bool(told)
        if not told:
            self._dropped.append(draft)
        yield from told

    def cites(self, words: str) -> bool:
        """Whether these words of the material, or a piece of them, were shown as evidence already."""
        return any(words in one.quote or one.quote in words for one in self.citing.citations)

    @property
    def is_enough(self) -> bool:
        """Whether what is left of a model's answer is an answer.

        Where more was dropped than shown, what the question turned on was likely among it.
        """
        return bool(self.shown) and 2 * len(self.shown) >= self._written

    def sum_up(self, writer: str, failure: ModelUnavailable | None, *, beside: bool) -> bool:
        """Note who writes and why, and what became of it; return whether it is an answer.

        `beside` is whether it leaves out all that the question was judged to be answered by.
        """
        self.note = _note(failure, enough=self.is_enough, some=bool(self.shown), beside=beside)
        self.by = writer if self.shown else None
        shown, dropped = tuple(self.shown), tuple(self._dropped)
        reason = str(failure) if failure else None
        self.checked = Checked(self._written, self._corrected, shown, dropped, reason)
        ids = " ".join(dict.fromkeys(passage.id for draft in dropped for passage in draft.claimed))
        counts = (self._written, len(shown), self._corrected, len(dropped), ids or "none")
        _log.info(
            "%s wrote %d sentences: %d shown, %d corrected, %d dropped; claimed by these: %s", writer, *counts
        )
        enough = self.is_enough and not beside
        if failure is not None or not enough:
            why = reason or ("it left out what answers best" if self.is_enough else "too few hold")
            _log.warning("%s fell short after %d sentences: %s", writer, len(shown), why)
        return enough

    def _tell(self, draft: Draft) -> Iterator[Shown]:
        self._clock.lap("compose")
        evidence = self._check(draft, self._passages)
        self._clock.lap("check")
        if not evidence:
            return
        self._said.add(draft.text)
        self._corrected += bool(draft.claimed) and any(each.passage not in draft.claimed for each in evidence)
        shown = self.citing.cite(draft.lead_in + draft.text, evidence)
        self.shown.append(shown.sentence)
        yield shown


@dataclass(frozen=True)
class Author:
    """A language model that writes answers. Quotes stand in for it where it fails, if they may."""

    model: Model
    quotes_if_fails: bool = True

    def tell(
        self,
        telling: Telling,
        answered: Sequence[Found],
        quotes: Iterable[Draft],
        failure: ModelUnavailable | None,
    ) -> Generator[Shown | Waiting, None, None]:
        """Yield the model's sentences that hold, and quotes where too few do or it failed already."""
        if _is_listed(answered):
            yield from telling.tell(quotes)
            return
        failure = failure or (yield from self._write(telling, answered))
        weighed = tuple(quotes)
        beside = not any(telling.cites(quote.text) for quote in weighed)
        if telling.sum_up(self.model.name, failure, beside=beside):
            return
        if failure is not None and not self.quotes_if_fails:
            raise failure
        yield from telling.tell(quote for quote in weighed if not telling.cites(quote.text))

    def _write(
        self, telling: Telling, answered: Sequence[Found]
    ) -> Generator[Shown | Waiting, None, ModelUnavailable | None]:
        with closing(self.model.compose(_asked(answered), _passages(answered))) as proposed:
            for each in proposed:
                match each:
                    case ModelUnavailable():
                        return each
                    case Waiting():
                        yield each
                    case Draft():
                        yield from telling.tell_written(each)
        return None


def _note(failure: ModelUnavailable | None, *, enough: bool, some: bool, beside: bool) -> str | None:
    """Tell the reader, in one line, where the model fell short."""
    if failure is not None and not some:
        return wording.MODEL_SILENT
    if failure is not None:
        return wording.MODEL_CUT_SHORT if enough and not beside else wording.MODEL_BROKE_OFF
    if not some:
        return wording.MODEL_NOT_HELD
    if not enough:
        return wording.MODEL_PARTLY_HELD
    return wording.MODEL_BESIDE if beside else None


def _is_listed(answered: Sequence[Found]) -> bool:
    """Whether the answer is a list of documents, which the catalogue knows best."""
    drafts = [draft for part in answered for draft in part.drafts]
    return all(passage.section == RECORD for draft in drafts for passage in draft.claimed)


def _asked(answered: Sequence[Found]) -> str:
    """Return what has enough evidence; with a follow-up that only the rules resolved, what it follows."""
    asked, context = " ".join(part.query.text for part in answered), answered[0].query.context
    return f"{asked}\n(Asked after: {context[:_LETTERS_BEFORE]})" if context and len(answered) == 1 else asked


def _passages(answered: Sequence[Found]) -> tuple[Passage, ...]:
    """Return what was found, the best of each part in turn, each passage once."""
    in_turn = chain.from_iterable(zip_longest(*(part.hits for part in answered)))
    return tuple({hit.passage.id: hit.passage for hit in in_turn if hit is not None}.values())
