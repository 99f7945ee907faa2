"""Draws what stands on the chat page before any script runs: header, forms, start, dialogs, foot.

It is in the page as it is sent, around the place where Gradio puts the conversation, so that a reader sees
it at once and may begin to type.
"""

from collections.abc import Iterable

from assistant import wording
from assistant.vocabulary import PRINCIPLES
from assistant.web import captions, frame, labels
from assistant.web.chatting import MOST_LETTERS
from assistant.web.markup import Html, element, join


def above(mark: str) -> Html:
    """Draw what stands above the conversation, or above what was found."""
    return join(
        element("a", captions.TO_THE_QUESTION, href="#box", class_="skip"),
        element("header", _top(mark), id="top"),
        element("section", frame.lead(), id="lead", class_="in-ask", aria_label=wording.NAME),
        _view("search", captions.SEARCH_LEAD, _search()),
        _view("browse", f"{captions.BROWSE_LEAD} {labels.MATERIAL_IS}"),
    )


def below() -> Html:
    """Draw what stands below the conversation."""
    examples = element(
        "section", frame.examples(), id="examples", class_="in-ask", aria_label=labels.EXAMPLES_HEADING
    )
    said = element("p", role="status", class_="unseen", id="said")  # read out; what Gradio draws anew is not
    return join(_ask(), examples, _recent(), said, _foot(), _earlier(), _take(), _reader(), _templates())


def _top(mark: str) -> Html:
    views = (
        element("a", words, href=f"#{name}", data_view=name, aria_current="page" if name == "ask" else None)
        for name, words in captions.VIEW_NAMES.items()
    )
    count = element("span", class_="count")
    earlier = element(
        "button", captions.EARLIER, count, type="button", class_="quiet", data_open="earlier", hidden=True
    )
    return element(
        "div",
        element("img", src=mark, alt="", width=36, height=36),
        element("h1", wording.NAME),
        element("nav", *views, aria_label=captions.VIEWS, class_="views"),
        earlier,
        class_="top",
    )


def _view(name: str, lead: str, *more: Html) -> Html:
    heading = element("h2", captions.VIEW_NAMES[name], id=f"{name}-heading")
    return element(
        "section",
        heading,
        element("p", lead, class_="small"),
        *more,
        id=f"{name}-head",
        class_=f"view in-{name}",
        aria_labelledby=f"{name}-heading",
        hidden=True,
    )


def _search() -> Html:
    return element(
        "form",
        _box("words", captions.SEARCH_FOR, captions.SEARCH_PLACEHOLDER, captions.SEARCH, "search"),
        element("div", class_="place-for-filters"),
        id="search",
        role="search",
        aria_label=captions.VIEW_NAMES["search"],
    )


def _ask() -> Html:
    """Draw the box; the filters are moved to where they are needed."""
    leave = element("button", captions.LEAVE, type="button", class_="quiet", data_leave=True)
    editing = element("p", element("span", captions.EDITING), leave, id="editing", hidden=True)
    take = element("button", captions.TAKE, type="button", class_="quiet", data_open="take")
    afresh = element("button", labels.START_OVER, type="button", class_="quiet", id="start-over")
    under = element(
        "div",
        element("div", _filters(), class_="place-for-filters"),
        element("div", take, afresh, class_="more"),
        frame.below_the_box(),
        id="under",
    )
    box = _box("box", labels.QUESTION, labels.PLACEHOLDER, labels.ASK, "send")
    return element(
        "form",
        editing,
        box,
        under,
        id="ask",
        class_="in-ask",
        aria_label=labels.ASK_A_QUESTION,
        method="post",  # until the script is there, and where there is none, the plain page answers
        action="ask",
    )


def _box(name: str, label: str, placeholder: str, send: str, key: str) -> Html:
    box = element(
        "textarea",
        id=name,
        name="q" if name == "box" else None,
        rows=1,
        maxlength=MOST_LETTERS,
        placeholder=placeholder,
        enterkeyhint=key,
        autocomplete="off",
        aria_describedby="counter" if name == "box" else None,
    )
    return element(
        "div",
        element("label", label, for_=name, class_="unseen"),
        box,
        element("button", send, type="submit", class_="send"),
        id="question" if name == "box" else None,
        class_="box",
    )


def _filters() -> Html:
    principles = ((str(number), labels.principle(number)) for number in PRINCIPLES)
    toggle = element(
        "button", labels.NARROW, type="button", class_="quiet", aria_expanded="false", aria_controls="choices"
    )
    chosen = element("ul", aria_label=captions.CHOSEN, id="chosen", hidden=True, data_drop=captions.DROP)
    everywhere = element(
        "button", captions.CLEAR_FILTERS, type="button", class_="quiet", data_everywhere=True, hidden=True
    )
    choices = element(
        "div",
        _choices("principle", labels.NARROW_PRINCIPLES, principles),
        _choices("kind", labels.NARROW_KINDS, wording.KINDS_IN_WORDS.items()),
        id="choices",
        hidden=True,
    )
    return element("div", toggle, chosen, everywhere, choices, id="filters")


def _choices(name: str, label: str, choices: Iterable[tuple[str, str]]) -> Html:
    drawn = (
        element("label", element("input", type="checkbox", name=name, value=value), words, class_="choice")
        for value, words in choices
    )
    return element("fieldset", element("legend", label), element("div", *drawn))


def _recent() -> Html:
    """Leave room for the last conversations; chat-kept.js fills it."""
    everything = element("button", captions.EARLIER_ALL, type="button", class_="quiet", data_open="earlier")
    return element(
        "section",
        element("h2", captions.EARLIER),
        element("ul", class_="talks"),
        element("p", everything),
        id="recent",
        class_="in-ask",
        hidden=True,
    )


def _foot() -> Html:
    about = element("a", labels.ABOUT_THIS, href="about")
    plain = element("a", captions.WITHOUT_SCRIPTS, href="ask")
    said = element("p", element("span", class_="material"), about, plain)
    return element("footer", said, id="foot")


def _earlier() -> Html:
    keep = element("input", type="checkbox", id="keep", checked=True)
    every = element(
        "button", captions.DELETE_ALL, type="button", class_="plain", data_forget=captions.DELETE_SURE
    )
    return _dialog(
        "earlier",
        captions.EARLIER,
        element("p", captions.EARLIER_KEPT, class_="small"),
        element("ul", class_="talks"),
        element("p", captions.EARLIER_NONE, class_="none"),
        element("p", element("label", keep, captions.EARLIER_KEEP), every, class_="useful"),
    )


def _take() -> Html:
    saves = (
        element("button", words, type="button", class_="plain", value=kind)
        for kind, words in (*labels.DOWNLOADS.items(), ("copy", captions.TAKE_COPY))
    )
    printed = element("button", captions.PRINT, type="button", class_="plain", data_print=True)
    said = element(
        "p",
        role="status",
        class_="thanks",
        data_none=captions.TAKE_NONE,
        data_copied=labels.COPIED,
        data_failed=labels.COPY_FAILED,
    )
    answers = element("fieldset", element("legend", captions.TAKE_ANSWERS), element("div", class_="answers"))
    lead = element("p", captions.TAKE_LEAD, class_="small")
    return _dialog(
        "take", captions.TAKE_HEADING, lead, answers, element("p", *saves, printed, class_="useful"), said
    )


def _reader() -> Html:
    return _dialog("reader", captions.READ_HERE, element("div", class_="place"), is_headed=False)


def _dialog(name: str, heading: str, *content: Html, is_headed: bool = True) -> Html:
    close = element("button", captions.CLOSE, type="button", class_="quiet close", data_close=True)
    title = element("h2", heading, class_=None if is_headed else "unseen", id=f"{name}-title")
    return element("dialog", close, title, *content, id=name, aria_labelledby=f"{name}-title")


def _templates() -> Html:
    """Draw once what chat-kept.js repeats."""
    words = element("span", class_="when", data_one=captions.ONE_QUESTION, data_some=captions.SOME_QUESTIONS)
    opened = element("button", element("span", class_="words"), words, type="button", class_="open")
    delete = element(
        "button", captions.DELETE, element("span", class_="unseen"), type="button", class_="quiet delete"
    )
    return element("template", element("li", opened, delete), id="talk")
