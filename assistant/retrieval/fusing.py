"""One ranking out of several: a weighted sum of scores, each brought to 0..1 within its list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.retrieval.merging import spread
from assistant.vocabulary import Hit, Query


@dataclass(frozen=True)
class Fusing:
    """Sets `score` to the weighted mean of min-max normalised parts (Bruch et al., 2023, arXiv 2210.11934).

    A passage that a list does not hold counts 0 there. Weights sum to 1.
    """

    weights: Mapping[str, float]

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:  # noqa: ARG002 - a step
        """Best first; ties keep the order of the material."""
        totals = dict.fromkeys((hit.passage.id for hit in hits), 0.0)
        for name, weight in self.weights.items():
            low, width = spread(hit.parts[name] for hit in hits if name in hit.parts)
            for hit in hits:
                if name in hit.parts:
                    totals[hit.passage.id] += weight * (hit.parts[name] - low) / width
        fused = (replace(hit, score=min(1.0, totals[hit.passage.id])) for hit in hits)
        return tuple(sorted(fused, key=lambda hit: -hit.score))
