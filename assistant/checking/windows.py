"""Which neighbouring sentences of a passage say most of what a sentence says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.checking.reading import Reader
from assistant.checking.features import KIND, NEAR, SENSE, STEM
from assistant.sentences import split_sentences
from assistant.vocabulary import Passage

WIDEST = 3
# What another sentence in the quote has to add, as a share of the words looked for.
_COST = 0.05


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
    """Return the windows that say most of the text, the best first; no two with the same first sentence."""
    claim = reader.read(text)
    places = spans(passage.text)
    weight = (1 - claim.flags[:, 2]) * claim.flags[:, 4]
    if not len(claim.words) or not weight.any():
        return ()
    rows = []
    for start, end in places:
        held = reader.read(passage.text[start:end])
        rows.append(_best(reader, text, passage.text[start:end]) if held.words else np.zeros(len(claim.words)))
    windows = [
        (float(np.max(rows[first : last + 1], axis=0) @ weight / weight.sum()) - _COST * (last - first), first, last)
        for first in range(len(places))
        for last in range(first, min(first + WIDEST, len(places)))
    ]
    ranked = sorted(windows, reverse=True)[:count]
    return tuple(Window(passage, passage.text[places[first][0] : places[last][1]], share) for share, first, last in ranked)


def _best(reader: Reader, text: str, sentence: str) -> np.ndarray:
    relations = reader.relate(reader.read(text), reader.read(sentence))
    akin = np.maximum(relations[:, :, STEM], 0.8 * relations[:, :, SENSE : KIND + 1].max(axis=2))
    return np.maximum(akin, relations[:, :, NEAR]).max(axis=1)
