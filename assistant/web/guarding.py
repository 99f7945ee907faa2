"""Who may see what is for staff: the password, limited tries, and the cookie of whoever signed in.

`staff_only` is the dependency for an address that only staff, or their programs, may read.
"""

import hmac
import logging
import time
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from secrets import token_bytes, token_urlsafe
from threading import Lock
from typing import cast

from fastapi import HTTPException, Request, Response
from itsdangerous import BadData, TimestampSigner

from assistant import wording
from assistant.passwords import Hashed
from assistant.web.limits import RateLimit

COOKIE = "kil_staff"
PATH = "/staff"
TRIES_PER_MINUTE = 5
TRIES_IN_ALL = 60
SECONDS_OPEN = 4 * 60 * 60
SECONDS_TO_SIGN_IN = 60 * 60
SECONDS_IN_LINE = 3.0
CHALLENGE = {"WWW-Authenticate": 'Basic realm="For staff", charset="UTF-8"'}
_MOST_ENDED = 10_000

_log = logging.getLogger(__name__)


class _Signer(TimestampSigner):
    """Signs with the time of our clock."""

    def __init__(self, key: bytes, now: Callable[[], float]) -> None:
        super().__init__(key, salt=b"keep-it-local staff", digest_method=sha256)
        self._now = now

    def get_timestamp(self) -> int:
        """Say what time it is."""
        return int(self._now())


class Guard:
    """Tries passwords and signs cookies. Keeps no session: every server process with the setting knows them.

    The key of the signature comes from the password's line, so another password ends all sessions. Whoever
    can read that line could sign a cookie: it has to be kept as the records themselves are.
    """

    def __init__(
        self, line: str, now: Callable[[], float] = time.time, seconds_in_line: float = SECONDS_IN_LINE
    ) -> None:
        self._hashed = Hashed.read(line) if line else None
        self._tries = RateLimit(
            TRIES_PER_MINUTE, TRIES_IN_ALL, say=wording.too_many_tries, say_all=wording.too_many_tries
        )
        self._lock = Lock()
        self._seconds_in_line = seconds_in_line
        self._now = now
        key = hmac.digest(line.encode(), b"staff session", sha256)
        self._signer = _Signer(key, now)
        self._form_key = hmac.digest(key, b"form", sha256)
        self._own_key = token_bytes(32)
        self._right = b""  # a password that was right, by a key of this process: scripts ask often
        self._ended: OrderedDict[str, None] = OrderedDict()

    @property
    def is_on(self) -> bool:
        """Whether a password is set at all."""
        return self._hashed is not None

    def admits(self, password: str, address: str) -> bool:
        """Try a password; only wrong ones count, and after too many even the right one has to wait.

        One at a time: tries side by side could otherwise be more than are allowed, and each takes 16 MiB.
        Nobody waits long in line, because a thread that waits is one that answers no reader.
        """
        if self._hashed is None:
            return False
        if not self._lock.acquire(timeout=self._seconds_in_line):
            raise HTTPException(429, wording.others_try(1), headers={"Retry-After": "1"})
        try:
            self._tries.check(address)
            written = hmac.digest(self._own_key, password.encode(errors="replace"), sha256)
            if hmac.compare_digest(written, self._right):
                return True
            if self._hashed.fits(password):
                self._right = written
                return True
            self._tries.admit(address)
        finally:
            self._lock.release()
        _log.warning("a wrong password was given for the staff's desk")  # and never by whom: see /about
        return False

    def visit(self) -> str:
        """Return a cookie for whoever is shown the form."""
        return self._signed("visitor")

    def open(self) -> str:
        """Return a cookie for whoever gave the password."""
        return self._signed("staff")

    def close(self, token: str) -> None:
        """End a session, in this process, before its time."""
        if self.is_open(token):
            self._ended[token] = None
            if len(self._ended) > _MOST_ENDED:
                self._ended.popitem(last=False)

    def is_open(self, token: str) -> bool:
        """Whether this is the cookie of somebody who gave the password, not too long ago."""
        return self._is(token, "staff", SECONDS_OPEN) and token not in self._ended

    def form_token(self, token: str) -> str:
        """Return what our own form has to send back with this cookie, which no other website can know."""
        return hmac.digest(self._form_key, token.encode(errors="replace"), sha256).hex()

    def is_own_form(self, token: str, sent: str) -> bool:
        """Whether what was posted comes from a form that we drew for this cookie."""
        drawn_for = self.is_open(token) or self._is(token, "visitor", SECONDS_TO_SIGN_IN)
        return drawn_for and hmac.compare_digest(
            self.form_token(token).encode(), sent.encode(errors="replace")
        )

    def _signed(self, who: str) -> str:
        return self._signer.sign(f"{who}-{token_urlsafe(18)}").decode()

    def _is(self, token: str, who: str, seconds: int) -> bool:
        if not self.is_on:
            return False
        try:
            said = self._signer.unsign(token.encode(errors="replace"), max_age=seconds)
        except BadData:
            return False
        return said.startswith(f"{who}-".encode())


def guard_of(request: Request) -> Guard:
    """Return the guard that the app was built with."""
    return cast(Guard, request.app.state.guard)


def staff_only(request: Request) -> None:
    """Let in who has signed in, or sends the password with HTTP Basic (any user name).

    404 where no password is set, 401 without the right one, 429 after too many wrong ones.
    """
    guard = guard_of(request)
    if not guard.is_on:
        raise HTTPException(404)
    if guard.is_open(token_of(request)):
        return
    password = _basic(request.headers.get("authorization", ""))
    if password is None or not guard.admits(password, address_of(request)):
        raise HTTPException(401, headers=CHALLENGE)


def token_of(request: Request) -> str:
    """Read the cookie."""
    return request.cookies.get(COOKIE, "")


def address_of(request: Request) -> str:
    """Say who asks, as `proxies` found out."""
    return request.client.host if request.client else ""


def hand_out(token: str, seconds: int, request: Request, response: Response) -> None:
    """Give the browser a cookie that no script, no other website and no plain connection gets to see."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=seconds,
        path=f"{request.scope.get('root_path', '')}{PATH}",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def _basic(header: str) -> str | None:
    """Take the password out of the header of HTTP Basic."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return password if colon else None
