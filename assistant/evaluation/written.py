"""A language model's answers beside quotes: how many of its sentences hold, and the usual figures of both."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from assistant.evaluation.asking import AsJson, Asked, ask_all
from assistant.evaluation.comparing import compare
from assistant.evaluation.questions import Case
from assistant.evaluation.report import console, show_beside, show_comparison, show_failures
from assistant.evaluation.results import Results, Sentences, results, write
from assistant.evaluation.running import Run, about, with_progress
from assistant.vocabulary import Answer


def compare_model(run: Run, quotes: Asked, model: Asked, as_json: AsJson, cases: Sequence[Case]) -> Results:
    """Ask in quotes and then with the model, print both, and write the model's results if asked to."""
    in_quotes = list(ask_all(quotes, as_json, with_progress(cases)))
    written = list(ask_all(model, as_json, with_progress(cases)))
    answers = [answer for answer, _ in written]
    before = results(about(run, in_quotes), [score for _, score in in_quotes])
    after = results(about(run, written), [score for _, score in written], count(answers))
    out = console()
    show_beside(out, before, after)
    show_comparison(out, compare(before, after))
    _show_sentences(out, answers, every=run.failures)
    if run.failures:
        show_failures(out, [score for _, score in written])
    if run.json is not None:
        write(after, run.json)
    return after


def count(answers: Sequence[Answer]) -> Sentences:
    """Count what the model wrote and what became of it."""
    checked = [answer.checked for answer in answers if answer.checked is not None]
    return Sentences(
        answers=len(checked),
        written=sum(each.written for each in checked),
        shown=sum(len(each.shown) for each in checked),
        corrected=sum(each.corrected for each in checked),
        dropped=sum(len(each.dropped) for each in checked),
        fell_short=sum(answer.note is not None for answer in answers),
        failed=sum(each.failure is not None for each in checked),
    )


def _show_sentences(out: Console, answers: Sequence[Answer], *, every: bool) -> None:
    counts = count(answers)
    out.print(
        f"\nThe model wrote {counts.written} sentences for {counts.answers} answers: {counts.shown} were "
        f"shown, {counts.corrected} of them with a corrected citation, and {counts.dropped} were dropped.\n"
        f"{counts.fell_short} answers were completed or replaced by quotes, or broke off; in {counts.failed} "
        "of them the model failed.",
        soft_wrap=True,
    )
    for answer in answers if every else ():
        _show_checked(out, answer)


def _show_checked(out: Console, answer: Answer) -> None:
    """Print each sentence that the model wrote, with the words that were found for it."""
    if answer.checked is None:
        return
    quotes = {citation.number: citation.quote for citation in answer.citations}
    out.print(f"\n[bold]{escape(answer.question_used)}[/bold] {escape(answer.checked.failure or '')}")
    for sentence in answer.checked.shown:
        out.print(f"  [green]shown[/green] {escape(sentence.text)}", soft_wrap=True)
        for number in sentence.citations:
            out.print(f"    [dim]{escape(quotes[number])}[/dim]", soft_wrap=True)
    for draft in answer.checked.dropped:
        out.print(f"  [red]dropped[/red] {escape(draft.text)}", soft_wrap=True)
