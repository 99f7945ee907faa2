"""Draws the pages that work without JavaScript: question, answer with sources, what went wrong, thanks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant import wording
from assistant.vocabulary import PRINCIPLES, Answer, Outcome, Turn
from assistant.web import frame, labels
from assistant.web.carried import downloads, filters, hidden, link_to, said_before
from assistant.web.chatting import Asked
from assistant.web.exchange import Exchange
from assistant.web.markup import Html, element, join
from assistant.web.problems import Problem
from assistant.web.references import plain_text
from assistant.web.rendering import asked, beside, body, outcome, small_print
from assistant.web.shelf import FOLDER, version

_NO_FOOT = Html()
_PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in the form: the question, where to look, and what was said before."""

    asked: Asked
    turns: tuple[Turn, ...] = ()


def start_sheet(entered: Entered, notice: Html, foot: Html) -> str:
    """Draw the page before anything is asked."""
    examples = _linked(wording.EXAMPLES, entered.asked)
    tried = element("section", element("h2", labels.EXAMPLES_HEADING), examples, class_="examples")
    lead = element("div", frame.lead(), id="lead")
    return sheet(wording.NAME, lead, notice, _form(entered), tried, foot=foot)


def answer_sheet(entered: Entered, exchange: Exchange, foot: Html) -> str:
    """Draw a question with its whole answer."""
    title = f"{exchange.question.text} – {wording.NAME}"
    turn = element(
        "article",
        asked(1, exchange),
        element("div", _answer(exchange), _beside(exchange), _next(entered, exchange), class_="columns"),
        id="answer",
        class_="turn",
        aria_labelledby="question-1",
    )
    skip = element("a", labels.TO_THE_ANSWER, href="#answer", class_="skip")
    return sheet(title, _form(entered), turn, foot=foot, skip=skip)


def problem_sheet(problem: Problem, entered: Entered) -> str:
    """Say what went wrong; the question stands in the box as it was."""
    kept = f" {labels.QUESTION_KEPT}" if entered.asked.text else ""
    notice = frame.notice(problem.title, f"{problem.detail}{kept}")
    title = labels.went_wrong(f"{problem.title} – {wording.NAME}")
    return sheet(title, element("div", notice, id=_PROBLEM), _form(entered, is_wrong=True))


def thanks_sheet() -> str:
    """Thank for an opinion."""
    thanks = element("section", element("h2", labels.THANKS), element("p", labels.THANKS_KEPT), class_="turn")
    back = element("p", element("a", labels.ASK_ANOTHER, href="ask"))
    return sheet(f"{labels.THANKS} – {wording.NAME}", thanks, back)


def sheet(title: str, *main: Html, foot: Html = _NO_FOOT, skip: Html | None = None) -> str:
    """Draw a page around what it is to say."""
    skip = skip or element("a", labels.TO_THE_CONTENT, href="#content", class_="skip")
    caution = element("p", wording.WHAT_IT_IS_NOT, class_="caution")
    header = frame.top(f"{FOLDER}/favicon.svg", is_linked=bool(foot))
    return document(title, header, main, join(caution, foot), skip)


def document(
    title: str, header: Html, main: Sequence[Html], footer: Html, skip: Html, styles: Sequence[str] = ()
) -> str:
    """Write a whole document, with style sheets of its own beside those of every page."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("link", rel="icon", href=f"{FOLDER}/favicon.svg"),
        *(element("link", rel="stylesheet", href=address) for address in _style_sheets(styles)),
    )
    content = element(
        "body",
        skip,
        element("header", header, id="top"),
        element("main", *main, id="content", tabindex=-1),
        element("footer", footer, id="foot"),
        id="page",
        class_="sheet",
    )
    return f"<!doctype html>{element('html', head, content, lang='en-GB')}"


def _style_sheets(more: Sequence[str]) -> list[str]:
    return [f"{FOLDER}/{name}?v={version(name)}" for name in ("chat.css", "sheet.css", *more)]


def _form(entered: Entered, *, is_wrong: bool = False) -> Html:
    described = f"{_PROBLEM} " if is_wrong else ""
    return element(
        "form",
        element("label", labels.QUESTION, for_="question", class_="name"),
        element(
            "textarea",
            entered.asked.text,
            id="question",
            name="q",
            rows=2 if entered.asked.text else 3,
            required=True,
            autocomplete="off",
            aria_invalid="true" if is_wrong and entered.asked.text else None,
            aria_describedby=f"{described}about-the-question",
        ),
        element("p", labels.NO_NAMES, class_="small", id="about-the-question"),
        _narrow(entered.asked),
        said_before(entered.turns),
        element("p", element("button", labels.ASK, type="submit", class_="ask"), _afresh(entered)),
        method="post",
        action="ask",
        class_="form",
    )


def _afresh(entered: Entered) -> Html:
    return element("a", labels.START_OVER, href="ask") if entered.asked.text else Html()


def _narrow(where: Asked) -> Html:
    principles = [(str(number), labels.principle(number)) for number in PRINCIPLES]
    kinds = list(wording.KINDS_IN_WORDS.items())
    return element(
        "details",
        element("summary", labels.NARROW),
        _select("principle", labels.PRINCIPLE, labels.ALL_PRINCIPLES, principles, map(str, where.principles)),
        _select("kind", labels.KIND, labels.ALL_KINDS, kinds, where.kinds),
        open=bool(where.principles or where.kinds),
        class_="narrow",
    )


def _select(
    name: str, label: str, everything: str, choices: Sequence[tuple[str, str]], chosen: Iterable[str]
) -> Html:
    held = frozenset(chosen)
    options = (
        element("option", words, value=value, selected=value in held)
        for value, words in (("", everything), *choices)
    )
    return element(
        "p",
        element("label", label, for_=name),
        element("select", *options, id=name, name=name),
        class_="choice",
    )


def _answer(exchange: Exchange) -> Html:
    note = exchange.answer.note if exchange.answer else None
    return element(
        "div",
        outcome(exchange),
        element("p", note, class_="note") if note else None,
        body(1, exchange),
        small_print(exchange.answer),
        _to_take_away(exchange),
        class_="answer said",
    )


def _to_take_away(exchange: Exchange) -> Html:
    question = exchange.question
    address = link_to("ask", question.text, question.principles, question.kinds)
    link = element("p", element("a", labels.LINK_TO_QUESTION, href=address))
    files = downloads(exchange)
    if not exchange.citations:
        return element("div", files, link, class_="away")
    text = element("textarea", plain_text(exchange), rows=12, readonly=True, aria_label=labels.TEXT_TO_COPY)
    return element(
        "div",
        element("details", element("summary", labels.TEXT_TO_COPY), text),
        files,
        link,
        class_="away",
    )


def _beside(exchange: Exchange) -> Html:
    """Draw the sources all open: a number leads to its quote, and a printed page has them all."""
    return beside(1, exchange, all_open=True)


def _next(entered: Entered, exchange: Exchange) -> Html:
    answer = exchange.answer
    if answer is None:
        return Html()
    linked = (
        element("div", element("h3", labels.ASK_NEXT), _linked(answer.follow_ups, entered.asked))
        if answer.follow_ups
        else None
    )
    return element("section", linked, _follow_up(entered, exchange), _feedback(answer), class_="next")


def _linked(questions: Sequence[str], where: Asked) -> Html:
    links = (
        element(
            "a",
            text,
            href=link_to("ask", text, where.principles, where.kinds),
            class_="suggestion",
            rel="nofollow",
        )
        for text in questions
    )
    return element("ul", *(element("li", link) for link in links), class_="suggestions")


def _follow_up(entered: Entered, exchange: Exchange) -> Html:
    said = (Turn("reader", exchange.question.text), Turn("assistant", exchange.text))
    where = entered.asked
    return element(
        "form",
        element("h3", element("label", labels.FOLLOW_UP, for_="next")),
        element("p", labels.FOLLOW_UP_HINT, class_="small", id="about-the-next"),
        element(
            "textarea",
            id="next",
            name="q",
            rows=2,
            required=True,
            autocomplete="off",
            aria_describedby="about-the-next",
        ),
        filters(where.principles, where.kinds),
        said_before((*entered.turns, *said)),
        element("p", element("button", labels.ASK_THIS, type="submit", class_="plain")),
        method="post",
        action="ask",
        class_="form",
    )


def _feedback(answer: Answer) -> Html:
    if answer.outcome is Outcome.CONVERSATION:
        return Html()
    return element(
        "form",
        element("h3", labels.USEFUL, id="useful"),
        element("label", labels.REASON, for_="reason"),
        element("p", labels.REASON_HINT, class_="small", id="about-the-reason"),
        element(
            "textarea",
            id="reason",
            name="reason",
            rows=2,
            maxlength=1000,
            aria_describedby="about-the-reason",
        ),
        hidden("answer", answer.id),
        element("p", _rate("up", labels.YES_USEFUL), _rate("down", labels.NO_USE), class_="useful"),
        method="post",
        action="feedback",
        class_="form",
    )


def _rate(rating: str, words: str) -> Html:
    return element("button", words, type="submit", name="rating", value=rating, class_="plain")
