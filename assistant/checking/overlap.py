"""The plainest check: figures, names, and four words of five. What the real one is measured against."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.sentences import split_sentences
from assistant.vocabulary import Draft, Evidence, Passage
from assistant.words import STOP_WORDS, stems, tokens

_FIGURE = re.compile(r"£?\d+(?:[.,]\d+)*%?")
_NAME = re.compile(r"\b[A-Z][\w’'-]+")
_NEGATION = re.compile(
    r"\b(?:not?|never|none|nobody|nothing|neither|nor|without|cannot|\w+n't)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class WordChecker:
    """Supports a sentence that a passage says in its own words, or in almost the same ones.

    Exact words support it wholly. Otherwise every figure and every name in it must occur in the
    quote, a negation must stand on both sides or on neither, and at least `covered` of its
    words (stems, 0..1) must occur there: the share is the support.
    """

    covered: float = 0.8

    def __call__(self, draft: Draft, passages: Sequence[Passage]) -> tuple[Evidence, ...]:
        """Try the claimed passages first, then the others that were found; empty if none supports it."""
        others = [passage for passage in passages if passage not in draft.claimed]
        for passage in (*draft.claimed, *others):
            evidence = self._evidence(draft.text, passage)
            if evidence is not None:
                return (evidence,)
        return ()

    def _evidence(self, text: str, passage: Passage) -> Evidence | None:
        if text.strip() and text in passage.text:
            return Evidence(passage, text, 1.0)
        quotes = split_sentences(passage.text)
        share, quote = max(((_share(text, quote), quote) for quote in quotes), default=(0.0, ""))
        if share < self.covered or not _agrees(text, quote):
            return None
        return Evidence(passage, quote, share)


def _share(text: str, quote: str) -> float:
    words = stems(text)
    held = set(stems(quote))
    return sum(word in held for word in words) / len(words) if words else 0.0


def _agrees(text: str, quote: str) -> bool:
    figures = set(_FIGURE.findall(text)) <= set(_FIGURE.findall(quote))
    said = set(tokens(quote))
    names = all(set(tokens(name)) <= said | STOP_WORDS for name in _NAME.findall(text))
    return figures and names and bool(_NEGATION.search(text)) == bool(_NEGATION.search(quote))
