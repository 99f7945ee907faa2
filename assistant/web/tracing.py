"""What one request is called, and what became of it, wherever in the program it is being answered."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "X-Request-ID"
_FIT = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class Trace:
    """One request: its name, which its reader can quote, and the kind of problem that ended it."""

    request_id: str
    problem: str | None = None


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin(proposed: str = "") -> Trace:
    """Name the request that is served from here on; a name that a proxy gave is kept if it is harmless."""
    trace = Trace(proposed if _FIT.fullmatch(proposed) else secrets.token_hex(6))
    _current.set(trace)
    return trace


def leave() -> None:
    """Stop naming: what is begun from here on outlives the request, as Gradio's queue does."""
    _current.set(None)


def request_id() -> str:
    """Return the name of this request; outside of one, a new name."""
    trace = _current.get()
    return trace.request_id if trace else secrets.token_hex(6)


def ended_by(problem: str) -> None:
    """Note the kind of problem that this request ends in."""
    trace = _current.get()
    if trace:
        trace.problem = problem
