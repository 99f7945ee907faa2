"""Real server processes to attack and to break, with what they logged."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
START_SECONDS = 600.0  # on a machine that has much else to do


@dataclass
class Served:
    """A server process. `log` grows while it runs; it is all that the process writes."""

    process: subprocess.Popen[bytes]
    address: str
    port: int
    log: Path
    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
    )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str, timeout: float = 30) -> httpx.Response:
        return self.client.get(self.address + path, timeout=timeout)

    def ask(self, question: str, timeout: float = 60, **more: object) -> httpx.Response:
        return self.client.post(
            f"{self.address}/api/ask", json={"question": question, **more}, timeout=timeout
        )

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024

    def metric(self, name: str) -> float:
        """Read one figure from /metrics; labels are part of the name."""
        for line in self.get("/metrics").text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        return 0.0

    def wait_until(self, path: str, status: int, seconds: float = START_SECONDS) -> float:
        """Wait until the path has this status; return how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}: {self.said[-2_000:]}")
            try:
                if self.get(path).status_code == status:
                    return time.monotonic() - began
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"{path} is not {status} after {seconds:.0f} s: {self.said[-2_000:]}")

    def kill(self) -> None:
        """Kill it as a crash or a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def served(settings: Mapping[str, str], *command: str, ready: bool = True) -> Iterator[Served]:
    """Run a command that serves, by default the product's own, and wait until it answers questions."""
    port = free_port()
    command = command or (sys.executable, str(ROOT / "app.py"), "serve")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KIL_")}
    environment |= {"HF_HUB_OFFLINE": "1", "KIL_PORT": str(port), **settings}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
            try:
                started = Served(process, f"http://127.0.0.1:{port}", port, log)
                if ready:
                    started.wait_until("/readyz", 200)
                yield started
            finally:
                if process.poll() is None:
                    process.terminate()
                    try:
                        process.wait(15)
                    except subprocess.TimeoutExpired:
                        process.kill()
                        process.wait(15)
