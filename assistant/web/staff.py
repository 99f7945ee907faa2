"""The addresses for staff: the desk, signing in and out, and the tables."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.embedding import TokenVectors
from assistant.errors import NotReady
from assistant.records import Record
from assistant.staff.counting import PERIODS, within
from assistant.staff.gaps import GapReport, Gaps
from assistant.vocabulary import Hit, Question
from assistant.web import guarding
from assistant.web.chatting import today
from assistant.web.desk import View, desk_sheet, gate_sheet, problem_sheet
from assistant.web.guarding import SECONDS_OPEN, SECONDS_TO_SIGN_IN, guard_of, hand_out, staff_only, token_of
from assistant.web.ledgers import LEDGERS, Held
from assistant.web.problems import Problem, Route, ending_in_problem, problem_response
from assistant.web.routes import METHODS, Assistant, parts_of

READ = ["GET", "HEAD"]
USUAL_DAYS = 30
_SECONDS = 0.6  # that a page waits for questions to be read; a table waits longer, because it has to be whole
_SECONDS_FOR_A_TABLE = 120.0
_LONGEST_FIELD = 1_000
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Content-Security-Policy": _POLICY}
_STALE = "This form was open for too long, or your browser keeps no cookies. Try again."
_WRONG = "That is not the password."


class StaffRoute(Route):
    """The border of the desk: whatever goes wrong is told on a page of its own."""

    def tell(self, request: Request, error: Exception) -> Response:
        """Draw the problem, with the form where somebody has yet to sign in."""
        return problem_response(error, lambda problem: _problem(request, problem))


async def _posted(request: Request) -> dict[str, str]:
    fields = parse_qs((await request.body()).decode(errors="replace"))
    return {name: values[0][:_LONGEST_FIELD] for name, values in fields.items()}


def _switched_on(request: Request) -> None:
    if not guard_of(request).is_on:
        raise HTTPException(404)


Posted = Annotated[dict[str, str], Depends(_posted)]

pages = APIRouter(route_class=StaffRoute, include_in_schema=False)
tables = APIRouter(route_class=Route, include_in_schema=False)


@pages.api_route("/staff", methods=READ, dependencies=[Depends(_switched_on)])
def desk(request: Request, days: str = "", whole: str = "") -> Response:
    """Show the desk to who has signed in, and the form to everybody else."""
    if not guard_of(request).is_open(token_of(request)):
        return _gate(request)
    return _page(desk_sheet(_view(request, _days(days), whole=bool(whole))))


@pages.post("/staff", dependencies=[Depends(_switched_on)])
def sign(request: Request, fields: Posted) -> Response:
    """Let somebody in or out; both need a form of ours."""
    guard, token = guard_of(request), token_of(request)
    if not guard.is_own_form(token, fields.get("form", "")):
        return _gate(request, _STALE, 403)
    if "leave" in fields:
        guard.close(token)
        gone = RedirectResponse("staff", 303, _PRIVATE)
        hand_out("", 0, request, gone)
        return gone
    if not guard.admits(fields.get("password", ""), guarding.address_of(request)):
        return _gate(request, _WRONG, 403)
    let_in = RedirectResponse("staff", 303, _PRIVATE)
    hand_out(guard.open(), SECONDS_OPEN, request, let_in)
    return let_in


@tables.api_route("/staff/{name}.csv", methods=READ)
def ledger(request: Request, name: str, days: str = "") -> Response:
    """Give a table for a spreadsheet, to a browser that is signed in or to a program with the password."""
    if _is_a_browser_signed_out(request):
        return RedirectResponse("../staff", 303, _PRIVATE)
    staff_only(request)
    if name not in LEDGERS:
        raise HTTPException(404)
    period = _days(days)
    kept = parts_of(request).records.all()
    records = within(kept, period, today())
    held = Held(
        records,
        period,
        today(),
        lambda: parts_of(request).ready().documents(),
        lambda: _whole(_gaps(request, kept, records, parts_of(request).ready(), _SECONDS_FOR_A_TABLE)),
    )
    file_name = f"keep-it-local-{name}-{today().isoformat()}.csv"
    headers = {**_PRIVATE, "Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(LEDGERS[name].write(held), 200, headers, "text/csv; charset=utf-8")


@tables.api_route("/staff/{rest:path}", methods=METHODS)
async def nowhere() -> None:
    """Keep wrong addresses from falling through to the chat."""
    raise HTTPException(404)


def _is_a_browser_signed_out(request: Request) -> bool:
    """Whether to show the form instead of the browser's own box for a password."""
    guard = guard_of(request)
    asks_for_pages = "text/html" in request.headers.get("accept", "")
    signed = "authorization" in request.headers or guard.is_open(token_of(request))
    return guard.is_on and asks_for_pages and not signed


def _days(said: str) -> int | None:
    """Read the time from the address; whatever else stands there is the usual one."""
    if said == "all":
        return None
    return next((days for days in PERIODS if str(days) == said), USUAL_DAYS)


def _view(request: Request, days: int | None, *, whole: bool) -> View:
    parts = parts_of(request)
    kept = parts.records.all()
    records = within(kept, days, today())
    told: list[Any] = [(), None, ""]

    def look() -> Any:
        assistant = parts.ready()
        yield assistant.documents(), _gaps(request, kept, records, assistant, _SECONDS), ""

    for one in ending_in_problem(look(), lambda problem: ((), None, problem.detail)):
        told = list(one)
    entries, gaps, why_not = told
    disclosure = parts.disclosure
    token = guard_of(request).form_token(token_of(request))
    return View(
        days,
        today(),
        records,
        entries,
        gaps,
        why_not,
        disclosure.keep_days,
        disclosure.keeps_records,
        token,
        whole,
    )


def _gaps(
    request: Request,
    kept: Sequence[Record],
    records: Sequence[Record],
    assistant: Assistant,
    seconds: float,
) -> GapReport:
    gaps: Gaps = request.app.state.gaps
    gaps.keep_only(kept)

    def read(texts: Sequence[str]) -> list[TokenVectors]:
        return assistant.read(texts)

    def search(text: str) -> tuple[Hit, ...]:
        return assistant.search(Question(text), 10)

    return gaps.report(records, read, search, of=assistant, seconds=seconds)


def _whole(report: GapReport) -> GapReport:
    if not report.is_complete:
        raise NotReady("The questions are still being read and grouped. Try again in a moment.")
    return report


def _gate(request: Request, wrong: str = "", status: int = 200) -> Response:
    """Show the form. Over a plain connection from elsewhere it says that the password can be overheard."""
    guard, token = guard_of(request), guard_of(request).visit()
    is_plain = request.url.scheme != "https" and request.url.hostname not in ("localhost", "127.0.0.1", "::1")
    page = _page(gate_sheet(guard.form_token(token), wrong=wrong, is_plain=is_plain), status)
    hand_out(token, SECONDS_TO_SIGN_IN, request, page)
    return page


def _problem(request: Request, problem: Problem) -> Response:
    if problem.status == 429:
        return _gate(request, problem.detail, 429)
    return _page(problem_sheet(problem.title, problem.detail), problem.status)


def _page(page: str, status: int = 200) -> Response:
    return HTMLResponse(page, status, _PRIVATE)
