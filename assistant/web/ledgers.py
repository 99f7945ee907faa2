"""The staff's tables for a spreadsheet: which there are, and what stands in each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.records import Record
from assistant.spreadsheet import Cell, table
from assistant.staff import counting
from assistant.staff.gaps import GapReport
from assistant.staff.health import standing
from assistant.vocabulary import Entry
from assistant.web import stock

Rows = Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Held:
    """What tables are made of: `entries` and `gaps` are asked for only where they are needed."""

    records: tuple[Record, ...]
    days: int | None
    today: date
    entries: Callable[[], tuple[Entry, ...]]
    gaps: Callable[[], GapReport]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One table: its head, and how its rows are made."""

    head: tuple[str, ...]
    rows: Callable[[Held], Rows]

    def write(self, held: Held) -> str:
        """Write it out."""
        return table(self.head, self.rows(held))


def _time(held: Held) -> Rows:
    for slot in counting.over_time(held.records, held.days, held.today):
        ended = (slot.outcomes[name] for name in counting.OUTCOMES)
        yield slot.first.isoformat(), slot.last.isoformat(), slot.asked, *ended


def _outcomes(held: Held) -> Rows:
    return counting.by_outcome(held.records).items()


def _principles(held: Held) -> Rows:
    return counting.by_principle(held.records, held.entries())


def _documents(held: Held) -> Rows:
    for one in counting.by_document(held.records, held.entries()):
        document = one.document
        about = (document.title, document.kind, document.principle) if document else (None, None, None)
        yield one.name, *about, one.cited, one.nearest


def _times(held: Held) -> Rows:
    for record in held.records:
        yield (
            record.asked_at,
            record.outcome,
            record.took_ms,
            record.retrieve_ms,
            record.compose_ms,
            record.check_ms,
        )


def _wrong(held: Held) -> Rows:
    for record in counting.marked_wrong(held.records):
        cited = "; ".join(record.cited)
        yield (
            record.asked_at,
            record.question,
            record.outcome,
            record.reason,
            cited,
            record.given_at,
            record.id,
        )


def _gaps(held: Held) -> Rows:
    for number, gap in enumerate(held.gaps().gaps, 1):
        near = [
            f"{hit.passage.document.title}, “{hit.passage.section}”"
            for hit in stock.best_sections(gap.hits or ())
        ]
        nearest = "; ".join(near or [name for name, _ in gap.nearest])
        missing = "; ".join(gap.missing)
        for wording in gap.wordings:
            own = wording.text, wording.asked, wording.last.isoformat()
            yield number, gap.asked, gap.refused, gap.partly, *own, missing, nearest


def _material(held: Held) -> Rows:
    for one in standing(held.entries(), held.records):
        document = one.entry.document
        yield (
            document.id,
            document.title,
            document.kind,
            document.principle,
            one.entry.text_from,
            document.fetched_on,
            stock.page_state(one),
            one.entry.passages,
            one.cited,
            one.nearest,
            document.url,
        )


LEDGERS: Mapping[str, Ledger] = {
    "time": Ledger(("from", "to", "questions", *counting.OUTCOMES), _time),
    "outcomes": Ledger(("outcome", "questions"), _outcomes),
    "gaps": Ledger(
        (
            "group", "asked in group", "not in material", "answered in part",
            "wording", "asked", "last asked", "lacked", "nearest",
        ),
        _gaps,
    ),
    "wrong": Ledger(("asked at", "question", "outcome", "reason", "cited", "given at", "answer"), _wrong),
    "principles": Ledger(("principle", "cited", "nearest"), _principles),
    "documents": Ledger(("document", "title", "kind", "principle", "cited", "nearest"), _documents),
    "times": Ledger(("asked at", "outcome", "total ms", "retrieve ms", "compose ms", "check ms"), _times),
    "material": Ledger(
        (
            "document", "title", "kind", "principle", "text from", "got on", "page", "passages",
            "cited", "nearest", "address",
        ),
        _material,
    ),
}  # fmt: skip
