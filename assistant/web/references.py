"""Writes answers to paste into a council paper: as plain text, and as HTML that Word and Outlook keep."""

from collections.abc import Iterator, Sequence
from itertools import chain

from assistant.vocabulary import Answer, Citation
from assistant.web import labels
from assistant.web.cards import byline, year
from assistant.web.exchange import Exchange
from assistant.web.markup import Html, element, join, outward
from assistant.web.numbering import Numbers


def plain_text(*exchanges: Exchange) -> str:
    """Write answers for wherever only letters can be pasted."""
    numbers = Numbers()
    said = [part for exchange in exchanges for part in _parts(exchange, numbers)]
    listed = "\n".join([labels.REFERENCES, *map(reference, numbers.cited())])
    ends = [listed] if numbers.cited() else []
    return "\n\n".join([*said, *ends, *_origins(exchanges)])


def rich_text(*exchanges: Exchange) -> Html:
    """Write answers as HTML without looks of its own, so that they take on those of the paper."""
    numbers = Numbers()
    said = list(chain.from_iterable(_drawn(exchange, numbers) for exchange in exchanges))
    listed = (element("p", _who(one), " ", outward(_address(one), _address(one))) for one in numbers.cited())
    heading = element("p", element("strong", labels.REFERENCES)) if numbers.cited() else None
    origins = (element("p", element("em", origin)) for origin in _origins(exchanges))
    return join(*said, heading, *listed, *origins)


def reference(citation: Citation) -> str:
    """Write one reference: number, author, year, title, organisation, what the text is, address."""
    return f"{_who(citation)} {_address(citation)}"


def _drawn(exchange: Exchange, numbers: Numbers) -> Iterator[Html]:
    asked, *said = _parts(exchange, numbers)
    yield element("p", element("strong", asked))
    yield from (element("p", line) for part in said for line in part.splitlines() if line.strip())


def _parts(exchange: Exchange, numbers: Numbers) -> Iterator[str]:
    """Write question, answer and what is missing, numbered as they are in the whole."""
    yield exchange.question.text
    answer = exchange.answer
    if answer and not answer.sentences:
        yield answer.answer
    yield from _sentences(exchange, numbers)
    if answer and answer.missing:
        yield answer.missing


def _sentences(exchange: Exchange, numbers: Numbers) -> Iterator[str]:
    """Write the checked sentences; as on the page, another source begins a paragraph."""
    citations = {citation.number: citation for citation in exchange.citations}
    paragraphs: list[list[str]] = []
    before = set[str]()
    for sentence in exchange.sentences:
        cited = {citations[number].passage.document.id for number in sentence.citations}
        if not paragraphs or not cited & before:
            paragraphs.append([])
        marks = (f"[{numbers.of(citations[number])}]" for number in sentence.citations)
        paragraphs[-1].append(f"{sentence.text}{''.join(marks)}")
        before = cited
    return (" ".join(paragraph) for paragraph in paragraphs)


def _who(citation: Citation) -> str:
    passage = citation.passage
    document = passage.document
    via = labels.via(passage.source.name) if passage.source else ""
    who = f"[{citation.number}] {byline(document)} ({labels.page_date(year(document))})"
    return f"{who}, “{document.title}”{via}. {labels.CITED_FROM[passage.text_from]}."


def _origins(exchanges: Sequence[Exchange]) -> list[str]:
    """Say when it was asked, and of what; once, if that is the same for all."""
    answered = [(exchange.asked_on, exchange.answer) for exchange in exchanges if exchange.answer]
    return list(dict.fromkeys(_origin(day.isoformat(), answer) for day, answer in answered))


def _origin(day: str, answer: Answer) -> str:
    return labels.copied_from(day, answer.material.indexed_on)


def _address(citation: Citation) -> str:
    """Prefer an address without the text fragment, which no reader would type from paper."""
    source = citation.passage.source
    return (source and source.url) or citation.passage.document.url
