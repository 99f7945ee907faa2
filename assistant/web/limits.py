"""How much one address, and all together, may ask in a minute, and how large a request may be."""

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock
from typing import NoReturn

from anyio import CapacityLimiter, to_thread
from fastapi import HTTPException, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Message

from assistant import wording
from assistant.counts import Counts
from assistant.steadiness import Steadiness

LARGEST_BODY = 64 * 1024
MOST_ADDRESSES = 10_000


class RateLimit:
    """Counts the questions of each address, and of all, over the last minute, in memory.

    With `shared`, several servers count together. What that does not know is counted here alone, and so what
    it admits is counted here as well.
    """

    def __init__(
        self,
        per_minute: int,
        total: int = 0,
        most_addresses: int = MOST_ADDRESSES,
        say: Callable[[int], str] = wording.wait_seconds,
        say_all: Callable[[int], str] = wording.wait_for_others,
        *,
        shared: Counts | None = None,
        kind: str = "questions",
    ) -> None:
        self._say, self._say_all = say, say_all
        self._limit = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._total = RateLimitItemPerMinute(total) if total else None
        self._storage = MemoryStorage()
        self._window = MovingWindowRateLimiter(self._storage)
        self._most_addresses = most_addresses
        self._addresses: OrderedDict[str, None] = OrderedDict()  # who asked last stands last
        self._lock = Lock()
        self._shared = shared
        self._kind = kind
        self._steadiness = Steadiness()
        self.refused = 0

    def admit(self, address: str) -> None:
        """Count one question; raise 429 with `Retry-After` when there were too many.

        An address that is over its own limit uses up nothing of what is left for the others.
        """
        household = _household(address)
        if self._limit:
            self._count(self._limit, self._say, household)
        if self._total:
            self._count(self._total, self._say_all)

    async def admit_soon(self, address: str) -> None:
        """Do the same on the event loop, which must not wait for a database."""
        if self._shared is None:
            self.admit(address)
        else:
            await to_thread.run_sync(self.admit, address, limiter=_threads())

    def check(self, address: str) -> None:
        """Raise as `admit` would of what was counted here, and count nothing."""
        with self._lock:
            for limit, say, of in (
                (self._limit, self._say, (_household(address),)),
                (self._total, self._say_all, ()),
            ):
                if limit and not self._window.test(limit, *of):
                    _refuse(self._left(limit, *of), say)

    def _count(self, limit: RateLimitItemPerMinute, say: Callable[[int], str], *of: str) -> None:
        wait = self._shared.wait(self._kind, limit.amount, *of) if self._shared else None
        if not wait:
            here = self._wait_here(limit, *of)
            wait = here if wait is None else 0
        if wait:
            self.refused += 1
            _refuse(wait, say)

    def _wait_here(self, limit: RateLimitItemPerMinute, *of: str) -> float:
        with self._lock:
            if self._steadiness.jumped():
                self._storage.reset()  # set back an hour, it would keep everybody out for an hour
            for address in of:
                self._remember(address, limit)
            return 0 if self._window.hit(limit, *of) else self._left(limit, *of)

    def _left(self, limit: RateLimitItemPerMinute, *of: str) -> float:
        return max(1, self._window.get_window_stats(limit, *of).reset_time - time.time())

    def _remember(self, address: str, limit: RateLimitItemPerMinute) -> None:
        """Forget who asked longest ago: `limits` 5.8 would keep an entry for every address there ever was."""
        self._addresses[address] = None
        self._addresses.move_to_end(address)
        if len(self._addresses) > self._most_addresses:
            oldest, _ = self._addresses.popitem(last=False)
            with self._storage.locks[limit.key_for(oldest)]:  # its own clean-up runs in another thread
                self._window.clear(limit, oldest)


def _refuse(wait: float, say: Callable[[int], str]) -> NoReturn:
    seconds = max(1, ceil(wait))
    raise HTTPException(429, say(seconds), headers={"Retry-After": str(seconds)})


@cache
def _threads() -> CapacityLimiter:
    """Threads apart from those that answer, so that a full pool of them can't hold a 429 back."""
    return CapacityLimiter(16)


def _household(address: str) -> str:
    """Take an IPv6 network of 64 bits for one reader, who is given all of its addresses to choose from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))


def counted(request: Request, most: int = LARGEST_BODY) -> Request:
    """Pass the same request on, but fail with 413 as soon as its body is larger than it may be."""
    declared = request.headers.get("content-length", "")
    too_large = declared.isdecimal() and (len(declared) > 9 or int(declared) > most)
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        if too_large:
            raise HTTPException(413)
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        return message

    return Request(request.scope, receive)
