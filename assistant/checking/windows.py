"""Which neighbouring sentences of a passage say most of what a sentence says."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.checking.lexicon import Vector
from assistant.checking.reading import Reader
from assistant.sentences import split_sentences
from assistant.vocabulary import Passage

WIDEST = 3
# What another sentence in the quote has to add, as a share of the words looked for.
_COST = 0.04


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of a passage as they stand there, and how much (0..1) of a sentence they say."""

    passage: Passage
    quote: str
    share: float


@lru_cache(maxsize=4096)
def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence of a text starts and ends."""
    found, at = [], 0
    for sentence in split_sentences(text):
        start = text.index(sentence, at)
        at = start + len(sentence)
        found.append((start, at))
    return tuple(found)


def best_windows(reader: Reader, text: str, passage: Passage, count: int) -> tuple[Window, ...]:
    """Return the windows that say most of the text, the best first."""
    claim = reader.read(text)
    weight = (1 - claim.flags[:, 2]) * claim.flags[:, 4] if claim.words else np.zeros(0)
    places = spans(passage.text)
    if not weight.any():
        return ()
    best = np.array([_nearest(reader, claim.vectors, passage.text[start:end]) for start, end in places])
    windows = [
        (
            float(best[first : last + 1].max(axis=0) @ weight / weight.sum()) - _COST * (last - first),
            first,
            last,
        )
        for first in range(len(places))
        for last in range(first, min(first + WIDEST, len(places)))
    ]
    return tuple(
        Window(passage, passage.text[places[first][0] : places[last][1]], share)
        for share, first, last in sorted(windows, reverse=True)[:count]
    )


def _nearest(reader: Reader, words: Vector, sentence: str) -> Vector:
    """Return how near each word is to its nearest in the sentence."""
    held = reader.read(sentence).vectors
    return np.asarray((words @ held.T).max(axis=1) if len(held) else np.zeros(len(words)), dtype=np.float32)
