"""From what went wrong to what a client is told (RFC 9457): the one place that knows both."""

import logging
import re
import traceback
from collections.abc import Callable, Coroutine, Generator, Iterator, Sequence
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assistant import wording
from assistant.errors import (
    AssistantError,
    IndexBusy,
    IndexMismatch,
    ModelUnavailable,
    NotFound,
    NotReady,
    StorageFailed,
)
from assistant.web import labels
from assistant.web.limits import counted
from assistant.web.tracing import ended_by, request_id

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 10
_RETRIED = (429, 503)
MOST_FIELDS_NAMED = 5

STATUS = {
    "unreadable": 422,
    "invalid": 422,
    "not-found": 404,
    "not-signed-in": 401,
    "other-site": 403,
    "method-not-allowed": 405,
    "too-large": 413,
    "too-many": 429,
    "not-ready": 503,
    "other-index": 503,
    "index-busy": 503,
    "model-unavailable": 503,
    "storage": 503,
    "busy": 503,
    "unexpected": 500,
}
_FORESEEN: dict[type, str] = {
    NotFound: "not-found",
    IndexMismatch: "other-index",
    NotReady: "not-ready",
    IndexBusy: "index-busy",
    ModelUnavailable: "model-unavailable",
    StorageFailed: "storage",
}
_HTTP = {
    400: "unreadable",
    401: "not-signed-in",
    403: "other-site",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    429: "too-many",
    503: "busy",
}

# An address, a path, a file's line or a setting: written for whoever runs the assistant, never for a client.
_REVEALING = re.compile(r"[/\\]|\.\w+:\d|KIL_")

Message = TypeVar("Message")

_log = logging.getLogger(__name__)


class Problem(BaseModel):
    """Why a request was not answered, as in RFC 9457."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    type: str
    """Names the kind of problem and leads to its description."""
    title: str
    status: int
    detail: str
    """What went wrong here, and what to do."""
    request_id: str = Field(default_factory=request_id)
    """Names the request in the log of whoever runs the assistant; the header X-Request-ID says the same."""


class Route(APIRoute):
    """The border of every endpoint: counts what comes in, and tells whatever goes wrong as a problem."""

    def tell(self, _: Request, error: Exception) -> Response:
        """Tell what went wrong, as this endpoint's clients read it."""
        return problem_response(error)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the endpoint."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(counted(request))
            except Exception as error:  # noqa: BLE001  left to the server, its log would show the message
                return self.tell(request, error)

        return guarded


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that an endpoint can have, for the OpenAPI document."""
    return {status: _described(status) for status in sorted((*statuses, 500))}


def _described(status: int) -> dict[str, Any]:
    titles = [labels.PROBLEMS[name][0] for name, its_status in STATUS.items() if its_status == status]
    retry_after = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
    headers = {"headers": retry_after} if status in _RETRIED else {}
    return {"model": Problem, "description": "; ".join(titles), **headers}


async def tell_problem(_: Request, error: Exception) -> Response:
    """Answer for what is raised outside the endpoints, such as an address that there is not."""
    return problem_response(error)


def in_json(problem: Problem) -> Response:
    """Write a problem for programs."""
    return JSONResponse(problem.model_dump(), problem.status, media_type=MEDIA_TYPE)


def problem_response(error: Exception, draw: Callable[[Problem], Response] = in_json) -> Response:
    """Answer with the problem, and with the headers that say when or how to try again."""
    problem = problem_of(error)
    response = draw(problem)
    response.headers.update(dict(error.headers or {}) if isinstance(error, HTTPException) else {})
    if problem.status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def told(make: Callable[[], Response], draw: Callable[[Problem], Response]) -> Response:
    """Make a response; if that fails, answer with the problem, drawn for whoever asked."""
    try:
        return make()
    except Exception as error:  # noqa: BLE001  the same border as `Route`, for what has to keep the question
        return problem_response(error, draw)


def ending_in_problem(
    messages: Iterator[Message], tell: Callable[[Problem], Message]
) -> Generator[Message, None, None]:
    """Pass the messages of a stream on; if making one fails, the problem is the last."""
    try:
        yield from messages
    except Exception as error:  # noqa: BLE001  the status is sent already, so the stream has to say it
        yield tell(problem_of(error))


def problem_of(error: Exception) -> Problem:
    """Say what a client may know about `error`; what it may not goes to the log."""
    match error:
        case RequestValidationError():
            return _invalid(error.errors())
        case HTTPException(status_code=status, detail=detail) if status in _HTTP:
            return _problem(_HTTP[status], detail if status == 429 else None)
        case ClientDisconnect():
            return _problem("unreadable")
        case AssistantError():
            return _foreseen(error)
        case _:
            return _unexpected(error)


def _problem(name: str, detail: str | None = None, **given: str) -> Problem:
    title, usual_detail = labels.PROBLEMS[name]
    ended_by(name)
    return Problem(
        type=f"/docs#{name}", title=title, status=STATUS[name], detail=detail or usual_detail, **given
    )


def _foreseen(error: AssistantError) -> Problem:
    name = next((_FORESEEN[kind] for kind in type(error).__mro__ if kind in _FORESEEN), None)
    match name:
        case None:
            return _unexpected(error)
        case "not-found":
            return _problem(name, str(error))
        case "not-ready" if not _REVEALING.search(str(error)):
            return _problem(name, str(error))
        case _:
            problem = _problem(name)
            _log.warning(
                "%s: %s", type(error).__name__, error, extra={"facts": {"request_id": problem.request_id}}
            )
            return problem


def _unexpected(error: Exception) -> Problem:
    """Log where it happened, but not the error's message, which may quote the question."""
    reference = request_id()
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("reference %s: %s\n%s", reference, type(error).__name__, where)
    return _problem("unexpected", labels.reference(reference), request_id=reference)


def _invalid(faults: Sequence[Any]) -> Problem:
    if any(fault["type"] == "json_invalid" or len(fault["loc"]) == 1 for fault in faults):
        return _problem("unreadable")
    named = [f"{_field(fault['loc'])}: {_fault(fault)}" for fault in faults[:MOST_FIELDS_NAMED]]
    more = [wording.AND_MORE] if len(faults) > MOST_FIELDS_NAMED else []
    return _problem("invalid", "; ".join(named + more) + ".")


def _field(loc: Sequence[str | int]) -> str:
    """Name a field; an unknown one is named as the client did, which may be very long."""
    return ".".join(str(part) for part in loc[1:])[:80]


def _fault(fault: dict[str, Any]) -> str:
    match fault["type"]:
        case "extra_forbidden":
            return wording.UNKNOWN_FIELD
        case "missing":
            return wording.MISSING_FIELD
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")
