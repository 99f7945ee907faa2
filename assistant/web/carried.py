"""What a form carries along unseen."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from assistant.vocabulary import Answer, Outcome, Turn
from assistant.web import labels
from assistant.web.exchange import Exchange
from assistant.web.markup import Html, element, join

MOST_TURNS = 4  # the last two exchanges, which the largest body that is taken has room for


def said_before(turns: Sequence[Turn]) -> Html:
    """Carry the conversation, of which the server keeps nothing."""
    return join(*(hidden(turn.role, turn.text) for turn in turns[-MOST_TURNS:]))


def filters(principles: Iterable[int], kinds: Iterable[str]) -> Html:
    """Carry where to look."""
    numbers = (hidden("principle", str(number)) for number in principles)
    return join(*numbers, *(hidden("kind", kind) for kind in kinds))


def downloads(exchange: Exchange, *, beside: bool = False) -> Html:
    """Ask for the same again, as a file: the server keeps no answers, and believes none that it is sent.

    Where the page would lose a conversation, whatever goes wrong is told `beside` it, in another tab.
    """
    if not exchange.answer or exchange.answer.outcome is Outcome.CONVERSATION:
        return Html()
    question = exchange.question
    buttons = (
        element("button", words, type="submit", name="format", value=kind, class_="plain")
        for kind, words in labels.DOWNLOADS.items()
    )
    return element(
        "form",
        element("p", *buttons, class_="useful"),
        hidden("q", question.text),
        filters(sorted(question.principles), sorted(question.kinds)),
        said_before(question.history),
        hidden("shown", fingerprint(exchange.answer)),
        method="post",
        action="briefing",
        target="_blank" if beside else None,
    )


def fingerprint(answer: Answer) -> str:
    """Tell one answer's words from another's."""
    words = (answer.answer, answer.missing or "", *(citation.quote for citation in answer.citations))
    return sha256("\0".join(words).encode(errors="replace")).hexdigest()


def hidden(name: str, value: str) -> Html:
    """Carry one value."""
    return element("input", type="hidden", name=name, value=value)
