"""Cuts a digest into passages that the embedding model can read whole, and loses nothing."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from assistant.embedding import Embedder, passage_text
from assistant.errors import MaterialInvalid
from assistant.sentences import split_sentences
from assistant.vocabulary import RECORD, Document, Passage, Source
from assistant.wording import in_words
from ingest.front_matter import Digest

_KIND_IN_WORDS = {
    "introduction": "an introduction to Keep it Local,",
    "essay": "an essay",
    "case-study": "a case study",
    "guide": "a guide",
    "report": "a report",
    "network": "material about the Keep it Local campaign and its network,",
    "press": "a press item",
    "article": "an article",
}

Fits = Callable[[str], bool]
Way = Callable[[str], Sequence[str]]
Part = tuple[str, str, str, Source | None]  # heading, its slug, text, source


def passages_of(digest: Digest, embedder: Embedder) -> tuple[Passage, ...]:
    """Cut a digest; its first passage is its catalogue record, made from the front matter alone."""
    taken = {"about"}
    parts: list[Part] = [(RECORD, "about", about(digest.document), None)]
    parts += [(one.heading, _slug(one.heading, taken), one.text, one.source) for one in digest.sections]
    return tuple(_numbered(digest.document, parts, embedder))


def about(document: Document) -> str:
    """Say what the document is; each sentence names it, so that it can be quoted alone."""
    title = f"“{document.title}”"
    kind = _KIND_IN_WORDS[document.kind]
    if document.principle:
        relation = "for" if document.kind == "case-study" else "on"
        kind += f" {relation} Keep it Local principle {document.principle},"
    sentences = [f"{title} is {kind} by {_authors(document)}."]
    if document.place:
        sentences.append(f"{title} is about {_listed(_parts(document.place))}.")
    # A page may be younger than the text on it.
    dated = f"The page of {title} is dated {in_words(document.published)}." if document.published else ""
    sentences.append(dated or f"The date of {title} is not known.")
    return " ".join(sentences)


def _numbered(document: Document, parts: Sequence[Part], embedder: Embedder) -> Iterator[Passage]:
    position = 0
    for heading, slug, text, source in parts:
        for number, piece in enumerate(_cut(document.title, heading, text, embedder)):
            yield Passage(
                id=f"{document.id}/{slug}/{number}",
                document=document,
                section=heading,
                text=piece,
                position=position,
                source=source,
            )
            position += 1


def _cut(title: str, heading: str, text: str, embedder: Embedder) -> Iterator[str]:
    """Yield the section's text in as few pieces as the model's limit allows."""
    empty = embedder.count("")
    room = embedder.limit - embedder.count(passage_text(title, heading, ""))
    if room < embedder.limit // 4:
        raise MaterialInvalid(
            f"The title “{title}” and heading “{heading}” are too long. Shorten them: the embedding model "
            f"reads {embedder.limit} word pieces, of them and of the text together."
        )

    def fits(piece: str) -> bool:
        return embedder.count(passage_text(title, heading, piece)) <= embedder.limit

    def words(sentence: str) -> list[str]:
        return _split_words(sentence, room, lambda piece: embedder.count(piece) - empty)

    return _divide(text, fits, (_split_paragraphs, split_sentences, words))


def _divide(text: str, fits: Fits, ways: Sequence[Way]) -> Iterator[str]:
    """Yield `text` if it fits, else what the first way to split it gives, as much together as fits."""
    if fits(text) or not ways:
        yield text
        return
    for piece in _together(text, ways[0](text), fits):
        yield from _divide(piece, fits, ways[1:])


def _together(text: str, pieces: Sequence[str], fits: Fits) -> Iterator[str]:
    """Join neighbouring pieces while they fit; what is between two of them stays as it is in `text`."""
    start = end = 0
    for piece in pieces:
        begin = text.index(piece, end)
        if end > start and not fits(text[start : begin + len(piece)]):
            yield text[start:end]
            start = begin
        end = begin + len(piece)
    yield text[start:end]


def _split_paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def _split_words(text: str, room: int, length: Callable[[str], int]) -> list[str]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415 - rarely needed, slow

    splitter = RecursiveCharacterTextSplitter(
        separators=["\n", "; ", ", ", " ", ""],
        keep_separator="end",
        chunk_size=room,
        chunk_overlap=0,
        length_function=length,
    )
    return splitter.split_text(text)


def _slug(heading: str, taken: set[str]) -> str:
    """Make the heading's part of an id; two headings that differ only in punctuation get two."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    slug = first = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-") or "section"
    number = 1
    while slug in taken:
        number += 1
        slug = f"{first}-{number}"
    taken.add(slug)
    return slug


def _authors(document: Document) -> str:
    """Name the authors, and in brackets the organisations that are not authors themselves."""
    organisations = [name for name in _parts(document.organisation) if name not in document.authors]
    brackets = f" ({_listed(organisations)})" if organisations else ""
    return _listed(document.authors) + brackets


def _parts(names: str) -> list[str]:
    return [name.strip() for name in names.split(";") if name.strip()]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
