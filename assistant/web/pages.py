"""The addresses that a browser opens by itself: pages that work without JavaScript, and the widget.

A form is posted, so that no reader's words stand in an address, which browsers, proxies and logs keep. A
link asks by its address, so that a question can be kept and sent on: whoever makes one knows what is in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, cast, get_args
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from assistant.measured import read_measured
from assistant.records import Rating
from assistant.vocabulary import KINDS, PRINCIPLES, Done, Turn
from assistant.web import labels, sheets, shelf, statements
from assistant.web.about import about_sheet
from assistant.web.carried import MOST_TURNS, fingerprint
from assistant.web.chatting import MOST_LETTERS, Asked, Chat, Welcome, today
from assistant.web.exchange import MOST_LETTERS as MOST_LETTERS_SAID
from assistant.web.exchange import Exchange
from assistant.web.frame import foot
from assistant.web.markup import element
from assistant.web.origins import SCRIPT
from assistant.web.papers import MEDIA_TYPES, file_name, paper
from assistant.web.problems import Problem, Route, ending_in_problem, problem_response, told
from assistant.web.routes import Assistant, address_of, parts_of
from assistant.web.sheets import Entered
from assistant.web.transparency import TransparencyRecord, transparency_record

READ = ["GET", "HEAD"]
MOST_LETTERS_OF_A_REASON = 1_000

_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; "
)
# The strictest that a page with the widget can have, so that the widget is seen to need no more.
_DEMO_POLICY = f"{_POLICY}script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; "
_NOTHING_ENTERED = Entered(Asked(""))


class SheetRoute(Route):
    """The border of every page: whatever goes wrong is told on one."""

    def tell(self, request: Request, error: Exception) -> Response:
        """Draw the problem; what was asked can't be read here any more."""
        return problem_response(error, lambda problem: _problem(request, problem, _NOTHING_ENTERED))


@dataclass(frozen=True, slots=True)
class Fields:
    """What a form or a link sent, which may be anything."""

    values: Mapping[str, list[str]]

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values, with line ends as we count them: browsers send two characters for one."""
        return tuple(value.replace("\r\n", "\n") for value in self.values.get(name, ()))

    def one(self, name: str) -> str:
        """Return the first value, if there is any."""
        return next(iter(self.all(name)), "")

    def entered(self) -> Entered:
        """Read what stood in the form; what was never offered there is left out."""
        principles = tuple(n for n in PRINCIPLES if str(n) in self.all("principle"))
        asked = Asked(self.one("q"), principles, tuple(kind for kind in KINDS if kind in self.all("kind")))
        spoken = zip(self.all("reader"), self.all("assistant"), strict=False)
        turns = (turn for asked, said in spoken for turn in (Turn("reader", asked), Turn("assistant", said)))
        kept = tuple(replace(turn, text=turn.text[:MOST_LETTERS_SAID]) for turn in turns)
        return Entered(replace(asked, text=asked.words), kept[-MOST_TURNS:])


async def _linked(request: Request) -> Fields:
    return Fields({name: request.query_params.getlist(name) for name in request.query_params})


async def _posted(request: Request) -> Fields:
    return Fields(parse_qs((await request.body()).decode(errors="replace")))


Linked = Annotated[Fields, Depends(_linked)]
Posted = Annotated[Fields, Depends(_posted)]

router = APIRouter(route_class=SheetRoute, include_in_schema=False)


@router.api_route("/ask", methods=READ)
def ask_by_link(fields: Linked, request: Request) -> Response:
    """Show the form; with a question in the address, answer it."""
    entered = fields.entered()
    if request.method == "GET" and entered.asked.text:
        return _answered(entered, request)
    welcome = _welcome(request)
    return _page(request, sheets.start_sheet(entered, welcome.notice, welcome.foot))


def waiting_page(request: Request) -> Response:
    """Show the same form at "/" until the chat is there; the page then turns into it by itself."""
    welcome = _welcome(request)
    page = sheets.start_sheet(_NOTHING_ENTERED, welcome.notice, welcome.foot)
    script = element("script", src=f"{shelf.FOLDER}/waiting.js?v={shelf.version('waiting.js')}", defer=True)
    policy = f"{_POLICY}script-src 'self'; connect-src 'self'; "
    response = _page(request, page.replace("</head>", f"{script}</head>", 1), policy=policy)
    response.headers["Retry-After"] = "1"  # by this the script knows that it is still this page
    return response


@router.post("/ask")
def ask_by_form(fields: Posted, request: Request) -> Response:
    """Answer what was typed."""
    return _answered(fields.entered(), request)


@router.post("/briefing")
def briefing(fields: Posted, request: Request) -> Response:
    """Write the answer to the same question as a file."""
    entered, kind = fields.entered(), fields.one("format")
    if kind not in MEDIA_TYPES:
        raise RequestValidationError([{"type": "missing", "loc": ("form", "format")}])

    def write() -> Response:
        exchange = _asked_again(entered, fields.one("shown"), request)
        named = f'attachment; filename="{file_name(kind, exchange.asked_on)}"'
        headers = {"Content-Disposition": named, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return Response(paper(kind, [exchange]), headers=headers, media_type=MEDIA_TYPES[kind])

    return _checked(entered, request) or told(write, lambda problem: _problem(request, problem, entered))


@router.post("/feedback")
def feedback(fields: Posted, request: Request) -> Response:
    """Keep an opinion; the page of thanks has its own address, so that reloading it sends nothing twice."""
    rating, parts = fields.one("rating"), parts_of(request)
    parts.feedback_rate.admit(address_of(request))
    if rating not in get_args(Rating):
        raise RequestValidationError([{"type": "missing", "loc": ("form", "rating")}])
    reason = fields.one("reason").strip()[:MOST_LETTERS_OF_A_REASON]
    parts.records.rate(fields.one("answer"), cast(Rating, rating), reason or None)
    return RedirectResponse("thanks", 303)


@router.api_route("/thanks", methods=READ)
def thanks(request: Request) -> Response:
    """Thank for an opinion."""
    return _page(request, sheets.thanks_sheet())


@router.api_route("/about", methods=READ)
def about(request: Request) -> Response:
    """Tell what this is, what it does with what is typed, and how good it is."""
    return _page(request, about_sheet(_record(request), _welcome(request).foot))


@router.api_route("/about.json", methods=READ)
def about_for_machines(request: Request) -> Response:
    """Tell the same to machines."""
    return JSONResponse(asdict(_record(request)), headers={"Cache-Control": "no-store"})


@router.api_route(SCRIPT, methods=READ)
def widget_script(request: Request) -> Response:
    """Serve the widget to every website: what it may ask is decided when it asks."""
    script = shelf.widget()
    headers = {
        "Access-Control-Allow-Origin": "*",  # else no page could pin it to its integrity
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "public, max-age=3600, no-transform",
        "ETag": script.etag,
        "Vary": "Accept-Encoding",
    }
    if script.is_named_in(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(script.text, 200, headers, "text/javascript")
    return Response(script.zipped, 200, headers | {"Content-Encoding": "gzip"}, "text/javascript")


@router.api_route("/widget", methods=READ)
def widget_demo(request: Request) -> Response:
    """Show the widget on a website, with the tag to copy."""
    page = shelf.demo(str(request.base_url))
    return _page(request, page, policy=_DEMO_POLICY)


def _welcome(request: Request) -> Welcome:
    parts = parts_of(request)
    return Chat(parts.ready, parts.records, parts.rate.admit, parts.feedback_rate.admit).welcome()


def _record(request: Request) -> TransparencyRecord:
    """Write the record; without an assistant, all but the material can be told."""
    parts = parts_of(request)

    def look() -> Iterator[tuple[str, ...]]:
        assistant = parts.ready()
        yield statements.the_material(assistant.material, assistant.documents())

    material = next(ending_in_problem(look(), lambda _: (statements.NOT_READY,)))
    return transparency_record(parts.disclosure, material, read_measured(), str(request.base_url))


def _answered(entered: Entered, request: Request) -> Response:
    """Answer, or say what went wrong with the question still in the box."""
    unfit = _checked(entered, request)
    return unfit or told(
        lambda: _answer(entered, request), lambda problem: _problem(request, problem, entered)
    )


def _checked(entered: Entered, request: Request) -> Response | None:
    """Say what is wrong with a question that can't be asked."""
    letters = len(entered.asked.text)
    if 0 < letters <= MOST_LETTERS:
        return None
    said = labels.too_long(letters, MOST_LETTERS) if letters else labels.EMPTY_QUESTION
    problem = Problem(type="/docs#invalid", title=labels.NOT_ASKED, status=422, detail=said)
    return _problem(request, problem, entered)


def _answer(entered: Entered, request: Request) -> Response:
    assistant, exchange = _asked(entered, request)
    assert exchange.answer
    parts_of(request).records.keep_or_warn(exchange.question, exchange.answer)
    catalogue = foot(assistant.material, assistant.documents())
    return _page(request, sheets.answer_sheet(entered, exchange, catalogue))


def _asked(entered: Entered, request: Request) -> tuple[Assistant, Exchange]:
    parts = parts_of(request)
    parts.rate.admit(address_of(request))
    assistant = parts.ready()
    question = replace(entered.asked.after(()), history=entered.turns)
    return assistant, Exchange(question, today()).after(Done(assistant.answer(question)))


def _asked_again(entered: Entered, shown: str, request: Request) -> Exchange:
    """Answer once more, and say so if that gave other words than the page showed.

    It is not recorded, because nobody asked a second time.
    """
    _, exchange = _asked(entered, request)
    answer = exchange.answer
    assert answer
    if shown in ("", fingerprint(answer)):
        return exchange
    note = " ".join(filter(None, (answer.note, labels.NOT_AS_ON_THE_PAGE)))
    return replace(exchange, answer=replace(answer, note=note))


def _problem(request: Request, problem: Problem, entered: Entered) -> Response:
    return _page(request, sheets.problem_sheet(problem, entered), problem.status)


def _page(request: Request, page: str, status: int = 200, policy: str = _POLICY) -> Response:
    headers = {
        "Content-Security-Policy": policy + parts_of(request).framed_by,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    return HTMLResponse(page, status, headers)
