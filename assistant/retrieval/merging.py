"""Adding one more measurement to what was already found."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from assistant.vocabulary import Hit, Passage


def merge(hits: Iterable[Hit], name: str, measured: Mapping[Passage, float]) -> tuple[Hit, ...]:
    """Give each passage in `measured` the part `name`; passages not found before are added."""
    known = {hit.passage.id: hit for hit in hits}
    for passage, value in measured.items():
        hit = known.get(passage.id, Hit(passage, 0.0))
        known[passage.id] = Hit(hit.passage, hit.score, MappingProxyType({**hit.parts, name: value}))
    return tuple(known.values())


def spread(values: Iterable[float]) -> tuple[float, float]:
    """Return lowest value and width of the range, the width never 0."""
    held = list(values) or [0.0]
    return min(held), (max(held) - min(held)) or 1.0
