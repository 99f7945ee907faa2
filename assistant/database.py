"""Opens a database, a file or a server's, and says plainly when it fails. Only here SQLAlchemy is known."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Lock, Thread, current_thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from assistant.errors import StorageFailed, WrongUse

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Engine

__all__ = ["Database", "Run", "on_file", "on_server", "password_of"]

_SCHEME = re.compile(r"postgres(ql)?(\+psycopg)?://")
_MOST_WAITING = 16

Result = TypeVar("Result")


class Run(Protocol):
    """Runs one statement with its values."""

    def __call__(self, statement: str, **values: object) -> "CursorResult[Any]":
        """Return the statement's result."""


class Database:
    """Connections to one database, for any thread; `prepare` makes what is missing before the first of them.

    SQLAlchemy takes a quarter of a second to import, so that waits until the database is used.
    """

    def __init__(
        self,
        make: Callable[[], "Engine"],
        name: str,
        prepare: Callable[[Run], None] | None = None,
        seconds: float | None = None,
    ) -> None:
        self._make = make
        self._name = name
        self._prepare = prepare
        self._prepared = prepare is None
        self._seconds = seconds
        self._engine: Engine | None = None
        self._lock = Lock()
        self._waiting = BoundedSemaphore(_MOST_WAITING)
        self._workers: set[Thread] = set()

    @contextmanager
    def begin(self, *, prepared: bool = True, apart: bool = False) -> Iterator[Run]:
        """Begin a transaction and commit it at the end; whatever goes wrong is `StorageFailed`.

        With `apart`, each statement is a transaction of its own.
        """
        with self._failing():
            if prepared and not self._prepared and self._prepare is not None:
                with self._opened().begin() as connection:
                    self._prepare(_run(connection))
                self._prepared = True
            if not apart:
                with self._opened().begin() as connection:
                    yield _run(connection)
            else:
                with self._opened().connect() as connection:
                    yield _run(connection.execution_options(isolation_level="AUTOCOMMIT"))

    def soon(self, do: Callable[[Run], Result], *, apart: bool = False) -> Result:
        """Do it while a reader waits: a server that does not answer in time is `StorageFailed` too.

        Its driver would wait for ever for one that is there and silent. What was sent may still be done.
        """

        def done() -> Result:
            with self.begin(apart=apart) as run:
                return do(run)

        return done() if self._seconds is None else self._in_time(done, self._seconds)

    def warm(self) -> None:
        """Import and connect before a reader has to wait for it; what fails is told when it is needed."""
        with suppress(StorageFailed), self._failing():
            self._opened()
            if self._seconds is not None:
                self.soon(lambda _: None)

    def close(self) -> None:
        """Let go of every connection, once what is under way is done or has had its time."""
        for worker in tuple(self._workers):
            worker.join(self._seconds)
        if self._engine is not None:
            self._engine.dispose()

    def _in_time(self, done: Callable[[], Result], seconds: float) -> Result:
        told: SimpleQueue[tuple[Result | None, Exception | None]] = SimpleQueue()

        def work() -> None:
            try:
                told.put((done(), None))
            except Exception as error:  # noqa: BLE001 (raised again where it is waited for)
                told.put((None, error))
            finally:
                self._workers.discard(current_thread())
                self._waiting.release()

        late = StorageFailed(f"{self._name} can't be used: it did not answer within {seconds:g} seconds.")
        if not self._waiting.acquire(timeout=seconds):
            raise late
        worker = Thread(target=work, name="database", daemon=True)  # it never keeps a stopped server alive
        self._workers.add(worker)
        worker.start()
        try:
            result, error = told.get(timeout=seconds)
        except Empty:
            raise late from None
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # without an error it is one

    def _opened(self) -> "Engine":
        with self._lock:
            if self._engine is None:
                self._engine = self._make()
            return self._engine

    @contextmanager
    def _failing(self) -> Iterator[None]:
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - takes a while to import

        try:
            yield
        except (SQLAlchemyError, OSError, UnicodeError) as error:
            self._prepared = self._prepare is None  # perhaps the tables are gone
            raise StorageFailed(f"{self._name} can't be used: {_reason(error)}.") from error


def on_file(open_: Callable[[], Any], name: str) -> Database:
    """Use a file that `open_` opens anew for each call, so that any process may use it at any time."""

    def make() -> "Engine":
        from sqlalchemy import create_engine  # noqa: PLC0415 - takes a while to import
        from sqlalchemy.pool import NullPool  # noqa: PLC0415 - likewise

        return create_engine("sqlite://", creator=open_, poolclass=NullPool, hide_parameters=True)

    return Database(make, name)


def on_server(
    url: str, prepare: Callable[[Run], None], *, connections: int = 5, seconds: float = 5.0
) -> Database:
    """Use a PostgreSQL server, with a few connections that are kept open.

    The address may hold a password, so nothing that is said of the database repeats any of it.
    """
    parsed = _parsed(url)
    if find_spec("psycopg") is None:
        raise WrongUse(
            "KIL_DATABASE_URL needs PostgreSQL's driver. Install it with: "
            'python -m pip install -c constraints.txt -e ".[postgres]"'
        )

    def make() -> "Engine":
        from sqlalchemy import create_engine, event  # noqa: PLC0415 - takes a while to import

        engine = create_engine(
            parsed.set(query=_patience(seconds) | dict(parsed.query)),
            pool_size=connections,
            max_overflow=0,
            pool_timeout=seconds,
            pool_pre_ping=True,  # a server that was started again is noticed before a statement is lost
            hide_parameters=True,
            connect_args={"prepare_threshold": None},  # poolers between us and the server may not know them
        )

        @event.listens_for(engine, "connect")
        def bound(connection: Any, _: Any) -> None:
            connection.execute(f"SET lock_timeout = {round(seconds * 1000)}")
            connection.commit()

        return engine

    return Database(make, "The database of KIL_DATABASE_URL", prepare, seconds)


def password_of(url: str) -> str:
    """Return what only those know who may use the database, or nothing."""
    return str(_parsed(url).password or "")


def _patience(seconds: float) -> dict[str, str]:
    """Say how soon a machine that is gone is noticed; what the address itself says counts more."""
    return {
        "application_name": "keep-it-local",
        "connect_timeout": str(max(2, round(seconds))),
        "tcp_user_timeout": str(round(seconds * 1000)),
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
    }


def _parsed(url: str) -> Any:
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - takes a while to import
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415 - likewise

    try:
        parsed = make_url(_SCHEME.sub("postgresql+psycopg://", url, count=1)) if _SCHEME.match(url) else None
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or not parsed.database:
        raise WrongUse("KIL_DATABASE_URL must look like postgresql://USER:PASSWORD@HOST/DATABASE.") from None
    return parsed


def _run(connection: "Connection") -> Run:
    from sqlalchemy import text  # noqa: PLC0415 - takes a while to import

    def run(statement: str, **values: object) -> "CursorResult[Any]":
        return connection.execute(text(statement), values)

    return run


def _reason(error: Exception) -> str:
    """Take the first line: the rest may quote the values that a statement was given."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0].rstrip(".") if said else type(error).__name__
