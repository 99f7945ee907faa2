"""How the catalogue stands: what each document's text is, from when, and whether anybody was led to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.records import Record
from assistant.staff.counting import by_document
from assistant.vocabulary import Entry


@dataclass(frozen=True, slots=True)
class Standing:
    """One document, how it stands in the index, and how often it was cited or came nearest."""

    entry: Entry
    cited: int
    nearest: int

    @property
    def is_gone(self) -> bool:
        """Whether its page was gone or another when it was last asked for."""
        return self.entry.document.page_changed

    @property
    def is_unused(self) -> bool:
        """Whether no answer cited it."""
        return self.cited == 0


def standing(entries: Sequence[Entry], records: Sequence[Record]) -> tuple[Standing, ...]:
    """Return every document, those that need somebody first: gone pages, then what was never cited."""
    drawn = {one.name: one for one in by_document(records, entries)}
    all_ = [
        Standing(entry, drawn[entry.document.id].cited, drawn[entry.document.id].nearest) for entry in entries
    ]
    return tuple(sorted(all_, key=lambda one: (not one.is_gone, one.cited)))
