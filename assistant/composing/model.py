"""Has a language model write: numbered passages in, sentences with the passages that they claim out."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter

from assistant.composing.cutting import Cutter, Written
from assistant.composing.plain import fenced, one_line
from assistant.errors import ModelUnavailable
from assistant.llm import TICK_SECONDS, Message, Writer
from assistant.prompts import fill
from assistant.vocabulary import Draft, Passage, Waiting

# What a reply may have before it is stopped, for a model that finds no end.
MOST_LETTERS = 12_000
MOST_SENTENCES = 20

Proposed = Generator[Draft | Waiting | ModelUnavailable, None, None]


@dataclass(frozen=True)
class Model:
    """Proposes a model's sentences; what is shown is decided by the checker.

    The model sees the first `passages` passages, as far as they have no more than `letters` in all: some
    2,500 tokens, so that with the instructions a context of 4,096 is enough.
    """

    writer: Writer
    passages: int = 8
    letters: int = 9_000

    @property
    def name(self) -> str:
        """What `answered_by` says."""
        return self.writer.name

    def compose(self, asked: str, found: Sequence[Passage]) -> Proposed:
        """Yield drafts while the model writes. A failure is a value, the last one."""
        given = self._given(found)
        system, user = fill("answer", passages=_numbered(given), question=fenced(asked))
        with closing(self.writer.stream((Message("system", system), Message("user", user)))) as pieces:
            yield from _read(pieces, given)

    def _given(self, found: Sequence[Passage]) -> tuple[Passage, ...]:
        given: list[Passage] = []
        for passage in found[: self.passages]:
            if given and sum(len(each.text) for each in (*given, passage)) > self.letters:
                break
            given.append(passage)
        return tuple(given)


def _read(pieces: Iterable[str | ModelUnavailable], given: tuple[Passage, ...]) -> Proposed:
    cutter, letters, sentences, told = Cutter(), 0, 0, perf_counter()
    for piece in pieces:
        if isinstance(piece, ModelUnavailable):
            yield piece
            return
        letters += len(piece)
        for written in cutter.feed(piece):
            sentences += 1
            yield _draft(written, given)
            told = perf_counter()
        if letters > MOST_LETTERS or sentences >= MOST_SENTENCES:
            return
        if perf_counter() - told >= TICK_SECONDS:
            yield Waiting()
            told = perf_counter()
    yield from (_draft(written, given) for written in cutter.end())
    if not letters:
        yield ModelUnavailable("The language model wrote nothing at all.")


def _draft(written: Written, given: tuple[Passage, ...]) -> Draft:
    """Turn numbers into passages; a number that no passage has claims nothing."""
    return Draft(written.text, tuple(given[number - 1] for number in written.numbers if number <= len(given)))


def _numbered(passages: Sequence[Passage]) -> str:
    return "\n\n".join(_fenced(number, passage) for number, passage in enumerate(passages, 1))


def _fenced(number: int, passage: Passage) -> str:
    document = passage.document
    by = passage.source.name if passage.source else ", ".join(document.authors)
    text_from = (
        "the original's own words" if passage.text_from == "original" else "our digest of the original"
    )
    lines = {
        "Title": document.title,
        "By": by,
        "Date": document.published or "not known",
        "Heading": passage.section,
        "Text from": text_from,
    }
    head = "\n".join(f"{name}: {one_line(value)}" for name, value in lines.items())
    return f'<passage number="{number}">\n{head}\nText: {fenced(passage.text)}\n</passage>'
