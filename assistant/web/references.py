"""Writes an answer as plain text with numbered references, ready for a council paper."""

from assistant.vocabulary import Answer, Citation, Document
from assistant.web import labels
from assistant.web.cards import byline, year
from assistant.web.exchange import Exchange


def plain_text(exchange: Exchange) -> str:
    """Write question, answer, what is missing, the references, and where all this is from."""
    answer = exchange.answer
    if answer is None:
        return exchange.text
    asked, origin = exchange.question.text, _origin(exchange, answer)
    parts = (asked, answer.answer, _missing(answer), _references(answer), origin)
    return "\n\n".join(filter(None, parts))


def reference(citation: Citation) -> str:
    """Write one reference: number, author, year, title, organisation, what the text is, address."""
    passage = citation.passage
    document = passage.document
    via = labels.via(passage.source.name) if passage.source else ""
    who = f"[{citation.number}] {byline(document)} ({labels.page_date(year(document))})"
    what = f"“{document.title}”{via}. {labels.CITED_FROM[passage.text_from]}"
    return f"{who}, {what}. {_address(citation, document)}"


def _references(answer: Answer) -> str:
    if not answer.citations:
        return ""
    return "\n".join([labels.REFERENCES, *map(reference, answer.citations)])


def _missing(answer: Answer) -> str:
    """Say it once: some composers put it into the answer already."""
    return answer.missing if answer.missing and answer.missing not in answer.answer else ""


def _origin(exchange: Exchange, answer: Answer) -> str:
    return labels.copied_from(exchange.asked_on.isoformat(), answer.material.indexed_on)


def _address(citation: Citation, document: Document) -> str:
    """Prefer an address without the text fragment, which no reader would type from paper."""
    source = citation.passage.source
    return (source and source.url) or document.url
