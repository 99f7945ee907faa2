"""The SQLite file of the records: its tables, and what files of earlier versions lack."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

# What files made by earlier versions lack. All may be null: an earlier version can still write to the file.
ADDED = {
    "retrieve_ms": "INTEGER",
    "compose_ms": "INTEGER",
    "check_ms": "INTEGER",
    "missing": "TEXT",
    "note": "TEXT",
}

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
_VERSION = 1

Mask = Callable[[str | None], str | None]


def open_file(path: Path, busy_seconds: float, mask: Mask) -> sqlite3.Connection:
    """Open the file, made if it is missing and brought up to this version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # readers' questions are nobody else's business
    connection = sqlite3.connect(path, timeout=busy_seconds)
    try:
        connection.executescript(_SCHEMA)
        _bring_up(connection, mask)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _bring_up(connection: sqlite3.Connection, mask: Mask) -> None:
    """Give a file of an earlier version what it lacks, and mask what that version kept as it was written."""
    if _version(connection) >= _VERSION:
        return
    connection.create_function("mask", 1, mask, deterministic=True)
    with connection:
        connection.execute("BEGIN IMMEDIATE")  # of two processes, one does it and the other finds it done
        if _version(connection) >= _VERSION:
            return
        there = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info('answers')")}
        for column, type_ in ADDED.items():
            if column not in there:
                connection.execute(f"ALTER TABLE answers ADD COLUMN {column} {type_}")
        connection.execute("UPDATE answers SET question = mask(question)")
        connection.execute("UPDATE feedback SET reason = mask(reason)")
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
