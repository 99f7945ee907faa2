"""Gets the originals of documents from the web, and says of each what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from assistant.errors import Unreachable, Unreadable
from assistant.vocabulary import Document
from ingest import wording
from ingest.combining import own_text, text_of
from ingest.fetching import Fetched, Fetcher, Gone
from ingest.front_matter import Digest
from ingest.originals import READ_BY, Original, Originals
from ingest.readers import Reading
from ingest.titles import alike, stands_in

Read = Callable[[bytes, str, str | None], Reading]
State = Literal["new", "changed", "same", "kept", "missing", "removed"]

_OPENING = 600  # letters of a file in which its title is looked for, if it names none


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one document: `kept` is an old copy that stays, `missing` that there is none."""

    id: str
    state: State
    detail: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look at it."""
        return self.state not in ("kept", "missing")


@dataclass(frozen=True, slots=True)
class Target:
    """A document whose original is wanted: where it is, and what it must look like to be it."""

    id: str
    title: str
    address: str
    words: int = 0

    @classmethod
    def of(cls, digest: Digest, held: Original | None) -> "Target":
        """Want the original of a digest; it has to say at least as much."""
        address = held.address if held and held.is_chosen else digest.document.url
        return cls(digest.document.id, digest.document.title, address, len(own_text(digest).split()))

    @classmethod
    def added(cls, held: Original, document: Document) -> "Target":
        """Want what was once added from the web."""
        return cls(held.id, document.title, held.address)


@dataclass(frozen=True, slots=True)
class Refreshing:
    """Gets one original after another; a `dry_run` does all but keep it."""

    originals: Originals
    fetcher: Fetcher
    read: Read
    dry_run: bool = False

    def refresh(self, target: Target) -> Result:
        """Get what is new of a document. A page that is gone or is something else leaves the old copy."""
        held = self.originals.get(target.id)
        try:
            original, state = self._got(target, held)
        except (Unreachable, Unreadable) as error:
            return self._failed(target, held, error)
        self._save(original)
        moved = wording.moved(original.moved_to) if original.moved_to else ""
        return Result(target.id, state, moved)

    def _got(self, target: Target, held: Original | None) -> tuple[Original, State]:
        current = held if held and _is_current(held, target.address) else None
        fetched = (
            self.fetcher.get(target.address, current.etag, current.last_modified)
            if current
            else self.fetcher.get(target.address)
        )
        well = {"checked_on": now(), "trouble": None, "page_changed": False}
        if fetched is None:
            assert current is not None
            return current.model_copy(update=well), "same"
        reading = self.read(fetched.data, name_of(fetched.address), fetched.media_type)
        _check(target, reading, held)
        before = held or Original(id=target.id, address=target.address)
        got = well | facts(fetched) | {"address": target.address}
        if before.reading == reading:
            return before.model_copy(update=got), "same"
        new = {"reading": reading, "fetched_on": now()}
        return before.model_copy(update=got | new), "changed" if before.reading else "new"

    def _failed(self, target: Target, held: Original | None, error: Exception) -> Result:
        """Note what is wrong. That a page changed is only known where the site gave an answer."""
        before = held or Original(id=target.id, address=target.address)
        has_changed = before.reading is not None and isinstance(error, Gone | Unreadable)
        noted = {
            "checked_on": now(),
            "trouble": str(error),
            "page_changed": before.page_changed or has_changed,
        }
        self._save(before.model_copy(update=noted))
        return Result(target.id, "kept" if before.reading else "missing", str(error))

    def _save(self, original: Original) -> None:
        if not self.dry_run:
            self.originals.save(original)


def facts(fetched: Fetched) -> dict[str, object]:
    """Return what is kept of an answer besides its text."""
    return {
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "moved_to": fetched.address if fetched.moved else None,
        "checksum": sha256(fetched.data).hexdigest(),
        "read_by": READ_BY,
    }


def name_of(address: str) -> str:
    """Return the file name in a web address, or the host where there is none."""
    parts = urlsplit(address)
    return PurePosixPath(unquote(parts.path)).name or parts.netloc


def now() -> str:
    """Return the time, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_current(held: Original, address: str) -> bool:
    """Whether what is kept was read from this address, by the readers that we have."""
    return held.reading is not None and held.read_by == READ_BY and held.address == address


def _check(target: Target, reading: Reading, held: Original | None) -> None:
    """Raise `Unreadable` if this is not the document that is wanted."""
    before = held.reading if held else None
    if not _is_same(target, reading) and (before is None or before.title != reading.title):
        raise Unreadable(wording.other_title(reading.title, target.title, target.id, target.address))
    count = len(text_of(reading).split())
    if before is None and count < target.words:
        raise Unreadable(wording.too_short(count, target.words, target.id, target.address))


def _is_same(target: Target, reading: Reading) -> bool:
    if reading.title and alike(target.title, reading.title):
        return True
    if reading.title and not any(section.page for section in reading.sections):
        return False
    return stands_in(target.title, text_of(reading)[:_OPENING])  # the titles that PDFs name are often wrong
