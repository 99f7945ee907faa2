"""Stands at "/" while the chat, whose library takes seconds to import, is still being loaded."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import notices
from assistant.errors import AssistantError, NotReady
from assistant.web.pages import waiting_page
from assistant.web.problems import problem_response

_log = logging.getLogger(__name__)

Load = Callable[[FastAPI], object]

# The chat is loaded when questions can be answered, which readers want more; at the latest after so long,
# because the first start makes the index, and the chat tells how far that is.
FIRST_SECONDS = 15.0
_LOOK_EVERY = 0.1
_AHEAD = 0.5  # that the first question has to itself: loading would make it wait three times as long


class Later:
    """The page without scripts until the chat is there, then the chat. `load` puts it on an app."""

    def __init__(self, app: FastAPI, load: Load, patience: float = FIRST_SECONDS) -> None:
        self._app, self._load, self._patience = app, load, patience
        self._chat: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await (self._chat or _meanwhile(Request(scope, receive)))(scope, receive, send)

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Load the chat while the server lives, and let it start and stop with it."""
        stopped = asyncio.Event()
        life = asyncio.create_task(self._live(stopped))
        try:
            yield
        finally:
            stopped.set()
            await life

    async def _live(self, stopped: asyncio.Event) -> None:
        handlers: Any = self._app.exception_handlers
        behind = FastAPI(exception_handlers=handlers, openapi_url=None)
        behind.state.parts = self._app.state.parts
        await self._others_first(stopped)
        if stopped.is_set():
            return
        try:
            await asyncio.to_thread(self._load, behind)
            async with behind.router.lifespan_context(behind):
                self._chat = behind
                await stopped.wait()
        except Exception:  # noqa: BLE001 (a server without its chat still answers)
            _log.exception("The chat can't be loaded; the page without scripts stands in for it.")

    async def _others_first(self, stopped: asyncio.Event) -> None:
        """Wait until questions can be answered and the first may be, or for so long as is fair."""
        for _ in range(round(self._patience / _LOOK_EVERY)):
            if stopped.is_set():
                return
            with suppress(AssistantError):
                self._app.state.parts.ready()
                await _pause(stopped, _AHEAD)
                return
            await _pause(stopped, _LOOK_EVERY)


async def _pause(stopped: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopped.wait(), seconds)


def _meanwhile(request: Request) -> Response:
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    is_page = path in ("", "/") and request.method in ("GET", "HEAD")
    return waiting_page(request) if is_page else problem_response(NotReady(notices.STARTING))


def mount_later(app: FastAPI, load: Load, patience: float = FIRST_SECONDS) -> FastAPI:
    """Put at "/" of an app, whose own routes are there already, what `load` will load."""
    later = Later(app, load, patience)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[Any]:
        async with before(served) as state, later.living():
            yield state

    app.router.lifespan_context = lifespan
    app.mount("/", later)
    return app
