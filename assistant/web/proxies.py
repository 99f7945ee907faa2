"""Puts the reader's address where a proxy's would stand, if the proxies in front are trusted."""

from collections.abc import Sequence
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send


class Proxies:
    """Believes the headers `X-Forwarded-*` as far as `trusted` proxies wrote them, and no further.

    Each proxy appends whom it heard from, so with two of them the reader is the last but one. Whatever
    stands before that was sent by the reader, who may write what he likes there.
    """

    def __init__(self, app: ASGIApp, trusted: int) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._trusted and scope["type"] == "http":
            scope = self._forwarded(scope)
        await self._app(scope, receive, send)

    def _forwarded(self, scope: Scope) -> Scope:
        scope = {**scope, "headers": list(scope["headers"])}
        headers = MutableHeaders(scope=scope)
        addresses = _entries(headers, "x-forwarded-for")
        address = _address(addresses[-self._trusted]) if len(addresses) >= self._trusted else None
        if address:
            scope["client"] = (address, 0)
        if host := self._told(headers, "x-forwarded-host"):
            headers["host"] = host
        if self._told(headers, "x-forwarded-proto") == "https":
            scope["scheme"] = "https"
        return scope

    def _told(self, headers: Headers, name: str) -> str | None:
        """Read what the outermost trusted proxy said. Most replace these headers; some append to them."""
        entries = _entries(headers, name)
        return entries[-min(self._trusted, len(entries))] if entries else None


def _entries(headers: Headers, name: str) -> Sequence[str]:
    return [entry.strip() for line in headers.getlist(name) for entry in line.split(",")]


def _address(entry: str) -> str | None:
    """Take off brackets and port; what is no address then, such as "unknown", is None."""
    bare = entry[1:].partition("]")[0] if entry.startswith("[") else entry
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        return str(ip_address(bare))
    except ValueError:
        return None
