"""Clients of the interface: in this process, and over a real connection."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.records import Records
from assistant.web.routes import Assistant
from assistant.web.server import build_app

STREAM = {"Accept": "text/event-stream"}
PROBLEM_KEYS = ["type", "title", "status", "detail", "request_id"]


def client_of(
    ready: Callable[[], Assistant], records: Records, rate_per_minute: int = 0, address: str = "192.0.2.1"
) -> TestClient:
    """Talk to the interface without a network; whatever is raised through it fails the test."""
    return TestClient(build_app(ready, records, rate_per_minute=rate_per_minute), client=(address, 50_000))


def read_events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Take a stream apart into names and data; comments are left out."""
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


@contextmanager
def serving(app: FastAPI, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """Serve on a free port of this machine, and give the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan=lifespan, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
    assert not thread.is_alive()
