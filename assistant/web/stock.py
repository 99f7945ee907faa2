"""Draws what the staff's desk says of the material: what it lacks, what is asked of it, how it stands."""

from collections.abc import Mapping, Sequence

from assistant import wording
from assistant.records import Record
from assistant.staff import counting
from assistant.staff.counting import Drawn
from assistant.staff.gaps import Gap, GapReport
from assistant.staff.health import Standing, standing
from assistant.vocabulary import RECORD, Entry, Hit
from assistant.web import labels, parts, plots
from assistant.web.markup import Html, element, join, outward

_MOST_GAPS = 15
_MOST_DOCUMENTS = 12
_MOST_SECTIONS = 3
_OTHER = "Other material"


def gap_section(
    report: GapReport | None, titles: Mapping[str, str], period: str, *, why_not: str, whole: bool
) -> Html:
    """Draw the editor's list."""
    heading = "What to write next"
    if report is None:
        return parts.section(
            "gaps", heading, parts.nothing(f"Questions can’t be grouped at the moment. {why_not}")
        )
    lead = element(
        "p",
        "Questions that the material did not answer, or only in part. What asks the same in other words is "
        "one entry, as far as a program can tell; most asked first. A follow-up stands as it was typed.",
        class_="said",
    )
    if not report.gaps:
        ready = parts.nothing("Every question in this time was answered.") if report.is_complete else None
        return parts.section("gaps", heading, lead, _progress(report, period), ready)
    shown = report.gaps if whole else report.gaps[:_MOST_GAPS]
    listed = element("ol", *(_gap(gap, titles) for gap in shown), class_="gaps")
    return parts.section(
        "gaps",
        heading,
        lead,
        _progress(report, period),
        listed,
        parts.more(len(report.gaps) - len(shown), "question", period),
        _left_out(report),
        parts.tables(period, gaps="All with every wording"),
    )


def _progress(report: GapReport, period: str) -> Html | None:
    if report.is_complete:
        return None
    said = f"{report.read:,} of {report.wordings:,} different wordings have been read so far. "
    again = element("a", "Look again", href=f"staff?days={period}#gaps")
    return element("p", said, again, " in a moment for all of them.", class_="note", role="status")


def _left_out(report: GapReport) -> Html | None:
    if not report.left_out:
        return None
    return element(
        "p",
        f"Grouped are the {report.wordings:,} wordings that were asked last; {report.left_out:,} older ones "
        "are left out. Choose a shorter time, or get the records with `keep-it-local records export`.",
        class_="more",
    )


def _gap(gap: Gap, titles: Mapping[str, str]) -> Html:
    first, *others = gap.wordings
    facts = [
        parts.counted(len(gap.wordings), "wording"),
        f"last on {labels.long_date(gap.last.isoformat())}",
        f"{gap.partly:,} answered in part" if gap.partly else "",
    ]
    lacked = (
        element("p", element("strong", "Lacked: "), "; ".join(gap.missing), class_="lacked")
        if gap.missing
        else None
    )
    wordings = (
        element(
            "details",
            element("summary", f"The other {parts.counted(len(others), 'wording')}"),
            element("ul", *(element("li", _times(one.text, one.asked)) for one in others)),
        )
        if others
        else None
    )
    said = element(
        "div",
        element("h4", first.text),
        element("p", " · ".join(filter(None, facts)), class_="facts"),
        lacked,
        _nearest(gap, titles),
        wordings,
    )
    count = element("p", f"{gap.asked:,}×", element("span", " asked", class_="unseen"), class_="count")
    return element("li", count, said)


def _times(text: str, asked: int) -> str:
    return f"{text} ({asked:,}×)" if asked > 1 else text


def _nearest(gap: Gap, titles: Mapping[str, str]) -> Html | None:
    """Name the sections that a search finds now, else the documents that came near when it was asked."""
    if gap.hits:
        near = [_section_of(hit) for hit in best_sections(gap.hits)]
    else:
        near = [join(titles.get(name, name)) for name, _ in gap.nearest]
    if not near:
        return None
    parts = (element("li", one) for one in near)
    return element("div", element("p", "Nearest in the material:"), element("ul", *parts), class_="nearest")


def best_sections(hits: Sequence[Hit]) -> list[Hit]:
    """Return the best hit of each section, the best first; a catalogue's entry is none."""
    texts = (hit for hit in reversed(hits) if hit.passage.section != RECORD)
    found = {(hit.passage.document.id, hit.passage.section): hit for hit in texts}
    return sorted(found.values(), key=lambda hit: -hit.score)[:_MOST_SECTIONS]


def _section_of(hit: Hit) -> Html:
    passage = hit.passage
    return join(
        outward(passage.document.url, passage.document.title),
        element("span", f", “{passage.section}”"),
    )


# --- what readers ask about, and how the catalogue stands ---


def asked_about(records: Sequence[Record], entries: Sequence[Entry], period: str) -> Html:
    """Draw how often each principle and document was cited, or came nearest to what was refused."""
    principles = counting.by_principle(records, entries)
    documents = [one for one in counting.by_document(records, entries) if one.cited or one.nearest]
    if not documents:
        return parts.section(
            "about", "What readers ask about", parts.nothing("No document was cited in this time.")
        )
    head = ("Cited", "Nearest")
    by_principle = parts.bars(
        "By principle",
        ("Principle", *head),
        (
            (
                _principle(number),
                plots.bar(cited, max(one for _, one, _ in principles)),
                f"{cited:,}",
                f"{near:,}",
            )
            for number, cited, near in principles
        ),
    )
    shown = documents[:_MOST_DOCUMENTS]
    by_document = parts.bars(
        f"By document (the first {len(shown)} of {len(documents)})"
        if documents[len(shown) :]
        else "By document",
        ("Document", *head),
        (
            (
                _title(one, is_known=bool(entries)),
                plots.bar(one.cited, shown[0].cited),
                f"{one.cited:,}",
                f"{one.nearest:,}",
            )
            for one in shown
        ),
    )
    said = "Cited: in how many answers. Nearest: how often it came closest to a question that was refused."
    return parts.section(
        "about",
        "What readers ask about",
        element("p", said, class_="said"),
        element("div", by_principle if entries else None, by_document, class_="two even"),
        parts.tables(period, principles="By principle", documents="By document"),
    )


def _title(one: Drawn, *, is_known: bool) -> str:
    if one.document:
        return one.document.title
    return f"{one.name} (no longer in the catalogue)" if is_known else one.name


def _principle(number: int | None) -> str:
    return f"{number} {wording.PRINCIPLES_IN_SHORT[number]}" if number else _OTHER


def catalogue(records: Sequence[Record], entries: Sequence[Entry], period: str, *, why_not: str) -> Html:
    """Draw every document and what it needs."""
    heading = "How the material stands"
    if not entries:
        return parts.section(
            "material", heading, parts.nothing(f"The catalogue can’t be told at the moment. {why_not}")
        )
    all_ = standing(entries, records)
    gone = sum(one.is_gone for one in all_)
    unused = sum(one.is_unused for one in all_)
    originals = sum(one.entry.text_from == "original" for one in all_)
    said = (
        f"{parts.counted(len(all_), 'document')}: {originals:,} with the original’s own words, "
        f"{len(all_) - originals:,} as digests. {unused:,} never cited in this time. "
        f"{gone:,} whose page has gone or become something else."
    )
    looks = (
        "“keep-it-local ingest fetch” looks at the pages; of a digest that was never fetched nothing is "
        "known."
    )
    head = ("Document", "Text", "Got on", "Page", "Passages", "Cited", "Nearest")
    listed = parts.plain_table("Every document, what needs somebody first", head, map(_row, all_))
    return parts.section(
        "material",
        heading,
        element("p", said, " ", looks, class_="said"),
        listed,
        parts.tables(period, material="These"),
    )


def _row(one: Standing) -> Sequence[str]:
    document = one.entry.document
    return (
        outward(document.url, document.title),
        "Original" if one.entry.text_from == "original" else "Digest",
        document.fetched_on[:10] if document.fetched_on else "–",
        element("strong", page_state(one)) if one.is_gone else page_state(one),
        f"{one.entry.passages:,}",
        f"{one.cited:,}" if one.cited else element("strong", "never"),
        f"{one.nearest:,}",
    )


def page_state(one: Standing) -> str:
    """Say how the document's page stands."""
    if one.is_gone:
        return "gone or changed"
    return "as fetched" if one.entry.document.fetched_on else "not looked at"
