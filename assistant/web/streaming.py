"""Answers as server-sent events, sent while they are made and no longer than somebody listens."""

import re
from collections.abc import Generator, Iterator
from typing import Literal, assert_never

import anyio
from fastapi import Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import AliasPath, Field
from starlette.types import Receive, Scope, Send

from assistant.vocabulary import Done, Event, Retrieved, Shown, Waiting
from assistant.web.problems import Problem, ending_in_problem
from assistant.web.schema import AnswerBody, CitationBody, Told

MEDIA_TYPE = "text/event-stream"
COMMENT_EVERY_SECONDS = 10.0  # `API.md` promises 15

_WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*")


class RetrievedBody(Told):
    """The question was understood and passages were found."""

    question_used: str
    passages: int


class ShownBody(Told):
    """A sentence passed the check."""

    text: str = Field(validation_alias=AliasPath("sentence", "text"))
    citations: list[CitationBody] = Field(validation_alias="new")
    """The citations that were not sent before."""
    numbers: list[int] = Field(validation_alias=AliasPath("sentence", "citations"))
    """The numbers of all citations that support the sentence."""
    support: float = Field(validation_alias=AliasPath("sentence", "support"))


class RetrievedEvent(Told):
    """Comes first."""

    event: Literal["retrieved"] = "retrieved"
    data: RetrievedBody


class SentenceEvent(Told):
    """Comes once for each checked sentence."""

    event: Literal["sentence"] = "sentence"
    data: ShownBody


class DoneEvent(Told):
    """Comes last."""

    event: Literal["done"] = "done"
    data: AnswerBody


class ErrorEvent(Told):
    """Comes last, in place of `done`, when something went wrong."""

    event: Literal["error"] = "error"
    data: Problem


StreamEvent = RetrievedEvent | SentenceEvent | DoneEvent | ErrorEvent


class EventStream(Response):
    """Runs a generator in worker threads and sends what it yields; closes it when the client goes away."""

    media_type = MEDIA_TYPE

    def __init__(self, events: Iterator[Event], comment_every_seconds: float = COMMENT_EVERY_SECONDS) -> None:
        self.status_code = 200
        self.background = None
        self.init_headers({"X-Accel-Buffering": "no"})  # else nginx would hold the sentences back
        self._messages = _messages(events)
        self._comment_every_seconds = comment_every_seconds

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Serve one client."""
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._stop_when_gone, receive, group.cancel_scope)
                group.start_soon(self._break_silence, send)
                await self._send_all(send)
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self._messages.close)

    async def _send_all(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while message := await anyio.to_thread.run_sync(next, self._messages, b""):
            await send({"type": "http.response.body", "body": message, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _break_silence(self, send: Send) -> None:
        while True:
            await anyio.sleep(self._comment_every_seconds)
            await send({"type": "http.response.body", "body": KEEPALIVE_COMMENT, "more_body": True})

    async def _stop_when_gone(self, receive: Receive, scope: anyio.CancelScope) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        scope.cancel()


def wants_stream(accept: str) -> bool:
    """Whether the header `Accept` prefers events to JSON; of equals, the first named wins."""
    offers = [_offer(entry) for entry in accept.lower().split(",")]
    known = [offer for offer in offers if offer[0] in {MEDIA_TYPE, "application/json"} and offer[1]]
    return bool(known) and max(known, key=lambda offer: offer[1])[0] == MEDIA_TYPE


def _offer(entry: str) -> tuple[str, float]:
    """Split one entry of `Accept` into media type and weight."""
    name, *parameters = entry.split(";")
    weights = [float(found[1]) for text in parameters if (found := _WEIGHT.fullmatch(text))]
    return name.strip(), weights[0] if weights else 1.0


def _messages(events: Iterator[Event]) -> Generator[bytes, None, None]:
    messages = (_message(event) for event in events)
    return ending_in_problem(messages, lambda problem: _encoded(ErrorEvent(data=problem)))


def _message(event: Event) -> bytes:
    """Write a message. Waiting becomes a comment: sending it is the chance to notice that nobody listens."""
    return KEEPALIVE_COMMENT if isinstance(event, Waiting) else _encoded(_stream_event(event))


def _stream_event(event: Retrieved | Shown | Done) -> StreamEvent:
    match event:
        case Retrieved():
            return RetrievedEvent(data=RetrievedBody.model_validate(event))
        case Shown():
            return SentenceEvent(data=ShownBody.model_validate(event))
        case Done():
            return DoneEvent(data=AnswerBody.model_validate(event.answer))
        case _:
            assert_never(event)


def _encoded(event: StreamEvent) -> bytes:
    return format_sse_event(event=event.event, data_str=event.data.model_dump_json())
