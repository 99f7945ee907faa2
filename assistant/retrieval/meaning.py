"""Finding by meaning: the nearest passages, and the passages with the nearest sentence."""

from dataclasses import dataclass

import numpy as np

from assistant.embedding import Embedder
from assistant.index import Indexed
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
        best: dict[Passage, float] = {}
        for at in np.argsort(-cosines, kind="stable"):
            passage = self.indexed.sentences[at].passage
            if passage not in best and query.admits(passage.document):
                best[passage] = float(cosines[at])
                if len(best) == self.limit:
                    break
        return merge(hits, "sentence", best)
