"""Finding passages: a tuple of steps, each taking what the one before it found."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.vocabulary import Hit, Query

Hits = tuple[Hit, ...]
Step = Callable[[Query, Hits], Hits]


def retrieve(steps: Sequence[Step], query: Query) -> Hits:
    """Run the steps in order; best first.

    A query with a context is searched for twice, alone and behind its context, and the two
    scores are averaged: alone it may be two bare words, and with the context it may be
    drowned out. Each of the two by itself found fewer of the right passages.
    """
    hits = _run(steps, replace(query, context=""))
    if not query.context:
        return hits
    return _average(hits, _run(steps, replace(query, text=f"{query.context} {query.text}", context="")))


def _run(steps: Sequence[Step], query: Query) -> Hits:
    hits: Hits = ()
    for step in steps:
        hits = step(query, hits)
    return hits


def _average(alone: Hits, behind: Hits) -> Hits:
    scores = {hit.passage.id: hit.score for hit in behind}
    found = {hit.passage.id: hit for hit in (*behind, *alone)}
    own = {hit.passage.id: hit.score for hit in alone}
    both = (replace(hit, score=(own.get(key, 0.0) + scores.get(key, 0.0)) / 2) for key, hit in found.items())
    return tuple(sorted(both, key=lambda hit: -hit.score))
