"""Groups questions that ask the same in other words: by what their words mean, and by how they are spelt."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from assistant.embedding import TokenVectors
from assistant.words import STOP_WORDS, stem, stems

Matrix = npt.NDArray[np.float32]

_WORD = re.compile(r"\w+")
_BUCKETS = 2**12


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two questions are, -1..1: `meaning` of it by vectors, the rest by pieces of words.

    A question's vector is the mean of its words', each weighing more the fewer of the questions have it:
    as one vector for the whole sentence, "What is the … fund?" would be like every other "What is the …
    fund?". Three letters in a row are alike where a word is misspelt. The three numbers were chosen on one
    half of tests/staff and measured on the other; tests/staff/test_likeness.py has the figures.
    """

    meaning: float = 0.7
    stop_word: float = 0.3
    least: float = 0.34

    def matrix(self, texts: Sequence[str], tokens: Sequence[TokenVectors]) -> Matrix:
        """Compare every question with every other."""
        held_by = Counter(one for text in texts for one in set(stems(text)))
        weights = {one: math.log(1 + len(texts) / (1 + number)) for one, number in held_by.items()}
        rows = [self._vector(text, read, weights) for text, read in zip(texts, tokens, strict=True)]
        vectors = _of_length_one(np.stack(rows))
        letters = _letters(texts)
        return self.meaning * (vectors @ vectors.T) + (1 - self.meaning) * (letters @ letters.T)

    def groups(self, likeness: Matrix) -> list[list[int]]:
        """Put together what is alike on average, as positions in the matrix; each group is in order."""
        return average_link(likeness, self.least)

    def _vector(self, text: str, read: TokenVectors, weights: Mapping[str, float]) -> Matrix:
        words = [(found.start(), found.end(), found[0].lower()) for found in _WORD.finditer(text)]
        weighed = np.array([self._weight(start, words, weights) for start, _ in read.spans], dtype=np.float32)
        if not weighed.sum():
            return np.asarray(read.whole, dtype=np.float32)
        return np.asarray(weighed @ read.vectors.astype(np.float32), dtype=np.float32)

    def _weight(self, at: int, words: Sequence[tuple[int, int, str]], weights: Mapping[str, float]) -> float:
        word = next((word for start, end, word in words if start <= at < end), "")
        if not word:
            return 0.0
        return self.stop_word if word in STOP_WORDS else weights.get(stem(word), 1.0)


def average_link(likeness: Matrix, least: float) -> list[list[int]]:
    """Merge the two most alike groups until none are `least` alike on average.

    By chains of nearest neighbours (Murtagh, 1983), which finds the same merges in n² steps instead of n³.
    """
    near = likeness.astype(np.float64)
    np.fill_diagonal(near, -np.inf)
    members = {at: [at] for at in range(len(near))}
    open_ = dict.fromkeys(members)
    groups: list[list[int]] = []
    chain: list[int] = []
    while open_:
        here = chain[-1] if chain else next(iter(open_))
        chain = chain or [here]
        nearest = int(near[here].argmax())
        if near[here, nearest] < least:
            groups.append(sorted(members.pop(here)))
            _close(near, here)
            del open_[here]
            chain.pop()
        elif len(chain) > 1 and near[here, chain[-2]] >= near[here, nearest]:
            into = chain[-2]
            del chain[-2:]
            _merge(near, here, into, len(members[here]), len(members[into]))
            members[into] += members.pop(here)
            del open_[here]
        else:
            chain.append(nearest)
    return sorted(groups)


def _merge(near: npt.NDArray[np.float64], gone: int, into: int, leaving: int, staying: int) -> None:
    mean = (leaving * near[gone] + staying * near[into]) / (leaving + staying)
    near[into], near[:, into] = mean, mean
    near[into, into] = -np.inf
    _close(near, gone)


def _close(near: npt.NDArray[np.float64], at: int) -> None:
    near[at], near[:, at] = -np.inf, -np.inf


def _letters(texts: Sequence[str]) -> Matrix:
    """Count each text's pieces of three letters; one that few texts have weighs more."""
    counted = [Counter(_pieces(text)) for text in texts]
    held_by = Counter(piece for pieces in counted for piece in pieces)
    rows = np.zeros((len(texts), _BUCKETS), dtype=np.float32)
    for row, pieces in zip(rows, counted, strict=True):
        for piece, number in pieces.items():
            weight = math.log(1 + len(texts) / held_by[piece])
            row[crc32(piece.encode()) % _BUCKETS] += weight * (1 + math.log(number))
    return _of_length_one(rows)


def _pieces(text: str) -> list[str]:
    padded = [f" {word} " for word in _WORD.findall(text.lower())]
    return [word[at : at + 3] for word in padded for at in range(len(word) - 2)]


def _of_length_one(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)
