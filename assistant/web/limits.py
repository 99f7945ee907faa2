"""How much one address, and all together, may ask in a minute, and how large a request may be."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock

from fastapi import HTTPException, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Message

from assistant import wording

LARGEST_BODY = 64 * 1024
MOST_ADDRESSES = 10_000


class RateLimit:
    """Counts the questions of each address, and of all, over the last minute, in memory."""

    def __init__(self, per_minute: int, total: int = 0, most_addresses: int = MOST_ADDRESSES) -> None:
        self._limit = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._total = RateLimitItemPerMinute(total) if total else None
        self._storage = MemoryStorage()
        self._window = MovingWindowRateLimiter(self._storage)
        self._most_addresses = most_addresses
        self._addresses: OrderedDict[str, None] = OrderedDict()  # who asked last stands last
        self._lock = Lock()

    def admit(self, address: str) -> None:
        """Count one question; raise 429 with `Retry-After` when there were too many.

        An address that is over its own limit uses up nothing of what is left for the others.
        """
        household = _household(address)
        with self._lock:
            if self._limit:
                self._remember(household, self._limit)
                self._count(self._limit, wording.wait_seconds, household)
            if self._total:
                self._count(self._total, wording.wait_for_others)

    def _count(self, limit: RateLimitItemPerMinute, say: Callable[[int], str], *of: str) -> None:
        if not self._window.hit(limit, *of):
            wait = max(1, ceil(self._window.get_window_stats(limit, *of).reset_time - time.time()))
            raise HTTPException(429, say(wait), headers={"Retry-After": str(wait)})

    def _remember(self, address: str, limit: RateLimitItemPerMinute) -> None:
        """Forget who asked longest ago: `limits` 5.8 would keep an entry for every address there ever was."""
        self._addresses[address] = None
        self._addresses.move_to_end(address)
        if len(self._addresses) > self._most_addresses:
            oldest, _ = self._addresses.popitem(last=False)
            with self._storage.locks[limit.key_for(oldest)]:  # its own clean-up runs in another thread
                self._window.clear(limit, oldest)


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
