"""Misspelt words put right against the material's own words and common English."""

import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
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
        from symspellpy import SymSpell, Verbosity  # noqa: PLC0415 - a third of a second to import

        self._closest, self._all = Verbosity.CLOSEST, Verbosity.ALL
        self._short_forms = short_forms
        self._symspell: Any = SymSpell(max_dictionary_edit_distance=2, prefix_length=5)
        self._symspell.load_dictionary(str(files("symspellpy") / _DICTIONARY), 0, 1)
        self._ours = frozenset(word for text in texts for word in tokens(text) if word.isalpha())
        small = {word for text in texts for word in _SMALL.findall(text)}
        self._names = self._ours - small
        for word in self._ours:
            self._symspell.create_dictionary_entry(word, _OURS)

    def __call__(self, text: str) -> str:
        """Return `text` with unknown words put right, everything else as it was."""
        return _WORD.sub(lambda match: self._correct(match.group(), name=_is_name(match)), text)

    def _correct(self, word: str, *, name: bool) -> str:
        lower = word.lower().replace("’", "'")
        if not name and lower in self._short_forms:
            return self._short_forms[lower]
        if len(lower) < 4 or not lower.isalpha() or word.isupper():
            return word
        if lower in self._symspell.words:
            return word if name else self._near_miss(word, lower)
        reach = 1 if name or len(lower) < 6 else 2
        for found in self._symspell.lookup(lower, self._closest, max_edit_distance=reach):
            if not name or found.term in self._ours:
                return str(found.term).capitalize() if word[0].isupper() else str(found.term)
        return word

    def _near_miss(self, word: str, lower: str) -> str:
        """Take a rare English word for a name of the material a letter away ("carillon" for "Carillion")."""
        if lower in self._ours or len(lower) < 6 or self._symspell.words[lower] > _RARE:
            return word
        found = (each.term for each in self._symspell.lookup(lower, self._all, max_edit_distance=1))
        return next((term.capitalize() for term in found if term in self._names), word)


def _is_name(match: re.Match[str]) -> bool:
    """Whether the word has a capital that its place in the sentence does not explain."""
    before = match.string[: match.start()].rstrip()
    return match.group()[0].isupper() and bool(before) and before[-1] not in '.!?:"“('
