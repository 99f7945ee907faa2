"""The addresses of `API.md`; each calls the assistant and tells what it said."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, cast

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.requests import HTTPConnection

from assistant.disclosure import Disclosure
from assistant.embedding import TokenVectors
from assistant.records import Records
from assistant.vocabulary import Answer, Done, Entry, Event, Hit, Material, Passage, Question
from assistant.web.docs import docs_page
from assistant.web.guarding import staff_only
from assistant.web.inside import may_look
from assistant.web.limits import RateLimit
from assistant.web.metrics import Metrics
from assistant.web.problems import Route, described
from assistant.web.schema import (
    AnswerBody,
    AskRequest,
    CatalogueBody,
    DocumentWithSections,
    EntryBody,
    FeedbackRequest,
    SearchBody,
    SearchRequest,
    Told,
)
from assistant.web.streaming import EventStream, wants_stream

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Assistant(Protocol):
    """What the interface asks of `answering.Assistant`."""

    @property
    def material(self) -> Material:
        """Say what is searched."""

    def events(self, question: Question) -> Iterator[Event]:
        """Answer step by step."""

    def answer(self, question: Question) -> Answer:
        """Answer at once."""

    def search(self, question: Question, limit: int) -> tuple[Hit, ...]:
        """Find passages."""

    def documents(self) -> tuple[Entry, ...]:
        """List the catalogue."""

    def document(self, document_id: str) -> tuple[Entry, tuple[Passage, ...]]:
        """Find one document; raises `NotFound`."""

    def read(self, texts: Sequence[str], /) -> list[TokenVectors]:
        """Read texts with the model that searches."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What `build_app` hands to the endpoints."""

    ready: Callable[[], Assistant]
    records: Records
    rate: RateLimit
    feedback_rate: RateLimit
    framed_by: str
    disclosure: Disclosure
    metrics: Metrics


class State(Told):
    """How the process stands."""

    status: Literal["serving", "ready"]


def parts_of(request: Request) -> Parts:
    """Return what the app was built from."""
    return cast(Parts, request.app.state.parts)


def _ready_assistant(request: Request) -> Assistant:
    return parts_of(request).ready()


async def _records(request: Request) -> Records:
    return parts_of(request).records


async def _within_rate(request: Request) -> None:
    """Count before anything else. On the event loop, so that a full thread pool can't hold a 429 back."""
    await parts_of(request).rate.admit_soon(address_of(request))


async def _within_feedback_rate(request: Request) -> None:
    """Count apart from the questions, so that who asked a lot can still say what was wrong."""
    await parts_of(request).feedback_rate.admit_soon(address_of(request))


def address_of(request: HTTPConnection) -> str:
    """Say who asks. `proxies` has put the reader's address there if it may."""
    return request.client.host if request.client else ""


async def _no_parameters(request: Request) -> None:
    """Refuse a query where none is known."""
    unknown = [{"type": "extra_forbidden", "loc": ("query", name)} for name in request.query_params]
    if unknown:
        raise RequestValidationError(unknown)


Ready = Annotated[Assistant, Depends(_ready_assistant)]
Kept = Annotated[Records, Depends(_records)]
RATED = Depends(_within_rate)
FEEDBACK_RATED = Depends(_within_feedback_rate)
PLAIN = Depends(_no_parameters)

router = APIRouter(route_class=Route)


@router.post(
    "/api/ask",
    response_model=AnswerBody,
    responses=described(403, 413, 422, 429, 503),
    dependencies=[RATED, PLAIN],
)
def ask(body: AskRequest, request: Request, assistant: Ready, records: Kept) -> AnswerBody | Response:
    """Answer a question from the material, every sentence with its citations.

    With the header `Accept: text/event-stream` the same answer comes as server-sent events.
    """
    question = body.to_question()
    if wants_stream(request.headers.get("accept", "")):
        return EventStream(_kept(assistant.events(question), question, records))
    answer = assistant.answer(question)
    records.keep_or_warn(question, answer)
    return AnswerBody.model_validate(answer)


def _kept(events: Iterator[Event], question: Question, records: Records) -> Iterator[Event]:
    """Keep the answer before the client hears of it, so that its feedback never comes too early."""
    for event in events:
        if isinstance(event, Done):
            records.keep_or_warn(question, event.answer)
        yield event


@router.get("/api/search", responses=described(403, 422, 429, 503), dependencies=[RATED])
def search(query: Annotated[SearchRequest, Query()], assistant: Ready) -> SearchBody:
    """Find passages, best first, without an answer."""
    return SearchBody.of(assistant.search(query.to_question(), query.limit))


@router.get("/api/documents", responses=described(403, 422, 503), dependencies=[PLAIN])
def documents(assistant: Ready) -> CatalogueBody:
    """List every document of the material."""
    return CatalogueBody(documents=[EntryBody.of(entry) for entry in assistant.documents()])


@router.get("/api/documents/{id}", responses=described(403, 404, 422, 503), dependencies=[PLAIN])
def document(id: str, assistant: Ready) -> DocumentWithSections:
    """Show one document with its sections."""
    return DocumentWithSections.of_passages(*assistant.document(id))


@router.post(
    "/api/feedback",
    status_code=204,
    responses=described(403, 404, 413, 422, 429, 503),
    dependencies=[FEEDBACK_RATED, PLAIN],
)
def feedback(body: FeedbackRequest, records: Kept) -> None:
    """Say whether an answer helped; a second opinion on the same answer replaces the first."""
    records.rate(body.answer, body.rating, body.reason)


@router.get("/healthz", responses=described(422), dependencies=[PLAIN])
async def healthz() -> State:
    """Tell that the process serves. On the event loop, so that it answers while every thread is busy."""
    return State(status="serving")


@router.get("/readyz", responses=described(422, 503), dependencies=[PLAIN])
def readyz(assistant: Ready) -> State:  # noqa: ARG001  having one is the answer
    """Tell whether questions can be answered."""
    return State(status="ready")


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Tell Prometheus how the server fares, on this machine or with the staff's password."""
    if not may_look(request):
        staff_only(request)
    page, media_type = parts_of(request).metrics.page()
    return Response(page, headers={"Cache-Control": "no-store"}, media_type=media_type)


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """Describe the interface to people."""
    return docs_page(request.app.openapi())


@router.api_route("/api/{rest:path}", methods=METHODS, include_in_schema=False)
@router.api_route("/healthz", methods=METHODS, include_in_schema=False)
@router.api_route("/readyz", methods=METHODS, include_in_schema=False)
@router.api_route("/docs", methods=METHODS, include_in_schema=False)
async def nowhere(request: Request) -> None:
    """Keep wrong addresses and methods from falling through to the chat, which is mounted at `/`."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    routes = [route for route in router.routes if isinstance(route, Route) and route.endpoint is not nowhere]
    allowed = {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}
    if not allowed:
        raise HTTPException(404)
    raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})
