"""An optional second opinion: a cross-encoder reads the question and the best passages together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.embedding import passage_text
from assistant.retrieval.merging import merge
from assistant.vocabulary import Hit, Query

Scorer = Callable[[str, Sequence[str]], list[float]]


@dataclass(frozen=True)
class Reading:
    """Adds `cross` (0..1) to the best `limit` hits, and its value times `weight` to their score.

    After Nogueira and Cho, 2019, arXiv 1901.04085. Scores are brought back to 0..1 by dividing by 1 + weight.
    """

    score: Scorer
    weight: float = 1.0
    limit: int = 20

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Reorder the best hits; the rest follows as it was."""
        best = [hit.passage for hit in hits[: self.limit]]
        scores = self.score(query.text, [passage_text(p.document.title, p.section, p.text) for p in best])
        merged = merge(hits, "cross", dict(zip(best, scores, strict=True)))
        scored = (
            Hit(
                hit.passage,
                (hit.score + self.weight * hit.parts.get("cross", 0.0)) / (1 + self.weight),
                hit.parts,
            )
            for hit in merged
        )
        return tuple(sorted(scored, key=lambda hit: -hit.score))
