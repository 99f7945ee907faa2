"""The results as a file: written after a run, read back to compare with a later one."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import StorageFailed, WrongUse
from assistant.evaluation.figures import Figure, Latency, figures, latency
from assistant.evaluation.scoring import Score


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class About(_Strict):
    """What was measured, and when."""

    measured_on: str
    files: tuple[str, ...]
    only: str | None
    part: str | None
    answered_by: str
    indexed_on: str
    documents: int


class Row(_Strict):
    """One question's result."""

    id: str
    type: str
    outcome: str
    faults: tuple[str, ...]
    recall: float | None
    rank: int | None
    cited: tuple[str, ...]
    ms: float
    answer: str


class Sentences(_Strict):
    """What became of the sentences that a language model wrote."""

    answers: int
    written: int
    shown: int
    corrected: int
    dropped: int
    fell_short: int
    failed: int


class Results(_Strict):
    """All that one run found."""

    about: About
    figures: dict[str, dict[str, Figure]]
    latency: Latency
    questions: tuple[Row, ...]
    sentences: Sentences | None = None


def results(about: About, scores: Sequence[Score], sentences: Sentences | None = None) -> Results:
    """Gather the figures and each question's result."""
    return Results(
        about=about,
        figures=figures(scores),
        latency=latency(scores),
        questions=tuple(_row(score) for score in scores),
        sentences=sentences,
    )


def write(results: Results, path: Path) -> None:
    """Write the results as JSON."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(results.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageFailed(f"The results can't be written to {path}: {error.strerror}.") from error


def read(path: Path) -> Results:
    """Read the results of an earlier run."""
    try:
        return Results.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"The earlier results in {path} can't be read: {error}.") from error
    except ValidationError as error:
        raise WrongUse(f"{path} holds no results of `evaluate --json`.") from error


def _row(score: Score) -> Row:
    return Row(
        id=score.case.id,
        type=score.case.type,
        outcome=score.outcome,
        faults=score.faults,
        recall=score.recall,
        rank=score.rank,
        cited=score.cited,
        ms=round(score.ms, 1),
        answer=score.answer,
    )
