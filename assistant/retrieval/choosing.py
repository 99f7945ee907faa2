"""A choice of passages that does not say the same thing twice."""

from dataclasses import dataclass

from assistant.vocabulary import Hit, Query
from assistant.words import stems


@dataclass(frozen=True)
class Choosing:
    """Keeps the best `limit` hits, without those whose words a better one nearly all has (`alike`, 0..1)."""

    limit: int = 12
    alike: float = 0.85

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:  # noqa: ARG002 - a step
        """Go down the ranking; keep what is new."""
        kept: list[tuple[Hit, set[str]]] = []
        for hit in hits:
            words = set(stems(hit.passage.text))
            if all(len(words & other) <= self.alike * len(words) for _, other in kept):
                kept.append((hit, words))
            if len(kept) == self.limit:
                break
        return tuple(hit for hit, _ in kept)
