"""Counts what is asked in a minute in the shared database, so that several servers count together."""

import hashlib
import logging
from collections import OrderedDict
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import Any

from assistant.database import Run, on_server, password_of
from assistant.errors import StorageFailed

MOST_REFUSED = 10_000
_CLEAN_EVERY = 10.0

_log = logging.getLogger(__name__)

# Counts are worth nothing after a minute: unlogged, they are not written twice and are in no archive.
_TABLES = (
    "SELECT pg_advisory_xact_lock(hashtext('keep-it-local counts'))",
    """
    CREATE UNLOGGED TABLE IF NOT EXISTS counts (
        name text COLLATE "C" PRIMARY KEY,
        started timestamptz NOT NULL,
        asked bigint NOT NULL
    ) WITH (fillfactor = 50)
    """,
)
# A minute begins with its first question. Only the database's clock counts; where it jumps, a minute begins.
_LIVE = "c.started BETWEEN now() - interval '60 seconds' AND now() + interval '60 seconds'"
_COUNT = f"""
INSERT INTO counts AS c (name, started, asked) VALUES (:name, now(), 1)
ON CONFLICT (name) DO UPDATE SET
    asked = CASE WHEN {_LIVE} THEN c.asked + 1 ELSE 1 END,
    started = CASE WHEN {_LIVE} THEN c.started ELSE now() END
RETURNING asked, 60 + extract(epoch FROM started - now())
"""  # noqa: S608 (the condition stands above)
_CLEAN = """
DELETE FROM counts WHERE name IN (
    SELECT name FROM counts WHERE started < now() - interval '60 seconds' FOR UPDATE SKIP LOCKED
)
"""


class Counts:
    """Counts under names; a reader's address is never written down, only a hash that takes the password.

    While the database fails it says that it does not know: whoever asks then counts by himself, because
    readers should get answers without a database, and nobody should get more than each server allows.
    """

    def __init__(self, url: str, seconds: float = 0.5, rest: float = 5.0) -> None:
        self._password = password_of(url)
        self._database = on_server(url, _make_tables, connections=3, seconds=seconds)
        self._refused: OrderedDict[str, float] = OrderedDict()  # name, and until when
        self._pause = rest  # seconds between two tries of a database that failed
        self._rests_until: float | None = None
        self._cleaned = monotonic()
        self._lock = Lock()

    def wait(self, kind: str, limit: int, address: str = "") -> float | None:
        """Count one question; return for how many seconds it is too many, or `None` when that is unknown."""
        name = f"{kind} {self._hashed(address) if address else 'all'}"
        now = monotonic()
        with self._lock:
            if self._refused.get(name, 0) > now:  # whoever hammers at one server does not reach the database
                return self._refused[name] - now
            if self._rests_until is not None:
                if now < self._rests_until:
                    return None
                self._rests_until = now + self._pause  # the others rest while this one tries
        try:
            asked, left = self._database.soon(lambda run: _count(run, name), apart=True)
            self._clean(now)
        except StorageFailed as error:
            self._rest(error)
            return None
        self._go_on()
        return 0.0 if asked <= limit else self._refuse(name, left)

    def warm(self) -> None:
        """Get ready, so that the first question is counted in time."""
        self._hashed("")
        self._database.warm()

    def close(self) -> None:
        """Let go of the connections."""
        self._database.close()

    def _refuse(self, name: str, left: float) -> float:
        with self._lock:
            self._refused[name] = monotonic() + left
            self._refused.move_to_end(name)
            if len(self._refused) > MOST_REFUSED:
                self._refused.popitem(last=False)
        return left

    def _clean(self, now: float) -> None:
        with self._lock:
            if now - self._cleaned < _CLEAN_EVERY:
                return
            self._cleaned = now
        self._database.soon(lambda run: run(_CLEAN), apart=True)

    def _rest(self, error: StorageFailed) -> None:
        with self._lock:
            is_new, self._rests_until = self._rests_until is None, monotonic() + self._pause
        if is_new:
            _log.warning("questions are counted on this server alone: %s", error)

    def _go_on(self) -> None:
        with self._lock:
            was_resting, self._rests_until = self._rests_until is not None, None
        if was_resting:
            _log.info("questions are counted together with the other servers again")

    def _hashed(self, address: str) -> str:
        return hashlib.blake2b(address.encode(errors="replace"), key=self._key, digest_size=16).hexdigest()

    @cached_property
    def _key(self) -> bytes:
        """Make guessing the password from a hash slow."""
        return hashlib.scrypt(self._password.encode(), salt=b"keep-it-local counts", n=2**14, r=8, p=1)


def _make_tables(run: Run) -> None:
    for statement in _TABLES:
        run(statement)


def _count(run: Run, name: str) -> tuple[int, float]:
    row: Any = run(_COUNT, name=name).one()
    return int(row[0]), min(60.0, float(row[1]))
