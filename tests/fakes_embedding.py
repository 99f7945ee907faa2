"""An embedder without a model: each word has a vector of its own, and a text is the sum of its words."""

import re
import time
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.embedding import Progress, TokenVectors, Vector, Vectors

_WORD = re.compile(r"\w+|[^\w\s]")


class FakeEmbedder:
    """Deterministic, also between processes; remembers every text it was given.

    `seconds` are spent on each text. After `breaks_after` texts it fails, as a power cut would.
    With `deep` it tells states on the way as well.
    """

    def __init__(
        self,
        name: str = "fake",
        *,
        dimension: int = 64,
        limit: int = 256,
        seconds: float = 0.0,
        breaks_after: int | None = None,
        deep: bool = False,
    ) -> None:
        self.name = name
        self.dimension = dimension
        self.limit = limit
        self.embedded: list[str] = []
        self._seconds = seconds
        self._breaks_after = breaks_after
        self._deep = deep

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        for done, text in enumerate(texts, 1):
            time.sleep(self._seconds)
            if len(self.embedded) == self._breaks_after:
                raise PowerCutError
            self.embedded.append(text)
            if on_progress:
                on_progress(done, len(texts))
        rows = [self._whole(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [self._tokens(text) for text in texts]

    def count(self, text: str) -> int:
        """Count words and punctuation, and two for the special pieces that a model adds."""
        return len(_WORD.findall(text)) + 2

    def _tokens(self, text: str) -> TokenVectors:
        found = list(_WORD.finditer(text))
        vectors = np.array([self._word(match[0]) for match in found], dtype=np.float32)
        spans = tuple(match.span() for match in found)
        vectors, ends = vectors.reshape(-1, self.dimension), np.zeros((1, self.dimension), dtype=np.float32)
        deep = np.concatenate((ends, 20 * vectors, ends)) if self._deep else None
        return TokenVectors(vectors, spans, self._whole(text), deep, deep)

    def _whole(self, text: str) -> Vector:
        words = [self._word(word) for word in _WORD.findall(text)] or [self._word("")]
        return _of_length_one(np.sum(words, axis=0))

    def _word(self, word: str) -> Vector:
        numbers = np.random.default_rng(zlib.crc32(word.lower().encode()))
        return _of_length_one(numbers.standard_normal(self.dimension))


class PowerCutError(Exception):
    """The embedder stopped in the middle of its work."""


def _of_length_one(vector: npt.NDArray[np.floating]) -> Vector:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
