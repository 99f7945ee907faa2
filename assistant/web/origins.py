"""Which websites may use the assistant from a reader's browser: asked here before anything is answered."""

import logging
import re
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.problems import problem_response

SCRIPT = "/widget.js"  # what anybody may load; it asks nothing by itself
_USUAL_PORTS = {"http": 80, "https": 443}
_ASKING = ("/api/", "/ask")

_log = logging.getLogger(__name__)


class Origins:
    """Refuses what comes from a website that is neither ours nor allowed, and lets the allowed ones read.

    Browsers say where a request comes from; programs say nothing and are let through. This keeps other
    websites out, and is no lock against anybody who writes his own requests: that is what the limits are for.
    """

    def __init__(self, app: ASGIApp, allowed: frozenset[str]) -> None:
        self._app = app
        self._allowed = allowed
        self._readable = CORSMiddleware(
            app, allow_origins=allowed, allow_methods=("GET", "POST"), expose_headers=("Retry-After",)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        headers = Headers(scope=scope)
        if path != SCRIPT and not self._admits(headers, path):
            _tell_the_log(headers.get("origin", "a website that did not give its name"))
            await problem_response(HTTPException(403))(scope, receive, send)
        elif path.startswith("/api/"):
            await self._readable(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _admits(self, headers: Headers, path: str) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return not (path.startswith(_ASKING) and _is_embedded_elsewhere(headers))
        return origin in self._allowed or _is_ours(origin, headers)


def frame_ancestors(allowed: frozenset[str]) -> str:
    """Say, for a Content-Security-Policy, whose pages may show ours in a frame."""
    return " ".join(("frame-ancestors 'self'", *sorted(allowed)))


def _is_embedded_elsewhere(headers: Headers) -> bool:
    """Whether another website fetches this, such as for an image, and no reader follows a link to it."""
    elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return elsewhere and headers.get("sec-fetch-mode") != "navigate"


def _is_ours(origin: str, headers: Headers) -> bool:
    """Whether a request comes from our own pages.

    The browser's own word counts first: no page can forge it, and it holds whatever a proxy makes of Host.
    Old browsers and plain http do without; then the host has to be the same. The scheme may differ, because
    a proxy that does HTTPS speaks http to us.
    """
    site = headers.get("sec-fetch-site")
    if origin == "null" or site not in (None, "none", "same-origin"):
        return False
    scheme, _, host = origin.lower().partition("://")
    return site == "same-origin" or _written_out(scheme, host) == _written_out(
        scheme, headers.get("host", "").lower()
    )


def _written_out(scheme: str, host: str) -> str:
    """Name the port, which may be left out where it is the usual one."""
    return host if re.search(r":\d+$", host) else f"{host}:{_USUAL_PORTS.get(scheme)}"


@lru_cache(maxsize=100)
def _tell_the_log(origin: str) -> None:
    """Name each website once: whoever runs the server may want to allow it."""
    _log.warning("%.200r asked from a page that is not ours; KIL_ALLOWED_ORIGINS lacks it", origin)
