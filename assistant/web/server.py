"""Puts the interface together."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from assistant import wording
from assistant.counts import Counts
from assistant.disclosure import USUAL, Disclosure, listed
from assistant.errors import AssistantError
from assistant.records import Records
from assistant.staff.gaps import Gaps
from assistant.vocabulary import Material
from assistant.web import pages, problems, staff, streaming
from assistant.web.guarding import Guard
from assistant.web.headers import SecurityHeaders
from assistant.web.limits import RateLimit
from assistant.web.metrics import Metrics, Standing
from assistant.web.origins import Origins, frame_ancestors
from assistant.web.proxies import Proxies
from assistant.web.routes import Assistant, Parts, router
from assistant.web.shelf import FOLDER, STATIC
from assistant.web.watching import Watch, observed

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
    counts: Counts | None = None,
    generation: Callable[[], str | None] = lambda: None,
    staff_password: str = "",
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
    limits = (
        RateLimit(rate_per_minute, rate_total, shared=counts),
        RateLimit(rate_per_minute, shared=counts, kind="feedback"),
    )
    told = replace(  # what is said of the limits is what is enforced
        disclosure,
        rate_per_minute=rate_per_minute,
        rate_total=rate_total,
        allowed_origins=listed(allowed_origins),
        has_desk=bool(staff_password),
    )
    metrics = Metrics(Standing(lambda: _material(ready), generation, lambda: limits[0].refused))
    watched = observed(ready, metrics)
    app.state.parts = Parts(watched, records, *limits, frame_ancestors(allowed), told, metrics)
    app.state.guard, app.state.gaps = Guard(staff_password), Gaps()
    app.include_router(router)
    app.include_router(staff.pages)
    app.include_router(staff.tables)
    app.include_router(pages.router)
    app.mount(f"/{FOLDER}", GZipMiddleware(StaticFiles(directory=STATIC)), name=FOLDER)
    app.add_middleware(Origins, allowed=allowed)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Watch, metrics=metrics, believes_ids=bool(trusted_proxies))
    app.add_middleware(Proxies, trusted=trusted_proxies)
    return app


def _material(ready: Callable[[], Assistant]) -> Material | None:
    with suppress(AssistantError):
        return ready().material
    return None


def _name_problem(status: str, response: dict[str, Any]) -> None:
    content = response.get("content", {})
    if status >= "400" and "application/json" in content:
        content[problems.MEDIA_TYPE] = content.pop("application/json")


def _describe_stream(document: dict[str, Any]) -> None:
    events = TypeAdapter(streaming.StreamEvent).json_schema(ref_template=_COMPONENTS, mode="serialization")
    document["components"]["schemas"].update(events.pop("$defs"))
    answer = document["paths"]["/api/ask"]["post"]["responses"]["200"]
    answer["content"][streaming.MEDIA_TYPE] = {"schema": events}
