"""Draws what a reader can do with a question and its answer: again, copy, take away, and say how it was."""

from assistant.vocabulary import Answer, Outcome
from assistant.web import captions, labels
from assistant.web.carried import link_to
from assistant.web.exchange import Exchange
from assistant.web.kept import kept
from assistant.web.markup import Attribute, Html, element
from assistant.web.references import plain_text, rich_text

_THUMB = (
    '<svg class="thumb" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M7 11v9H3v-9zm3 9'
    'V11l4-8c1.7 0 2.6 1.2 2.2 2.9L15.5 9H20a1.9 1.9 0 0 1 1.9 2.4l-1.7 7A2 2 0 0 1 18.3 20z"/></svg>'
)
_YES, _NO = Html(_THUMB), Html(_THUMB.replace('class="thumb"', 'class="thumb down"'))


def known_of(exchange: Exchange) -> dict[str, Attribute]:
    """Write what the browser keeps, and what it needs to ask the same again."""
    question = exchange.question
    return {
        "data_text": question.text,
        "data_principles": " ".join(map(str, sorted(question.principles))),
        "data_kinds": " ".join(sorted(question.kinds)),
        "data_kept": kept(exchange),
        "data_pending": exchange.pending,
    }


def again() -> Html:
    """Offer to change the question or to ask it again; chat.css shows it at the newest one alone."""
    return element(
        "p",
        element("button", captions.EDIT, type="button", class_="quiet", data_edit=True),
        element("button", captions.AGAIN, type="button", class_="quiet", data_again=True),
        class_="again",
    )


def actions(exchange: Exchange) -> Html:
    """Draw what can be done with a whole answer."""
    answer = exchange.answer
    if not answer or answer.outcome is Outcome.CONVERSATION:
        return Html()
    return element("div", _take(exchange), _feedback(answer), class_="actions")


def _take(exchange: Exchange) -> Html:
    saves = (
        element(
            "button",
            words,
            type="button",
            class_="plain",
            data_save=kind,
            aria_label=labels.DOWNLOADS[kind],
        )
        for kind, words in captions.SAVES.items()
    )
    copy = _copy(exchange) if exchange.citations else None
    return element("p", copy, _copy_link(exchange), *saves, class_="useful take")


def _copy(exchange: Exchange) -> Html:
    return element(
        "button",
        captions.COPY_WITH_REFERENCES,
        type="button",
        class_="plain",
        data_copy=plain_text(exchange),
        data_rich=rich_text(exchange),
        data_copied=labels.COPIED,
        data_failed=labels.COPY_FAILED,
    )


def _copy_link(exchange: Exchange) -> Html:
    """Link to the question as it was understood, since whoever follows has not heard what was said before."""
    question = exchange.question
    link = link_to("./", exchange.question_used or question.text, question.principles, question.kinds)
    return element(
        "button",
        captions.COPY_LINK,
        type="button",
        class_="plain",
        data_link=link,
        data_copied=captions.LINK_COPIED,
        data_failed=labels.COPY_FAILED,
    )


def _feedback(answer: Answer) -> Html:
    yes = _thumb("up", _YES, labels.YES)
    no = _thumb("down", _NO, labels.NO)
    asked = element("p", element("span", labels.USEFUL), yes, no, class_="useful")
    return element(
        "div",
        asked,
        element("p", role="status", class_="thanks"),
        _reason(answer),
        class_="feedback",
        data_answer=answer.id,
        data_rated=labels.RATED,
        data_sent=labels.REASON_SENT,
    )


def _thumb(rating: str, sign: Html, words: str) -> Html:
    return element(
        "button", sign, words, type="button", class_="plain", data_rate=rating, aria_pressed="false"
    )


def _reason(answer: Answer) -> Html:
    box = f"reason-{answer.id}"
    reasons = (
        element("label", element("input", type="checkbox", value=words), words) for words in captions.REASONS
    )
    return element(
        "form",
        element(
            "fieldset", element("legend", captions.WHAT_WAS_WRONG), *reasons, class_="reasons", hidden=True
        ),
        element("label", labels.REASON, for_=box),
        element("p", labels.REASON_HINT, class_="small", id=f"{box}-hint"),
        element("textarea", id=box, rows=2, maxlength=700, aria_describedby=f"{box}-hint"),
        element("button", labels.SEND, type="submit", class_="plain"),
        class_="reason",
        hidden=True,
    )
