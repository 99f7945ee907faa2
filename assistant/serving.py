"""Serves over HTTP until it is told to stop; the only file that knows uvicorn."""

import contextlib
import errno
import logging
import signal
import socket

from fastapi import FastAPI

from assistant import wording
from assistant.errors import AssistantError, WrongUse

_SECONDS_TO_FINISH = 5


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything slow happens, so that a wrong one is known at once."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family)
    except (OSError, UnicodeError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise AssistantError(wording.port_in_use(host, port)) from error
        raise WrongUse(wording.no_such_host(host, port)) from error


def address_of(host: str, port: int) -> str:
    """Write the address as one would type it into a browser."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: FastAPI, listener: socket.socket) -> bool:
    """Serve until Ctrl-C or SIGTERM; return whether the server ever started.

    No access log: the address of a search holds the reader's words, and logs never do.
    """
    import uvicorn  # noqa: PLC0415 - only the server needs it

    _log_plainly()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # uvicorn believes any on localhost, web/proxies.py those it is told to
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
    )
    # Once shut down, uvicorn sends itself the signal again: without this the process would end as killed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return server.started


def _log_plainly() -> None:
    """Log our own doings and other people's warnings."""
    to_terminal = logging.StreamHandler()
    to_terminal.setLevel(logging.INFO)  # bm25s sets its own logger to DEBUG
    to_terminal.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[to_terminal])
    logging.getLogger("assistant").setLevel(logging.INFO)
