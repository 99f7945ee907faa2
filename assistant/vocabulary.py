"""The words the whole product speaks: from a question to a cited answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

KINDS = ("introduction", "essay", "case-study", "guide", "report", "network", "press", "article")
PRINCIPLES = (1, 2, 3, 4, 5, 6)

# The heading of the passage that ingest makes of a document's front matter: its record in the catalogue.
RECORD = "About this document"

TextFrom = Literal["original", "digest"]
Role = Literal["reader", "assistant"]


class Outcome(StrEnum):
    """How an answer ended. `API.md` says what each promises."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    NOT_IN_MATERIAL = "not_in_material"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the material, as its front matter describes it."""

    id: str
    title: str
    kind: str
    authors: tuple[str, ...]
    organisation: str
    url: str
    principle: int | None = None
    place: str | None = None
    published: str | None = None
    not_covered: str | None = None
    fetched_on: str | None = None  # of an original: when its text was got
    page_changed: bool = False  # and whether its page has since gone or become something else


@dataclass(frozen=True, slots=True)
class Source:
    """Where a section's facts come from, when that is not the document itself."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one section: what is searched, quoted and cited."""

    id: str
    document: Document
    section: str
    text: str
    position: int
    text_from: TextFrom = "digest"
    source: Source | None = None
    page: int | None = None

    def __hash__(self) -> int:
        """Return the hash of the id: passages are looked up thousands of times for one answer."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue: a document and how it stands in the index."""

    document: Document
    text_from: TextFrom
    passages: int
    indexed_on: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader asks, what was said before, and where to look."""

    text: str
    history: tuple[Turn, ...] = ()
    principles: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to search for, what it was said in (whole question or last exchange), and where to look.

    A `follow_up` leans on an exchange before it. What is `parted` is only judged: its parts are answered.
    """

    text: str
    context: str = ""
    follow_up: bool = False
    parted: bool = False
    principles: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()

    def admits(self, document: Document) -> bool:
        """Whether the reader's filters let this document in."""
        return (not self.principles or document.principle in self.principles) and (
            not self.kinds or document.kind in self.kinds
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `score` is 0..1; `parts` keeps what each step measured, by its name."""

    passage: Passage
    score: float
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that somebody wants to show, and the passages it claims to rest on.

    `lead_in` says whose view it is, in words from the passage's front matter; it is shown before the
    text and not checked against the passage.
    """

    text: str
    claimed: tuple[Passage, ...]
    lead_in: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact words of a passage that support a sentence. `support` is 0..1."""

    passage: Passage
    quote: str
    support: float

    def __post_init__(self) -> None:
        """Refuse a quote that is not words of its passage."""
        if not self.quote.strip() or self.quote not in self.passage.text:
            raise ValueError(f"the quote is not words of passage {self.passage.id}")
        if not 0 <= self.support <= 1:
            raise ValueError(f"support must be 0..1, not {self.support}")


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered piece of evidence, as the reader sees it."""

    number: int
    passage: Passage
    quote: str
    link: str
    score: float

    def __post_init__(self) -> None:
        """Refuse a quote that is not words of its passage."""
        if not self.quote.strip() or self.quote not in self.passage.text:
            raise ValueError(f"the quote is not words of passage {self.passage.id}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A checked sentence and the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]
    support: float

    def __post_init__(self) -> None:
        """Refuse a sentence that nothing supports."""
        if not self.citations:
            raise ValueError("a sentence without a citation is never shown")


@dataclass(frozen=True, slots=True)
class Material:
    """Which index answered: when it was made, and how many documents were searched."""

    indexed_on: str
    documents: int


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds spent, in all and by stage."""

    total: float
    retrieve: float
    compose: float
    check: float


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check made of a language model's sentences. For the developer: no client is sent it."""

    written: int
    corrected: int
    shown: tuple[Sentence, ...]
    dropped: tuple[Draft, ...]
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer; its constructor keeps the promises of `API.md`."""

    id: str
    outcome: Outcome
    question_used: str
    answer: str
    answered_by: str
    material: Material
    took: Took
    sentences: tuple[Sentence, ...] = ()
    missing: str | None = None
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    follow_ups: tuple[str, ...] = ()
    note: str | None = None
    checked: Checked | None = None

    def __post_init__(self) -> None:
        """Refuse an answer that breaks the contract."""
        answers = self.outcome in (Outcome.ANSWERED, Outcome.PARTLY_ANSWERED)
        if answers != bool(self.sentences):
            raise ValueError(f"{self.outcome} with {len(self.sentences)} sentences")
        if (self.outcome is Outcome.PARTLY_ANSWERED) != bool(self.missing):
            raise ValueError(f"{self.outcome} with missing={self.missing!r}")
        numbers = [citation.number for citation in self.citations]
        used = list(dict.fromkeys(n for sentence in self.sentences for n in sentence.citations))
        if numbers != list(range(1, len(numbers) + 1)) or used != numbers:
            raise ValueError(f"citations {numbers} but sentences use {used}")
        if len(self.follow_ups) > 3:
            raise ValueError("at most three follow-ups")


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Event: the question was understood and this many passages were found."""

    question_used: str
    passages: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Event: a sentence passed the check; `new` are the citations not sent before."""

    sentence: Sentence
    new: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Event: nothing new yet. Comes a few times a second while a model writes, so that it can be stopped."""


@dataclass(frozen=True, slots=True)
class Done:
    """Event: the whole answer. Always the last."""

    answer: Answer


Event = Retrieved | Shown | Waiting | Done
