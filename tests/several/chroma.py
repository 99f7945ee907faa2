"""A Chroma server of the tests' own."""

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.several.processes import free_port, wait_until

_RUN = "from chromadb.cli.cli import app; app()"


class Server:
    """One server, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._databases = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        where = ["--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _RUN, "run", *where],
            env=os.environ | {"ANONYMIZED_TELEMETRY": "False"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers, "Chroma's start", 60)

    def stop(self) -> None:
        """Stop at once, as when a machine is switched off."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(20)

    def new(self) -> str:
        """Make a database for one test and return its address."""
        self._databases += 1
        name = f"test{self._databases}"
        tenant = f"{self.address}/api/v2/tenants/default_tenant"
        httpx.post(f"{tenant}/databases", json={"name": name}, timeout=30).raise_for_status()
        return f"{self.address}/default_tenant/{name}"

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/api/v2/heartbeat", timeout=1):
                return True
        except OSError:
            return False


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server and throw it away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="kil-chroma-"))
    server = Server(folder)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)
