"""The interface's shapes, in the order and words of `API.md`: what clients send and what they are told."""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AliasPath, BaseModel, ConfigDict, Field, StringConstraints

from assistant import wording
from assistant.records import Rating
from assistant.vocabulary import (
    KINDS,
    PRINCIPLES,
    Answer,
    Entry,
    Hit,
    Outcome,
    Passage,
    Question,
    Role,
    TextFrom,
    Turn,
)


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(wording.one_of(KINDS))
    return kind


QuestionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
Kind = Annotated[str, AfterValidator(_known_kind), Field(json_schema_extra={"enum": list(KINDS)})]
Principle = Annotated[int, Field(ge=min(PRINCIPLES), le=max(PRINCIPLES))]


class Sent(BaseModel):
    """What a client sends: the fields that are named and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Told(BaseModel):
    """What a client is told, read off the vocabulary's object; an alias names the place where it differs."""

    model_config = ConfigDict(frozen=True, from_attributes=True, use_attribute_docstrings=True)


class TurnBody(Sent, strict=True):
    """One message of the conversation so far. Strict, as all bodies: "4" and true are no numbers."""

    role: Role
    text: Annotated[str, Field(max_length=4_000)]


class AskRequest(Sent, strict=True):
    """A question, what was said before it, and where to look."""

    question: QuestionText
    """What the reader asks; 1 to 1,000 characters after trimming."""
    history: Annotated[list[TurnBody], Field(max_length=20)] = []
    """The conversation so far, newest last. The server keeps no conversation: send it back each time."""
    principles: list[Principle] = []
    """Search only documents of these principles; empty is all."""
    kinds: list[Kind] = []
    """Search only documents of these kinds; empty is all."""

    def to_question(self) -> Question:
        """Hand the request over to the core."""
        return Question(
            text=self.question,
            history=tuple(Turn(turn.role, turn.text) for turn in self.history),
            principles=frozenset(self.principles),
            kinds=frozenset(self.kinds),
        )


class SearchRequest(Sent):
    """What to search for, and where."""

    q: QuestionText
    """The words to search for; 1 to 1,000 characters after trimming."""
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    """How many passages at most."""
    principle: list[Principle] = []
    """Search only documents of this principle; may be given more than once."""
    kind: list[Kind] = []
    """Search only documents of this kind; may be given more than once."""

    def to_question(self) -> Question:
        """Hand the request over to the core."""
        return Question(self.q, principles=frozenset(self.principle), kinds=frozenset(self.kind))


class FeedbackRequest(Sent, strict=True):
    """A reader's opinion of one answer."""

    answer: Annotated[str, Field(min_length=1, max_length=200)]
    """The `id` of the answer."""
    rating: Rating
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)] | None = None
    """Why, in the reader's words."""


class DocumentBody(Told):
    """A document, from its front matter; absent values are null."""

    id: str
    title: str
    kind: str
    principle: int | None
    authors: list[str]
    organisation: str
    place: str | None
    published: str | None
    url: str


class SourceBody(Told):
    """Where a section's facts come from, when that is not the document itself."""

    name: str
    url: str | None


class CitationBody(Told):
    """A numbered piece of evidence."""

    number: int
    """As in the text."""
    document: DocumentBody = Field(validation_alias=AliasPath("passage", "document"))
    section: str = Field(validation_alias=AliasPath("passage", "section"))
    """The heading that the passage stands under."""
    passage: str = Field(validation_alias=AliasPath("passage", "text"))
    """The whole passage."""
    quote: str
    """The exact words of `passage` that support the sentences that cite it."""
    text_from: TextFrom = Field(validation_alias=AliasPath("passage", "text_from"))
    """Whether the passage is the original's wording or our digest of it."""
    source: SourceBody | None = Field(validation_alias=AliasPath("passage", "source"))
    """Set when the fact comes from another source than the document itself."""
    link: str
    """Where to read it."""
    score: float
    """0 to 1: how well the passage matches the question."""


class SentenceBody(Told):
    """One checked sentence."""

    text: str
    """The sentence, without markers."""
    citations: list[int]
    """The numbers of the citations that support it."""
    support: float
    """0 to 1: how well they support it."""


class MaterialBody(Told):
    """Which index answered."""

    indexed_on: str
    documents: int
    """How many documents were searched."""


class TookBody(Told):
    """Milliseconds, in all and by stage."""

    total: float
    retrieve: float
    compose: float
    check: float


class AnswerBody(Told):
    """The whole answer."""

    id: str
    """Names this answer, for feedback."""
    outcome: Outcome
    question_used: str
    """The stand-alone question that was searched for."""
    answer: str
    """Markdown, with `[n]` markers directly behind each sentence that they support."""
    sentences: list[SentenceBody]
    missing: str | None
    """With `partly_answered`: what the material does not say."""
    citations: list[CitationBody]
    """Numbered in order of first use."""
    nearest: list[CitationBody]
    """With `not_in_material`: the closest passages."""
    follow_ups: list[str]
    """At most three questions that the material can answer next."""
    answered_by: str
    """`quotes`, or the language model's name."""
    note: str | None
    """One line for the reader where the language model fell short; null otherwise."""
    material: MaterialBody
    took_ms: TookBody = Field(validation_alias="took")


def answer_json(answer: Answer) -> dict[str, Any]:
    """Write the answer object of `API.md`."""
    return AnswerBody.model_validate(answer).model_dump(mode="json")


class FoundBody(Told):
    """A passage that was found."""

    id: str = Field(validation_alias=AliasPath("passage", "id"))
    document: DocumentBody = Field(validation_alias=AliasPath("passage", "document"))
    section: str = Field(validation_alias=AliasPath("passage", "section"))
    text: str = Field(validation_alias=AliasPath("passage", "text"))
    score: float
    """0 to 1: how well the passage matches the question."""


class SearchBody(Told):
    """Passages, best first."""

    passages: list[FoundBody]

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> Self:
        """Tell what was found."""
        return cls(passages=[FoundBody.model_validate(hit) for hit in hits])


class EntryBody(DocumentBody):
    """One line of the catalogue: a document and how it stands in the index."""

    not_covered: str | None
    """What the original says and our text of it does not."""
    text_from: TextFrom
    passages: int
    """How many passages of it are in the index."""
    indexed_on: str
    fetched_on: str | None
    """With `original`: when its text was got."""
    page_changed: bool
    """With `original`: whether its page has since gone or become something else."""

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Tell of one document of the catalogue."""
        return cls(**_entry_fields(entry))


class CatalogueBody(Told):
    """Every document."""

    documents: list[EntryBody]


class PassageBody(Told):
    """A piece of a section, in reading order."""

    id: str
    text: str
    page: int | None


class SectionBody(Told):
    """What stands under one heading."""

    section: str
    source: SourceBody | None
    passages: list[PassageBody]


class DocumentWithSections(EntryBody):
    """One document with its sections."""

    sections: list[SectionBody]

    @classmethod
    def of_passages(cls, entry: Entry, passages: Sequence[Passage]) -> Self:
        """Tell of a document and of everything in it."""
        in_order = sorted(passages, key=lambda passage: passage.position)
        groups = groupby(in_order, key=lambda passage: passage.section)
        return cls(**_entry_fields(entry), sections=[_section(list(group)) for _, group in groups])


def _entry_fields(entry: Entry) -> dict[str, Any]:
    return {
        **DocumentBody.model_validate(entry.document).model_dump(),
        "not_covered": entry.document.not_covered,
        "text_from": entry.text_from,
        "passages": entry.passages,
        "indexed_on": entry.indexed_on,
        "fetched_on": entry.document.fetched_on,
        "page_changed": entry.document.page_changed,
    }


def _section(passages: Sequence[Passage]) -> SectionBody:
    fields = {"section": passages[0].section, "source": passages[0].source, "passages": passages}
    return SectionBody.model_validate(fields)
