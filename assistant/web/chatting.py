"""What happens when a reader asks, stops, starts over or rates: values in, screens out, no Gradio."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from assistant.records import Records
from assistant.vocabulary import KINDS, PRINCIPLES, Done, Entry, Event, Material, Question, Waiting
from assistant.web import labels
from assistant.web.exchange import Exchange, history
from assistant.web.frame import foot, notice
from assistant.web.markup import Html
from assistant.web.problems import Problem, ending_in_problem
from assistant.web.schema import FeedbackRequest

MOST_LETTERS = 1_000

_NOTHING = Html()

Exchanges = tuple[Exchange, ...]


class Assistant(Protocol):
    """What the chat asks of `answering.Assistant`."""

    @property
    def material(self) -> Material:
        """Say what is searched."""

    def events(self, question: Question) -> Iterator[Event]:
        """Answer step by step."""

    def documents(self) -> tuple[Entry, ...]:
        """List the catalogue."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader typed or chose, as it came from the browser."""

    text: str
    principles: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The question without what is no text, such as half of an emoji, which could not be shown again."""
        return self.text.encode("utf-8", "replace").decode().strip()

    def after(self, exchanges: Exchanges) -> Question:
        """Make the question, with what was said before; filters that do not exist are left out."""
        return Question(
            self.words,
            history(exchanges),
            frozenset(self.principles) & frozenset(PRINCIPLES),
            frozenset(self.kinds) & frozenset(KINDS),
        )


@dataclass(frozen=True, slots=True)
class Screen:
    """What the reader sees next; None leaves the conversation as it is, or what the reader is typing."""

    exchanges: Exchanges | None
    notice: Html = _NOTHING
    box: str | None = None


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a page shows before anything is asked."""

    notice: Html
    foot: Html
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Chat:
    """The conversation of any number of readers: each one's exchanges come in and go out, none stay here."""

    ready: Callable[[], Assistant]
    records: Records
    admit: Callable[[str], None]
    admit_feedback: Callable[[str], None]

    def ask(self, asked: Asked, exchanges: Exchanges, address: str) -> Iterator[Screen]:
        """Answer sentence by sentence; whatever goes wrong, the question is back in the box."""
        text = asked.words
        if exchanges and exchanges[-1].pending:
            yield Screen(None, notice(*labels.STILL_ANSWERING))
            return
        if not 0 < len(text) <= MOST_LETTERS:
            yield Screen(exchanges, _not_asked(text), box=text)
            return
        question = asked.after(exchanges)
        screens = self._answering(question, exchanges, address)
        yield from ending_in_problem(screens, lambda problem: Screen(exchanges, _problem(problem), box=text))

    def welcome(self) -> Welcome:
        """Say what is searched, or why nothing can be asked yet."""

        def look() -> Iterator[Welcome]:
            assistant = self.ready()
            yield Welcome(_NOTHING, foot(assistant.material, assistant.documents()), is_ready=True)

        def wait(problem: Problem) -> Welcome:
            return Welcome(notice(problem.title, problem.detail), foot(None, ()), is_ready=False)

        return next(ending_in_problem(look(), wait))

    def rate(self, feedback: Mapping[str, object], address: str) -> Html:
        """Keep an opinion; say so only if that went wrong, since the page has thanked already."""

        def keep() -> Iterator[Html]:
            self.admit_feedback(address)
            given = FeedbackRequest.model_validate(feedback)
            self.records.rate(given.answer, given.rating, given.reason or None)
            yield _NOTHING

        return next(ending_in_problem(keep(), lambda problem: notice(problem.title, problem.detail)))

    def _answering(self, question: Question, exchanges: Exchanges, address: str) -> Iterator[Screen]:
        self.admit(address)
        assistant = self.ready()
        exchange = Exchange(question, today())
        yield Screen((*exchanges, exchange), box="")
        for event in assistant.events(question):
            if isinstance(event, Done):
                self.records.keep_or_warn(question, event.answer)
            exchange = exchange.after(event)
            yield Screen(None if isinstance(event, Waiting) else (*exchanges, exchange))


def stopped(exchanges: Exchanges) -> Screen:
    """End the answer that was being written where it stood."""
    return Screen(tuple(exchange.ended() for exchange in exchanges))


def _not_asked(text: str) -> Html:
    said = labels.too_long(len(text), MOST_LETTERS) if text else labels.EMPTY_QUESTION
    return notice(labels.NOT_ASKED, said)


def _problem(problem: Problem) -> Html:
    return notice(problem.title, f"{problem.detail} {labels.QUESTION_KEPT}")


def today() -> date:
    """Return the date on the clock of this machine."""
    return datetime.now(UTC).astimezone().date()
