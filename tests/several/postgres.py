"""A PostgreSQL server of the tests' own, from Debian's programs, in a folder that goes when it stops."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.several.processes import free_port

PASSWORD = "not-to-be-seen-7Qx"  # planted in every address: what is said of a database must not hold it
USER = "kil"
NOBODY = 65_534  # root may not run PostgreSQL
# Nothing of it has to outlive the tests.
HASTY = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=60"]


class Server:
    """One server, which can be stopped and started again."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self.port = free_port()
        self._as: dict[str, Any] = (
            {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        self._databases = 0
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make the folder's first content, with a password for every connection."""
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        if self._as:
            os.chown(self._folder, NOBODY, NOBODY)
            os.chown(secret, NOBODY, NOBODY)
        options = ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"]
        subprocess.run(
            [self._programs / "initdb", "-D", self._data, "-U", USER, f"--pwfile={secret}", *options],
            **self._as, cwd=self._folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                self._programs / "postgres", "-D", self._data, "-p", str(self.port), "-h", "127.0.0.1",
                "-k", self._folder, *HASTY,
            ],
            **self._as, cwd=self._folder, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        pytest.fail("PostgreSQL never answered.")

    def stop(self) -> None:
        """Stop at once, as when a machine is switched off."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(20)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let it accept what it is sent and answer nothing, as a machine that hangs."""
        assert self._process is not None
        frozen = [self._process.pid, *_children(self._process.pid)]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)

    def url(self, database: str, password: str = PASSWORD) -> str:
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """Make a database for one test and return its address."""
        self._databases += 1
        name = f"test{self._databases}"
        self.run("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, database: str, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement as somebody else would."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []


def _children(parent: int) -> list[int]:
    stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat")]
    parts = [(stat.split()[0], stat.rpartition(")")[2].split()) for stat in stats]
    return [int(pid) for pid, (_, of, *_) in parts if int(of) == parent]


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server and throw it away afterwards."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and os.environ.get("CI") == "true":
        pytest.fail("CI has to try several servers with PostgreSQL, and there is none.")
    if not found:
        pytest.skip("There is no PostgreSQL here: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="kil-postgres-"))
    server = Server(found[-1].parent, folder)
    try:
        server.make()
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)
