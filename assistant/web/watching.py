"""Stands around every request: names it, counts it, logs how it ended; never what was asked or by whom."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.embedding import TokenVectors
from assistant.vocabulary import Answer, Done, Entry, Event, Hit, Material, Passage, Question
from assistant.web import tracing
from assistant.web.metrics import Metrics
from assistant.web.problems import problem_response
from assistant.web.routes import METHODS, Assistant
from assistant.web.tracing import Trace

MOST_AT_ONCE = 256  # forty are answered at a time; more than these would wait for longer than anybody does

_OPEN_PAGE = "/gradio_api/heartbeat/"  # an open chat page keeps such a request until it is closed
_PROBES = ("/healthz", "/readyz", "/metrics")
_SHELF = ("/static", "/assets", "/theme.css", "/favicon.ico", "/manifest.json")

_log = logging.getLogger(__name__)


class Watch:
    """Serves at most so many requests at once, and tells of each how it ended."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, *, believes_ids: bool = False, most: int = MOST_AT_ONCE
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._believes_ids = believes_ids
        self._most = most
        self._working = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        proposed = Headers(scope=scope).get(tracing.HEADER, "") if self._believes_ids else ""
        watched = _Watched(scope, send, tracing.begin(proposed))
        gauge = self._metrics.pages_open if watched.is_page else self._metrics.in_flight
        gauge.inc()
        try:
            await self._serve(watched, receive)
        finally:
            gauge.dec()
            watched.note(self._metrics)

    async def _serve(self, watched: "_Watched", receive: Receive) -> None:
        if watched.is_page or watched.path in _PROBES:
            await watched.run(self._app, receive)
        elif self._working >= self._most:
            await watched.refuse(HTTPException(503), receive)
        else:
            await self._work(watched, receive)

    async def _work(self, watched: "_Watched", receive: Receive) -> None:
        """Count it as work, except while its body is still on its way: a slow client takes nobody's place."""

        async def receive_idly() -> Message:
            if watched.is_whole:
                return await receive()
            self._working -= 1
            try:
                message = await receive()
            finally:
                self._working += 1
            watched.is_whole = not message.get("more_body", False)
            return message

        self._working += 1
        try:
            await watched.run(self._app, receive_idly)
        finally:
            self._working -= 1


class _Watched:
    """One request, and what is seen of its response."""

    def __init__(self, scope: Scope, send: Send, trace: Trace) -> None:
        self.scope = scope
        self.path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        self.is_page = self.path.startswith(_OPEN_PAGE)
        self.is_whole = not {"content-length", "transfer-encoding"} & set(Headers(scope=scope))
        self._send = send
        self._trace = trace
        self._began = perf_counter()
        self._status = 0
        self._ended = False

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        """Let the app answer; what it lets through is not left to the server, whose log would quote it."""
        try:
            await app(self.scope, receive, self.send)
        except Exception as error:  # noqa: BLE001  the last border there is
            response = problem_response(error)
            if not self._status:
                await response(self.scope, receive, self.send)

    async def refuse(self, error: HTTPException, receive: Receive) -> None:
        """Answer with a problem instead of serving."""
        await problem_response(error)(self.scope, receive, self.send)

    async def send(self, message: Message) -> None:
        """Pass a part of the response on, with the request's name."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)[tracing.HEADER] = self._trace.request_id
        elif message["type"] == "http.response.body":
            self._ended = not message.get("more_body", False)
        await self._send(message)

    def note(self, metrics: Metrics) -> None:
        """Count and log how it ended."""
        seconds, path, method = (
            perf_counter() - self._began,
            _template(self.scope, self.path),
            self.scope["method"],
        )
        method = method if method in METHODS else "other"
        metrics.note_request(method, path, self._status, seconds, self._trace.problem)
        is_usual = self.path in _PROBES or (self._status < 400 and self.path.startswith(_SHELF))
        facts = {
            "request_id": self._trace.request_id,
            "method": method,
            "path": path,
            "status": self._status,
            "ms": round(seconds * 1_000),
            "problem": self._trace.problem,
            "left": not self._ended or None,  # the client went away before the end
        }
        _log.log(logging.DEBUG if is_usual else logging.INFO, "request", extra={"facts": facts})


def _template(scope: Scope, path: str) -> str:
    """Name what was asked for by its pattern: the address itself may hold anything, a question too."""
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str):
        return template
    return next(
        (f"{folder}/*" for folder in _SHELF if path.startswith(folder)), "/" if path == "/" else "other"
    )


@dataclass(frozen=True, slots=True)
class Observed:
    """The assistant, each of whose answers is counted and logged, whichever front asks."""

    assistant: Assistant
    metrics: Metrics

    @property
    def material(self) -> Material:
        """Say what is searched."""
        return self.assistant.material

    def events(self, question: Question) -> Iterator[Event]:
        """Answer step by step."""
        for event in self.assistant.events(question):
            if isinstance(event, Done):
                self._note(event.answer)
            yield event

    def answer(self, question: Question) -> Answer:
        """Answer at once."""
        answer = self.assistant.answer(question)
        self._note(answer)
        return answer

    def search(self, question: Question, limit: int) -> tuple[Hit, ...]:
        """Find passages."""
        return self.assistant.search(question, limit)

    def documents(self) -> tuple[Entry, ...]:
        """List the catalogue."""
        return self.assistant.documents()

    def document(self, document_id: str) -> tuple[Entry, tuple[Passage, ...]]:
        """Find one document; raises `NotFound`."""
        return self.assistant.document(document_id)

    def read(self, texts: Sequence[str], /) -> list[TokenVectors]:
        """Read texts with the model that searches."""
        return self.assistant.read(texts)

    def _note(self, answer: Answer) -> None:
        self.metrics.note_answer(answer)
        facts: dict[str, Any] = {
            "request_id": tracing.request_id(),
            "answer": answer.id,
            "outcome": answer.outcome.value,
            "answered_by": answer.answered_by,
            "sentences": len(answer.sentences),
            "fell_short": bool(answer.note) or None,
            "ms": round(answer.took.total),
            "retrieve_ms": round(answer.took.retrieve),
            "compose_ms": round(answer.took.compose),
            "check_ms": round(answer.took.check),
        }
        _log.info("answer", extra={"facts": facts})


def observed(ready: Callable[[], Assistant], metrics: Metrics) -> Callable[[], Assistant]:
    """Return the same readiness with every answer observed."""
    return lambda: Observed(ready(), metrics)
