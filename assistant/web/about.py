"""Draws /about: the privacy note and the transparency record, as one page."""

from assistant.web import labels
from assistant.web.markup import Html, element, is_web_address, join, outward
from assistant.web.sheets import sheet
from assistant.web.transparency import OPEN, Section, Statement, TransparencyRecord


def about_sheet(record: TransparencyRecord, foot: Html) -> str:
    """Draw the whole record."""
    lead = element(
        "div",
        element("h2", labels.ABOUT_TITLE),
        element("p", labels.ABOUT_LEAD),
        element("p", element("a", labels.ABOUT_AS_JSON, href="about.json"), " · ", _back()),
        class_="lead-in",
    )
    record_head = element(
        "section", element("h2", labels.RECORD_TITLE), element("p", labels.RECORD_LEAD), class_="lead-in"
    )
    sections = (record.tier_1, *record.tier_2)
    content = element(
        "article", lead, _section(record.privacy), record_head, *map(_section, sections), class_="record"
    )
    return sheet(labels.ABOUT_PAGE, content, foot=foot)


def _back() -> Html:
    return element("a", labels.ASK_A_QUESTION, href="ask")


def _section(section: Section) -> Html:
    return element(
        "section",
        element("h3", section.heading),
        element("dl", *(_statement(one) for one in section.statements)),
    )


def _statement(one: Statement) -> Html:
    mark = element("p", element("strong", OPEN), class_="open") if one.is_open else None
    points = element("ul", *(element("li", point) for point in one.points)) if one.points else None
    said = (element("p", words) for words in one.said)
    described = element(
        "dd", mark, *said, points, _link(one.url), class_="open-field" if one.is_open else None
    )
    return join(element("dt", one.about), described)


def _link(url: str) -> Html | None:
    """Link to a web or an e-mail address; whatever else was set is shown as it is."""
    if not url:
        return None
    if url.startswith("mailto:"):
        return element("p", element("a", url.removeprefix("mailto:"), href=url))
    shown = join(outward(url, url), f" {labels.NEW_TAB}") if is_web_address(url) else url
    return element("p", shown)
