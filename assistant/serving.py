"""Serves over HTTP until it is told to stop; the only file that knows uvicorn."""

import contextlib
import errno
import json
import logging
import secrets
import signal
import socket
import sys
from asyncio import BaseTransport, TimerHandle
from typing import Any

import h11
from fastapi import FastAPI
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant import notices
from assistant.errors import AssistantError, WrongUse
from assistant.logs import start_logging

MOST_CONNECTIONS = 4_000
LARGEST_HEAD = 16 * 1024
SECONDS_TO_ASK = 20.0  # from the first byte of a request, or from the connection, to the last
SECONDS_TO_READ = 60.0  # in which a client that reads nothing of its answer has to begin again
SECONDS_BETWEEN = 5  # that a connection may stay open with nothing asked
_SECONDS_TO_FINISH = 5
_MILLISECONDS_UNHEARD = 30_000  # after which a client that confirms nothing is gone

_log = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything slow happens, so that a wrong one is known at once."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=MOST_CONNECTIONS)
    except (OSError, UnicodeError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise AssistantError(notices.port_in_use(host, port)) from error
        raise WrongUse(notices.no_such_host(host, port)) from error


def address_of(host: str, port: int) -> str:
    """Write the address as one would type it into a browser."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: FastAPI, listener: socket.socket) -> bool:
    """Serve until Ctrl-C or SIGTERM; return whether the server ever started.

    No access log: the address of a search holds the reader's words, and logs never do.
    """
    start_logging()
    _allow_files()
    server = Server(server_config(app))
    # Once shut down, uvicorn sends itself the signal again: without this the process would end as killed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return server.started


def server_config(app: FastAPI, connection: type["Patient"] | None = None) -> Config:
    """Say how strangers are served: within limits of size and time."""
    return Config(
        app,
        http=connection or Patient,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # uvicorn believes any on localhost, web/proxies.py those it is told to
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_keep_alive=SECONDS_BETWEEN,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )


class Patient(H11Protocol):
    """One connection, kept as long as its client does its part: uvicorn by itself would wait for ever."""

    seconds_to_ask = SECONDS_TO_ASK
    seconds_to_read = SECONDS_TO_READ
    _asking: TimerHandle | None = None
    _reading: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for a request, unless there are too many connections already."""
        super().connection_made(transport)  # type: ignore[arg-type]
        if len(self.connections) > MOST_CONNECTIONS:
            self.transport.abort()
            return
        _notice_silence(transport.get_extra_info("socket"))
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request; what is left of its time is not prolonged by that."""
        self._wait()
        super().data_received(data)
        if self._is_asked():
            self._stop_waiting()

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not read."""
        super().pause_writing()
        self._reading = self._reading or self.loop.call_later(self.seconds_to_read, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it reads again."""
        super().resume_writing()
        _cancel(self._reading)
        self._reading = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_waiting()
        _cancel(self._reading)
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's words
        """Refuse what is no HTTP, or has too large a head, in words of ours."""
        self._end(400, notices.NOT_HTTP)

    def _wait(self) -> None:
        self._asking = self._asking or self.loop.call_later(self.seconds_to_ask, self._too_slow)

    def _stop_waiting(self) -> None:
        _cancel(self._asking)
        self._asking = None

    def _is_asked(self) -> bool:
        """Whether the request is whole."""
        return self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)

    def _too_slow(self) -> None:
        begun = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if begun or self.transport.is_closing():
            self.transport.abort()
        else:
            self._end(408, notices.TOO_SLOW)

    def _end(self, status: int, detail: str) -> None:
        """Say a last word past uvicorn's own order of things, and hang up."""
        title, name = notices.HTTP_ENDS[status], secrets.token_hex(6)
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        body = json.dumps(problem | {"request_id": name}).encode()
        head = (
            f"HTTP/1.1 {status} {title}\r\nContent-Type: application/problem+json\r\nX-Request-ID: {name}\r\n"
            f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        )
        _log.info("request", extra={"facts": {"request_id": name, "status": status}})
        if not self.transport.is_closing():
            self.transport.write(head.encode() + body)
        self.transport.close()


def _cancel(timer: TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def _notice_silence(connection: Any) -> None:
    """Have a client that is gone without a word noticed by the system, also while nothing is sent."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in {
        "TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": _MILLISECONDS_UNHEARD,
    }.items():  # fmt: skip
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _allow_files() -> None:
    """Raise the number of open files, which counts connections too, as far as the system lets us."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 2 * MOST_CONNECTIONS)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
