"""A language model's server for tests: speaks OpenAI's protocol and says what it is told to."""

import json
import select
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event as Signal
from time import perf_counter
from typing import Any

LONGEST = 20.0  # seconds that anything here waits, so that a failing test ends


@dataclass
class Script:
    """How one call is answered: with a status, or with pieces and then an end.

    `breaks` drops the connection after the pieces, `stalls` says no more and keeps it open, `endless` says
    the last piece again until the caller leaves.
    """

    pieces: Sequence[str] = ()
    status: int = 200
    breaks: bool = False
    stalls: bool = False
    endless: bool = False
    body: dict[str, Any] = field(default_factory=lambda: {"error": {"message": "no", "type": "test"}})


@dataclass
class ModelServer:
    """Plays scripts in order, the last one again and again; remembers what it was sent."""

    scripts: list[Script]
    address: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    said_at: list[float] = field(default_factory=list)
    stalled: Signal = field(default_factory=Signal)
    left: Signal = field(default_factory=Signal)

    def next(self) -> Script:
        return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]


@contextmanager
def model_server(*scripts: Script, port: int = 0) -> Iterator[ModelServer]:
    """Serve until the test is over, on a free port unless one is named."""
    played = ModelServer(list(scripts))

    class Handler(_Handler):
        server_state = played

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    played.address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join(LONGEST)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_state: ModelServer

    def do_POST(self) -> None:
        state = self.server_state
        state.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        state.keys.append(self.headers.get("Authorization", ""))
        script = state.next()
        if script.status != 200:
            self._refuse(script)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._play(script)

    def _play(self, script: Script) -> None:
        try:
            for piece in script.pieces:
                self._say(piece)
            while script.endless:
                self._say(script.pieces[-1])
        except OSError:
            self.server_state.left.set()
            return
        if script.stalls:
            self._stall()
        elif script.breaks:
            self.close_connection = True
            self.connection.close()
        else:
            self._send(_chunk({}, "stop"))
            self._send("data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")

    def _stall(self) -> None:
        """Wait for the caller to hang up: a closed connection can be read, and has nothing."""
        self.server_state.stalled.set()
        readable, _, _ = select.select([self.connection], [], [], LONGEST)
        if readable and not self.connection.recv(1):
            self.server_state.left.set()
        self.close_connection = True

    def _say(self, piece: str) -> None:
        self._send(_chunk({"content": piece}, None))
        self.server_state.said_at.append(perf_counter())

    def _send(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _refuse(self, script: Script) -> None:
        data = json.dumps(script.body).encode()
        self.send_response(script.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def _chunk(delta: dict[str, str], finish: str | None) -> str:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    body = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test", "choices": [choice]}
    return f"data: {json.dumps(body)}\n\n"


def main() -> None:
    """Serve on a port, as a process that can be killed: `python -m tests.modelserver 8123`."""
    with model_server(Script(["The material answers this."]), port=int(sys.argv[1])) as server:
        print(server.address, flush=True)
        Signal().wait()


if __name__ == "__main__":
    main()
