"""Which addresses may be asked: public ones, checked at the moment of connecting, and only for a time."""

import ipaddress
import socket
from collections.abc import Iterable
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Any

import httpcore

from assistant.errors import Unreachable
from ingest import wording

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also where IPv6 only wraps an IPv4 address."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class Connections(httpcore.NetworkBackend):
    """Opens connections to addresses that were checked; nothing waits beyond `ends`.

    The name is resolved once and the connection goes to what was checked, so a name that changes its
    address in between gains nothing. Every redirect comes through here as well.
    """

    def __init__(self, *, private: bool) -> None:
        self.ends = inf
        self._private = private
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers; raises `Unreachable` if one is private."""
        addresses = _resolved(host, port)
        if not self._private and not all(map(is_public, addresses)):
            raise Unreachable(wording.private_address(host))

        def connect(address: str) -> httpcore.NetworkStream:
            left = self.left(timeout)
            opened = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
            return _Stream(opened, self)

        for address in addresses[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return connect(address)
        return connect(addresses[-1])

    def left(self, timeout: float | None) -> float:
        """Return how long one step may take; raises `httpcore.ReadTimeout` when time is up."""
        left = min(self.ends - monotonic(), inf if timeout is None else timeout)
        if left <= 0:
            raise httpcore.ReadTimeout
        return left


class _Stream(httpcore.NetworkStream):
    """A connection whose every read ends in time: a server that drips would else hold us for ever."""

    def __init__(self, inner: httpcore.NetworkStream, connections: Connections) -> None:
        self._inner = inner
        self._connections = connections

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._connections.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._connections.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._connections.left(timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._connections)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(wording.no_such_host(host)) from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))
