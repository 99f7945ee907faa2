"""`serve` is up before the assistant is ready, says why it is not, and stops when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from assistant.errors import AssistantError, WrongUse
from assistant.serving import address_of, listen

ROOT = Path(__file__).parents[1]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_the_address_is_taken_before_anything_is_served() -> None:
    port = _free_port()
    with listen("127.0.0.1", port), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        assert connection.getpeername() == ("127.0.0.1", port)


def test_a_port_in_use_is_said_with_what_to_do() -> None:
    port = _free_port()
    with (
        listen("127.0.0.1", port),
        pytest.raises(AssistantError, match=f"Another program uses port {port}.*KIL_PORT"),
    ):
        listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1", "127.0.0.1.1", "\udcff"])
def test_an_address_that_is_not_ours_is_wrong_use(host: str) -> None:
    with pytest.raises(WrongUse, match="KIL_HOST"):
        listen(host, _free_port())


def test_addresses_are_written_as_a_browser_takes_them() -> None:
    assert address_of("127.0.0.1", 7860) == "http://127.0.0.1:7860"
    assert address_of("::1", 80) == "http://[::1]:80"


@contextmanager
def _serve(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the real command in a folder without material."""
    port = _free_port()
    settings = {
        "KIL_PORT": str(port),
        "KIL_CORPUS": str(folder / "corpus"),
        "KIL_DATA": str(folder / "data"),
        "KIL_RATE_PER_MINUTE": "1",
        "KIL_KEEP_DAYS": "41",
    }
    with subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), "serve"],
        cwd=folder,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _get_until(address: str, words: str) -> httpx.Response:
    """Ask again until the answer has the words; a request that comes before the server waits for it."""
    until = time.monotonic() + 60
    while True:
        try:
            response = httpx.get(address, timeout=60)
        except httpx.ConnectError:
            assert time.monotonic() < until
        else:
            if words in response.text or time.monotonic() > until:
                return response
        time.sleep(0.1)


def _ask_as(address: str, reader: str) -> int:
    """Ask with an address that nobody vouches for: no proxy is trusted unless it is set."""
    forwarded = {"X-Forwarded-For": reader}
    asked = httpx.post(f"{address}/api/ask", json={"question": "x"}, headers=forwarded, timeout=60)
    return asked.status_code


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to stop cleanly by")
def test_without_material_it_serves_says_why_and_stops_cleanly(tmp_path: Path) -> None:
    with _serve(tmp_path) as (process, address):
        assert _get_until(f"{address}/healthz", "serving").status_code == 200
        not_ready = _get_until(f"{address}/readyz", "the material is missing")
        assert not_ready.status_code == 503
        assert "the material is missing" in not_ready.json()["detail"]
        assert str(tmp_path) not in not_ready.text
        assert httpx.get(address, timeout=60).status_code == 200
        assert "older than 41 days" in httpx.get(f"{address}/about", timeout=60).text
        assert [_ask_as(address, reader) for reader in ("192.0.2.1", "192.0.2.2")] == [503, 429]

        process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert address in printed
    assert f"There are no digests (*.md) in {tmp_path}/corpus" in printed
    assert "Traceback" not in printed
