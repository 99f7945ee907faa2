"""Draws what stands around a conversation: header, start, notices, footer with the catalogue."""

from collections.abc import Sequence

from assistant import wording
from assistant.vocabulary import KINDS, Entry, Material
from assistant.web import labels
from assistant.web.cards import byline, year
from assistant.web.markup import Html, element, join, outward
from assistant.web.rendering import questions


def top(mark: str, *, is_linked: bool = True) -> Html:
    """Draw the product's name beside its mark, linked to the footer where that has something to say."""
    image = element("img", src=mark, alt="", width=40, height=40)
    about = element("a", labels.ABOUT_THE_MATERIAL, href="#about-the-material", class_="about")
    return element("div", image, element("h1", wording.NAME), about if is_linked else None, class_="top")


def lead() -> Html:
    """Draw the one sentence that says what this is."""
    return element("div", element("p", labels.LEAD, class_="lead"), element("p", wording.WHAT_IT_IS))


def examples() -> Html:
    """Draw questions to begin with, and what to expect."""
    tried = element("section", element("h2", labels.EXAMPLES_HEADING), questions(wording.EXAMPLES))
    steps = [_step(number, words) for number, words in enumerate(labels.HOW, 1)]
    how = element("section", element("h2", labels.HOW_HEADING), element("ol", *steps, class_="how"))
    return element("div", tried, how, class_="start")


def notice(heading: str, said_plainly: str, *, back: str | None = None) -> Html:
    """Say what went wrong and what to do; `back` is what a script puts back into the box."""
    said = element("p", said_plainly)
    heading = element("p", heading, class_="heading")
    return element("div", heading, said, class_="notice", role="alert", data_back=back)


def below_the_box() -> Html:
    """Draw the counter and the line that is always there."""
    counter = element("p", id="counter", role="status", data_words=labels.COUNTER)
    return join(counter, element("p", wording.WHAT_IT_IS_NOT, class_="caution"))


def _step(number: int, words: str) -> Html:
    return element(
        "li", element("span", str(number), class_="number", aria_hidden="true"), element("span", words)
    )


def foot(material: Material | None, entries: Sequence[Entry]) -> Html:
    """Draw the age of the material, and the catalogue to open."""
    if material is None:
        return element("div", _about(), class_="foot", id="about-the-material")
    searched = labels.material(material.documents, material.indexed_on)
    summary = element("summary", element("span", labels.ABOUT_THE_MATERIAL), f": {searched}")
    details = element("details", summary, _catalogue(entries))
    return element("div", details, _about(), class_="foot", id="about-the-material")


def _about() -> Html:
    """Lead to what this is, what is kept, and how good it is."""
    return element("p", element("a", labels.ABOUT_THIS, href="about"))


def _catalogue(entries: Sequence[Entry]) -> Html:
    kinds: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
    for entry in entries:
        kinds.setdefault(entry.document.kind, []).append(entry)
    drawn = (_kind(kind, of_kind) for kind, of_kind in kinds.items() if of_kind)
    return join(element("p", labels.MATERIAL_IS), *drawn)


def _kind(kind: str, entries: Sequence[Entry]) -> Html:
    heading = element("h3", wording.KINDS_IN_WORDS.get(kind, kind))
    return element("section", heading, element("ul", *map(_entry, entries)), class_="kind")


def _entry(entry: Entry) -> Html:
    document = entry.document
    facts = [byline(document), year(document), labels.TEXT_FROM[entry.text_from]]
    title = outward(document.url, document.title)
    return element("li", title, element("span", " · ".join(filter(None, facts)), class_="facts"))
