"""What the command line prints: an answer with its references, passages, the catalogue, a conversation."""

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from assistant import notices, wording
from assistant.embedding import Progress
from assistant.errors import StorageFailed, WrongUse
from assistant.vocabulary import Answer, Citation, Document, Done, Entry, Hit, Passage, Question, Turn
from assistant.web import labels
from assistant.web.cards import byline, year
from assistant.web.exchange import Exchange, history
from assistant.web.papers import paper
from assistant.web.references import reference

_WIDEST = 100

ToQuestion = Callable[[str, Sequence[Turn]], Question]


def show_answer(answer: Answer) -> None:
    """Print the answer, then what each number in it stands for."""
    if answer.note:
        _print(f"{answer.note}\n")
    _print(answer.answer)
    if answer.missing and answer.missing not in answer.answer:
        _print(f"\n{labels.MISSING}: {answer.missing}")
    _show_references(labels.REFERENCES, answer.citations, answer.answer)
    _show_references(f"{labels.CLOSEST}. {labels.CLOSEST_MEANS}", answer.nearest)
    if answer.follow_ups:
        _print(f"\n{labels.ASK_NEXT}")
    for question in answer.follow_ups:
        _print(question, "- ")


def save_briefing(path: Path, question: Question, answer: Answer) -> None:
    """Write an answer as a file that goes into a paper."""
    exchange = Exchange(question, datetime.now(UTC).astimezone().date()).after(Done(answer))
    try:
        path.write_bytes(paper(path.suffix[1:].lower(), [exchange]))
    except OSError as error:
        raise StorageFailed(notices.not_saved(str(path), error.strerror or "")) from error
    show_progress(notices.saved(str(path)))


def show_hits(hits: Sequence[Hit]) -> None:
    """Print ranked passages."""
    if not hits:
        _print(notices.NOTHING_FOUND)
    for place, hit in enumerate(hits, 1):
        _print(f"{hit.passage.section} ({hit.score:.2f})", f"{place:>2}. ")
        _print(about(hit.passage.document), "    ")
        _print(f"{hit.passage.text}\n", "    ")


def show_catalogue(entries: Sequence[Entry]) -> None:
    """Print one line for each document, its id first, to be given to `documents ID`."""
    widest = max((len(entry.document.id) for entry in entries), default=0)
    for entry in entries:
        print(plain(f"{entry.document.id:<{widest}}  {about(entry.document)}. {_text_of(entry)}."))


def show_document(entry: Entry, passages: Sequence[Passage]) -> None:
    """Print a document section by section."""
    document, section = entry.document, ""
    _print(about(document))
    _print(f"{_text_of(entry)}. {document.url}")
    if document.not_covered:
        _print(f"{labels.NOT_COVERED} {document.not_covered}")
    for passage in passages:
        if passage.section != section:
            section = passage.section
            _print(f"\n{section}")
        _print(passage.text, "  ")


def _text_of(entry: Entry) -> str:
    """Say what the text is, and of an original when it was got and whether its page has changed since."""
    facts = [labels.TEXT_FROM[entry.text_from]]
    if entry.document.fetched_on:
        facts.append(wording.fetched(entry.document.fetched_on))
    if entry.document.page_changed:
        facts.append(wording.PAGE_CHANGED)
    return ", ".join(facts)


def converse(answer: Callable[[Question], Answer], to_question: ToQuestion) -> None:
    """Answer one line after another until the reader leaves. Only this list remembers what was said."""
    _print(notices.CHAT_WELCOME)
    exchanges: list[Exchange] = []
    for text in _lines():
        try:
            question = to_question(text, history(exchanges))
        except WrongUse as error:  # too long a question is no reason to end the conversation
            _print(str(error))
            continue
        given = answer(question)
        show_answer(given)
        exchanges.append(Exchange(question, datetime.now(UTC).date(), answer=given))


@contextmanager
def showing_progress(what: str, also: Progress | None = None) -> Iterator[Progress]:
    """Show how far something is: a bar on a terminal, elsewhere a line for each quarter."""
    from rich.console import Console  # noqa: PLC0415 - only long work needs it
    from rich.progress import Progress as Bar  # noqa: PLC0415 - as above

    out, quarters = Console(stderr=True), set[int]()
    with Bar(console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def on_progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            quarter = done * 4 // max(total, 1)
            if not out.is_terminal and quarter not in quarters:
                quarters.add(quarter)
                print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)
            if also is not None:
                also(done, total)

        yield on_progress


def show_line(text: str) -> None:
    """Print a sentence."""
    _print(text)


def show_progress(text: str) -> None:
    """Print what was just done, beside the results."""
    print(plain(text), file=sys.stderr, flush=True)


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, as wide as the terminal; into a pipe, one line a row."""
    if not rows:
        return
    if not sys.stdout.isatty():
        print("\n".join("\t".join(plain(cell) for cell in row).rstrip() for row in rows))
        return
    from rich.console import Console  # noqa: PLC0415 - only long work needs it
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    Console().print(table)


def about(document: Document) -> str:
    """Describe a document in one line."""
    title = f"{document.title} ({year(document) or labels.NO_DATE})"
    principle = labels.principle(document.principle) if document.principle else ""
    return ". ".join(
        filter(None, (title, byline(document), wording.KINDS_IN_WORDS[document.kind], principle))
    )


def plain(text: str) -> str:
    """Take out control characters: a title or a passage must not steer the terminal."""
    return "".join(letter for letter in text if letter == "\n" or letter.isprintable())


def _lines() -> Iterator[str]:
    """Yield what the reader types, until a quit word or the end of the input."""
    while True:
        print()
        text = input("> ").strip()
        if text.lower().rstrip(".!") in notices.QUIT:
            return
        if text:
            print()
            yield text


def _show_references(heading: str, citations: Sequence[Citation], shown: str = "") -> None:
    """Print numbered references; a quote that stands in the answer already is not printed again."""
    if citations:
        _print(f"\n{heading}")
    for citation in citations:
        _print(reference(citation), after="    ")
        if citation.quote not in shown:
            _print(f"“{citation.quote}”", "    ")


def _print(text: str, first: str = "", after: str | None = None) -> None:
    """Print wrapped to the terminal, or one paragraph a line into a pipe."""
    width = min(_WIDEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else sys.maxsize
    indent = " " * len(first) if after is None else after
    for place, line in enumerate(plain(text).split("\n")):
        start = indent if place else first
        wrapped = textwrap.fill(
            line,
            width,
            initial_indent=start,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        print(wrapped or start.rstrip())
