"""Turns questions and answers into one paper: what was asked, what was found, and one list of references.

The paper is plain blocks, so that its Word and its Markdown say the same. Every text in it is clean: no
control characters, one line each, whatever the reader, the material or a model wrote.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant import wording
from assistant.vocabulary import Answer, Citation, Outcome
from assistant.web import labels
from assistant.web.cards import byline
from assistant.web.exchange import Exchange
from assistant.web.markup import is_web_address
from assistant.web.numbering import Numbers
from assistant.web.rendering import narrowing, origin

Look = Literal["plain", "aside", "item"]

_ITEM = re.compile(r"\s*[-*•] +")
_ADDRESS = re.compile(r"(https?://[^\s<>()]*[^\s<>().,;:!?])")


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a reference, behind the sentence that rests on it."""

    number: int


@dataclass(frozen=True, slots=True)
class Link:
    """Words that open a web address; without one they are only words."""

    words: str
    url: str | None


Piece = str | Mark | Link


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; 1 is a question, 2 stands inside its answer."""

    words: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or one item of a list."""

    pieces: tuple[Piece, ...]
    look: Look = "plain"


@dataclass(frozen=True, slots=True)
class Reference:
    """What one number stands for, and the words that were cited."""

    number: int
    pieces: tuple[Piece, ...]
    quote: str


Block = Heading | Paragraph


@dataclass(frozen=True, slots=True)
class Briefing:
    """The whole paper."""

    title: str
    subject: str
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]


def briefing_of(exchanges: Sequence[Exchange]) -> Briefing:
    """Put a conversation into a paper. What was refused, or is missing, is in it like everything else."""
    asked = [exchange for exchange in exchanges if not exchange.pending]
    numbers = Numbers()
    blocks = (
        _aside(f"{wording.NAME}. {wording.WHAT_IT_IS}"),
        _aside(wording.WHAT_IT_IS_NOT),
        *(block for exchange in asked for block in _blocks(exchange, numbers)),
    )
    subject = clean(asked[0].question.text) if asked else ""
    references = (
        Reference(cited.number, _described(cited, labels.CITED_FROM), clean(cited.quote))
        for cited in numbers.cited()
    )
    return Briefing(labels.BRIEFING, subject, blocks, tuple(references))


def clean(text: str) -> str:
    """Write text on one line, without the characters that no document may hold or that steer a reader."""
    kept = (letter for letter in text if letter.isprintable() or letter.isspace())
    return " ".join("".join(kept).split())


def _blocks(exchange: Exchange, numbers: Numbers) -> Iterator[Block]:
    answer = exchange.answer
    yield Heading(clean(exchange.question.text))
    yield from _how(exchange)
    if answer and answer.outcome in (Outcome.NOT_IN_MATERIAL, Outcome.CONVERSATION):
        yield from _prose(answer.answer)
    else:
        yield from _sentences(exchange, numbers)
    if answer:
        yield from _missing(answer)
        yield from _closest(answer)


def _how(exchange: Exchange) -> Iterator[Block]:
    """Say how the answer ended, when it was asked and of what, and what the question was taken to mean."""
    answer, used = exchange.answer, exchange.question_used
    ended = f"{labels.OUTCOMES[answer.outcome]}." if answer else labels.STOPPED
    whence = origin(answer) if answer and answer.outcome is not Outcome.CONVERSATION else ""
    yield _aside(f"{ended} {labels.asked_on(exchange.asked_on.isoformat())} {whence}")
    if used and used.casefold() != exchange.question.text.casefold():
        yield _aside(labels.searched_for(used))
    asides = (narrowing(exchange.question), answer.note if answer else None)
    yield from (_aside(said) for said in asides if said)


def _sentences(exchange: Exchange, numbers: Numbers) -> Iterator[Paragraph]:
    """Write the checked sentences; as on the page, another source begins a paragraph."""
    citations = {citation.number: citation for citation in exchange.citations}
    drawn: list[tuple[list[Piece], Look]] = []
    before = set[str]()
    for sentence in exchange.sentences:
        cited = {citations[number].passage.document.id for number in sentence.citations}
        first, *more = filter(None, map(clean, sentence.text.split("\n")))
        if not drawn or not cited & before or drawn[-1][1] == "item":
            drawn.append(([], "plain"))
        drawn[-1][0].append(f" {first}" if drawn[-1][0] else first)
        drawn.extend(
            ([_ITEM.sub("", line, count=1)], "item" if _ITEM.match(line) else "plain") for line in more
        )
        drawn[-1][0].extend(Mark(numbers.of(citations[number])) for number in sentence.citations)
        before = cited
    return (Paragraph(tuple(pieces), look) for pieces, look in drawn)


def _missing(answer: Answer) -> Iterator[Block]:
    if answer.missing:
        yield Heading(labels.MISSING, 2)
        yield from _prose(answer.missing)


def _closest(answer: Answer) -> Iterator[Block]:
    """List what comes nearest, without numbers, lest it looks like evidence."""
    if answer.nearest:
        yield Heading(labels.CLOSEST, 2)
        yield _aside(labels.CLOSEST_MEANS)
        passages = {citation.passage.id: citation for citation in answer.nearest}
        yield from (
            Paragraph(_described(citation, labels.TEXT_FROM), "item") for citation in passages.values()
        )


def _described(citation: Citation, whose: Mapping[str, str]) -> tuple[Piece, ...]:
    """Say who, when, what, where in it, in whose words, and where to read it."""
    passage = citation.passage
    document = passage.document
    via = labels.via(passage.source.name) if passage.source else ""
    title = f"“{document.title}”{labels.in_section(passage.section)}{via}"
    words = f"{byline(document)} ({labels.dated(document.published)}), {title}."
    return (f"{clean(f'{words} {whose[passage.text_from]}.')} ", _address(citation))


def _address(citation: Citation) -> Link:
    """Show the plain address, and open it at the quote; a file that is on no web page is named."""
    source, link = citation.passage.source, citation.link
    if not is_web_address(link):
        return Link(clean(link), None)
    return Link(clean((source and source.url) or citation.passage.document.url), link)


def _prose(text: str) -> Iterator[Paragraph]:
    """Write what the assistant itself says, line by line."""
    for line in text.replace("**", "").splitlines():
        if clean(line):
            parts = _ADDRESS.split(clean(_ITEM.sub("", line, count=1)))
            yield Paragraph(tuple(Link(p, p) if is_web_address(p) else p for p in parts if p), _look(line))


def _look(line: str) -> Look:
    return "item" if _ITEM.match(line) else "plain"


def _aside(text: str) -> Paragraph:
    return Paragraph((clean(text),), "aside")
