"""Misspelt words put right against the material's own words and common English."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from assistant.words import tokens

Corrector = Callable[[str], str]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+[^\W\d_]+")
_SMALL = re.compile(r"\b[a-z]+\b")
_DICTIONARY = "frequency_dictionary_en_82_765.txt"
# A word of the material wins over any common English word at the same distance.
_OURS = 10**13
# Counts in the dictionary reach from some ten thousand to 2 * 10**10; under this a word is seldom written.
_RARE = 3 * 10**5


class Spelling:
    """Symmetric delete spelling correction (Garbe, 2012, https://github.com/wolfgarbe/SymSpell).

    `texts` is the material, `short_forms` what texters write ("wot" for "what").
    A word with a capital inside a sentence is taken for a name: it is changed only
    into a name of the material one letter away. What was changed shows in `question_used`.
    """

    def __init__(self, texts: Sequence[str], short_forms: Mapping[str, str]) -> None:
        self._short_forms = short_forms
        self._ours = frozenset(word for text in texts for word in tokens(text) if word.isalpha())
        small = {word for text in texts for word in _SMALL.findall(text)}
        self._names = self._ours - small
        self._counts = Counter(_dictionary())
        self._counts.update(dict.fromkeys(self._ours, _OURS))
        self._making = Lock()
        self._made: Any = None

    def __call__(self, text: str) -> str:
        """Return `text` with unknown words put right, everything else as it was."""
        return _WORD.sub(lambda match: self._correct(match.group(), name=_is_name(match)), text)

    def _correct(self, word: str, *, name: bool) -> str:
        lower = word.lower().replace("’", "'")
        if not name and lower in self._short_forms:
            return self._short_forms[lower]
        if len(lower) < 4 or not lower.isalpha() or word.isupper():
            return word
        if lower in self._counts:
            return word if name else self._near_miss(word, lower)
        reach = 1 if name or len(lower) < 6 else 2
        for found in self._lookup(lower, reach):
            if not name or found.term in self._ours:
                return str(found.term).capitalize() if word[0].isupper() else str(found.term)
        return word

    def _near_miss(self, word: str, lower: str) -> str:
        """Take a rare English word for a name of the material a letter away ("carillon" for "Carillion")."""
        if lower in self._ours or len(lower) < 6 or self._counts[lower] > _RARE:
            return word
        found = [name for name in self._names if _is_a_letter_away(name, lower)]
        return max(found, key=lambda name: self._counts[name]).capitalize() if found else word

    def _lookup(self, word: str, reach: int) -> Any:
        """Return the words nearby. The first time takes a second or two, because all are read through."""
        from symspellpy import SymSpell, Verbosity  # noqa: PLC0415 - a third of a second to import

        with self._making:
            if self._made is None:
                made: Any = SymSpell(max_dictionary_edit_distance=2, prefix_length=4)
                for each, count in self._counts.items():
                    made.create_dictionary_entry(each, count)
                self._made = made
        return self._made.lookup(word, Verbosity.CLOSEST, max_edit_distance=reach)


def _dictionary() -> dict[str, int]:
    """Read common English words with their counts, without importing what brings them."""
    found = find_spec("symspellpy")
    assert found
    assert found.origin
    lines = (Path(found.origin).parent / _DICTIONARY).read_text(encoding="utf-8-sig").splitlines()
    return {word: int(count) for word, _, count in (line.partition(" ") for line in lines)}


def _is_a_letter_away(one: str, other: str) -> bool:
    """Whether a letter was left out, put in or changed, or two were swapped."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] == long[at : at + 2]
    return short[at + 1 :] == long[at + 1 :] or (swapped and short[at + 2 :] == long[at + 2 :])


def _is_name(match: re.Match[str]) -> bool:
    """Whether the word has a capital that its place in the sentence does not explain."""
    before = match.string[: match.start()].rstrip()
    return match.group()[0].isupper() and bool(before) and before[-1] not in '.!?:"“('
