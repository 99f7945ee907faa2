"""One ranking out of several: a weighted sum of scores, each brought to 0..1 within its list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.retrieval.merging import spread
from assistant.vocabulary import Hit, Query


@dataclass(frozen=True)
class Fusing:
    """Sets `score` to the weighted mean of min-max normalised parts (Bruch et al., 2023, arXiv 2210.11934).

    A passage that a list does not hold counts 0 there. An `optional` part that a passage can't have, such
    as `asked` where no questions were written, leaves its weight to the passage's other parts.
    """

    weights: Mapping[str, float]
    optional: frozenset[str] = frozenset()

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:  # noqa: ARG002 - a step
        """Best first; ties keep the order of the material."""
        spreads = {
            name: spread(hit.parts[name] for hit in hits if name in hit.parts) for name in self.weights
        }
        fused = (replace(hit, score=min(1.0, self._score(hit, spreads))) for hit in hits)
        return tuple(sorted(fused, key=lambda hit: -hit.score))

    def _score(self, hit: Hit, spreads: Mapping[str, tuple[float, float]]) -> float:
        counted = {
            name: weight
            for name, weight in self.weights.items()
            if name in hit.parts or name not in self.optional
        }
        values = (
            weight * (hit.parts[name] - spreads[name][0]) / spreads[name][1]
            for name, weight in counted.items()
            if name in hit.parts
        )
        return sum(values) / sum(counted.values())
