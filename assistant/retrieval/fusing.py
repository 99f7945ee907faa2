"""One ranking out of several: a weighted sum of scores, each brought to 0..1 within its list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.retrieval.merging import spread
from assistant.vocabulary import Hit, Query


@dataclass(frozen=True)
class Fusing:
    """Sets `score` to the weighted mean of min-max normalised parts (Bruch et al., 2023, arXiv 2210.11934).

    A passage that a list does not hold counts 0 there. A part that no passage has, such as `asked`
    where no questions were written, leaves its weight to the others.
    """

    weights: Mapping[str, float]

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:  # noqa: ARG002 - a step
        """Best first; ties keep the order of the material."""
        totals = dict.fromkeys((hit.passage.id for hit in hits), 0.0)
        there = {
            name: weight for name, weight in self.weights.items() if any(name in hit.parts for hit in hits)
        }
        for name, weight in there.items():
            low, width = spread(hit.parts[name] for hit in hits if name in hit.parts)
            for hit in hits:
                if name in hit.parts:
                    totals[hit.passage.id] += weight / sum(there.values()) * (hit.parts[name] - low) / width
        fused = (replace(hit, score=min(1.0, totals[hit.passage.id])) for hit in hits)
        return tuple(sorted(fused, key=lambda hit: -hit.score))
