"""Answers given and feedback on them, for staff: masked, without the reader's identity, for a set time."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from assistant import wording
from assistant.errors import NotFound, StorageFailed
from assistant.masking import mask
from assistant.vocabulary import Answer, Citation, Question

Rating = Literal["up", "down"]

_log = logging.getLogger(__name__)

# secure_delete: what has been kept long enough must not stay readable in the file's free pages.
_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS answers (
    id TEXT PRIMARY KEY,
    asked_at TEXT NOT NULL,
    question TEXT NOT NULL,
    outcome TEXT NOT NULL,
    cited TEXT NOT NULL,
    nearest TEXT NOT NULL,
    took_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_asked_at ON answers (asked_at);
CREATE TABLE IF NOT EXISTS feedback (
    answer TEXT PRIMARY KEY REFERENCES answers (id) ON DELETE CASCADE,
    rating TEXT NOT NULL,
    reason TEXT,
    given_at TEXT NOT NULL
);
"""
# What files made by earlier versions lack. All may be null: an earlier version can still write to the file.
_ADDED = {
    "retrieve_ms": "INTEGER",
    "compose_ms": "INTEGER",
    "check_ms": "INTEGER",
    "missing": "TEXT",
    "note": "TEXT",
}
_VERSION = 1
_PRUNE = "DELETE FROM answers WHERE asked_at < ?"
_YOUNGER = "SELECT 1 FROM answers WHERE asked_at >= ? LIMIT 1"
_KEEP = f"""
INSERT INTO answers (id, asked_at, question, outcome, cited, nearest, took_ms, {", ".join(_ADDED)})
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""  # noqa: S608 (the columns are named above)
_ALL = f"""
SELECT id, asked_at, question, outcome, cited, nearest, took_ms, {", ".join(_ADDED)}, rating, reason, given_at
FROM answers LEFT JOIN feedback ON answer = id ORDER BY asked_at, id
"""  # noqa: S608 (likewise)
_RATE = """
INSERT INTO feedback (answer, rating, reason, given_at)
SELECT id, ?, ?, ? FROM answers WHERE id = ?
ON CONFLICT (answer) DO UPDATE
SET rating = excluded.rating, reason = excluded.reason, given_at = excluded.given_at
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One answer as it is kept, with the feedback on it."""

    id: str
    asked_at: str
    question: str
    outcome: str
    cited: tuple[str, ...]
    nearest: tuple[str, ...]
    took_ms: int
    retrieve_ms: int | None
    compose_ms: int | None
    check_ms: int | None
    missing: str | None
    note: str | None
    rating: str | None
    reason: str | None
    given_at: str | None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Records:
    """One SQLite file, opened anew for each call, so any thread and any process may call at any time."""

    def __init__(
        self,
        folder: Path,
        keep_days: int,
        now: Callable[[], datetime] = _utc_now,
        busy_seconds: float = 5.0,
        *,
        record: bool = True,
        may_forget: Callable[..., bool] = lambda **_: True,
    ) -> None:
        self._path = folder / "records.sqlite3"
        self._keep_days = keep_days
        self._now = now
        self._busy_seconds = busy_seconds
        self._record = record
        self._may_forget = may_forget
        self._failing = False

    def keep(self, question: Question, answer: Answer) -> None:
        """Write one answer down, personal data masked, and delete what is too old."""
        if not self._record and not self._path.exists():
            return
        now = self._now()
        with self._open() as connection:
            oldest = (_stamp(now - timedelta(days=self._keep_days)),)
            if self._may_forget(everything=connection.execute(_YOUNGER, oldest).fetchone() is None):
                connection.execute(_PRUNE, oldest)
            if self._record:
                connection.execute(_KEEP, _row(question, answer, now))

    def keep_or_warn(self, question: Question, answer: Answer) -> None:
        """Keep it if the disk lets us: a reader's answer never depends on our record of it."""
        try:
            self.keep(question, answer)
        except StorageFailed as error:
            if not self._failing:  # one warning for each spell of trouble, not one for each question
                _log.warning("answer %s and those after it are not on record: %s", answer.id, error)
            self._failing = True
        else:
            self._failing = False

    def rate(self, answer_id: str, rating: Rating, reason: str | None) -> None:
        """Keep a reader's opinion of one answer; a second opinion replaces the first."""
        if not self._record:
            raise NotFound(wording.NOT_RECORDED)
        opinion = (rating, _masked(reason), _stamp(self._now()), answer_id)
        with self._open() as connection:
            rated = connection.execute(_RATE, opinion).rowcount
        if not rated:
            raise NotFound(wording.no_such_answer(self._keep_days))

    def all(self) -> tuple[Record, ...]:
        """Return everything that is kept, the oldest first."""
        if not self._path.exists():
            return ()
        with self._open() as connection:
            return tuple(_record(row) for row in connection.execute(_ALL))

    def count(self, older_than_days: int = 0) -> int:
        """Return how many answers `purge` would delete."""
        if not self._path.exists():
            return 0
        with self._open() as connection:
            counted = connection.execute(
                "SELECT count(*) FROM answers WHERE asked_at <= ?", (self._ago(older_than_days),)
            )
            return int(counted.fetchone()[0])

    def purge(self, older_than_days: int = 0) -> int:
        """Delete answers that are older, with their feedback, so that no file holds them any more."""
        if not self._path.exists():
            return 0
        with self._open() as connection:
            before = (self._ago(older_than_days),)
            deleted = connection.execute("DELETE FROM answers WHERE asked_at <= ?", before).rowcount
            connection.commit()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted

    def _ago(self, days: int) -> str:
        return _stamp(self._now() - timedelta(days=days))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file and commit at the end; whatever goes wrong with it is `StorageFailed`."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)  # readers' questions are nobody else's business
            with closing(sqlite3.connect(self._path, timeout=self._busy_seconds)) as connection:
                connection.executescript(_SCHEMA)
                _bring_up(connection)
                with connection:
                    yield connection
        except (sqlite3.Error, OSError, UnicodeError) as error:
            raise StorageFailed(f"The records in {self._path} can't be used: {error}.") from error


def _bring_up(connection: sqlite3.Connection) -> None:
    """Give a file of an earlier version what it lacks, and mask what that version kept as it was written."""
    if _version(connection) >= _VERSION:
        return
    connection.create_function("mask", 1, _masked, deterministic=True)
    with connection:
        connection.execute("BEGIN IMMEDIATE")  # of two processes, one does it and the other finds it done
        if _version(connection) >= _VERSION:
            return
        there = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info('answers')")}
        for column, type_ in _ADDED.items():
            if column not in there:
                connection.execute(f"ALTER TABLE answers ADD COLUMN {column} {type_}")
        connection.execute("UPDATE answers SET question = mask(question)")
        connection.execute("UPDATE feedback SET reason = mask(reason)")
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _row(question: Question, answer: Answer, now: datetime) -> tuple[object, ...]:
    took = answer.took
    return (
        answer.id,
        _stamp(now),
        mask(question.text),
        answer.outcome.value,
        _document_ids(answer.citations),
        _document_ids(answer.nearest),
        *(round(spent) for spent in (took.total, took.retrieve, took.compose, took.check)),
        _masked(answer.missing),  # it may repeat a part of the question
        answer.note,
    )


def _record(row: Sequence[Any]) -> Record:
    named = dict(zip((field.name for field in fields(Record)), row, strict=True))
    lists = {name: tuple(json.loads(named[name])) for name in ("cited", "nearest")}
    return Record(**named | lists)


def _masked(text: str | None) -> str | None:
    return text and mask(text)


def _stamp(moment: datetime) -> str:
    """Write a moment so that the order of the texts is the order in time."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _document_ids(citations: Iterable[Citation]) -> str:
    return json.dumps(list(dict.fromkeys(citation.passage.document.id for citation in citations)))
