"""What rules see when they hold a sentence against a quote: numbers for the model that weighs them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.checking import polarity
from assistant.checking.figures import Figure, figures, missing
from assistant.checking.lexicon import Vector
from assistant.checking.names import missing_names, missing_quotations, names
from assistant.checking.reading import Reading

SAME, STEM, SENSE, KIND, PART, OPPOSITE, NEAR = range(7)
# Where `measure` puts what `opposed` looks at.
_DENIES, _DENIED, _OPPOSED = 20, 21, 24
_NEIGHBOURS = 4
_MOST = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """What stands around a quote: the front matter (title, place, date ...) and the passage."""

    front: str = ""
    passage: str = ""


def measure(text: str, quote: str, told: Told, claim: Reading, held: Reading, relations: Vector) -> Vector:
    """Return one row of numbers, each about 0..1."""
    return np.array(
        [
            *_coverage(claim, held, relations),
            *_order(claim, relations),
            *_hard(text, quote, told),
            *_turned(text, quote, claim, held, relations),
            *_bound(text, quote),
        ],
        dtype=np.float32,
    )


def opposed(measured: Vector) -> bool:
    """Whether the sentence says the opposite of a word of the quote, and no negation makes up for it."""
    return bool(measured[_OPPOSED] > 0 and measured[_DENIES] == 0 and measured[_DENIED] == 0)


def _carrying(reading: Reading) -> Vector:
    """Return which words carry a subject: 1 for those, 0 for the small ones."""
    return np.asarray((1 - reading.flags[:, 2]) * reading.flags[:, 4], dtype=np.float32)


def _coverage(claim: Reading, held: Reading, relations: Vector) -> Iterator[float]:
    """How much of the sentence is there: by stem, by sense, by nearness, the worst word, pairs of words."""
    weight, other = _carrying(claim), _carrying(held)
    by_stem, by_sense = relations[:, :, STEM].max(axis=1), relations[:, :, SENSE : KIND + 1].max(axis=(1, 2))
    near = relations[:, :, NEAR].max(axis=1)
    best = np.maximum(np.maximum(by_stem, 0.8 * by_sense), near)
    total = max(1.0, float(weight.sum()))
    yield float(by_stem @ weight) / total
    yield float(np.maximum(by_stem, by_sense) @ weight) / total
    yield float(best @ weight) / total
    ranked = np.sort(best[weight > 0]) if weight.any() else np.ones(1)
    yield float(ranked[0])
    yield float(ranked[:3].mean())
    yield min(_MOST, float(((best < 0.5) * weight).sum())) / _MOST
    pairs = (
        relations[:-1, :-1, STEM] * relations[1:, 1:, STEM]
        if min(relations.shape[:2]) > 1
        else np.zeros((1, 1))
    )
    yield float(pairs.max(axis=1).mean())
    yield float(relations[:, :, STEM].max(axis=0) @ other) / max(1.0, float(other.sum()))
    yield min(1.0, len(claim.words) / 40)
    yield min(1.0, len(held.words) / 80)


def _order(claim: Reading, relations: Vector) -> Iterator[float]:
    """How many of the words that both have stand in another order, counted in pairs."""
    weight = _carrying(claim)
    places = [
        int(row[:, STEM].argmax())
        for row, carries in zip(relations, weight, strict=True)
        if carries and row[:, STEM].any()
    ]
    pairs = len(places) * (len(places) - 1) / 2
    turned = sum(a > b for at, a in enumerate(places) for b in places[at + 1 :])
    yield turned / pairs if pairs else 0.0
    steps = [a > b for a, b in pairwise(places)]
    yield sum(steps) / len(steps) if steps else 0.0


def _hard(text: str, quote: str, told: Told) -> Iterator[float]:
    """Figures, names and quotations that are not there, and claims that go further."""
    yield min(_MOST, len(missing(text, quote, told.front))) / _MOST
    yield min(_MOST, len(missing_names(text, f"{quote} {told.front} {told.passage}"))) / _MOST
    yield min(_MOST, len(missing_names(text, quote))) / _MOST
    yield float(bool(missing_quotations(text, f"{quote} {told.front}")))
    yield min(_MOST, len(list(polarity.overclaims(text, quote)))) / _MOST
    yield min(1.0, len(figures(text)) / 3)
    yield min(1.0, len(names(text)) / 5)


def _turned(text: str, quote: str, claim: Reading, held: Reading, relations: Vector) -> Iterator[float]:
    """Negations, opposites and hedges that one side has and the other has not."""
    no, other_no = polarity.negations(text), polarity.negations(quote)
    yield min(1.0, no / 2)
    yield float(no > 0 and other_no == 0)
    yield float(no == 0 and other_no > 0)
    denied, other_denied = set(polarity.denied(text)), set(polarity.denied(quote))
    stems, other_stems = set(claim.words), set(held.words)
    yield min(
        1.0, len({word for word in denied & other_stems if word not in other_denied and len(word) > 3}) / 2
    )
    yield min(1.0, len({word for word in other_denied & stems if word not in denied and len(word) > 3}) / 2)
    opposite = relations[:, :, OPPOSITE].max(axis=1) * (1 - relations[:, :, STEM].max(axis=1))
    yield min(2.0, float(opposite.sum())) / 2
    yield min(2.0, float(relations[:, :, OPPOSITE].max(axis=1).sum())) / 2
    for mine, theirs in zip(polarity.hedges(text), polarity.hedges(quote), strict=True):
        yield float(mine > 0 and theirs == 0)
        yield float(mine == 0 and theirs > 0)


def _bound(text: str, quote: str) -> Iterator[float]:
    """Whether each figure stands with the words that it stands with in the quote, or with another's."""
    said, there = figures(text), figures(quote)
    margins = [margin for figure in said for margin in _margin(text, figure, quote, there)]
    yield min(margins, default=0.0)
    yield min(1.0, len(there) / 4)


def _margin(text: str, figure: Figure, quote: str, there: Sequence[Figure]) -> Iterator[float]:
    alike = [other for other in there if other.kind == figure.kind]
    mine = [other for other in alike if other.value == figure.value]
    others = [other for other in alike if other.value != figure.value]
    if mine and others:
        words = _around(text, figure.start)
        best = max(len(words & _around(quote, other.start)) for other in mine)
        rival = max(len(words & _around(quote, other.start)) for other in others)
        yield max(-1.0, min(1.0, (best - rival) / _NEIGHBOURS))


def _around(text: str, at: int) -> frozenset[str]:
    before, after = text[:at].lower().split()[-_NEIGHBOURS:], text[at:].lower().split()[1 : 1 + _NEIGHBOURS]
    return frozenset(word.strip(".,;:()") for word in (*before, *after) if len(word) > 3)
