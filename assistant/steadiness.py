"""Whether the clock can be believed: somebody may set it, or it may be wrong until the network is there."""

import logging
import time
from collections.abc import Callable
from threading import Lock

MOST_DRIFT = 30.0  # seconds; less is how clocks are kept right
PROBATION = 3600.0

_log = logging.getLogger(__name__)


def elapsed() -> float:
    """Return seconds by a clock that nobody sets, and that goes on while a laptop sleeps where it can."""
    kind = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if kind is None else time.clock_gettime(kind)


class Steadiness:
    """Compares the clock with one that nobody sets."""

    def __init__(self, now: Callable[[], float] = time.time, even: Callable[[], float] = elapsed) -> None:
        self._now = now
        self._even = even
        self._lock = Lock()
        self._drift = now() - even()
        self._begun = self._jumped_at = even()
        self._has_jumped = False

    def jumped(self) -> bool:
        """Whether the clock was set since this was last asked."""
        with self._lock:
            drift = self._now() - self._even()
            if abs(drift - self._drift) < MOST_DRIFT:
                return False
            _log.warning("the clock was set by %+.0f seconds", drift - self._drift)
            self._drift, self._jumped_at, self._has_jumped = drift, self._even(), True
            return True

    def may_forget(self, *, everything: bool) -> bool:
        """Whether what looks old may be deleted.

        After a jump, or where all would go at once just after the start, the clock has to prove itself for an
        hour first: what was deleted because of a wrong date does not come back when the date does.
        """
        self.jumped()
        since = self._jumped_at if self._has_jumped else self._begun
        return not (self._has_jumped or everything) or self._even() - since >= PROBATION
