"""Misspelt words put right against the material's own words and common English."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from assistant.dictionary import Dictionary, common_words
from assistant.words import tokens

Corrector = Callable[[str], str]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+[^\W\d_]+")
_SMALL = re.compile(r"\b[a-z]+\b")
# A word of the material wins over any common English word at the same distance.
_OURS = 10**13
# Counts in the dictionary reach from some ten thousand to 2 * 10**10; under this a word is seldom written,
# and from this on often.
_RARE, _OFTEN = 3 * 10**5, 10**7
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
    """The nearest word of the material or of common English is what was meant.

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
        self._dictionary = Dictionary(common_words(), self._ours, _OURS)

    def __call__(self, text: str) -> str:
        """Return `text` with unknown words put right, everything else as it was."""
        return _WORD.sub(lambda match: self._correct(match.group(), name=_is_name(match)), text)

    def _correct(self, word: str, *, name: bool) -> str:
        lower = word.lower().replace("’", "'")
        if not name and lower in self._short_forms:
            return self._short_forms[lower]
        if len(lower) < 4 or not lower.isalpha() or word.isupper():
            return word
        if count := self._dictionary.count(lower):
            return word if name else self._near_miss(word, lower, count)
        meant = self._meant(lower, name=name)
        return meant.capitalize() if word[0].isupper() else meant

    def _meant(self, word: str, *, name: bool) -> str:
        """Return the likeliest word nearby, or the word itself."""
        if not name and word.endswith("in") and self._dictionary.count(f"{word}g"):
            return f"{word}g"
        near = self._dictionary.near(word, 1 if name or len(word) < 6 else 2)
        possible = (each for each in near if not name or each in self._ours)
        best = max(possible, key=lambda each: self._likely(each, word), default=None)
        if best is None:
            return word if name else self._alike(word)
        alike = best in self._ours and sound(best) == sound(word)
        made = self._is_derived(word) or self._is_compound(word)
        return word if not name and not alike and made else best

    def _likely(self, term: str, word: str) -> tuple[int, int, int]:
        """Rank by what speaks for a word: the material has it, it sounds the same, or begins the same."""
        heard, meant = sound(word), sound(term)
        begins = word[0] == term[0] or heard[:1] == meant[:1]
        for_it = 2 * (term in self._ours) + 2 * (heard == meant) + begins
        return for_it, self._often[term], self._dictionary.count(term)

    def _alike(self, word: str) -> str:
        """Return the material's word that sounds the same, however it is written ("intervenshun")."""
        if len(word) < 6:
            return word
        alike = sorted(term for term in self._ours if sound(term) == sound(word))
        return min(alike, key=lambda term: abs(len(term) - len(word)), default=word)

    def _is_derived(self, word: str) -> bool:
        """Whether it is who does what a known verb says ("funder"): dictionaries lack many of these."""
        verb = re.sub(r"ers?$", "", word)
        known = self._dictionary.count
        return verb != word and len(verb) > 3 and bool(known(verb) or known(f"{verb}e"))

    def _is_compound(self, word: str) -> bool:
        """Whether it is two words that are often written ("homecare"): dictionaries lack these too."""
        halves = ((word[:at], word[at:]) for at in range(4, len(word) - 3))
        return any(all(self._dictionary.count(half) >= _OFTEN for half in pair) for pair in halves)

    def _near_miss(self, word: str, lower: str, count: int) -> str:
        """Take a rare English word for a name of the material a letter away ("carillon" for "Carillion")."""
        if lower in self._ours or len(lower) < 6 or count > _RARE:
            return word
        found = [name for name in self._names if _is_a_letter_away(name, lower)]
        return max(found, key=self._dictionary.count).capitalize() if found else word


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return roughly how a word sounds: its first letter and the consonants behind it."""
    for pattern, heard in _HEARD:
        word = pattern.sub(heard, word)
    return _TWICE.sub(r"\1", word[:1] + _SILENT.sub("", word[1:]))


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
