"""From scores to figures, each with its denominator, in all and by type."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.scoring import Score

ALL = "in all"

_Mark = Callable[[Score], float | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured: its name, which way is better, and the mark of one answer."""

    name: str
    better: Literal["more", "less"]
    shown_as: Literal["count", "mean"]
    mark: _Mark


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum of marks and how many answers it is out of."""

    sum: float
    of: int

    @property
    def share(self) -> float | None:
        """The sum divided by the denominator, where there is one."""
        return self.sum / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that half and 95% of the answers stayed within."""

    p50: float
    p95: float


def _within(places: int) -> _Mark:
    return lambda score: None if score.rank is None else float(0 < score.rank <= places)


def _reciprocal(score: Score) -> float | None:
    if score.rank is None:
        return None
    return 1 / score.rank if score.rank else 0.0


def _complete(score: Score) -> float | None:
    return float(not score.missed) if score.case.type == "list" and score.case.facts else None


def _refused(score: Score) -> float | None:
    return float(score.refused) if score.case.must_be_refused else None


def _wrongly_refused(score: Score) -> float | None:
    return float(score.refused) if score.case.must_be_answered else None


def _document(score: Score) -> float | None:
    return None if score.document_right is None else float(score.document_right)


MEASURES = (
    Measure("outcome right", "more", "count", lambda score: float(score.outcome_right)),
    Measure("right document", "more", "count", _document),
    Measure("fact recall", "more", "mean", lambda score: score.recall),
    Measure("lists complete", "more", "count", _complete),
    Measure("on point", "more", "mean", lambda score: score.on_point),
    Measure("refused rightly", "more", "count", _refused),
    Measure("refused wrongly", "less", "count", _wrongly_refused),
    Measure("forbidden", "less", "count", lambda score: float(bool(score.said))),
    Measure("contract broken", "less", "count", lambda score: float(bool(score.broken))),
    Measure("hit@1", "more", "count", _within(1)),
    Measure("hit@3", "more", "count", _within(3)),
    Measure("hit@5", "more", "count", _within(5)),
    Measure("MRR", "more", "mean", _reciprocal),
)

Figures = dict[str, dict[str, Figure]]


def figures(scores: Sequence[Score]) -> Figures:
    """Return each measure's figure by type of question, and over all of them first."""
    types = dict.fromkeys(score.case.type for score in scores)
    groups = {ALL: list(scores)} | {
        type_: [score for score in scores if score.case.type == type_] for type_ in types
    }
    return {
        name: {measure.name: _figure(measure, group) for measure in MEASURES}
        for name, group in groups.items()
    }


def latency(scores: Sequence[Score]) -> Latency:
    """Return the nearest-rank percentiles of the time to answer."""
    times = sorted(score.ms for score in scores)
    return Latency(_percentile(times, 0.50), _percentile(times, 0.95))


def _figure(measure: Measure, scores: Sequence[Score]) -> Figure:
    marks = [mark for score in scores if (mark := measure.mark(score)) is not None]
    return Figure(sum(marks), len(marks))


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
