"""Servers as processes, which share a Chroma server and a PostgreSQL database and nothing else."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.ingest.material import write_digest
from tests.several.processes import free_port, wait_until

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "tests.several.replica"]
PLACES = [f"place{number}" for number in range(8)]
PER_MINUTE = 12

_addresses = itertools.count(1)


class Replica:
    """One server with a data folder of its own."""

    def __init__(self, env: dict[str, str], data: Path) -> None:
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        self.log = data / "log.txt"
        self._env = env | {"KIL_PORT": str(port), "KIL_DATA": str(data)}
        data.mkdir()
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve"], cwd=ROOT, env=self._env, stdout=log, stderr=log
            )

    def is_ready(self) -> bool:
        return self.status("/readyz") == 200

    def status(self, path: str) -> int:
        try:
            return httpx.get(f"{self.address}{path}", timeout=20).status_code
        except httpx.TransportError:
            return 0

    def get(self, path: str) -> Any:
        return self._sent("GET", path).json()

    def ask(self, question: str, history: Any = (), reader: str = "") -> httpx.Response:
        return self._sent("POST", "/api/ask", reader, question=question, history=list(history))

    def rate(self, answer: str, rating: str) -> int:
        return self._sent("POST", "/api/feedback", answer=answer, rating=rating).status_code

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(20)

    def _sent(self, method: str, path: str, reader: str = "", **body: Any) -> httpx.Response:
        """Send it as a proxy would, for a reader whom nobody has counted yet unless one is named."""
        headers = {"X-Forwarded-For": reader or new_reader()}
        return httpx.request(method, f"{self.address}{path}", json=body or None, headers=headers, timeout=60)


@dataclass
class Site:
    """The material, and the servers that answer from it."""

    folder: Path
    chroma_url: str
    database_url: str
    replicas: list[Replica] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        return os.environ | {
            "KIL_CHROMA_URL": self.chroma_url,
            "KIL_DATABASE_URL": self.database_url,
            "KIL_CORPUS": str(self.folder / "digests"),
            "KIL_DATA": str(self.folder / "editor"),
            "KIL_EMBEDDING_MODEL": "fake",
            "KIL_RATE_PER_MINUTE": str(PER_MINUTE),
            "KIL_TRUSTED_PROXIES": "1",
        }

    def publish(self, edition: int) -> None:
        """Write every document anew, so that each passage tells which edition it is of."""
        for place in PLACES:
            text = f"In edition {edition} the council of {place} bought {edition}00 meals from its gardens."
            write_digest(self.folder / "digests", place, text, f"Report on {place}, edition {edition}")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )

    def start(self) -> Replica:
        replica = Replica(self.env, self.folder / f"replica{len(self.replicas)}")
        self.replicas.append(replica)
        return replica


@contextmanager
def running(site: Site, number: int) -> Iterator[list[Replica]]:
    """Start so many servers, and stop all that were started."""
    try:
        started = [site.start() for _ in range(number)]
        for replica in started:
            wait_until(replica.is_ready, f"the start of {replica.address}", 400)
        yield started
    finally:
        for replica in site.replicas:
            replica.stop()


def new_reader() -> str:
    """Make an address that nobody has asked from."""
    number = next(_addresses)
    return f"198.18.{number // 250}.{number % 250 + 1}"
