"""Keeps the originals: one file for each document with its text as read, where from and when."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import IndexBusy, MaterialInvalid, StorageFailed, WrongUse
from assistant.vocabulary import Document
from ingest import wording
from ingest.readers import Reading

READ_BY = 1  # raise it when the readers read better: every page is then got and every file read again

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 100


class Original(BaseModel):
    """What is kept of one original.

    `document` is there for what was added: the entry in the catalogue that it makes. `is_chosen` says that
    a person gave the address of a catalogue's document. `reading` is `None` as long as the page was never
    got. `trouble` is what went wrong the last time; the text stays.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    address: str
    is_chosen: bool = False
    reading: Reading | None = None
    document: Document | None = None
    fetched_on: str | None = None
    checked_on: str | None = None
    checksum: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    read_by: int = READ_BY
    moved_to: str | None = None
    trouble: str | None = None
    page_changed: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it came from a file and not from the web."""
        return not self.address.startswith(("http://", "https://"))

    @property
    def shown_address(self) -> str:
        """What readers are told: the web address, or a file's name without the folders of this machine."""
        return Path(self.address).name if self.is_file else self.address


class Originals:
    """The folder of originals. Whoever is killed while writing leaves the old file whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> tuple[Original, ...]:
        """Return all, by id; raises `MaterialInvalid` naming a file that is damaged."""
        return tuple(self._read(path) for path in sorted(self._folder.glob("*.json")))

    def get(self, id_: str) -> Original | None:
        """Return one, or `None`."""
        path = self._path(id_)
        return self._read(path) if path.exists() else None

    def save(self, original: Original) -> None:
        """Write one, all at once."""
        path = self._path(original.id)
        new = path.with_suffix(".tmp")
        with _writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            with new.open("w", encoding="utf-8") as file:
                file.write(original.model_dump_json(indent=1))
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)

    def remove(self, id_: str) -> bool:
        """Take one out; return whether it was there."""
        path = self._path(id_)
        there = path.exists()
        with _writing(self._folder):
            path.unlink(missing_ok=True)
        return there

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other fetch and add out; raises `IndexBusy` while one is at work."""
        with _writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._folder / "originals.lock", timeout=0)
            try:
                lock.acquire()
            except Timeout as error:
                raise IndexBusy(wording.BUSY) from error
        try:
            yield
        finally:
            lock.release()

    def _path(self, id_: str) -> Path:
        """Return the file of an id, which must not lead out of the folder."""
        if not _ID.fullmatch(id_) or len(id_) > _LONGEST_ID:
            raise WrongUse(wording.no_id(id_))
        return self._folder / f"{id_}.json"

    def _read(self, path: Path) -> Original:
        try:
            return Original.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise MaterialInvalid(wording.damaged_original(str(path), path.stem)) from error
        except OSError as error:
            raise StorageFailed(wording.storage(str(self._folder), error.strerror)) from error


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFailed(wording.storage(str(folder), error.strerror)) from error
