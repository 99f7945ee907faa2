"""Cuts a document into passages that the embedding model can read whole, and loses nothing."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

from assistant.embedding import Embedder, passage_text
from assistant.errors import MaterialInvalid
from assistant.sentences import split_sentences
from assistant.vocabulary import RECORD, Document, Passage
from assistant.wording import in_words
from ingest.front_matter import Digest, Section

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

# In an original a passage ends with the first paragraph of so many words: see `_blocks`.
_LONG = 40


def passages_of(digest: Digest, embedder: Embedder) -> tuple[Passage, ...]:
    """Cut a document; its first passage is its catalogue record, made from the front matter alone."""
    taken = {"about"}
    parts = [("about", Section(RECORD, about(digest.document)))]
    parts += [(_slug(one.heading, taken), one) for one in digest.sections]
    cut = (piece for slug, section in parts for piece in _pieces(digest.document, slug, section, embedder))
    return tuple(replace(passage, position=position) for position, passage in enumerate(cut))


def about(document: Document) -> str:
    """Say what the document is; each sentence names it, so that it can be quoted alone."""
    title = f"“{document.title}”"
    kind = _KIND_IN_WORDS[document.kind]
    if document.principle:
        relation = "for" if document.kind == "case-study" else "on"
        kind += f" {relation} Keep it Local principle {document.principle},"
    by = _authors(document)
    sentences = [f"{title} is {kind} by {by}." if by else f"{title} is {kind.rstrip(',')}."]
    if document.place:
        sentences.append(f"{title} is about {_listed(_parts(document.place))}.")
    # A page may be younger than the text on it.
    dated = f"The page of {title} is dated {in_words(document.published)}." if document.published else ""
    sentences.append(dated or f"The date of {title} is not known.")
    return " ".join(sentences)


def _pieces(document: Document, slug: str, section: Section, embedder: Embedder) -> Iterator[Passage]:
    blocks = _blocks(section.text) if section.text_from == "original" else [section.text]
    texts = [text for block in blocks for text in _cut(document.title, section.heading, block, embedder)]
    names = _names(texts) if section.text_from == "original" else map(str, range(len(texts)))
    for name, text in zip(names, texts, strict=True):
        yield Passage(
            id=f"{document.id}/{slug}/{name}",
            document=document,
            section=section.heading,
            text=text,
            position=0,
            text_from=section.text_from,
            source=section.source,
            page=section.page,
        )


def _blocks(text: str) -> list[str]:
    """Split an original's text behind every long paragraph; short ones go with what follows them.

    Where it is cut depends on the paragraphs themselves and not on how much fits into the passages before
    them. So when its owner edits one, the passages of the others stay the same and are not embedded again.
    """
    ends, at = list[int](), 0
    for paragraph in _split_paragraphs(text):
        at = text.index(paragraph, at) + len(paragraph)
        if len(paragraph.split()) >= _LONG:
            ends.append(at)
    edges = [0, *ends[:-1], len(text)]  # what is left at the end goes with the last long one
    return [text[start:end].strip() for start, end in pairwise(edges)]


def _names(texts: Sequence[str]) -> Iterator[str]:
    """Name an original's passages by their words, so that an id stays when another passage comes or goes."""
    times = Counter[str]()
    for text in texts:
        name = sha256(text.encode()).hexdigest()[:10]
        times[name] += 1
        yield name if times[name] == 1 else f"{name}-{times[name]}"


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
    if not document.authors or not organisations:
        return _listed(document.authors or organisations)
    return f"{_listed(document.authors)} ({_listed(organisations)})"


def _parts(names: str) -> list[str]:
    return [name.strip() for name in names.split(";") if name.strip()]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
