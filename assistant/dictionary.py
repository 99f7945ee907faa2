"""Words with their counts, packed, and which of them are a slip or two away from what was typed."""

from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

_COMMON = "frequency_dictionary_en_82_765.txt"
_FAR = 100  # further than any reach
_LETTERS = np.array([1 << (code & 31) if code else 0 for code in range(256)], dtype=np.uint32)


class Dictionary:
    """Common English words (a line each, `word count`) and our own, which count `lead` more.

    They are kept in columns of numbers: a quarter of the memory of a dict, and all are compared at once.
    """

    def __init__(self, common: bytes, own: Collection[str], lead: int) -> None:
        fields = common.removeprefix(b"\xef\xbb\xbf").split()
        listed = np.array(fields[::2], dtype=np.bytes_)
        ours = np.array(sorted({_encoded(word) for word in own}), dtype=np.bytes_)
        order = np.argsort(listed, kind="stable")
        words = listed[order].astype(np.promote_types(listed.dtype, ours.dtype))
        counts = np.array(fields[1::2], dtype=np.int64)[order]
        at = np.searchsorted(words, ours)
        is_new = np.take(words, at, mode="clip") != ours
        counts[at[~is_new]] += lead
        self._words: Array = np.insert(words, at[is_new], ours[is_new])
        self._counts: Array = np.insert(counts, at[is_new], lead)
        self._codes: Array = self._words.view(np.uint8).reshape(len(self._words), -1)
        self._lengths: Array = np.count_nonzero(self._codes, axis=1).astype(np.int32)
        self._letters: Array = np.zeros(len(self._words), dtype=np.uint32)
        for column in self._codes.T:
            self._letters |= _LETTERS[column]

    def count(self, word: str) -> int:
        """Return how often the word is written; 0 for what is no word."""
        typed = _encoded(word)
        at = int(np.searchsorted(self._words, typed))
        return int(self._counts[at]) if at < len(self._words) and self._words[at] == typed else 0

    def near(self, word: str, reach: int) -> list[str]:
        """Return the nearest words, if any is within `reach` slips; those written most often first.

        A slip is a letter left out, put in or changed, or two that were swapped.
        """
        typed = _encoded(word)
        letters = np.bitwise_or.reduce(_LETTERS[np.frombuffer(typed, dtype=np.uint8)])
        alike = np.abs(self._lengths - len(typed)) <= reach
        alike &= np.bitwise_count(self._letters & ~letters) <= reach
        alike &= np.bitwise_count(letters & ~self._letters) <= reach
        close = np.flatnonzero(alike)
        if not len(close):
            return []
        distances = _distances(typed, self._codes[close], self._lengths[close], reach)
        if distances.min() > reach:
            return []
        nearest = close[distances == distances.min()]
        order = np.argsort(-self._counts[nearest], kind="stable")
        return [str(self._words[at].decode()) for at in nearest[order]]


def common_words() -> bytes:
    """Read the words that SymSpell ships with (Garbe, https://github.com/wolfgarbe/SymSpell)."""
    found = find_spec("symspellpy")
    assert found
    assert found.origin
    return (Path(found.origin).parent / _COMMON).read_bytes()


def _encoded(word: str) -> bytes:
    return word.encode("latin-1", "replace")


def _distances(typed: bytes, codes: Array, lengths: Array, reach: int) -> Array:
    """Return the optimal string alignment distance of each word (a row of `codes`) to what was typed.

    Cells further than `reach` off the diagonal can't matter and stay `_FAR`.
    """
    columns, letters = int(lengths.max()) + 1, codes.T
    before, last = (np.full((columns, len(codes)), _FAR, dtype=np.int8) for _ in range(2))
    last[: reach + 1] = np.arange(columns, dtype=np.int8)[: reach + 1, np.newaxis]
    for row, letter in enumerate(typed, start=1):
        now = np.full_like(last, _FAR)
        if row <= reach:
            now[0] = row
        for at in range(max(1, row - reach), min(columns, row + reach + 1)):
            same = letters[at - 1] == letter
            best = np.minimum(last[at], now[at - 1]) + 1
            np.minimum(best, last[at - 1] + ~same, out=best)
            if row > 1 and at > 1:
                swapped = (letters[at - 2] == letter) & (letters[at - 1] == typed[row - 2])
                np.minimum(best, np.where(swapped, before[at - 2] + 1, _FAR), out=best)
            now[at] = best
        before, last = last, now
    return np.asarray(last[lengths, np.arange(len(codes))])
