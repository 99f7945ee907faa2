"""How much a word says: rare words of the material weigh more."""

import math
from collections import Counter
from collections.abc import Collection, Iterable


class Rarity:
    """Inverse document frequency over the material's passages (Spärck Jones, 1972)."""

    def __init__(self, passages: Iterable[Collection[str]]) -> None:
        held = [set(stems) for stems in passages]
        self._count = len(held)
        self._in = Counter(stem for stems in held for stem in stems)

    def __contains__(self, stem: str) -> bool:
        """Whether the material has the word at all."""
        return stem in self._in

    def weight(self, stem: str) -> float:
        """Return 0 and up; a word that the material lacks weighs most."""
        return math.log(1 + (self._count - self._in[stem] + 0.5) / (self._in[stem] + 0.5))

    def share(self, wanted: Iterable[str], held: Collection[str]) -> float:
        """Return which part (0..1) of the wanted words, by weight, is held."""
        words = set(wanted)
        total = sum(map(self.weight, words))
        return sum(self.weight(stem) for stem in words if stem in held) / total if total else 0.0
