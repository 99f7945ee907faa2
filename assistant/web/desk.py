"""Draws the staff's desk: one page that is read, printed, and led on from to the tables.

Plain HTML, where Gradio had once been thought of: it opens sooner, prints, works without scripts, and all of
it can be made accessible.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant import wording
from assistant.records import Record
from assistant.staff import counting
from assistant.staff.gaps import GapReport
from assistant.vocabulary import Entry
from assistant.web import frame, labels, parts, plots, sheets, stock
from assistant.web.markup import Html, element, join
from assistant.web.shelf import FOLDER

TITLE = "For staff"
_STYLE = ("staff.css",)
_MOST_WRONG = 10
_PERIODS = {**{str(days): f"{days} days" for days in counting.PERIODS}, "all": "All"}
_NO_CAUTION = (
    "Questions are kept masked. Masking does not find everything: treat what stands here as personal."
)


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the records of a time, and what the assistant told of its material.

    Without an assistant `why_not` says the reason, and `entries` and `gaps` are empty.
    """

    days: int | None
    today: date
    records: tuple[Record, ...]
    entries: tuple[Entry, ...]
    gaps: GapReport | None
    why_not: str
    keep_days: int
    keeps_records: bool
    form_token: str
    whole: bool = False

    @property
    def period(self) -> str:
        """How the address names the time."""
        return "all" if self.days is None else str(self.days)

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of each document by its id."""
        return {entry.document.id: entry.document.title for entry in self.entries}


def desk_sheet(view: View) -> str:
    """Draw the whole desk."""
    sections = (
        _head(view),
        _at_a_glance(view),
        _time(view),
        stock.gap_section(view.gaps, view.titles, view.period, why_not=view.why_not, whole=view.whole),
        _wrong(view),
        stock.asked_about(view.records, view.entries, view.period),
        _times(view),
        stock.catalogue(view.records, view.entries, view.period, why_not=view.why_not),
    )
    return staff_sheet(TITLE, element("div", *filter(None, sections), class_="desk"))


def gate_sheet(form_token: str, *, wrong: str = "", is_plain: bool = False) -> str:
    """Draw the form that asks for the password."""
    notice = frame.notice("Not signed in", wrong) if wrong else None
    warning = (
        element(
            "p", "This connection is not encrypted: use the address that begins with https.", class_="small"
        )
        if is_plain
        else None
    )
    form = element(
        "form",
        element("label", "Password", for_="password", class_="name"),
        element(
            "input",
            id="password",
            name="password",
            type="password",
            required=True,
            autocomplete="current-password",
            aria_invalid="true" if wrong else None,
            aria_describedby="why" if wrong else None,
        ),
        _hidden(form_token),
        warning,
        element("p", element("button", "Sign in", type="submit", class_="ask")),
        method="post",
        action="staff",
        class_="form",
    )
    told = element("div", notice, id="why") if notice else None
    lead = element("p", "What readers ask, what the material lacks, and how it stands.", class_="said")
    return staff_sheet(TITLE, element("div", element("h2", TITLE), lead, told, form, class_="gate"))


def staff_sheet(title: str, *main: Html) -> str:
    """Draw a page for staff around what it is to say."""
    header = frame.top(f"{FOLDER}/favicon.svg", is_linked=False)
    footer = element("p", _NO_CAUTION, class_="caution")
    skip = element("a", labels.TO_THE_CONTENT, href="#content", class_="skip")
    return sheets.document(f"{title} – {wording.NAME}", header, main, footer, skip, _STYLE)


def _hidden(form_token: str) -> Html:
    return element("input", type="hidden", name="form", value=form_token)


def _head(view: View) -> Html:
    periods = (
        element(
            "li",
            element(
                "a", words, href=f"staff?days={name}", aria_current="page" if name == view.period else None
            ),
        )
        for name, words in _PERIODS.items()
    )
    out = element(
        "form",
        _hidden(view.form_token),
        element("button", "Sign out", type="submit", name="leave", value="yes", class_="plain"),
        method="post",
        action="staff",
        class_="out",
    )
    to = (("#gaps", "What to write next"), ("#wrong", "Marked not useful"), ("#about", "Asked about"),
          ("#times", "Answer times"), ("#material", "The material"))  # fmt: skip
    jump = element("ul", *(element("li", element("a", words, href=href)) for href, words in to))
    return element(
        "div",
        element("div", element("h2", TITLE), out, class_="title"),
        element("nav", element("ul", *periods, class_="periods"), aria_label="Time"),
        element("p", _said(view), class_="said"),
        element("nav", jump, aria_label="On this page", class_="jump"),
        class_="head",
    )


def _said(view: View) -> str:
    time = (
        f"Everything on record up to {labels.long_date(view.today.isoformat())}."
        if view.days is None
        else f"The last {view.days} days, up to {labels.long_date(view.today.isoformat())}."
    )
    kept = f"Records are deleted after {parts.counted(view.keep_days, 'day')}."
    off = "" if view.keeps_records else " Recording is switched off (KIL_RECORD), so nothing new is added."
    return f"{time} {kept}{off}"


def _at_a_glance(view: View) -> Html:
    asked = len(view.records)
    ended = counting.by_outcome(view.records)
    times = counting.answer_times(view.records)
    rated = [record for record in view.records if record.rating]
    wrong = sum(record.rating == "down" for record in rated)
    facts = (
        (f"{asked:,}", "questions"),
        *((parts.percent(ended[name], asked), plots.SHORT[name].lower()) for name in counting.OUTCOMES[:3]),
        (f"{wrong:,}", f"marked not useful, of {parts.counted(len(rated), 'opinion')}"),
        (parts.seconds(times.middle) if times else "–", "for half of the answers"),
    )
    tiles = (
        element("div", element("dt", words), element("dd", number), class_="tile") for number, words in facts
    )
    return element("dl", *tiles, class_="tiles", aria_label="At a glance")


def _time(view: View) -> Html:
    slots = counting.over_time(view.records, view.days, view.today)
    ended = counting.by_outcome(view.records)
    most = max(ended.values())
    rows = (
        (
            plots.SHORT[name],
            plots.bar(number, most, name),
            f"{number:,}",
            parts.percent(number, len(view.records)),
        )
        for name, number in ended.items()
    )
    outcomes = parts.bars("How questions ended", ("Outcome", "Questions", "Share"), rows)
    numbers = element(
        "details",
        element("summary", "The same as a table"),
        parts.plain_table(
            "Questions by time and outcome",
            ("Days", "Questions", *plots.SHORT.values()),
            (
                (plots.span(slot), f"{slot.asked:,}", *(f"{slot.outcomes[name]:,}" for name in plots.SHORT))
                for slot in slots
            ),
        ),
    )
    return parts.section(
        "time",
        "Questions over time",
        element("div", element("div", plots.over_time(slots), numbers), outcomes, class_="two"),
        parts.tables(view.period, time="Over time", outcomes="Outcomes"),
    )


def _wrong(view: View) -> Html:
    wrong = counting.marked_wrong(view.records)
    if not wrong:
        return parts.section(
            "wrong", "Marked not useful", parts.nothing("Nobody marked an answer not useful.")
        )
    shown = wrong if view.whole else wrong[:_MOST_WRONG]
    listed = element("ol", *(_opinion(record, view.titles) for record in shown), class_="opinions")
    more = parts.more(len(wrong) - len(shown), "opinion", view.period)
    return parts.section("wrong", "Marked not useful", listed, more, parts.tables(view.period, wrong="These"))


def _opinion(record: Record, titles: Mapping[str, str]) -> Html:
    cited = [titles.get(name, name) for name in record.cited]
    facts = [
        labels.long_date(record.asked_at[:10]),
        plots.SHORT.get(record.outcome, record.outcome),
        f"from {', '.join(f'“{title}”' for title in cited)}" if cited else "",
    ]
    reason = (
        element("p", f"“{record.reason}”", class_="reason")
        if record.reason
        else element("p", "No reason was given.", class_="facts")
    )
    return element(
        "li",
        element("h4", record.question),
        reason,
        element("p", " · ".join(filter(None, facts)), class_="facts"),
    )


def _times(view: View) -> Html:
    times = counting.answer_times(view.records)
    if times is None:
        return parts.section("times", "Answer times", parts.nothing("No answers were given in this time."))
    of = sum(number for _, number in times.counts)
    most = max(number for _, number in times.counts)
    rows = (
        (words, plots.bar(number, most), f"{number:,}", parts.percent(number, of))
        for words, number in times.counts
    )
    named = {"retrieve": "to find passages", "compose": "to put sentences together", "check": "to check them"}
    steps = ", ".join(f"{parts.seconds(spent)} {named[name]}" for name, spent in times.steps.items())
    said = (
        f"Half of the answers took up to {parts.seconds(times.middle)}, 95% up to "
        f"{parts.seconds(times.most)}, the longest {parts.seconds(times.longest)}."
    )
    inside = f" Of that, in a usual answer: {steps}." if steps else ""
    return parts.section(
        "times",
        "Answer times",
        element("p", said, inside, class_="said"),
        parts.bars("How long answers took", ("Time", "Answers", "Share"), rows),
        parts.tables(view.period, times="These"),
    )


def problem_sheet(title: str, detail: str) -> str:
    """Draw a page that says what went wrong."""
    return staff_sheet(
        title, join(frame.notice(title, detail), element("p", element("a", TITLE, href="staff")))
    )
