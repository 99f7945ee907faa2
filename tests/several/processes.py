"""Processes of the tests' own: free ports, and waiting until something answers."""

import socket
import time
from collections.abc import Callable

import pytest


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Wait, and fail saying what was waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail(f"{what} took longer than {seconds} seconds.")
