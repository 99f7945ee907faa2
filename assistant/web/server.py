"""Puts the interface together."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from pydantic import TypeAdapter
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import wording
from assistant.disclosure import USUAL, Disclosure, listed
from assistant.records import Records
from assistant.web import pages, problems, streaming
from assistant.web.limits import RateLimit
from assistant.web.origins import Origins, frame_ancestors
from assistant.web.proxies import Proxies
from assistant.web.routes import Assistant, Parts, router
from assistant.web.shelf import FOLDER, STATIC

VERSION = "1"  # of the interface: it changes only if something is taken away
_COMPONENTS = "#/components/schemas/{model}"


class Interface(FastAPI):
    """FastAPI, whose own description lacks two things: problems' media type and the events of a stream."""

    def openapi(self) -> dict[str, Any]:
        """Describe the whole interface."""
        document = super().openapi()
        operations = [operation for path in document["paths"].values() for operation in path.values()]
        for response in (response for operation in operations for response in operation["responses"].items()):
            _name_problem(*response)
        _describe_stream(document)
        return document


def build_app(
    ready: Callable[[], Assistant],
    records: Records,
    *,
    rate_per_minute: int,
    rate_total: int = 0,
    allowed_origins: str = "",
    trusted_proxies: int = 0,
    disclosure: Disclosure = USUAL,
) -> FastAPI:
    """Build the interface and the plain pages; the chat is mounted on it afterwards."""
    allowed = frozenset(listed(allowed_origins))
    app = Interface(
        title=wording.NAME,
        version=VERSION,
        description=f"{wording.WHAT_IT_IS} {wording.WHAT_IT_IS_NOT}",
        docs_url=None,  # FastAPI's own pages load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        exception_handlers={HTTPException: problems.tell_problem, Exception: problems.tell_problem},
    )
    limits = RateLimit(rate_per_minute, rate_total), RateLimit(rate_per_minute)
    told = replace(  # what is said of the limits is what is enforced
        disclosure,
        rate_per_minute=rate_per_minute,
        rate_total=rate_total,
        allowed_origins=listed(allowed_origins),
    )
    app.state.parts = Parts(ready, records, *limits, frame_ancestors(allowed), told)
    app.include_router(router)
    app.include_router(pages.router)
    app.mount(f"/{FOLDER}", GZipMiddleware(StaticFiles(directory=STATIC)), name=FOLDER)
    app.add_middleware(Origins, allowed=allowed)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Proxies, trusted=trusted_proxies)
    return app


class SecurityHeaders:
    """Adds to every response what keeps a browser from guessing, telling and remembering."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Referrer-Policy", "same-origin")
                if scope["path"].removeprefix(scope.get("root_path", "")).startswith("/api/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _name_problem(status: str, response: dict[str, Any]) -> None:
    content = response.get("content", {})
    if status >= "400" and "application/json" in content:
        content[problems.MEDIA_TYPE] = content.pop("application/json")


def _describe_stream(document: dict[str, Any]) -> None:
    events = TypeAdapter(streaming.StreamEvent).json_schema(ref_template=_COMPONENTS, mode="serialization")
    document["components"]["schemas"].update(events.pop("$defs"))
    answer = document["paths"]["/api/ask"]["post"]["responses"]["200"]
    answer["content"][streaming.MEDIA_TYPE] = {"schema": events}
