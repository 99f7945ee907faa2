"""Counts what is on record: over time, by outcome, document, principle, and seconds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median, quantiles

from assistant.records import Record
from assistant.vocabulary import PRINCIPLES, Document, Entry, Outcome

PERIODS = (7, 30, 90)
OUTCOMES = tuple(outcome.value for outcome in Outcome)
GAPS = (Outcome.NOT_IN_MATERIAL.value, Outcome.PARTLY_ANSWERED.value)
# Up to so many days a column of the plot over time stands for a day, or for a week; then for four weeks.
_MOST_DAYS, _MOST_WEEKS = 31, 200
# The upper ends, in milliseconds, of the columns that answer times are counted in.
_STEPS = (100, 250, 500, 1_000, 2_000, 5_000, 10_000)


@dataclass(frozen=True, slots=True)
class Slot:
    """Some days in a row, and how many questions ended how in them."""

    first: date
    last: date
    outcomes: Mapping[str, int]

    @property
    def asked(self) -> int:
        """How many questions there were."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Drawn:
    """How often something was cited in an answer, and came nearest to a question that was refused."""

    name: str
    document: Document | None
    cited: int
    nearest: int


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers took, in milliseconds."""

    middle: int
    most: int
    longest: int
    steps: Mapping[str, int]
    counts: tuple[tuple[str, int], ...]


def within(records: Sequence[Record], days: int | None, today: date) -> tuple[Record, ...]:
    """Return those of the last days, today among them; the days are those of UTC, as records have them."""
    if days is None:
        return tuple(records)
    first = (today - timedelta(days=days - 1)).isoformat()
    return tuple(record for record in records if record.asked_at >= first)


def by_outcome(records: Iterable[Record]) -> dict[str, int]:
    """Count each outcome, also those that never came."""
    counted = Counter(record.outcome for record in records)
    return {outcome: counted[outcome] for outcome in OUTCOMES}


def over_time(records: Sequence[Record], days: int | None, today: date) -> tuple[Slot, ...]:
    """Count day by day, or in longer steps where that would be too many; the last ends today."""
    if days is None:
        first = min((asked_on(record) for record in records), default=today)
        days = max(1, (today - first).days + 1)
    step = 1 if days <= _MOST_DAYS else 7 if days <= _MOST_WEEKS else 28
    slots = -(-days // step)
    counted: list[list[str]] = [[] for _ in range(slots)]
    for record in records:
        back = (today - asked_on(record)).days // step
        if 0 <= back < slots:
            counted[slots - 1 - back].append(record.outcome)
    return tuple(
        _slot(today - timedelta(days=(slots - at) * step - 1), step, outcomes)
        for at, outcomes in enumerate(counted)
    )


def _slot(first: date, step: int, outcomes: Iterable[str]) -> Slot:
    counted = Counter(outcomes)
    return Slot(first, first + timedelta(days=step - 1), {name: counted[name] for name in OUTCOMES})


def asked_on(record: Record) -> date:
    """Return the day, of UTC, on which it was asked."""
    return date.fromisoformat(record.asked_at[:10])


def by_document(records: Sequence[Record], entries: Sequence[Entry]) -> tuple[Drawn, ...]:
    """Count each document of the catalogue, and those on record that are not in it any more."""
    cited = Counter(name for record in records for name in record.cited)
    nearest = Counter(name for record in records for name in record.nearest)
    known = {entry.document.id: entry.document for entry in entries}
    names = dict.fromkeys((*known, *cited, *nearest))
    drawn = (Drawn(name, known.get(name), cited[name], nearest[name]) for name in names)
    return tuple(sorted(drawn, key=lambda one: (-one.cited, -one.nearest)))


def by_principle(
    records: Sequence[Record], entries: Sequence[Entry]
) -> tuple[tuple[int | None, int, int], ...]:
    """Count for each principle, and for none, the answers that cite it and the refusals nearest to it."""
    of = {entry.document.id: entry.document.principle for entry in entries}
    cited = Counter(one for record in records for one in {of[id_] for id_ in record.cited if id_ in of})
    nearest = Counter(one for record in records for one in {of[id_] for id_ in record.nearest if id_ in of})
    return tuple((principle, cited[principle], nearest[principle]) for principle in (*PRINCIPLES, None))


def answer_times(records: Sequence[Record]) -> Times | None:
    """Say how long answers took; None without any. Records of earlier versions lack the steps."""
    took = sorted(record.took_ms for record in records if record.outcome != Outcome.CONVERSATION.value)
    if not took:
        return None
    steps = {
        "retrieve": [record.retrieve_ms for record in records],
        "compose": [record.compose_ms for record in records],
        "check": [record.check_ms for record in records],
    }
    known = {name: [spent for spent in spents if spent is not None] for name, spents in steps.items()}
    most = round(quantiles(took, n=20, method="inclusive")[-1]) if len(took) > 1 else took[0]
    return Times(
        round(median(took)),
        most,
        took[-1],
        {name: round(median(spents)) for name, spents in known.items() if spents},
        _columns(took),
    )


def _columns(took: Sequence[int]) -> tuple[tuple[str, int], ...]:
    ends = (*_STEPS, float("inf"))
    starts = (0, *_STEPS)
    return tuple(
        (_between(start, end), sum(start < spent <= end or spent == start == 0 for spent in took))
        for start, end in zip(starts, ends, strict=True)
    )


def _between(start: float, end: float) -> str:
    if start == 0:
        return f"up to {end / 1000:g} s"
    return f"over {start / 1000:g} s" if end == float("inf") else f"{start / 1000:g} to {end / 1000:g} s"


def marked_wrong(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return the answers that a reader found wanting, the latest first."""
    wrong = [record for record in records if record.rating == "down"]
    return tuple(sorted(wrong, key=lambda record: record.given_at or record.asked_at, reverse=True))
