"""A sentence as the checker's network sees it: its words, and how they stand to the words of another."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.checking.lexicon import Lexicon, Vector
from assistant.words import STOP_WORDS, stem

# Same word, same stem, same sense, a kind of the other, the other way round, opposite, nearness.
RELATIONS = 7
FLAGS = 5
LONGEST = 160
_WORD = re.compile(r"[A-Za-z0-9£$€][\w.,&]*[\w%]|[A-Za-z0-9%&]|[’'](?:s|t|re|ve|ll)\b")
_NO = frozenset(
    "not no never none nobody nothing neither nor without cannot t hardly rarely fail failed fails".split()
)
_SMALL_WORDS = STOP_WORDS - _NO


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The words of a text in order, with their stems, vectors (n, d) and flags (n, FLAGS)."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    vectors: Vector
    flags: Vector


class Reader:
    """Reads texts with a lexicon, and remembers what it read last."""

    def __init__(self, lexicon: Lexicon, size: int = 4096) -> None:
        self.lexicon = lexicon
        self._vector = lru_cache(maxsize=32_768)(lexicon.vector)
        self.read = lru_cache(maxsize=size)(self._read)

    def _read(self, text: str) -> Reading:
        found = [match[0] for match in _WORD.finditer(text.replace("’", "'"))][:LONGEST]
        words = tuple(word.lower() for word in found)
        vectors = [self._vector(re.sub(r"[^a-z0-9]", "", word)) for word in words]
        return Reading(
            words,
            tuple(stem(word) for word in words),
            np.array(vectors, dtype=np.float32).reshape(-1, self.lexicon.dimension),
            np.array([_flags(word) for word in found], dtype=np.float32).reshape(-1, FLAGS),
        )

    def relate(self, claim: Reading, quote: Reading) -> Vector:
        """Return how each word of the claim stands to each of the quote (n, m, RELATIONS)."""
        relations = np.zeros((len(claim.words), len(quote.words), RELATIONS), dtype=np.float32)
        places: dict[str | int, list[int]] = defaultdict(list)
        kinds: dict[int, list[int]] = defaultdict(list)
        for at, (word, root) in enumerate(zip(quote.words, quote.stems, strict=True)):
            places[f"={word}"].append(at)
            places[root].append(at)
            for sense in self.lexicon.senses(root):
                places[sense].append(at)
            for kind in self.lexicon.general(root):
                kinds[kind].append(at)
        against = set(quote.stems)
        for at, (word, root) in enumerate(zip(claim.words, claim.stems, strict=True)):
            relations[at, places.get(f"={word}", []), 0] = 1
            relations[at, places.get(root, []), 1] = 1
            for sense in self.lexicon.senses(root):
                relations[at, places.get(sense, []), 2] = 1
                relations[at, kinds.get(sense, []), 3] = 1
            for kind in self.lexicon.general(root):
                relations[at, places.get(kind, []), 4] = 1
            for other in against:
                if (root, other) in self.lexicon.opposites:
                    relations[at, places[other], 5] = 1
        relations[:, :, 6] = claim.vectors @ quote.vectors.T
        return relations


def _flags(word: str) -> tuple[float, ...]:
    small = word.lower()
    return (
        float(word[0].isupper()),
        float(any(letter.isdigit() for letter in word)),
        float(small in _SMALL_WORDS),
        float(small.strip("'") in _NO or small.endswith("n't")),
        float(len(small) > 1),
    )
