"""Serves Gradio's page as ours: in our head, asking no other site, with nothing beside what it needs."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import wording
from assistant.web import labels
from assistant.web.limits import LARGEST_BODY, counted
from assistant.web.markup import Html, element, join
from assistant.web.tracing import leave

# Gradio needs inline scripts and `new Function`; what matters here is that nothing leaves for another site.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; "
)

# Gradio also takes uploads, passes on whole sites and runs functions by name. The page needs none of it.
_NEEDED = re.compile(
    r"/(assets/.+|static/.+|theme\.css|config|manifest\.json|pwa_icon(/\d+)?|favicon\.ico|robots\.txt"
    r"|gradio_api/(queue/(join|data)|cancel|reset|startup-events|heartbeat/[^/]+))/?"
)

# Its own idea of which websites may read: `origins` has decided that.
_FOR_OTHERS = ("access-control-allow-origin", "access-control-allow-credentials")

# Gradio 6.31 writes its own name and picture into what a shared link shows, loads a script for pages that
# stand in a frame of a certain library, and names a manifest; no option takes them out.
_ITS_OWN = (
    re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*'),
    re.compile(
        r"<script>(?:(?!</script>).)*iframeResizer\.contentWindow(?:(?!</script>).)*</script>", re.DOTALL
    ),
    re.compile(r'<link rel="manifest"[^>]*>'),
)

_LOOKS = ("chat.css", "chat-page.css")
_SCRIPTS = ("chat.js", "chat-kept.js", "chat-take.js")

LARGEST_SENT = 512 * 1024  # an earlier conversation, which the browser sends back to open it


@dataclass(frozen=True, slots=True)
class Dress:
    """What is ours on the page: its head, and what stands above and below the conversation."""

    head: Html
    scripts: Html
    above: Html
    below: Html


_CALL = "/gradio_api/queue/join"
_LISTEN = "/gradio_api/queue/data"


class Call(BaseModel):
    """How the page calls one of its functions. Gradio itself takes more, and falls over some of it."""

    fn_index: int = Field(ge=0)
    data: list[Any] = Field(max_length=20)
    session_hash: str = Field(pattern=r"^[A-Za-z0-9]{1,40}$")
    event_data: Any = None
    trigger_id: int | None = None


class Page:
    """Stands before Gradio. `functions` is how many it has; `admit` counts the calls of an address."""

    def __init__(
        self, gradio: ASGIApp, dress: Dress, framed_by: str, functions: int, admit: Callable[[str], None]
    ) -> None:
        self._gradio = gradio
        self._dress = dress
        self._functions = functions
        self._admit = admit
        self._headers = {"Content-Security-Policy": _POLICY + framed_by, "Cache-Control": "no-cache"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request: the page itself, or what it needs."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in ("", "/"):
            await self._page(scope, receive, send)
        elif _NEEDED.fullmatch(path):
            is_call = path.rstrip("/") == _CALL
            request = counted(Request(scope, receive), LARGEST_SENT if is_call else LARGEST_BODY)
            if is_call or path.rstrip("/") == _LISTEN:
                self._admit(scope["client"][0] if scope["client"] else "")
            await self._pass_on(scope, await self._call(request) if is_call else request.receive, send)
        else:
            raise HTTPException(404)

    async def _call(self, request: Request) -> Receive:
        """Read a call, and return it without what the page never sends."""
        call, body = None, await request.body()
        with suppress(ValidationError):
            call = Call.model_validate_json(body)
        if call is None or call.fn_index >= self._functions:
            raise HTTPException(400)
        MutableHeaders(scope=request.scope)["content-length"] = str(
            len(body := call.model_dump_json().encode())
        )
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return messages.pop() if messages else await request.receive()

        return receive

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Gradio answer; what it can't is told in our way, and no other website is let in."""
        failed = 0

        async def send_well(message: Message) -> None:
            nonlocal failed
            if message["type"] == "http.response.start":
                failed = message["status"] if message["status"] >= 400 else 0
                for name in _FOR_OTHERS:
                    del MutableHeaders(scope=message)[name]
            if not failed:
                await send(message)

        leave()  # its queue begins with a reader's request and runs on for all others
        await self._gradio(scope, receive, send_well)
        if failed:
            raise HTTPException(failed if failed in (404, 405, 413, 500, 503) else 400)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, body = 200, bytearray()

        async def take(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            body.extend(message.get("body", b""))

        await self._gradio(scope, receive, take)
        response = HTMLResponse(dressed(body.decode(), self._dress), status, headers=self._headers)
        await GZipMiddleware(response)(scope, receive, send)


def dressed(page: str, dress: Dress) -> str:
    """Take out what is Gradio's own, and put in what is ours, with a sentence for those without scripts."""
    for its_own in _ITS_OWN:
        page = its_own.sub("", page)
    page = page.replace("</head>", f"{dress.head}</head>", 1).replace('lang="en"', 'lang="en-GB"', 1)
    # Before Gradio's own: scripts run in their order, and ours would wait until its have come.
    page = page.replace('<script type="module"', f'{dress.scripts}<script type="module"', 1)
    page = page.replace("<body", '<body id="page" data-view="ask"', 1)
    page = page.replace("<gradio-app", f"{dress.above}<gradio-app", 1)
    return page.replace("</body>", f"{element('noscript', needs_scripts())}{dress.below}</body>", 1)


def needs_scripts() -> Html:
    """Send those without scripts to the page that does without."""
    return element("p", labels.NEEDS_SCRIPTS, " ", element("a", labels.PLAIN_PAGE, href="ask"))


def head(folder: str, version: str) -> Html:
    """Write title, preview, icon and looks; a new version is never mistaken for a cached one."""
    return join(
        element("title", wording.NAME),
        element("meta", name="description", content=wording.WHAT_IT_IS),
        element("meta", property="og:title", content=wording.NAME),
        element("meta", property="og:description", content=wording.WHAT_IT_IS),
        element("meta", property="og:type", content="website"),
        element("link", rel="icon", href=f"{folder}/favicon.svg?v={version}"),
        *(element("link", rel="stylesheet", href=f"{folder}/{name}?v={version}") for name in _LOOKS),
    )


def scripts(folder: str, version: str) -> Html:
    """Write what makes the page behave."""
    return join(*(element("script", src=f"{folder}/{name}?v={version}", defer=True) for name in _SCRIPTS))
