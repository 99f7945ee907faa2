"""Which of many short texts have which words, and how much two have in common."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from assistant.embedding import Vector
from assistant.words import stems

Numbers = np.ndarray[Any, np.dtype[np.integer[Any]]]


@dataclass(frozen=True)
class Postings:
    """An inverted index over `count` texts: stem s is in `texts[starts[s] : starts[s + 1]]`."""

    stems: Mapping[str, int]
    starts: Numbers
    texts: Numbers
    count: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Make the index."""
        held = [set(stems(text)) for text in texts]
        having: dict[str, list[int]] = {}
        for at, words in enumerate(held):
            for word in sorted(words):
                having.setdefault(word, []).append(at)
        flat = np.array([at for each in having.values() for at in each], dtype=np.int32)
        starts = np.cumsum([0, *map(len, having.values())])
        return cls({word: at for at, word in enumerate(having)}, starts, flat, len(held))

    def in_common(self, text: str) -> Vector:
        """Return the share (count,) of words, 0..1 by weight, that both have of those that either has."""
        words = set(stems(text))
        shared = np.zeros(self.count, dtype=np.float32)
        for at in (self.stems[word] for word in words if word in self.stems):
            shared[self.texts[self.starts[at] : self.starts[at + 1]]] += self._weights[at]
        unknown = self._weight(0)
        total = sum(self._weights[self.stems[word]] if word in self.stems else unknown for word in words)
        return np.asarray(shared / np.maximum(total + self._totals - shared, 1e-6), dtype=np.float32)

    @cached_property
    def _weights(self) -> Vector:
        """What each stem weighs: its inverse document frequency (Spärck Jones, 1972)."""
        return np.array([self._weight(had) for had in np.diff(self.starts)], dtype=np.float32)

    @cached_property
    def _totals(self) -> Vector:
        """What all words of each text weigh together."""
        weights = np.repeat(self._weights, np.diff(self.starts))
        return np.bincount(self.texts, weights, minlength=self.count).astype(np.float32)

    def _weight(self, had: int) -> float:
        return math.log((self.count + 1) / (had + 1))
