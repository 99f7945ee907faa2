"""A follow-up as a language model understands it, checked; where that fails the rules' reading stands."""

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter

from assistant.composing.plain import fenced, plain_text
from assistant.conversing import recognise_talk
from assistant.errors import ModelUnavailable
from assistant.llm import Message, Writer
from assistant.prompts import fill
from assistant.understanding import Understood, split_parts
from assistant.vocabulary import Question, Turn, Waiting
from assistant.words import STOP_WORDS, stem, stems, tokens

SECONDS = 20.0  # that a reader waits at most for a better understanding
MOST_LETTERS = 1_000
MOST_LETTERS_READ = 12_000  # some models think aloud before they write
_TURNS = 6
_LETTERS_OF_A_TURN = 600
_NEW_STEMS = 3  # words that join what the conversation has, such as "cost" for "how much"

_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|$)", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(r"^(?:(?:stand-?alone |rewritten |the )?(?:question|message)\s*:\s*)", re.IGNORECASE)
_MARKER = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_NAME = re.compile(r"[^\W\d_][\w’'&-]*")
_IS_FIGURE = re.compile(r"\d")
_NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    million billion half quarter third""".split()
)
_OPENERS = frozenset(
    "please name list tell explain describe compare give show are was were has have had".split()
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What the reader means, and why the model could not say it, where it is out of reach."""

    understood: Understood
    failure: ModelUnavailable | None = None


def rewrite(
    writer: Writer, question: Question, understood: Understood
) -> Generator[Waiting, None, Rewritten]:
    """Ask the model for the stand-alone question, and keep the rules' one unless its own holds."""
    if not question.history or understood.talk is not None:
        return Rewritten(understood)
    reply = yield from _reply(writer, question)
    if isinstance(reply, ModelUnavailable):
        return Rewritten(understood, reply)
    text = _only_line(reply)
    if text is None or text.casefold() == question.text.casefold() or not _holds(text, question):
        return Rewritten(understood)
    return Rewritten(Understood(text, split_parts(text), concern=understood.concern))


def _reply(writer: Writer, question: Question) -> Generator[Waiting, None, str | ModelUnavailable]:
    """Read the reply, but no longer than a reader should wait; a late one is as good as none."""
    said, until = "", perf_counter() + SECONDS
    with closing(writer.stream(_messages(question))) as pieces:
        for piece in pieces:
            if isinstance(piece, ModelUnavailable):
                return piece
            said += piece
            if perf_counter() > until or len(said) > MOST_LETTERS_READ:
                return ""
            if not piece:
                yield Waiting()
    return said


def _messages(question: Question) -> tuple[Message, ...]:
    spoken = "\n".join(_spoken(turn) for turn in question.history[-_TURNS:])
    system, user = fill("understand", conversation=spoken, message=fenced(question.text))
    return Message("system", system), Message("user", user)


def _spoken(turn: Turn) -> str:
    text = fenced(_MARKER.sub("", turn.text))[:_LETTERS_OF_A_TURN]
    return f"{turn.role.capitalize()}: {text}"


def _only_line(reply: str) -> str | None:
    """Return the reply if it is one line of plain words, and not too long."""
    lines = [line.strip() for line in _THOUGHTS.sub("", reply).splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    text = _LABEL.sub("", lines[0]).strip("\"“”‘’' ")
    return text if 0 < len(text) <= MOST_LETTERS and plain_text(text) == text else None


def _holds(text: str, question: Question) -> bool:
    """Whether it asks, and about what was said: no order, no name or figure of its own, few other words."""
    if not text.endswith("?") or "[" in text or recognise_talk(text) is not None:
        return False
    said = " ".join((question.text, *(turn.text for turn in question.history)))
    known = set(tokens(said)) | set(map(stem, tokens(said)))
    claims = (token for word in (*_names(text), *_figures(text)) for token in tokens(word))
    if any(token not in known and stem(token) not in known for token in claims):
        return False
    return len(set(stems(text)) - known) <= _NEW_STEMS


def _figures(text: str) -> list[str]:
    return [token for token in tokens(text) if _IS_FIGURE.search(token) or token in _NUMBERS]


def _names(text: str) -> list[str]:
    """Return what has a capital; the first word has one in any case, so only if it could be a name."""
    words = _NAME.findall(text)
    opening = [word for word in words[:1] if word.lower() not in STOP_WORDS | _OPENERS]
    return [word for word in (*opening, *words[1:]) if word[0].isupper()]
