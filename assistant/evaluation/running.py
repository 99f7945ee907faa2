"""One run of the evaluation from questions to printed results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track

from assistant.evaluation.asking import AsJson, Asked, ask_all
from assistant.evaluation.comparing import compare
from assistant.evaluation.questions import Case, Part
from assistant.evaluation.report import console, show_comparison, show_failures, show_figures
from assistant.evaluation.results import About, Results, results, write
from assistant.evaluation.scoring import Score
from assistant.vocabulary import Answer


@dataclass(frozen=True, slots=True)
class Run:
    """What the person who evaluates has chosen."""

    files: tuple[Path, ...]
    only: str | None = None
    part: Part | None = None
    json: Path | None = None
    earlier: Results | None = None
    failures: bool = False


def evaluate(run: Run, assistant: Asked, as_json: AsJson, cases: Sequence[Case]) -> Results:
    """Ask, score, print, and write what was asked for."""
    asked = list(ask_all(assistant, as_json, with_progress(cases)))
    scores = [score for _, score in asked]
    found = results(about(run, asked), scores)
    out = console()
    show_figures(out, found)
    if run.failures:
        show_failures(out, scores)
    if run.earlier is not None:
        show_comparison(out, compare(run.earlier, found))
    if run.json is not None:
        write(found, run.json)
    return found


def with_progress(cases: Sequence[Case]) -> Iterable[Case]:
    """On a terminal show how far the questions are; elsewhere stay quiet."""
    out = Console(stderr=True)
    return track(cases, "Asking", console=out, transient=True, disable=not out.is_terminal)


def about(run: Run, asked: Sequence[tuple[Answer, Score]]) -> About:
    """Say what was measured."""
    answer = asked[0][0]
    by = [given.answered_by for given, _ in asked]
    return About(
        measured_on=datetime.now(UTC).date().isoformat(),
        files=tuple(path.name for path in run.files),
        only=run.only,
        part=run.part,
        answered_by=next((name for name in by if name != "quotes"), answer.answered_by),
        indexed_on=answer.material.indexed_on,
        documents=answer.material.documents,
    )
