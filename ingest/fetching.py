"""Gets one page at a time, politely: what the site allows, with pauses, within limits of size and time."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic, sleep
from types import TracebackType
from typing import Self

import httpcore
import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from assistant.errors import Unreachable, WrongUse
from ingest import wording
from ingest.addresses import Connections
from ingest.robots import Robots

AGENT = "KeepItLocalAssistant"

_MOVED_FOR_GOOD = (301, 308)
_REDIRECTS = (*_MOVED_FOR_GOOD, 302, 303, 307)
_CONTACT = re.compile(r"[!-~]{3,200}")


class Gone(Unreachable):
    """The site says that the page is not there any more."""


class _Passing(Unreachable):
    """What may be over in a moment, so that it is worth asking again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to ask, in seconds and bytes."""

    pause: float = 2.0
    longest_pause: float = 30.0
    tries: int = 3
    back_off: float = 3.0
    longest_wait: float = 90.0
    timeout: float = 20.0
    total: float = 90.0
    redirects: int = 5
    largest: int = 40_000_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: `address` is where it was in the end, `moved` that it will stay there."""

    address: str
    data: bytes
    media_type: str | None
    etag: str | None
    last_modified: str | None
    moved: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    data: bytes


class Fetcher:
    """Asks web sites for pages, one at a time. `bytes_received` counts what their answers held."""

    def __init__(
        self,
        contact: str,
        *,
        private: bool = False,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = sleep,
    ) -> None:
        if not _CONTACT.fullmatch(contact):
            raise WrongUse(wording.NO_CONTACT)
        self.bytes_received = 0
        self._patience = patience or Patience()
        self._sleep = sleep
        self._free: dict[str, float] = {}
        self._robots = Robots(AGENT, self._robots_txt)
        self._connections = Connections(private=private)
        self._client = httpx.Client(
            transport=_Transport(self._connections),
            timeout=self._patience.timeout,
            headers={"User-Agent": f"{AGENT} (+{contact})", "Accept-Encoding": "gzip"},
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, address: str, etag: str | None = None, last_modified: str | None = None) -> Fetched | None:
        """Return the page, or `None` if it is as it was; raises `Unreachable` or `Gone`."""
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in known.items() if value}
        answer, at, moved = self._follow(_checked(address), headers, check=self._robots.check)
        if answer.status == 304 and headers:
            return None
        if answer.status != 200:
            raise _refusal(answer.status)
        return Fetched(
            address=str(at),
            data=answer.data,
            media_type=answer.headers.get("Content-Type"),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            moved=moved,
        )

    def _follow(
        self, url: httpx.URL, headers: Mapping[str, str], check: Callable[[str], None]
    ) -> tuple[_Answer, httpx.URL, bool]:
        """Follow redirects, each to an address that is checked as the first one was."""
        moved = True
        for turn in range(self._patience.redirects + 1):
            check(str(url))
            answer = self._ask(url, headers)
            if answer.status not in _REDIRECTS or "Location" not in answer.headers:
                return answer, url, moved and turn > 0
            moved = moved and answer.status in _MOVED_FOR_GOOD
            url = _checked(answer.headers["Location"], url)
        raise Unreachable(wording.too_many_redirects(self._patience.redirects))

    def _robots_txt(self, address: str) -> str | None:
        answer, *_ = self._follow(httpx.URL(address), {}, check=lambda _: None)
        return answer.data.decode("utf-8-sig", errors="replace") if answer.status == 200 else None

    def _ask(self, url: httpx.URL, headers: Mapping[str, str]) -> _Answer:
        retrying = Retrying(
            retry=retry_if_exception_type(_Passing),
            stop=stop_after_attempt(self._patience.tries),
            wait=self._back_off,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._once, url, headers)

    def _back_off(self, state: RetryCallState) -> float:
        return self._patience.back_off * float(2 ** (state.attempt_number - 1))

    def _once(self, url: httpx.URL, headers: Mapping[str, str]) -> _Answer:
        self._wait_for_turn(url)
        self._connections.ends = monotonic() + self._patience.total
        with _failing(url.host), self._client.stream("GET", url, headers=headers) as response:
            self._free[url.netloc.decode()] = monotonic() + self._pause(str(url), response)
            if response.status_code == 429 or response.status_code >= 500:
                raise _Passing(wording.status(response.status_code))
            data = self._body(response) if response.status_code == 200 else b""
            return _Answer(response.status_code, response.headers, data)

    def _wait_for_turn(self, url: httpx.URL) -> None:
        wait = self._free.get(url.netloc.decode(), 0) - monotonic()
        if wait > self._patience.longest_wait:
            raise Unreachable(wording.asked_to_wait(url.host, wait))
        if wait > 0:
            self._sleep(wait)

    def _pause(self, address: str, response: httpx.Response) -> float:
        wanted = min(self._robots.delay(address), self._patience.longest_pause)
        return max(self._patience.pause, wanted, _retry_after(response.headers.get("Retry-After", "")))

    def _body(self, response: httpx.Response) -> bytes:
        largest, data = self._patience.largest, bytearray()
        if int(_digits(response.headers.get("Content-Length", ""))) > largest:
            raise Unreachable(wording.too_large(largest))
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        for piece in _decoded(self._counted(response), encoding, largest):
            data += piece
            if len(data) > largest:
                raise Unreachable(wording.too_large(largest))
        return bytes(data)

    def _counted(self, response: httpx.Response) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            self.bytes_received += len(chunk)
            yield chunk


class _Transport(httpx.HTTPTransport):
    """The usual transport, with connections that are checked."""

    def __init__(self, connections: Connections) -> None:
        trusted = httpx.create_ssl_context()
        super().__init__(verify=trusted, trust_env=False)
        # httpx has no argument for this (0.28, November 2026), and httpcore's documentation offers it.
        self._pool = httpcore.ConnectionPool(ssl_context=trusted, network_backend=connections)


def _checked(address: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = base.join(address) if base else httpx.URL(address)
    except httpx.InvalidURL as error:
        raise Unreachable(wording.not_an_address(address)) from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise Unreachable(wording.not_an_address(address))
    return url.copy_with(fragment=None)


def _refusal(status: int) -> Unreachable:
    return Gone(wording.GONE[status]) if status in wording.GONE else Unreachable(wording.status(status))


def _retry_after(value: str) -> float:
    """Read the header's seconds or date; 0 if it says neither."""
    if value.isdecimal():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    now = datetime.now(UTC)
    return (then - now).total_seconds() if then.tzinfo else 0.0


def _digits(value: str) -> str:
    return value if value.isdecimal() else "0"


def _decoded(chunks: Iterable[bytes], encoding: str, largest: int) -> Iterator[bytes]:
    """Unpack what was compressed, never more at once than is allowed in all."""
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip"):
        raise Unreachable(wording.unknown_encoding(encoding))
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for chunk in chunks:
            yield unpacking.decompress(chunk, largest + 1)
    except zlib.error as error:
        raise Unreachable(wording.DAMAGED) from error
    if not unpacking.eof:
        raise Unreachable(wording.DAMAGED)


@contextmanager
def _failing(host: str) -> Iterator[None]:
    """Turn what the network raises into our own failures; only a silent server is not asked again."""
    try:
        yield
    except httpx.ReadTimeout as error:
        raise Unreachable(wording.too_slow(host)) from error
    except httpx.InvalidURL as error:  # of a redirect, which httpx reads although it does not follow it
        raise Unreachable(wording.not_an_address(str(error))) from error
    except httpx.TransportError as error:
        raise _Passing(wording.no_answer(host, str(error) or type(error).__name__)) from error
