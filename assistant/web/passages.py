"""Draws what was searched for, and a whole document: passages without an answer."""

import re
from collections.abc import Sequence
from itertools import groupby

from assistant.vocabulary import RECORD, Entry, Hit, Passage
from assistant.web import captions, labels
from assistant.web.cards import byline, facts, read_around, read_link
from assistant.web.markup import Html, element, join

_WORD = re.compile(r"\w{4,}")
_ENDING = 2  # letters by which forms of a word differ, as in contract and contracts
SHORTEST_STEM = 4


def found(words: str, hits: Sequence[Hit]) -> Html:
    """Draw passages in their order; no numbers of references and no marks, lest they look like evidence."""
    if not hits:
        return element("p", captions.NOTHING_FOUND, class_="nothing")
    heading = element("h2", captions.found(len(hits), words))
    return join(heading, element("ol", *(_hit(hit, words) for hit in hits), class_="hits"))


def whole(entry: Entry, passages: Sequence[Passage]) -> Html:
    """Draw a document as far as it is here."""
    document = entry.document
    sections = groupby((p for p in passages if p.section != RECORD), key=lambda passage: passage.section)
    gaps = f"{labels.NOT_COVERED} {document.not_covered}" if document.not_covered else ""
    return element(
        "article",
        facts(document, entry.text_from),
        element("h2", document.title, id="whole-title", tabindex=-1),
        element("p", byline(document), class_="byline"),
        element("p", gaps, class_="aside") if gaps else None,
        element("p", read_link(document.url, labels.READ_ORIGINAL)),
        *(_section(heading, list(group)) for heading, group in sections),
        class_="whole",
    )


def emphasised(text: str, words: str) -> Html:
    """Make the words that were searched for easy to see, in any of their forms."""
    stems = {word[: max(SHORTEST_STEM, len(word) - _ENDING)] for word in _WORD.findall(words.casefold())}
    if not stems:
        return join(text)
    pattern = re.compile(rf"(\b(?:{'|'.join(map(re.escape, sorted(stems)))})\w*)", re.IGNORECASE)
    pieces = pattern.split(text)
    return join(*(element("b", piece) if at % 2 else piece for at, piece in enumerate(pieces)))


def _hit(hit: Hit, words: str) -> Html:
    passage = hit.passage
    document = passage.document
    address = (passage.source and passage.source.url) or document.url
    words_for = labels.READ_SOURCE if passage.source else labels.READ_ORIGINAL
    return element(
        "li",
        facts(document, passage.text_from),
        element("h3", document.title, class_="title"),
        element("p", byline(document), class_="byline"),
        element("p", passage.section, class_="section"),
        element("blockquote", element("p", emphasised(passage.text, words))),
        _elsewhere(passage),
        element("p", read_around(passage), read_link(address, words_for), class_="ways"),
        class_="hit",
    )


def _elsewhere(passage: Passage) -> Html | None:
    return (
        element("p", f"{labels.FACT_FROM} {passage.source.name}", class_="aside") if passage.source else None
    )


def _section(heading: str, passages: Sequence[Passage]) -> Html:
    drawn = (
        element("p", passage.text, id=f"passage-{passage.id}", class_="passage", tabindex=-1)
        for passage in passages
    )
    return element("section", element("h3", heading), _elsewhere(passages[0]), *drawn)
