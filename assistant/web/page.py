"""Serves Gradio's page as ours: in our head, asking no other site, with nothing beside what it needs."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import wording
from assistant.web import labels
from assistant.web.limits import counted
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

# Gradio 6.31 writes its own name and picture into what a shared link shows, and no option takes them out.
_ITS_PREVIEW = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')


class Page:
    """Stands before Gradio."""

    def __init__(self, gradio: ASGIApp, head: Html, framed_by: str) -> None:
        self._gradio = gradio
        self._head = head
        self._headers = {"Content-Security-Policy": _POLICY + framed_by, "Cache-Control": "no-cache"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request: the page itself, or what it needs."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in ("", "/"):
            await self._page(scope, receive, send)
        elif _NEEDED.fullmatch(path):
            leave()  # its queue begins with a reader's request and runs on for all others
            await self._gradio(scope, counted(Request(scope, receive)).receive, send)
        else:
            raise HTTPException(404)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, body = 200, bytearray()

        async def take(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            body.extend(message.get("body", b""))

        await self._gradio(scope, receive, take)
        response = HTMLResponse(dress(body.decode(), self._head), status, headers=self._headers)
        await response(scope, receive, send)


def dress(page: str, head: Html) -> str:
    """Take Gradio's preview out, put our head in, and leave a sentence for those without scripts."""
    page = _ITS_PREVIEW.sub("", page)
    page = page.replace("</head>", f"{head}</head>", 1).replace('lang="en"', 'lang="en-GB"', 1)
    return page.replace("</body>", f"{element('noscript', needs_scripts())}</body>", 1)


def needs_scripts() -> Html:
    """Send those without scripts to the page that does without."""
    return element("p", labels.NEEDS_SCRIPTS, " ", element("a", labels.PLAIN_PAGE, href="ask"))


def head(folder: str, version: str) -> Html:
    """Write title, preview, icon, looks and behaviour; a new version is never mistaken for a cached one."""
    return join(
        element("title", wording.NAME),
        element("meta", name="description", content=wording.WHAT_IT_IS),
        element("meta", property="og:title", content=wording.NAME),
        element("meta", property="og:description", content=wording.WHAT_IT_IS),
        element("meta", property="og:type", content="website"),
        element("link", rel="icon", href=f"{folder}/favicon.svg?v={version}"),
        element("link", rel="stylesheet", href=f"{folder}/chat.css?v={version}"),
        element("script", src=f"{folder}/chat.js?v={version}", defer=True),
    )
