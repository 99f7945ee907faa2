"""Draws the sources of an answer: one card for each passage, its quotes marked in the whole text."""

from collections.abc import Sequence
from itertools import pairwise

from assistant import wording
from assistant.vocabulary import Citation, Document, Passage, TextFrom
from assistant.web import captions, labels
from assistant.web.markup import Html, element, join, outward


def source_cards(
    turn: int, citations: Sequence[Citation], *, all_open: bool = False, scripted: bool = False
) -> Html:
    """Draw the cited passages in the order of their first number. The first card is open.

    `scripted` adds what only a page with a script can do: to read around a passage, and to report it.
    """
    groups = enumerate(_by_passage(citations))
    cards = [_card(turn, group, is_open=all_open or not place, scripted=scripted) for place, group in groups]
    return element("ol", *cards, class_="sources") if cards else Html()


def nearest_cards(turn: int, citations: Sequence[Citation], *, scripted: bool = False) -> Html:
    """Draw passages that support nothing: no numbers and no marks, lest they look like evidence."""
    cards = [_nearest(turn, group[0], scripted=scripted) for group in _by_passage(citations)]
    return element("ol", *cards, class_="sources nearest") if cards else Html()


def card_id(turn: int, citation: Citation) -> str:
    """Name the card of a citation, the same for every citation of its passage."""
    return f"source-{turn}-{citation.passage.id}"


def reference_id(turn: int, number: int) -> str:
    """Name the place where an answer first uses a number."""
    return f"reference-{turn}-{number}"


def byline(document: Document) -> str:
    """Name the authors, and the organisation unless it is one of them."""
    names = [*document.authors]
    if document.organisation and document.organisation not in names:
        names.append(document.organisation)
    return ", ".join(names)


def year(document: Document) -> str | None:
    """Return the year of publication where it is known."""
    return document.published[:4] if document.published else None


def marked(text: str, citations: Sequence[Citation]) -> Html:
    """Mark every quote in the text; where quotes overlap, a piece carries all their numbers."""
    spans = [(text.find(c.quote), text.find(c.quote) + len(c.quote), c.number) for c in citations]
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    pieces = [(a, b, [n for start, end, n in spans if start <= a and b <= end]) for a, b in pairwise(edges)]
    return join(*(_piece(text[a:b], numbers) for a, b, numbers in pieces))


def _by_passage(citations: Sequence[Citation]) -> list[list[Citation]]:
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.passage.id, []).append(citation)
    return list(groups.values())


def facts(document: Document, text_from: TextFrom) -> Html:
    """Say at a glance of what kind a text is, of which principle and year, and in whose words."""
    words = [wording.KINDS_IN_WORDS.get(document.kind, document.kind)]
    if document.principle:
        words.append(labels.principle_number(document.principle))
    if published := year(document):
        words.append(published)
    drawn = [element("span", word, class_="label") for word in words]
    origin = element("span", labels.TEXT_FROM[text_from], class_=f"label origin {text_from}")
    return element("span", *drawn, origin, class_="labels")


def read_link(url: str, words: str, title: str = "") -> Html | None:
    """Link to where a text can be read, if that is on the web; with its title where many links stand."""
    about = f": {title} {labels.NEW_TAB}" if title else f" {labels.NEW_TAB}"
    link = outward(url, words, element("span", about, class_="unseen"), class_="read")
    return link if link.startswith("<a") else None


def read_around(passage: Passage) -> Html:
    """Offer the document around a passage."""
    return element(
        "button",
        captions.READ_AROUND,
        type="button",
        class_="quiet",
        data_read=passage.document.id,
        data_passage=passage.id,
    )


def _card(turn: int, group: list[Citation], *, is_open: bool, scripted: bool) -> Html:
    numbers = [_back(turn, citation.number) for citation in group]
    text = marked(group[0].passage.text, group)
    return element(
        "li",
        element("span", *numbers, class_="numbers"),
        _details(group[0], text, is_open=is_open, scripted=scripted),
        id=card_id(turn, group[0]),
        class_="source several" if len(group) > 1 else "source",
    )


def _nearest(turn: int, citation: Citation, *, scripted: bool) -> Html:
    text = _details(citation, citation.passage.text, is_open=False, scripted=scripted)
    return element("li", text, id=card_id(turn, citation), class_="source")


def _back(turn: int, number: int) -> Html:
    return element(
        "a",
        str(number),
        href=f"#{reference_id(turn, number)}",
        class_="number",
        aria_label=labels.back_to_sentence(number),
    )


def _details(citation: Citation, text: str, *, is_open: bool, scripted: bool) -> Html:
    passage = citation.passage
    summary = element(
        "summary",
        facts(passage.document, passage.text_from),
        element("span", passage.document.title, class_="title"),
        element("span", byline(passage.document), class_="byline"),
        element("span", passage.section, class_="section"),
    )
    return element("details", summary, _body(citation, text, scripted=scripted), open=is_open)


def _body(citation: Citation, text: str, *, scripted: bool) -> Html:
    passage = citation.passage
    words = labels.READ_SOURCE if passage.source else labels.READ_ORIGINAL
    around = read_around(passage) if scripted else None
    ways = [way for way in (read_link(citation.link, words), around) if way]
    return element(
        "div",
        element("blockquote", element("p", text)),
        _elsewhere(passage),
        _principle(passage.document),
        _gaps(passage.document),
        element("p", *ways, class_="ways") if ways else None,
        _report(passage) if scripted else None,
        class_="body",
    )


def _report(passage: Passage) -> Html:
    """Let a reader say what is wrong with a source; chat.js sends it as an opinion on the answer."""
    about = captions.source_in_words(passage.document.title, passage.section)
    ask = element(
        "label",
        element("span", captions.REPORT_ASK),
        element("textarea", rows=2, maxlength=700, required=True),
    )
    send = element("button", labels.SEND, type="submit", class_="plain")
    hint = element("p", labels.REASON_HINT, class_="small")
    form = element("form", ask, hint, send, hidden=True)
    begin = element(
        "button", captions.REPORT, type="button", class_="quiet", data_report=True, aria_expanded="false"
    )
    thanks = element("p", role="status", class_="thanks")
    return element(
        "div", begin, form, thanks, class_="report", data_about=about, data_sent=captions.REPORT_SENT
    )


def _elsewhere(passage: Passage) -> Html:
    if not passage.source:
        return Html()
    named = outward(passage.source.url, passage.source.name)
    return element("p", f"{labels.FACT_FROM} ", named, class_="aside")


def _principle(document: Document) -> Html:
    return (
        element("p", labels.principle(document.principle), class_="aside") if document.principle else Html()
    )


def _gaps(document: Document) -> Html:
    if not document.not_covered:
        return Html()
    held = element("strong", labels.NOT_COVERED)
    return element("p", held, f" {document.not_covered}", class_="aside")


def _piece(text: str, numbers: list[int]) -> Html:
    if not numbers:
        return join(text)
    return element("mark", text, data_numbers=" ".join(map(str, numbers)))
