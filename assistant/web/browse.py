"""Draws the catalogue by principle: essay, case study, what else there is, and what is missing."""

from collections.abc import Iterable, Sequence

from assistant import wording
from assistant.vocabulary import KINDS, PRINCIPLES, Entry, Material
from assistant.web import captions, labels
from assistant.web.cards import byline, facts, read_link
from assistant.web.markup import Html, element, join

_FIRST = ("essay", "case-study")


def catalogue(material: Material, entries: Sequence[Entry]) -> Html:
    """Draw every document once, under its principle or, if it has none, under its kind."""
    searched = labels.material(material.documents, material.indexed_on)
    drawn = (_principle(number, _of(number, entries)) for number in PRINCIPLES)
    others = [entry for entry in entries if entry.document.principle not in PRINCIPLES]
    return join(
        element("p", searched, class_="small", id="material"),
        element("div", *drawn, class_="principles"),
        _others(others),
    )


def _of(number: int, entries: Iterable[Entry]) -> list[Entry]:
    """Find the documents of a principle, its essay first, then its case studies."""
    held = [entry for entry in entries if entry.document.principle == number]
    return sorted(held, key=lambda entry: (*_FIRST, entry.document.kind).index(entry.document.kind))


def _principle(number: int, entries: Sequence[Entry]) -> Html:
    kinds = {entry.document.kind for entry in entries}
    gaps = [words for kind, words in captions.MISSING_KINDS.items() if kind not in kinds]
    about = element("span", f": {labels.principle(number)}", class_="unseen")
    return element(
        "section",
        element("h3", labels.principle(number), id=f"principle-{number}"),
        element(
            "ul",
            *(_entry(entry, "h4") for entry in entries),
            *(element("li", words, class_="gap") for words in gaps),
            class_="entries",
        ),
        element("button", captions.ASK_WITHIN, about, type="button", class_="plain", data_within=number),
        class_="principle",
        aria_labelledby=f"principle-{number}",
    )


def _others(entries: Sequence[Entry]) -> Html:
    known = dict.fromkeys((*KINDS, *(entry.document.kind for entry in entries)))
    groups = ((kind, [entry for entry in entries if entry.document.kind == kind]) for kind in known)
    drawn = [_kind(kind, held) for kind, held in groups if held]
    if not drawn:
        return Html()
    heading = element("h3", captions.NO_PRINCIPLE, id="no-principle")
    return element("section", heading, *drawn, class_="others", aria_labelledby="no-principle")


def _kind(kind: str, entries: Sequence[Entry]) -> Html:
    drawn = element("ul", *(_entry(entry, "h5") for entry in entries), class_="entries")
    return element("section", element("h4", wording.KINDS_IN_WORDS.get(kind, kind)), drawn, class_="kind")


def _entry(entry: Entry, level: str) -> Html:
    document = entry.document
    named = element("span", f": {document.title}", class_="unseen")
    read = element("button", captions.READ_HERE, named, type="button", class_="quiet", data_read=document.id)
    gaps = document.not_covered if entry.text_from == "digest" else None
    about = " · ".join(filter(None, (byline(document), captions.passages(entry.passages))))
    return element(
        "li",
        facts(document, entry.text_from),
        element(level, document.title, class_="title"),
        element("p", about, class_="byline"),
        element("p", element("strong", labels.NOT_COVERED), f" {gaps}", class_="aside") if gaps else None,
        element("p", read, read_link(document.url, labels.READ_ORIGINAL, document.title), class_="ways"),
        class_="entry",
    )
