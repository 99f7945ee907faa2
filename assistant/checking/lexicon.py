"""What words mean without a model at hand: vectors for pieces of words, and which words are akin or opposite.

The vectors are the input embeddings of all-MiniLM-L6-v2 (Apache-2.0), made smaller; kinship and opposites
come from WordNet 3.0. `python -m assistant.evaluation.lexicon` makes the file.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

Vector = np.ndarray[Any, np.dtype[np.float32]]

FILE = "checking/lexicon.npz"
_LONGEST = 20


class Lexicon:
    """`senses` of a stem by number, and what these are a kind of (`general`); `opposites` are pairs of stems.

    Numbers stay packed as they are in the file (most words are never looked up), and what was is remembered.
    """

    def __init__(self, held: Mapping[str, Any]) -> None:
        self._pieces = {piece: row for row, piece in enumerate(str(held["pieces"]).split("\n"))}
        self._vectors: np.ndarray[Any, np.dtype[np.int8]] = held["vectors"]
        self._stems = {stem: row for row, stem in enumerate(str(held["stems"]).split("\n"))}
        self._senses = _Groups(held["senses"], held["sense_counts"])
        self._kind_of = {int(sense): row for row, sense in enumerate(held["kind_of"])}
        self._kinds = _Groups(held["kinds"], held["kind_counts"])
        pairs = str(held["opposites"]).split("\n")
        self.opposites = frozenset(
            pair for line in pairs for a, b in [line.split(" ")] for pair in ((a, b), (b, a))
        )
        self.senses = lru_cache(maxsize=8_192)(self._senses_of)
        self.general = lru_cache(maxsize=8_192)(self._general)

    @property
    def dimension(self) -> int:
        """How long a vector is."""
        return int(self._vectors.shape[1])

    def vector(self, word: str) -> Vector:
        """Return the mean of the vectors of the word's pieces, of length 1; zeros where no piece is known."""
        rows = [self._pieces[piece] for piece in self._split(word)]
        if not rows:
            return np.zeros(self.dimension, dtype=np.float32)
        mean = (self._vectors[rows].astype(np.float32) / 127).mean(axis=0)
        return np.asarray(mean / (np.linalg.norm(mean) + 1e-6), dtype=np.float32)

    def _senses_of(self, stem: str) -> frozenset[int]:
        return self._senses[self._stems[stem]] if stem in self._stems else frozenset()

    def _general(self, stem: str) -> frozenset[int]:
        rows = [self._kind_of[sense] for sense in self.senses(stem) if sense in self._kind_of]
        return frozenset(above for row in rows for above in self._kinds[row])

    def _split(self, word: str) -> list[str]:
        """Cut a lower-case word into the longest pieces known, from its start (Wu et al., 2016)."""
        found, at = [], 0
        while at < len(word):
            for end in range(min(len(word), at + _LONGEST), at, -1):
                piece = word[at:end] if not at else f"##{word[at:end]}"
                if piece in self._pieces:
                    found.append(piece)
                    at = end
                    break
            else:
                at += 1
        return found


class _Groups:
    """Groups of numbers, packed one behind the other."""

    def __init__(self, numbers: np.ndarray[Any, Any], counts: np.ndarray[Any, Any]) -> None:
        self._numbers, self._ends = numbers, np.cumsum(counts, dtype=np.int32)

    def __getitem__(self, row: int) -> frozenset[int]:
        start = self._ends[row - 1] if row else 0
        return frozenset(self._numbers[start : self._ends[row]].tolist())


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the lexicon that ships with the package."""
    with (files("assistant") / FILE).open("rb") as file, np.load(file, allow_pickle=False) as held:
        return Lexicon(held)
