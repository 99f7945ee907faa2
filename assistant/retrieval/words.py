"""Finding by words: BM25 over stems, with the everyday words for what the material says."""

import math
from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any

import numpy as np

from assistant.retrieval.everyday import Everyday
from assistant.retrieval.merging import merge
from assistant.vocabulary import Hit, Passage, Query
from assistant.words import stems

Scores = np.ndarray[Any, np.dtype[np.float32]]


class Lucene:
    """BM25 in Lucene's form (Kamphuis et al., 2020): what each word adds to each text is computed once."""

    def __init__(self, texts: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75) -> None:
        self._count = len(texts)
        mean = sum(map(len, texts)) / max(1, self._count)
        found: dict[str, tuple[array[int], array[float]]] = {}
        for at, words in enumerate(texts):
            dampened = k1 * (1 - b + b * len(words) / (mean or 1))
            for word, times in Counter(words).items():
                held, shares = found.setdefault(word, (array("i"), array("d")))
                held.append(at)
                shares.append(times / (dampened + times))
        self._held = {word: self._weighed(*each) for word, each in found.items()}

    def _weighed(self, held: "array[int]", shares: "array[float]") -> tuple[np.ndarray[Any, Any], Scores]:
        """Return the texts that have a word, and how much it counts in each; rare words count more."""
        weight = float(np.float32(math.log(1 + (self._count - len(held) + 0.5) / (len(held) + 0.5))))
        return np.array(held, dtype=np.int32), (weight * np.array(shares)).astype(np.float32)

    def __contains__(self, word: str) -> bool:
        """Whether any text has the word."""
        return word in self._held

    def scores(self, words: Collection[str]) -> Scores:
        """Return the score of each text: the sum over the words that it has."""
        scores = np.zeros(self._count, dtype=np.float32)
        for word in sorted(words):
            texts, shares = self._held[word]
            scores[texts] += shares
        return scores


class Words:
    """Adds `words`, a passage's BM25 score (0 and up).

    Heading, title, authors, organisation and place count as words of the passage.
    A word that only the thesaurus suggests counts `everyday_weight` of one the reader wrote.
    """

    def __init__(
        self, passages: Sequence[Passage], everyday: Everyday, everyday_weight: float = 0.6, limit: int = 100
    ) -> None:
        self._passages = tuple(passages)
        self._everyday, self._everyday_weight, self._limit = everyday, everyday_weight, limit
        self._lucene = Lucene([searchable_stems(passage) for passage in self._passages])

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Score every passage that the filters admit; those without a word in common stay out."""
        scores = self._scores(query.text)
        ranked = (
            (self._passages[at], float(scores[at]))
            for at in np.argsort(-scores, kind="stable")
            if scores[at] > 0 and query.admits(self._passages[at].document)
        )
        return merge(hits, "words", dict(islice(ranked, self._limit)))

    def _scores(self, text: str) -> Scores:
        written = {stem for stem in stems(text) if stem in self._lucene}
        meant = {stem for stem in self._everyday.meant_by(text) if stem in self._lucene} - written
        return np.asarray(
            self._lucene.scores(written) + self._everyday_weight * self._lucene.scores(meant), np.float32
        )


def searchable_stems(passage: Passage) -> list[str]:
    """Stems of everything that a reader could name a passage by."""
    document = passage.document
    fields = (
        document.title, document.organisation, document.place or "", *document.authors,
        passage.section, passage.text,
    )  # fmt: skip
    return stems(" ".join(fields))
