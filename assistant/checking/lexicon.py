"""What words mean without a model at hand: vectors for pieces of words, and which words are akin or opposite.

The vectors are the input embeddings of all-MiniLM-L6-v2 (Apache-2.0), made smaller; kinship and opposites
come from WordNet 3.0. `python -m assistant.evaluation.lexicon` makes the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

Vector = np.ndarray[Any, np.dtype[np.float32]]

FILE = "checking/lexicon.npz"
_LONGEST = 20


@dataclass(frozen=True, eq=False)
class Lexicon:
    """`senses` of a stem, what each is a kind of (`kinds`), by number; `opposites` are pairs of stems."""

    pieces: Mapping[str, int]
    vectors: Vector
    senses: Mapping[str, frozenset[int]]
    kinds: Mapping[int, frozenset[int]]
    opposites: frozenset[tuple[str, str]]

    @property
    def dimension(self) -> int:
        """How long a vector is."""
        return int(self.vectors.shape[1])

    def vector(self, word: str) -> Vector:
        """Return the mean of the vectors of the word's pieces, of length 1; zeros where no piece is known."""
        rows = [self.pieces[piece] for piece in self._split(word) if piece in self.pieces]
        if not rows:
            return np.zeros(self.dimension, dtype=np.float32)
        mean = self.vectors[rows].mean(axis=0)
        return np.asarray(mean / (np.linalg.norm(mean) + 1e-6), dtype=np.float32)

    def general(self, stem: str) -> frozenset[int]:
        """Return the senses that the stem's own senses are a kind of."""
        return frozenset(above for sense in self.senses.get(stem, ()) for above in self.kinds.get(sense, ()))

    def _split(self, word: str) -> list[str]:
        """Cut a lower-case word into the longest pieces known, from its start (Wu et al., 2016)."""
        found, at = [], 0
        while at < len(word):
            for end in range(min(len(word), at + _LONGEST), at, -1):
                piece = word[at:end] if not at else f"##{word[at:end]}"
                if piece in self.pieces:
                    found.append(piece)
                    at = end
                    break
            else:
                at += 1
        return found


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the lexicon that ships with the package."""
    with (files("assistant") / FILE).open("rb") as file, np.load(file, allow_pickle=False) as held:
        pieces = str(held["pieces"]).split("\n")
        stems = str(held["stems"]).split("\n")
        senses = _ragged(held["senses"], held["sense_counts"])
        kinds = _ragged(held["kinds"], held["kind_counts"])
        pairs = str(held["opposites"]).split("\n")
        return Lexicon(
            {piece: row for row, piece in enumerate(pieces)},
            held["vectors"].astype(np.float32) / 127,
            dict(zip(stems, senses, strict=True)),
            {int(sense): held_by for sense, held_by in zip(held["kind_of"], kinds, strict=True)},
            frozenset(pair for line in pairs for a, b in [line.split(" ")] for pair in ((a, b), (b, a))),
        )


def _ragged(flat: np.ndarray[Any, Any], counts: np.ndarray[Any, Any]) -> list[frozenset[int]]:
    ends = np.cumsum(counts)
    return [frozenset(flat[end - count : end].tolist()) for end, count in zip(ends, counts, strict=True)]
