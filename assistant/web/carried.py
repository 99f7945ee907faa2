"""What a form carries along unseen."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from urllib.parse import urlencode

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


def link_to(page: str, question: str, principles: Iterable[int], kinds: Iterable[str]) -> str:
    """Write the address that asks a question, for whoever follows it."""
    where = [*(("principle", number) for number in sorted(principles)), *(("kind", k) for k in sorted(kinds))]
    return f"{page}?{urlencode([('q', question), *where])}"


def downloads(exchange: Exchange) -> Html:
    """Ask for the same again, as a file: the server keeps no answers, and believes none that it is sent."""
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
    )


def fingerprint(answer: Answer) -> str:
    """Tell one answer's words from another's."""
    words = (answer.answer, answer.missing or "", *(citation.quote for citation in answer.citations))
    return sha256("\0".join(words).encode(errors="replace")).hexdigest()


def hidden(name: str, value: str) -> Html:
    """Carry one value."""
    return element("input", type="hidden", name=name, value=value)
