"""Answers given and feedback on them, for staff: masked, without the reader's identity, for a set time."""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from assistant import wording
from assistant.database import Run, on_file, on_server
from assistant.errors import NotFound, StorageFailed
from assistant.masking import mask
from assistant.recordfile import ADDED, open_file
from assistant.vocabulary import Answer, Citation, Question

Rating = Literal["up", "down"]

_log = logging.getLogger(__name__)

# Both databases are asked in the same words; only their tables are made differently. On a server the letters
# are compared one by one, as in a file, so that the order of the moments' texts is the order in time.
_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS answers (
        id text COLLATE "C" PRIMARY KEY,
        asked_at text COLLATE "C" NOT NULL,
        question text NOT NULL,
        outcome text NOT NULL,
        cited text NOT NULL,
        nearest text NOT NULL,
        took_ms integer NOT NULL,
        retrieve_ms integer,
        compose_ms integer,
        check_ms integer,
        missing text,
        note text
    )
    """,
    "CREATE INDEX IF NOT EXISTS answers_asked_at ON answers (asked_at)",
    """
    CREATE TABLE IF NOT EXISTS feedback (
        answer text COLLATE "C" PRIMARY KEY REFERENCES answers (id) ON DELETE CASCADE,
        rating text NOT NULL,
        reason text,
        given_at text NOT NULL
    )
    """,
)
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('keep-it-local records'))"
_ARE_THERE = "SELECT to_regclass('answers') IS NOT NULL"
# Rows that were deleted stay in the files until these have rewritten them.
_SHRINK_FILE = ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
_SHRINK_SERVER = ("VACUUM FULL answers", "VACUUM FULL feedback")

_PRUNE = "DELETE FROM answers WHERE asked_at < :before"
_YOUNGER = "SELECT 1 FROM answers WHERE asked_at >= :before LIMIT 1"
_PURGE = "DELETE FROM answers WHERE asked_at <= :before"
_COUNT = "SELECT count(*) FROM answers WHERE asked_at <= :before"
_KEEP = f"""
INSERT INTO answers (id, asked_at, question, outcome, cited, nearest, took_ms, {", ".join(ADDED)})
VALUES (:id, :asked_at, :question, :outcome, :cited, :nearest, :took_ms, {", ".join(f":{name}" for name in ADDED)})
ON CONFLICT (id) DO NOTHING
"""  # noqa: S608, E501 (the columns are named in our own code)
_ALL = f"""
SELECT id, asked_at, question, outcome, cited, nearest, took_ms, {", ".join(ADDED)}, rating, reason, given_at
FROM answers LEFT JOIN feedback ON answer = id ORDER BY asked_at, id
"""  # noqa: S608 (likewise)
_RATE = """
INSERT INTO feedback (answer, rating, reason, given_at)
SELECT id, :rating, :reason, :given_at FROM answers WHERE id = :answer
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
    """One database, or one SQLite file, that any thread and any process may use at any time."""

    def __init__(
        self,
        folder: Path,
        keep_days: int,
        now: Callable[[], datetime] = _utc_now,
        busy_seconds: float = 5.0,
        *,
        record: bool = True,
        url: str = "",
        may_forget: Callable[..., bool] = lambda **_: True,
    ) -> None:
        self._keep_days = keep_days
        self._now = now
        self._record = record
        self._may_forget = may_forget
        self._failing = False
        path = None if url else folder / "records.sqlite3"
        self._path = path
        self._database = (
            on_server(url, _make_tables, seconds=busy_seconds)
            if path is None
            else on_file(partial(open_file, path, busy_seconds, _masked), f"The records in {path}")
        )

    def warm(self) -> None:
        """Get ready, without making anything."""
        self._database.warm()

    def close(self) -> None:
        """Let go of the connections that are held."""
        self._database.close()

    def keep(self, question: Question, answer: Answer) -> None:
        """Write one answer down, personal data masked, and delete what is too old."""
        if not self._record and not self._are_there():
            return
        now = self._now()

        def keep(run: Run) -> None:
            oldest = _stamp(now - timedelta(days=self._keep_days))
            if self._may_forget(everything=run(_YOUNGER, before=oldest).first() is None):
                run(_PRUNE, before=oldest)
            if self._record:
                run(_KEEP, **_row(question, answer, now))

        self._database.soon(keep)

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
        opinion = {
            "answer": _storable(answer_id),
            "rating": rating,
            "reason": _masked(reason),
            "given_at": _stamp(self._now()),
        }
        if not self._database.soon(lambda run: run(_RATE, **opinion).rowcount):
            raise NotFound(wording.no_such_answer(self._keep_days))

    def all(self) -> tuple[Record, ...]:
        """Return everything that is kept, the oldest first."""
        if not self._are_there():
            return ()
        with self._database.begin() as run:
            return tuple(_record(row) for row in run(_ALL))

    def count(self, older_than_days: int = 0) -> int:
        """Return how many answers `purge` would delete."""
        if not self._are_there():
            return 0
        with self._database.begin() as run:
            return int(run(_COUNT, before=self._ago(older_than_days)).scalar_one())

    def purge(self, older_than_days: int = 0) -> int:
        """Delete answers that are older, with their feedback, so that no file holds them any more."""
        if not self._are_there():
            return 0
        with self._database.begin() as run:
            deleted = run(_PURGE, before=self._ago(older_than_days)).rowcount
        with self._database.begin(apart=True) as run:
            for statement in _SHRINK_FILE if self._path else _SHRINK_SERVER:
                run(statement)
        return deleted

    def _ago(self, days: int) -> str:
        return _stamp(self._now() - timedelta(days=days))

    def _are_there(self) -> bool:
        """Whether anything was ever kept: looking makes neither a file nor a table."""
        if self._path is not None:
            return self._path.exists()
        with self._database.begin(prepared=False) as run:
            return bool(run(_ARE_THERE).scalar_one())


def _make_tables(run: Run) -> None:
    run(_ONE_AT_A_TIME)  # servers that start together would trip over each other
    for statement in _TABLES:
        run(statement)


def _row(question: Question, answer: Answer, now: datetime) -> dict[str, object]:
    took = answer.took
    return {
        "id": answer.id,
        "asked_at": _stamp(now),
        "question": _masked(question.text),
        "outcome": answer.outcome.value,
        "cited": _document_ids(answer.citations),
        "nearest": _document_ids(answer.nearest),
        "took_ms": round(took.total),
        "retrieve_ms": round(took.retrieve),
        "compose_ms": round(took.compose),
        "check_ms": round(took.check),
        "missing": _masked(answer.missing),  # it may repeat a part of the question
        "note": answer.note,
    }


def _record(row: Sequence[Any]) -> Record:
    named = dict(zip((field.name for field in fields(Record)), row, strict=True))
    lists = {name: tuple(json.loads(named[name])) for name in ("cited", "nearest")}
    return Record(**named | lists)


def _masked(text: str | None) -> str | None:
    return text and _storable(mask(text))


def _storable(text: str) -> str:
    """Replace the one character that PostgreSQL has no place for."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _stamp(moment: datetime) -> str:
    """Write a moment so that the order of the texts is the order in time."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _document_ids(citations: Iterable[Citation]) -> str:
    return json.dumps(list(dict.fromkeys(citation.passage.document.id for citation in citations)))
