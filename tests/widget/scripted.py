"""A scripted server that speaks `API.md`, and a website on another origin that carries the widget."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.widget.samples import ANSWERS, Body, answer

Pages = dict[str, tuple[str, dict[str, str]]]

WIDGET = Path(__file__).parents[2] / "assistant" / "widget" / "widget.js"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Expose-Headers": "Retry-After",
}


@dataclass
class Script:
    """What the server does, and what it was asked."""

    allows: bool = True
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    page: bytes = b""
    """What a proxy says in place of a problem."""
    streams: bool = True
    drops_after: int | None = None
    """Events after which the connection breaks off."""
    holds_after: int | None = None
    """Events after which it waits for `go_on`."""
    fails_with: Body | None = None
    """A problem that comes after the first event."""
    asked: list[Body] = field(default_factory=list)
    told: list[Body] = field(default_factory=list)
    answers: dict[str, Body] = field(default_factory=lambda: dict(ANSWERS))
    go_on: threading.Event = field(default_factory=threading.Event)

    def answer(self, question: str) -> Body:
        """Answer as scripted, else refuse."""
        return self.answers.get(question) or answer("not_in_material", "The material does not say.")


class Assistant(BaseHTTPRequestHandler):
    """Speaks as its script says."""

    script: Script

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_OPTIONS(self) -> None:
        self._begin(204, "text/plain")

    def do_GET(self) -> None:
        if self.path == "/widget.js":
            self._send(200, "text/javascript", WIDGET.read_bytes())
        else:
            self._send(200, "text/plain", b"ok")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/feedback":
            self.script.told.append(body)
            return self._begin(204, "text/plain")
        self.script.asked.append(body)
        if self.script.page:
            return self._send(self.script.status, "text/html", self.script.page)
        if self.script.status != 200:
            problem = {"title": "No", "status": self.script.status, "detail": "The details."}
            return self._send(self.script.status, "application/problem+json", json.dumps(problem).encode())
        told = self.script.answer(body["question"])
        return self._stream(told) if self.script.streams else self._json(told)

    def _json(self, told: Body) -> None:
        self._send(200, "application/json", json.dumps(told).encode())

    def _stream(self, told: Body) -> None:
        self._begin(200, "text/event-stream; charset=utf-8")
        for number, (event, data) in enumerate(_events(told)):
            if number == self.script.holds_after:
                self.script.go_on.wait(20)
            if number == self.script.drops_after:
                return
            failed = self.script.fails_with if number == 1 else None
            name = "error" if failed else event
            self.wfile.write(
                f"event: {name}\ndata: {json.dumps(failed or data)}\n\n: still here\n\n".encode()
            )

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self._begin(status, kind)
        self.wfile.write(body)

    def _begin(self, status: int, kind: str) -> None:
        self.send_response(status)
        allowed = CORS if self.script.allows or self.path == "/widget.js" else {}
        for name, value in {**allowed, **self.script.headers, "Content-Type": kind}.items():
            self.send_header(name, value)
        self.end_headers()


class Website(BaseHTTPRequestHandler):
    """Serves whatever page a test put at an address."""

    pages: Pages

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        html, headers = self.pages.get(self.path.split("?")[0], ("", {}))
        self.send_response(200)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(html.encode())


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], **state: Any) -> Iterator[str]:
    """Serve on a free port and give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), state))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _events(told: Body) -> Iterator[tuple[str, Body]]:
    yield "retrieved", {"question_used": told["question_used"], "passages": 3}
    sent: set[int] = set()
    for one in told["sentences"]:
        new = [c for c in told["citations"] if c["number"] in one["citations"] and c["number"] not in sent]
        sent.update(c["number"] for c in new)
        shown = {
            "text": one["text"],
            "citations": new,
            "numbers": one["citations"],
            "support": one["support"],
        }
        yield "sentence", shown
    yield "done", told
