"""What people say for what the material says: a thesaurus, and the short forms of texters."""

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from assistant.words import STOP_WORDS, stem, tokens

_SHORT_FORMS = "\n[texting]\n"


class Everyday:
    """Reads `everyday.txt`: `word of the material, ... = everyday word or phrase, ...` a line."""

    def __init__(self, text: str) -> None:
        concepts, _, short_forms = text.partition(_SHORT_FORMS)
        self.short_forms: Mapping[str, str] = MappingProxyType(dict(_pairs(short_forms)))
        self._meant: dict[tuple[str, ...], set[str]] = {}
        for ours, theirs in _pairs(concepts):
            meant = {stem(token) for token in tokens(ours) if token not in STOP_WORDS}
            for phrase in theirs.split(","):
                self._meant.setdefault(_stemmed(phrase), set()).update(meant)
        self._longest = max(map(len, self._meant), default=0)
        # Every word in it is good English, also those that a dictionary of ten years ago lacks.
        self.words = tuple(tokens(concepts))

    def meant_by(self, text: str) -> frozenset[str]:
        """Stems of the material that the words and phrases of `text` may stand for."""
        words = _stemmed(text)
        found: set[str] = set()
        for length in range(1, self._longest + 1):
            for start in range(len(words) - length + 1):
                found |= self._meant.get(words[start : start + length], set())
        return frozenset(found)


def load_everyday() -> Everyday:
    """Read the thesaurus that ships with the package."""
    return Everyday((files("assistant.retrieval") / "everyday.txt").read_text(encoding="utf-8"))


def _pairs(text: str) -> list[tuple[str, str]]:
    lines = (line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return [(ours.strip(), theirs.strip()) for ours, _, theirs in lines]


def _stemmed(text: str) -> tuple[str, ...]:
    return tuple(stem(token) for token in tokens(text))
