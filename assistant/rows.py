"""How passages and their sentences are laid out as the flat rows of a store, and read back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from assistant.embedding import passage_text, sentence_text
from assistant.sentences import split_sentences
from assistant.vocabulary import Document, Passage, Source

Facts = dict[str, str | int]
# Questions by document id and heading.
Asked = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what is kept, and the text that is embedded for it. Equal texts have equal keys."""

    id: str
    text: str
    embedded: str
    facts: Facts

    @property
    def key(self) -> str:
        """Name the embedded text, so that a vector of it is found again."""
        return str(self.facts["key"])


@dataclass(frozen=True, slots=True)
class IndexState:
    """What is in the index. `fingerprints` stand for the documents' whole files, in the same order."""

    generation: str
    previous: str
    embedder: str
    dimension: int
    indexed_on: str
    passages: int
    sentences: int
    documents: tuple[Document, ...]
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexedSentence:
    """One sentence and the passage that it is words of."""

    passage: Passage
    text: str


def digest(*parts: object) -> str:
    """Return a short name for exactly these parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def passage_rows(passages: Sequence[Passage]) -> list[Row]:
    """Lay out the passages."""
    return [_passage_row(order, passage) for order, passage in enumerate(passages)]


def sentence_rows(passages: Sequence[Passage], asked: Asked = MappingProxyType({})) -> list[Row]:
    """Lay out every sentence of the passages, and the questions that readers ask for them."""
    rows: list[Row] = []
    for passage in passages:
        for number, sentence in enumerate(split_sentences(passage.text)):
            embedded = sentence_text(passage.section, sentence)
            facts: Facts = {"order": len(rows), "passage": passage.id, "key": digest(embedded)}
            rows.append(Row(f"{passage.id}/{number}", sentence, embedded, facts))
        for number, question in enumerate(asked.get((passage.document.id, passage.section), ())):
            facts = {"order": len(rows), "passage": passage.id, "key": digest(question), "asked": 1}
            rows.append(Row(f"{passage.id}/asked/{number}", question, question, facts))
    return rows


def passage_from(id_: str, text: str, facts: Mapping[str, Any], documents: Mapping[str, Document]) -> Passage:
    """Read a passage back."""
    source = Source(facts["source_name"], facts.get("source_url")) if "source_name" in facts else None
    return Passage(
        id=id_,
        document=documents[facts["document"]],
        section=facts["section"],
        text=text,
        position=facts["position"],
        text_from=facts["text_from"],
        source=source,
        page=facts.get("page"),
    )


def documents_text(documents: Sequence[Document]) -> str:
    """Write the documents' front matter as text."""
    return json.dumps([asdict(document) for document in documents], ensure_ascii=False)


def documents_from(text: str) -> tuple[Document, ...]:
    """Read the documents' front matter back."""
    return tuple(Document(**{**one, "authors": tuple(one["authors"])}) for one in json.loads(text))


def _passage_row(order: int, passage: Passage) -> Row:
    embedded = passage_text(passage.document.title, passage.section, passage.text)
    facts: dict[str, str | int | None] = {
        "order": order,
        "key": digest(embedded),
        "document": passage.document.id,
        "kind": passage.document.kind,
        "principle": passage.document.principle,
        "section": passage.section,
        "position": passage.position,
        "text_from": passage.text_from,
        "source_name": passage.source.name if passage.source else None,
        "source_url": passage.source.url if passage.source else None,
        "page": passage.page,
    }
    given = {name: value for name, value in facts.items() if value is not None}  # a store keeps no None
    return Row(passage.id, passage.text, embedded, given)
