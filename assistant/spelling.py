"""Misspelt words put right against the material's own words and common English."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
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
# What English spelling hides, in order.
_HEARD = tuple(
    (re.compile(written), heard)
    for written, heard in (
        (r"ph", "f"), (r"[tsc]ion|shun|[tc]ian", "xn"), (r"ght", "t"), (r"wh", "w"), (r"^kn", "n"),
        (r"^wr", "r"), (r"th", "0"), (r"sten", "sen"), (r"tch", "ch"), (r"g(?=[mn])", ""),
        (r"dge?|g(?=[eiy])", "j"), (r"c(?=[eiy])", "s"), (r"ck|c(?!h)|q", "k"), (r"z", "s"),
    )
)  # fmt: skip
_SILENT, _TWICE = re.compile(r"[aeiouyh'’]"), re.compile(r"(.)\1+")


class Spelling:
    """Symmetric delete spelling correction (Garbe, 2012, https://github.com/wolfgarbe/SymSpell).

    `texts` is the material, `short_forms` what texters write ("wot" for "what").
    A word with a capital inside a sentence is taken for a name: it is changed only
    into a name of the material one letter away. What was changed shows in `question_used`.
    """

    def __init__(self, texts: Sequence[str], short_forms: Mapping[str, str]) -> None:
        self._short_forms = short_forms
        self._often = Counter(word for text in texts for word in tokens(text) if word.isalpha())
        self._ours = frozenset(self._often)
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
        meant = self._meant(lower, name=name)
        return meant.capitalize() if word[0].isupper() else meant

    def _meant(self, word: str, *, name: bool) -> str:
        """Return the likeliest word nearby, or the word itself."""
        if not name and f"{word}g" in self._counts and word.endswith("in"):
            return f"{word}g"
        reach = 1 if name or len(word) < 6 else 2
        near = [found.term for found in self._lookup(word, reach) if not name or found.term in self._ours]
        best = max(near, key=lambda term: self._likely(term, word), default=None)
        if best is None:
            return word if name else self._alike(word)
        alike = best in self._ours and sound(best) == sound(word)
        return word if not name and not alike and _is_derived(word, self._counts) else str(best)

    def _likely(self, term: str, word: str) -> tuple[int, int, int]:
        """Rank by what speaks for a word: the material has it, it sounds the same, or begins the same."""
        heard, meant = sound(word), sound(term)
        begins = word[0] == term[0] or heard[:1] == meant[:1]
        return 2 * (term in self._ours) + 2 * (heard == meant) + begins, self._often[term], self._counts[term]

    def _alike(self, word: str) -> str:
        """Return the material's word that sounds the same, however it is written ("intervenshun")."""
        if len(word) < 6:
            return word
        alike = sorted(term for term in self._ours if sound(term) == sound(word))
        return min(alike, key=lambda term: abs(len(term) - len(word)), default=word)

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


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return roughly how a word sounds: its first letter and the consonants behind it."""
    for pattern, heard in _HEARD:
        word = pattern.sub(heard, word)
    return _TWICE.sub(r"\1", word[:1] + _SILENT.sub("", word[1:]))


def _is_derived(word: str, known: Collection[str]) -> bool:
    """Whether it is who or what does what a known verb says ("funder"): dictionaries lack many of these."""
    verb = re.sub(r"ers?$", "", word)
    return verb != word and len(verb) > 3 and (verb in known or f"{verb}e" in known)


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
