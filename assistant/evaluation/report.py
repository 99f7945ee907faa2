"""The results as a person reads them: tables, failing questions, and changes."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.evaluation.comparing import Comparison
from assistant.evaluation.figures import ALL, MEASURES, Figure, Measure
from assistant.evaluation.results import Results
from assistant.evaluation.scoring import Score

_PLAIN_WIDTH = 160  # a pipe has no width; no line of a table may wrap there
_TABLES = (("Answers", MEASURES[:5]), ("Refusals and promises", MEASURES[5:9]), ("Retrieval", MEASURES[9:]))


def console() -> Console:
    """Return where to print: in colour on a terminal, plain and unwrapped into a pipe."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)


def show_figures(out: Console, results: Results) -> None:
    """Print each figure with its denominator, in all and by type."""
    for title, measures in _TABLES:
        out.print(_table(out, title, measures, results))
    about, latency = results.about, results.latency
    out.print(f"Half of the answers took up to {latency.p50:.0f} ms, 95% up to {latency.p95:.0f} ms.")
    out.print(
        f"{len(results.questions)} questions by {about.answered_by} from {about.documents} documents "
        f"indexed on {about.indexed_on}."
    )


def show_beside(out: Console, before: Results, after: Results) -> None:
    """Print the figures of two runs over the same questions, side by side."""
    names = (before.about.answered_by, after.about.answered_by)
    table = _grid(out, f"{len(after.questions)} questions", ("", *names))
    for measure in MEASURES:
        table.add_row(
            measure.name, *(_cell(run.figures[ALL][measure.name], measure) for run in (before, after))
        )
    for name, seconds in (("p50", "half within"), ("p95", "95% within")):
        table.add_row(seconds, *(f"{getattr(run.latency, name):.0f} ms" for run in (before, after)))
    out.print(table)


def show_failures(out: Console, scores: Sequence[Score]) -> None:
    """Print each question with a fault: what was asked, what was answered, and what is wrong."""
    failing = [score for score in scores if score.faults]
    out.print(f"\n[bold]{len(failing)} of {len(scores)} questions have a fault[/bold]")
    for score in failing:
        out.print(f"\n[bold]{score.case.id}[/bold] ({score.case.type}) {escape(score.case.question.text)}")
        for fault in score.faults:
            out.print(f"  [red]✗[/red] {escape(fault)}")
        if score.rank is not None:
            out.print(f"  right section found: {f'place {score.rank}' if score.rank else 'no'}")
        out.print(f"  [dim]{escape(score.answer)}[/dim]", soft_wrap=True)


def show_comparison(out: Console, comparison: Comparison) -> None:
    """Print which figures and which questions changed."""
    table = _grid(out, "Changed figures", ("", "figure", "before", "after", ""))
    measures = {measure.name: measure for measure in MEASURES}
    for change in comparison.figures:
        measure = measures[change.measure]
        cells = (_cell(change.before, measure), _cell(change.after, measure))
        table.add_row(change.group, change.measure, *cells, change.direction)
    out.print(table if comparison.figures else "No figure changed.")
    for question in sorted(comparison.questions, key=lambda change: change.direction):
        before, after = ("; ".join(row.faults) or "right" for row in (question.before, question.after))
        out.print(f"{question.direction:8} {question.after.id}  {escape(before)} → {escape(after)}")
    for ids, where in ((comparison.only_before, "the earlier run"), (comparison.only_after, "this run")):
        if ids:
            out.print(f"Only in {where}: {len(ids)} questions. The figures are not out of the same ones.")


def _table(out: Console, title: str, measures: Sequence[Measure], results: Results) -> Table:
    table = _grid(out, title, ("type", "questions", *(measure.name for measure in measures)))
    groups = sorted(results.figures.items(), key=lambda group: group[0] != ALL)
    for name, found in groups:
        asked = found["outcome right"].of
        cells = (_cell(found[measure.name], measure) for measure in measures)
        table.add_row(name, str(asked), *cells, style="bold" if name == ALL else "")
    return table


def _grid(out: Console, title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None if not out.is_terminal else Table().box)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    return table


def _cell(figure: Figure, measure: Measure) -> str:
    if figure.share is None:
        return "–"
    if measure.shown_as == "mean":
        return f"{figure.share:.3f} of {figure.of}"
    return f"{figure.sum:.0f}/{figure.of} {figure.share:.0%}"
