"""Finding by meaning: the nearest passages, and those with the nearest sentence or question."""

from collections.abc import Sequence
from dataclasses import dataclass

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
        return merge(hits, "sentence", _best(query, self.indexed.sentences, cosines, self.limit))


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
        best = _best(query, self.indexed.asked, cosines, len(self.indexed.passages))
        least = sorted(best.values(), reverse=True)[: self.limit][-1:]
        return merge(hits, "asked", {passage: max(value, *least) for passage, value in best.items()})


def _best(
    query: Query, lines: Sequence[IndexedSentence], cosines: Vectors, limit: int
) -> dict[Passage, float]:
    best: dict[Passage, float] = {}
    for at in np.argsort(-cosines, kind="stable"):
        passage = lines[at].passage
        if passage not in best and query.admits(passage.document):
            best[passage] = float(cosines[at])
            if len(best) == limit:
                break
    return best
