"""What happens when a reader asks, searches, reads, takes away or rates: values in, HTML out, no Gradio."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from assistant.records import Records
from assistant.vocabulary import KINDS, PRINCIPLES, Done, Question, Waiting
from assistant.web import captions, labels
from assistant.web.browse import catalogue
from assistant.web.exchange import Exchange, history
from assistant.web.frame import foot, notice
from assistant.web.kept import reopened
from assistant.web.markup import Html
from assistant.web.passages import found, whole
from assistant.web.problems import Problem, ending_in_problem
from assistant.web.routes import Assistant
from assistant.web.schema import FeedbackRequest
from assistant.web.taking import Wanted, taken

MOST_LETTERS = 1_000
MOST_FOUND = 20

_NOTHING = Html()

Exchanges = tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader typed or chose, as it came from the browser."""

    text: str
    principles: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    replaces: bool = False

    @classmethod
    def sent(cls, data: object) -> Self:
        """Read what the page sent; filters that were never offered are left out."""
        fields = data if isinstance(data, Mapping) else {}
        chosen = {name: value if isinstance(value, list) else [] for name, value in fields.items()}
        return cls(
            str(fields.get("text") or ""),
            tuple(number for number in PRINCIPLES if number in chosen.get("principles", [])),
            tuple(kind for kind in KINDS if kind in chosen.get("kinds", [])),
            fields.get("replaces") is True,
        )

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
    """What the reader sees next; None leaves the conversation as it is."""

    exchanges: Exchanges | None
    notice: Html = _NOTHING


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a page shows before anything is asked."""

    notice: Html
    foot: Html
    catalogue: Html
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
        if unfit := unfit_to_ask(text):
            yield Screen(exchanges, notice(labels.NOT_ASKED, unfit, back=text))
            return
        before = exchanges[:-1] if asked.replaces else exchanges
        screens = self._answering(asked.after(before), before, address)
        yield from ending_in_problem(screens, lambda problem: Screen(exchanges, _problem(problem, text)))

    def search(self, asked: Asked, address: str) -> Html:
        """Find passages without an answer."""
        words = asked.words
        if not 0 < len(words) <= MOST_LETTERS:
            said = labels.too_long(len(words), MOST_LETTERS) if words else captions.EMPTY_SEARCH
            return notice(captions.NOT_SEARCHED, said)

        def look() -> Iterator[Html]:
            self.admit(address)
            yield found(words, self.ready().search(asked.after(()), MOST_FOUND))

        return next(ending_in_problem(look(), lambda problem: _told(problem, captions.SEARCH_KEPT)))

    def read(self, document: object) -> Html:
        """Show one document as far as it is here."""
        wanted = document.get("id") if isinstance(document, Mapping) else None

        def look() -> Iterator[Html]:
            yield whole(*self.ready().document(str(wanted)))

        return next(ending_in_problem(look(), _told))

    def reopen(self, sent: object, exchanges: Exchanges) -> Screen:
        """Open a conversation that the reader's browser has kept."""
        try:
            return Screen(reopened(sent.get("kept") if isinstance(sent, Mapping) else None))
        except ValueError:
            return Screen(exchanges, notice(*captions.NOT_OPENED))

    def take(self, wanted: Wanted, exchanges: Exchanges, address: str) -> tuple[Html, Html]:
        """Write answers as a file or to be pasted; return it, and what went wrong if something did."""

        def write() -> Iterator[tuple[Html, Html]]:
            self.admit_feedback(address)
            chosen = wanted.of(exchanges)
            if chosen:
                yield taken(wanted.kind, chosen), _NOTHING
            yield _NOTHING, notice(*captions.NOT_TAKEN)

        return next(ending_in_problem(write(), lambda problem: (_NOTHING, _told(problem))))

    def welcome(self) -> Welcome:
        """Say what is searched, or why nothing can be asked yet."""

        def look() -> Iterator[Welcome]:
            assistant = self.ready()
            entries = assistant.documents()
            listed = catalogue(assistant.material, entries)
            yield Welcome(_NOTHING, foot(assistant.material, entries), listed, is_ready=True)

        def wait(problem: Problem) -> Welcome:
            said = notice(problem.title, problem.detail)
            return Welcome(said, foot(None, ()), said, is_ready=False)

        return next(ending_in_problem(look(), wait))

    def rate(self, feedback: Mapping[str, object], address: str) -> Html:
        """Keep an opinion; say so only if that went wrong, since the page has thanked already."""

        def keep() -> Iterator[Html]:
            self.admit_feedback(address)
            given = FeedbackRequest.model_validate(feedback)
            self.records.rate(given.answer, given.rating, given.reason or None)
            yield _NOTHING

        return next(ending_in_problem(keep(), _told))

    def _answering(self, question: Question, exchanges: Exchanges, address: str) -> Iterator[Screen]:
        self.admit(address)
        assistant = self.ready()
        exchange = Exchange(question, today())
        yield Screen((*exchanges, exchange))
        for event in assistant.events(question):
            if isinstance(event, Done):
                self.records.keep_or_warn(question, event.answer)
            exchange = exchange.after(event)
            yield Screen(None if isinstance(event, Waiting) else (*exchanges, exchange))


def stopped(exchanges: Exchanges) -> Screen:
    """End the answer that was being written where it stood."""
    return Screen(tuple(exchange.ended() for exchange in exchanges))


def unfit_to_ask(text: str) -> str:
    """Say why this is no question, if it is none."""
    if 0 < len(text) <= MOST_LETTERS:
        return ""
    return labels.too_long(len(text), MOST_LETTERS) if text else labels.EMPTY_QUESTION


def _problem(problem: Problem, text: str) -> Html:
    return notice(problem.title, f"{problem.detail} {labels.QUESTION_KEPT}", back=text)


def _told(problem: Problem, more: str = "") -> Html:
    return notice(problem.title, f"{problem.detail} {more}".strip())


def today() -> date:
    """Return the date on the clock of this machine."""
    return datetime.now(UTC).astimezone().date()
