"""What to write next: questions that were not answered, or only in part, grouped by likeness."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from assistant.embedding import TokenVectors
from assistant.records import Record
from assistant.staff.background import Remembered
from assistant.staff.counting import GAPS, asked_on
from assistant.staff.likeness import Likeness, Matrix
from assistant.vocabulary import Hit, Outcome

MOST_GROUPED = 1_000
MOST_NEAR = 40
_MOST_MISSING = 3

Read = Callable[[Sequence[str]], list[TokenVectors]]
Search = Callable[[str], tuple[Hit, ...]]


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which a question was put, and how often."""

    text: str
    asked: int
    last: date


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask the same: the one that stands for them first, then by how often they were asked.

    `nearest` are the documents on record, with how often; `hits` what a search finds now, if it was done.
    """

    wordings: tuple[Wording, ...]
    refused: int
    partly: int
    last: date
    missing: tuple[str, ...]
    nearest: tuple[tuple[str, int], ...]
    hits: tuple[Hit, ...] | None = None

    @property
    def asked(self) -> int:
        """How often it was asked in all."""
        return self.refused + self.partly


@dataclass(frozen=True, slots=True)
class GapReport:
    """The gaps, most asked first, and how much of what was asked they rest on."""

    gaps: tuple[Gap, ...]
    wordings: int
    read: int
    left_out: int

    @property
    def is_complete(self) -> bool:
        """Whether every question that is to be grouped has been read."""
        return self.read == self.wordings


class Gaps:
    """Makes gap reports. What a model has read stays in memory, so that a second look is quick."""

    def __init__(self, most: int = MOST_GROUPED, likeness: Likeness | None = None) -> None:
        self._most = most
        self._likeness = likeness or Likeness()
        self._tokens: Remembered[TokenVectors] = Remembered(2 * most)
        self._hits: Remembered[tuple[Hit, ...]] = Remembered(10 * MOST_NEAR, batch=1)
        self._made: dict[tuple[tuple[str, int], ...], list[list[int]]] = {}
        self._searched: object = None

    def keep_only(self, records: Iterable[Record]) -> None:
        """Forget what was read of questions that are on record no more."""
        kept = {_plain(record.question) for record in records if record.outcome in GAPS}
        for remembered in (self._tokens, self._hits):
            remembered.keep_only(kept)
        self._made = {asked: made for asked, made in self._made.items() if kept.issuperset(dict(asked))}

    def report(
        self,
        records: Sequence[Record],
        read: Read,
        search: Search,
        *,
        of: object,
        seconds: float,
        near: int = MOST_NEAR,
    ) -> GapReport:
        """Group what can be read within these seconds; the rest is read in the background for the next look.

        `of` is what `search` searches: when it is another, what was found in the one before is forgotten.
        """
        asked: dict[str, list[Record]] = {}
        for record in sorted(records, key=lambda one: one.asked_at, reverse=True):
            if record.outcome in GAPS:
                asked.setdefault(_plain(record.question), []).append(record)
        wanted = list(asked)[: self._most]
        tokens = self._tokens.get(wanted, lambda texts: [_small(one) for one in read(texts)], seconds)
        known = [text for text in wanted if text in tokens]
        groups = self._groups([(text, len(asked[text])) for text in known], tokens)
        gaps = sorted((_gap(members, asked) for members in groups), key=_most_asked)
        if self._searched is not of:
            self._searched = of
            self._hits.keep_only(set())
        heads = [_plain(gap.wordings[0].text) for gap in gaps[:near]]
        hits = self._hits.get(heads, lambda texts: [search(text) for text in texts], seconds)
        found = (_with_hits(gap, hits.get(_plain(gap.wordings[0].text))) for gap in gaps)
        return GapReport(tuple(found), len(wanted), len(known), len(asked) - len(wanted))

    def _groups(self, known: Sequence[tuple[str, int]], tokens: dict[str, TokenVectors]) -> list[list[str]]:
        """Group the questions, each group with what is most like all that was asked in it first."""
        if not known:
            return []
        made = self._made.get(tuple(known))
        if made is None:
            likeness = self._likeness.matrix([text for text, _ in known], [tokens[text] for text, _ in known])
            asked = np.array([number for _, number in known], dtype=np.float32)
            made = [_central_first(group, likeness, asked) for group in self._likeness.groups(likeness)]
            self._made = {**dict(list(self._made.items())[-3:]), tuple(known): made}
        return [[known[at][0] for at in group] for group in made]


def _central_first(group: list[int], likeness: Matrix, asked: Matrix) -> list[int]:
    among = likeness[np.ix_(group, group)] @ asked[group]
    return [group[at] for at in np.argsort(-among, kind="stable")]


def _gap(members: Sequence[str], asked: dict[str, list[Record]]) -> Gap:
    of = [record for text in members for record in asked[text]]
    counted = [
        Wording(asked[text][0].question, len(asked[text]), asked_on(asked[text][0])) for text in members
    ]
    missing = Counter(record.missing for record in of if record.missing)
    near = Counter(name for record in of for name in record.nearest or record.cited)
    return Gap(
        wordings=(counted[0], *sorted(counted[1:], key=lambda wording: -wording.asked)),
        refused=sum(record.outcome == Outcome.NOT_IN_MATERIAL.value for record in of),
        partly=sum(record.outcome == Outcome.PARTLY_ANSWERED.value for record in of),
        last=max(wording.last for wording in counted),
        missing=tuple(text for text, _ in missing.most_common(_MOST_MISSING)),
        nearest=tuple(near.most_common(3)),
    )


def _most_asked(gap: Gap) -> tuple[int, int, int]:
    return -gap.asked, -len(gap.wordings), -gap.last.toordinal()


def _with_hits(gap: Gap, hits: tuple[Hit, ...] | None) -> Gap:
    return Gap(gap.wordings, gap.refused, gap.partly, gap.last, gap.missing, gap.nearest, hits)


def _plain(text: str) -> str:
    """Take for one question what differs only in capitals, spaces and the marks at its end."""
    return re.sub(r"\s+", " ", text).strip().rstrip(" ?!.…").lower() or text


def _small(read: TokenVectors) -> TokenVectors:
    """Keep half the bytes: a thousand questions are some 10 MB then."""
    return TokenVectors(read.vectors.astype(np.float16), read.spans, read.whole)
