"""Late interaction: each word of the question looks for its best match among a passage's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from assistant.embedding import Embedder, TokenVectors
from assistant.retrieval.merging import merge, spread
from assistant.retrieval.tokens import PassageTokens
from assistant.vocabulary import Hit, Passage, Query
from assistant.words import STOP_WORDS, tokens

Vector = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class QueryTokens:
    """The words of a question that carry its subject, each with its vectors in `vectors`."""

    words: tuple[str, ...]
    vectors: Vector
    starts: tuple[int, ...]


class Interaction:
    """MaxSim (Khattab and Zaharia, 2020, arXiv 2004.12832) with the embedding model's own token vectors.

    The model was trained for whole sentences, not for this, and yet its tokens find
    everyday words for what the material says better than any other measure tried here.
    """

    def __init__(self, embedder: Embedder, passages: Mapping[str, PassageTokens]) -> None:
        self._embedder, self._passages = embedder, passages
        self._query = lru_cache(maxsize=256)(self._read_query)

    def passage(self, text: str, passage: Passage) -> float:
        """Mean over the question's words of the best match in the passage (-1..1)."""
        return float(self.words(text, passage).mean())

    def all_passages(self, text: str, passages: Sequence[Passage]) -> list[float]:
        """Return `passage` of each. No passage is copied: to join them took longer than to read them."""
        query = self._query(text)
        held = [self._passages[each.id] for each in passages]
        if not query.words or not all(len(each.rounded) for each in held):
            return [self.passage(text, each) for each in passages]
        best = np.empty((len(query.vectors), len(passages)), dtype=np.float32)
        for at, each in enumerate(held):
            best[:, at] = each.near(query.vectors).max(axis=1)
        return [float(value) for value in self._by_word(query, best).mean(axis=0)]

    def words(self, text: str, passage: Passage) -> Vector:
        """Best match in the passage of each word of the question, in its order."""
        return self._best(self._query(text), self._passages[passage.id].vectors)

    def sentences(self, text: str, passage: Passage) -> tuple[tuple[str, float], ...]:
        """Each sentence of the passage with the mean best match of the question's words in it."""
        query, held = self._query(text), self._passages[passage.id]
        if not query.words or any(where.stop <= where.start for _, where in held.sentences):
            return tuple(
                (text, float(self._best(query, held.vectors[at]).mean())) for text, at in held.sentences
            )
        near = held.near(query.vectors)
        best = np.stack([near[:, where].max(axis=1) for _, where in held.sentences], axis=1)
        means = self._by_word(query, best).mean(axis=0)
        return tuple(
            (sentence, float(mean)) for (sentence, _), mean in zip(held.sentences, means, strict=True)
        )

    @property
    def model(self) -> str:
        """The identity of the embedding model whose vectors these are."""
        return self._embedder.name

    def read(self, text: str) -> TokenVectors:
        """Return all tokens of a question."""
        return self._embedder.tokens([text])[0]

    def vectors(self, passage: Passage) -> Vector:
        """Return all token vectors of a passage (n, d)."""
        return self._passages[passage.id].vectors

    def query(self, text: str) -> QueryTokens:
        """Return the words that are looked for."""
        return self._query(text)

    def _best(self, query: QueryTokens, vectors: Vector) -> Vector:
        if not len(vectors) or not query.words:
            return np.zeros(max(1, len(query.words)), dtype=np.float32)
        best = (query.vectors @ vectors.T).max(axis=1)
        return self._by_word(query, best[:, np.newaxis])[:, 0]

    @staticmethod
    def _by_word(query: QueryTokens, best: Vector) -> Vector:
        """Return the mean over each word's tokens (rows), in each column."""
        widths = np.diff((*query.starts, len(best)))[:, np.newaxis]
        return np.asarray(np.add.reduceat(best, query.starts, axis=0) / widths, dtype=np.float32)

    def _read_query(self, text: str) -> QueryTokens:
        read = self.read(text)
        words: dict[int, list[int]] = {}
        for at, (start, _) in enumerate(read.spans):
            words.setdefault(_word_start(text, start), []).append(at)
        named = {_word_at(text, start): where for start, where in words.items()}
        kept = {
            word: where for word, where in named.items() if tokens(word) and word.lower() not in STOP_WORDS
        } or named
        starts = np.cumsum([0, *(len(where) for where in kept.values())])[:-1]
        return QueryTokens(
            tuple(kept),
            read.vectors[[at for where in kept.values() for at in where]],
            tuple(int(start) for start in starts),
        )


def _word_start(text: str, at: int) -> int:
    while at and (text[at - 1].isalnum() or text[at - 1] in "'’"):
        at -= 1
    return at


def _word_at(text: str, start: int) -> str:
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] in "'’"):
        end += 1
    return text[start : max(end, start + 1)]


@dataclass(frozen=True)
class Reranking:
    """Adds `interaction` to the best `limit` hits, and its min-max value times `weight` to their score.

    Scores are brought back to 0..1 by dividing by 1 + weight.
    """

    interaction: Interaction
    weight: float = 0.5
    limit: int = 60

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Reorder the best hits; the rest follows as it was."""
        read = [hit.passage for hit in hits[: self.limit]]
        best = dict(zip(read, self.interaction.all_passages(query.text, read), strict=True)) if read else {}
        low, width = spread(best.values())
        merged = merge(hits, "interaction", best)
        scored = (Hit(hit.passage, self._score(hit, low, width), hit.parts) for hit in merged)
        return tuple(sorted(scored, key=lambda hit: -hit.score))

    def _score(self, hit: Hit, low: float, width: float) -> float:
        extra = (hit.parts["interaction"] - low) / width if "interaction" in hit.parts else 0.0
        return (hit.score + self.weight * extra) / (1 + self.weight)
