"""Answers given and feedback on them, for the staff page: no reader's identity, kept for a set time."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from assistant import wording
from assistant.errors import NotFound, StorageFailed
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
_PRUNE = "DELETE FROM answers WHERE asked_at < ?"
_KEEP = """
INSERT INTO answers (id, asked_at, question, outcome, cited, nearest, took_ms)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""
_RATE = """
INSERT INTO feedback (answer, rating, reason, given_at)
SELECT id, ?, ?, ? FROM answers WHERE id = ?
ON CONFLICT (answer) DO UPDATE
SET rating = excluded.rating, reason = excluded.reason, given_at = excluded.given_at
"""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Records:
    """One SQLite file, opened anew for each call, so any thread and any process may call at any time."""

    def __init__(
        self, folder: Path, keep_days: int, now: Callable[[], datetime] = _utc_now, busy_seconds: float = 5.0
    ) -> None:
        self._path = folder / "records.sqlite3"
        self._keep_days = keep_days
        self._now = now
        self._busy_seconds = busy_seconds
        self._failing = False

    def keep(self, question: Question, answer: Answer) -> None:
        """Write one answer down and delete what is too old."""
        now = self._now()
        row = (
            answer.id,
            _stamp(now),
            question.text,
            answer.outcome.value,
            _document_ids(answer.citations),
            _document_ids(answer.nearest),
            round(answer.took.total),
        )
        with self._open() as connection:
            connection.execute(_PRUNE, (_stamp(now - timedelta(days=self._keep_days)),))
            connection.execute(_KEEP, row)

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
        with self._open() as connection:
            rated = connection.execute(_RATE, (rating, reason, _stamp(self._now()), answer_id)).rowcount
        if not rated:
            raise NotFound(wording.no_such_answer(self._keep_days))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file and commit at the end; whatever goes wrong with it is `StorageFailed`."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)  # readers' questions are nobody else's business
            with closing(sqlite3.connect(self._path, timeout=self._busy_seconds)) as connection:
                connection.executescript(_SCHEMA)
                with connection:
                    yield connection
        except (sqlite3.Error, OSError, UnicodeError) as error:
            raise StorageFailed(f"The records in {self._path} can't be used: {error}.") from error


def _stamp(moment: datetime) -> str:
    """Write a moment so that the order of the texts is the order in time."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _document_ids(citations: Iterable[Citation]) -> str:
    return json.dumps(list(dict.fromkeys(citation.passage.document.id for citation in citations)))
