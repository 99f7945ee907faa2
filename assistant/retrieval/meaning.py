"""Finding by meaning: the nearest passages, and those with the nearest sentence or question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np

from assistant.embedding import Embedder, Vectors
from assistant.index import Indexed, IndexedSentence
from assistant.retrieval.merging import merge
from assistant.vocabulary import Hit, Passage, Query


@dataclass(frozen=True)
class Meaning:
    """Adds `meaning`, a passage's cosine to the query (-1..1)."""

    indexed: Indexed
    embedder: Embedder
    limit: int = 100

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Ask Chroma, with the reader's filters."""
        vector = self.embedder.embed([query.text])[0]
        near = self.indexed.nearest(vector, self.limit, query.principles, query.kinds)
        passages = {passage.id: passage for passage in self.indexed.passages}
        return merge(hits, "meaning", {passages[found]: cosine for found, cosine in near})


@dataclass(frozen=True)
class NearestSentence:
    """Adds `sentence`, the cosine of a passage's nearest sentence (-1..1).

    A long passage hides the one sentence that answers; reading sentence by sentence finds it.
    """

    indexed: Indexed
    embedder: Embedder
    limit: int = 100

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Compare with every sentence in memory, keep the best of each passage."""
        cosines = self.indexed.sentence_vectors @ self.embedder.embed([query.text])[0]
        return merge(hits, "sentence", self._lines.best(query, cosines, self.limit))

    @cached_property
    def _lines(self) -> "_Lines":
        return _Lines(self.indexed.sentences)


@dataclass(frozen=True)
class NearestQuestion:
    """Adds `asked`, the cosine of the nearest question that a passage is known to answer (-1..1).

    Readers seldom use the words of the text, but they use each other's: questions written beside
    a section let it be found (Nogueira et al., 2019, arXiv 1904.08375). They are never shown or cited.
    Every passage that has questions gets the part, so that none of it means that there are none; those
    behind the first `limit` are all alike.
    """

    indexed: Indexed
    embedder: Embedder
    limit: int = 100

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Compare with every question in memory, keep the best of each passage."""
        if not self.indexed.asked:
            return hits
        cosines = self.indexed.asked_vectors @ self.embedder.embed([query.text])[0]
        best = self._lines.best(query, cosines)
        least = list(best.values())[: self.limit][-1:]
        return merge(hits, "asked", {passage: max(value, *least) for passage, value in best.items()})

    @cached_property
    def _lines(self) -> "_Lines":
        return _Lines(self.indexed.asked)


class _Lines:
    """Which passage each line is of."""

    def __init__(self, lines: Sequence[IndexedSentence]) -> None:
        places: dict[Passage, list[int]] = {}
        for at, line in enumerate(lines):
            places.setdefault(line.passage, []).append(at)
        self._passages = tuple(places)
        self._order = np.array([at for each in places.values() for at in each], dtype=np.int64)
        self._starts = np.cumsum([0, *(len(each) for each in places.values())])[:-1]

    def best(self, query: Query, cosines: Vectors, limit: int | None = None) -> dict[Passage, float]:
        """Return the best cosine of each of the passages that the filters admit, best first."""
        if not self._passages:
            return {}
        best = np.maximum.reduceat(cosines[self._order], self._starts)
        ranked = ((self._passages[at], float(best[at])) for at in np.argsort(-best, kind="stable"))
        return dict(islice((each for each in ranked if query.admits(each[0].document)), limit))
