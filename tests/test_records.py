"""Answers and feedback on record."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import NotFound, StorageFailed
from assistant.records import Records
from assistant.vocabulary import Answer, Question, Turn
from tests import fakes

# As the first version made it, without the columns that came later.
FIRST_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE answers (
    id TEXT PRIMARY KEY,
    asked_at TEXT NOT NULL,
    question TEXT NOT NULL,
    outcome TEXT NOT NULL,
    cited TEXT NOT NULL,
    nearest TEXT NOT NULL,
    took_ms INTEGER NOT NULL
);
CREATE INDEX answers_asked_at ON answers (asked_at);
CREATE TABLE feedback (
    answer TEXT PRIMARY KEY REFERENCES answers (id) ON DELETE CASCADE,
    rating TEXT NOT NULL,
    reason TEXT,
    given_at TEXT NOT NULL
);
INSERT INTO answers VALUES ('first', '2026-11-19T12:00:00+00:00', 'Does my mum Ada Field get a garden?',
    'answered', '["hollinbrook-gardens"]', '[]', 7);
INSERT INTO feedback VALUES ('first', 'down', 'Call me on 07700 900123.', '2026-11-19T12:01:00+00:00');
"""
FIRST_KEEP = """
INSERT INTO answers (id, asked_at, question, outcome, cited, nearest, took_ms)
VALUES ('late', '2026-11-20T13:00:00+00:00', 'And the cost?', 'answered', '[]', '[]', 8)
"""

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _question(text: str = fakes.ANSWERED) -> Question:
    return Question(text, history=(Turn("reader", "I am Ada Field."),))


def _answer(id: str = "answer-1") -> Answer:
    return replace(fakes.answered(), id=id)


def _rows(folder: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "records.sqlite3")) as connection:
        return connection.execute(statement).fetchall()


def test_an_answer_is_kept_with_what_staff_need(tmp_path: Path) -> None:
    Records(tmp_path, 30, now=lambda: NOON).keep(_question(), _answer())

    [row] = _rows(tmp_path, "SELECT id, asked_at, question, outcome, cited, nearest, took_ms FROM answers")
    assert row[:4] == ("answer-1", "2026-11-20T12:00:00+00:00", fakes.ANSWERED, "answered")
    assert json.loads(row[4]) == ["hollinbrook-gardens", "saltmere-essay"]
    assert json.loads(row[5]) == []
    assert row[6] == 12


def test_a_refusal_is_kept_with_its_nearest_documents(tmp_path: Path) -> None:
    Records(tmp_path, 30).keep(_question(fakes.NOT_IN_MATERIAL), fakes.not_in_material())

    [(cited, nearest)] = _rows(tmp_path, "SELECT cited, nearest FROM answers")
    assert (json.loads(cited), json.loads(nearest)) == ([], ["saltmere-essay"])


def test_nothing_is_kept_of_the_reader_or_of_the_conversation_before(tmp_path: Path) -> None:
    records = Records(tmp_path, 30)
    records.keep(_question(), _answer())
    records.rate("answer-1", "up", None)

    columns = _rows(tmp_path, "SELECT name FROM pragma_table_info('answers')")
    assert [name for (name,) in columns] == [
        "id", "asked_at", "question", "outcome", "cited", "nearest", "took_ms",
        "retrieve_ms", "compose_ms", "check_ms", "missing", "note",
    ]  # fmt: skip
    columns = _rows(tmp_path, "SELECT name FROM pragma_table_info('feedback')")
    assert [name for (name,) in columns] == ["answer", "rating", "reason", "given_at"]
    assert all(b"Ada Field" not in file.read_bytes() for file in tmp_path.iterdir())


def test_an_answer_that_is_kept_twice_is_there_once_and_keeps_its_feedback(tmp_path: Path) -> None:
    records = Records(tmp_path, 30)
    records.keep(_question(), _answer())
    records.rate("answer-1", "up", None)
    records.keep(_question(), _answer())

    assert _rows(tmp_path, "SELECT answer, rating FROM feedback") == [("answer-1", "up")]


def test_a_later_opinion_replaces_the_earlier(tmp_path: Path) -> None:
    records = Records(tmp_path, 30)
    records.keep(_question(), _answer())
    records.rate("answer-1", "up", "Good.")
    records.rate("answer-1", "down", None)

    assert _rows(tmp_path, "SELECT answer, rating, reason FROM feedback") == [("answer-1", "down", None)]


def test_feedback_on_an_unknown_answer_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="30 days"):
        Records(tmp_path, 30).rate("answer-1", "up", None)


def test_what_is_older_than_the_set_time_is_deleted_with_its_feedback(tmp_path: Path) -> None:
    now = NOON
    records = Records(tmp_path, 30, now=lambda: now)
    records.keep(_question("Which question is old?"), _answer("old"))
    records.rate("old", "down", "An old reason.")
    now = NOON + timedelta(days=30)
    records.keep(_question(), _answer("young"))
    assert _rows(tmp_path, "SELECT id FROM answers ORDER BY id") == [("old",), ("young",)]

    now = NOON + timedelta(days=30, seconds=1)
    records.keep(_question(), _answer("newest"))

    assert _rows(tmp_path, "SELECT id FROM answers ORDER BY id") == [("newest",), ("young",)]
    assert _rows(tmp_path, "SELECT * FROM feedback") == []
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Which question is old?" not in left
    assert b"An old reason." not in left


def test_nothing_is_written_before_the_first_answer(tmp_path: Path) -> None:
    Records(tmp_path / "data", 30)

    assert not (tmp_path / "data").exists()


def test_records_outlive_the_process_and_are_its_owners_only(tmp_path: Path) -> None:
    Records(tmp_path, 30).keep(_question(), _answer())
    Records(tmp_path, 30).rate("answer-1", "up", None)

    assert (tmp_path / "records.sqlite3").stat().st_mode & 0o077 == 0


def test_many_threads_and_two_processes_may_keep_at_once(tmp_path: Path) -> None:
    one, other = Records(tmp_path, 30), Records(tmp_path, 30)  # a second process has its own object
    with ThreadPoolExecutor(16) as threads:
        list(
            threads.map(
                lambda n: (one if n % 2 else other).keep(_question(), _answer(f"answer-{n}")), range(64)
            )
        )

    assert _rows(tmp_path, "SELECT count(*) FROM answers") == [(64,)]


def test_a_folder_that_can_not_be_written_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    records = Records(tmp_path / "data", 30)

    with pytest.raises(StorageFailed):
        records.keep(_question(), _answer())
    with pytest.raises(StorageFailed):
        records.rate("answer-1", "up", None)


def test_a_file_that_is_no_database_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite3").write_bytes(b"this is no database, and never was one" * 100)

    with pytest.raises(StorageFailed):
        Records(tmp_path, 30).keep(_question(), _answer())


def test_a_file_that_another_holds_for_too_long_is_a_storage_failure(tmp_path: Path) -> None:
    records = Records(tmp_path, 30, busy_seconds=0.05)
    records.keep(_question(), _answer())
    with closing(sqlite3.connect(tmp_path / "records.sqlite3")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageFailed):
            records.keep(_question(), _answer("answer-2"))


def test_trouble_is_warned_of_once_and_the_next_trouble_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    records = Records(folder, 30)
    folder.write_text("no folder")
    for _ in range(3):
        records.keep_or_warn(_question(), _answer())
    folder.unlink()
    records.keep_or_warn(_question(), _answer())
    assert len(caplog.records) == 1
    assert _rows(folder, "SELECT id FROM answers") == [("answer-1",)]

    (folder / "records.sqlite3").rename(tmp_path / "elsewhere")
    (folder / "records.sqlite3").mkdir()
    records.keep_or_warn(_question(), _answer())
    assert len(caplog.records) == 2
    assert fakes.ANSWERED not in caplog.text


# --- personal data ---


def test_personal_data_is_masked_before_it_is_written(tmp_path: Path) -> None:
    records = Records(tmp_path, 30)
    missing = "The material does not say: “may my mum Ada Field”"
    partly = replace(fakes.partly_answered(), id="answer-1", missing=missing)
    records.keep(_question("May my mum Ada Field, 07700 900123, dig?"), partly)
    records.rate("answer-1", "down", "Write to ada@example.org.")

    [record] = records.all()
    assert record.question == "May my mum [name], [phone number], dig?"
    assert record.missing == "The material does not say: “may my mum [name]”"
    assert record.reason == "Write to [e-mail]."
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [word for word in (b"Ada", b"900123", b"ada@") if word in left] == []


def test_a_record_has_its_times_and_what_fell_short(tmp_path: Path) -> None:
    records = Records(tmp_path, 30)
    records.keep(_question(), replace(_answer(), note="The language model broke off."))

    [record] = records.all()
    assert (record.took_ms, record.retrieve_ms, record.compose_ms, record.check_ms) == (12, 8, 2, 3)
    assert (record.note, record.missing, record.rating) == ("The language model broke off.", None, None)


# --- a file of an earlier version ---


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "records.sqlite3")) as connection:
        connection.executescript(FIRST_SCHEMA)
    return tmp_path


def test_an_earlier_file_goes_on_and_what_it_holds_is_masked(first_version: Path) -> None:
    records = Records(first_version, 30, now=lambda: NOON)
    records.keep(_question(), _answer())
    records.rate("answer-1", "up", None)

    first, second = records.all()
    assert (first.id, first.question, first.cited) == (
        "first", "Does my mum [name] get a garden?", ("hollinbrook-gardens",)
    )  # fmt: skip
    assert (first.took_ms, first.check_ms, first.reason) == (7, None, "Call me on [phone number].")
    assert (second.check_ms, second.rating) == (3, "up")
    left = b"".join(file.read_bytes() for file in first_version.iterdir())
    assert [word for word in (b"Ada", b"900123") if word in left] == []


def test_many_may_open_an_earlier_file_at_once(first_version: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(lambda _: Records(first_version, 30).all(), range(16)))

    assert {len(records) for records in kept} == {1}


def test_the_earlier_version_can_still_write_to_the_file(first_version: Path) -> None:
    records = Records(first_version, 30, now=lambda: NOON)
    records.all()
    with closing(sqlite3.connect(first_version / "records.sqlite3")) as connection, connection:
        connection.execute(FIRST_KEEP)

    assert [(record.id, record.note) for record in records.all()] == [("first", None), ("late", None)]


# --- recording switched off ---


def test_nothing_is_written_while_recording_is_off(tmp_path: Path) -> None:
    records = Records(tmp_path / "data", 30, record=False)
    records.keep(_question(), _answer())
    records.keep_or_warn(_question(), _answer())
    with pytest.raises(NotFound, match="switched off"):
        records.rate("answer-1", "up", "Good.")

    assert not (tmp_path / "data").exists()


def test_what_was_kept_before_is_still_deleted_in_time_while_recording_is_off(tmp_path: Path) -> None:
    Records(tmp_path, 30, now=lambda: NOON).keep(_question(), _answer("old"))
    off = Records(tmp_path, 30, now=lambda: NOON + timedelta(days=31), record=False)
    off.keep(_question(), _answer())

    assert off.all() == ()


# --- deleting ---


def test_a_purge_leaves_nothing_in_any_file(tmp_path: Path) -> None:
    records = Records(tmp_path, 30, now=lambda: NOON)
    for n in range(40):
        records.keep(_question(f"Which question is number {n}?"), _answer(f"answer-{n}"))
        records.rate(f"answer-{n}", "down", "A reason to be gone.")
    size = (tmp_path / "records.sqlite3").stat().st_size
    assert (records.count(), records.purge(), records.count()) == (40, 40, 0)
    assert (tmp_path / "records.sqlite3").stat().st_size < size

    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [word for word in (b"Which question", b"A reason") if word in left] == []
    assert records.all() == ()


def test_a_purge_by_age_keeps_what_is_younger(tmp_path: Path) -> None:
    Records(tmp_path, 90, now=lambda: NOON).keep(_question(), _answer("old"))
    later = Records(tmp_path, 90, now=lambda: NOON + timedelta(days=40))
    later.keep(_question(), _answer("young"))

    assert (later.count(30), later.purge(30)) == (1, 1)
    assert [record.id for record in later.all()] == ["young"]


def test_looking_for_records_makes_no_file(tmp_path: Path) -> None:
    records = Records(tmp_path / "data", 30)

    assert (records.all(), records.count(), records.purge()) == ((), 0, 0)
    assert not (tmp_path / "data").exists()
