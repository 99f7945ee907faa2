"""What a run changed against an earlier one: figures, and questions that got better or worse."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.figures import MEASURES, Figure
from assistant.evaluation.results import Results, Row

Direction = Literal["better", "worse", "changed"]


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure that differs. Better or worse is by its share."""

    group: str
    measure: str
    before: Figure
    after: Figure
    direction: Direction


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question whose faults differ."""

    direction: Direction
    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, and the questions that only one of the runs has."""

    figures: tuple[FigureChange, ...]
    questions: tuple[QuestionChange, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare(before: Results, after: Results) -> Comparison:
    """Compare two runs, question by question and figure by figure."""
    earlier = {row.id: row for row in before.questions}
    later = {row.id: row for row in after.questions}
    return Comparison(
        figures=tuple(_figure_changes(before, after)),
        questions=tuple(
            QuestionChange(_direction(len(old.faults), len(new.faults), "less"), old, new)
            for key, new in later.items()
            if (old := earlier.get(key)) is not None and old.faults != new.faults
        ),
        only_before=tuple(key for key in earlier if key not in later),
        only_after=tuple(key for key in later if key not in earlier),
    )


def _figure_changes(before: Results, after: Results) -> Iterator[FigureChange]:
    for group, figures in after.figures.items():
        for measure in MEASURES:
            old = before.figures.get(group, {}).get(measure.name, Figure(0, 0))
            new = figures[measure.name]
            if old != new and old.of + new.of:
                way = _direction(old.share, new.share, measure.better)
                yield FigureChange(group, measure.name, old, new, way)


def _direction(before: float | None, after: float | None, better: Literal["more", "less"]) -> Direction:
    if before is None or after is None or before == after:
        return "changed"
    return "better" if (after > before) == (better == "more") else "worse"
