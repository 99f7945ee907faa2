"""A choice of passages that does not say the same thing twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.retrieval.owners import asked_of
from assistant.vocabulary import RECORD, Hit, Query
from assistant.words import stems

# Only a question about a document itself is answered from its record in the catalogue.
_ABOUT_A_DOCUMENT = re.compile(
    r"\b(?:wrote|written|authors?|dated|title|whose (?:essay|report|article|work)|when was .{0,40}published"
    r"|who (?:is|was|are|were) (?:it|this|that|the \w+) by|how old is)\b",
    re.IGNORECASE,
)

OF_EACH = 2  # passages, of each author or place that is named beside another


@dataclass(frozen=True)
class Choosing:
    """Keeps the best `limit` hits, without those whose words a better one nearly all has (`alike`, 0..1).

    Records of the catalogue stay only where the question is about a document itself. Where several authors or
    places are named, the best of each is kept.
    """

    limit: int = 12
    alike: float = 0.85

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Go down the ranking; keep what is new."""
        kept: list[tuple[Hit, set[str]]] = []
        records = _ABOUT_A_DOCUMENT.search(query.text) is not None
        for hit in (hit for hit in hits if records or hit.passage.section != RECORD):
            words = set(stems(hit.passage.text))
            if all(len(words & other) <= self.alike * len(words) for _, other in kept):
                kept.append((hit, words))
            if len(kept) == self.limit:
                break
        chosen = tuple(hit for hit, _ in kept)
        return (*chosen, *self._of_others(query, hits, chosen))

    @staticmethod
    def _of_others(query: Query, hits: tuple[Hit, ...], chosen: tuple[Hit, ...]) -> Iterator[Hit]:
        """Yield the best hits of each one that is named and has none among the chosen."""
        for ids in asked_of(query, (hit.passage.document for hit in hits)):
            if not any(hit.passage.document.id in ids for hit in chosen):
                of_it = (hit for hit in hits if hit.passage.document.id in ids)
                yield from islice((hit for hit in of_it if hit.passage.section != RECORD), OF_EACH)
