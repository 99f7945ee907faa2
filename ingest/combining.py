"""Puts digests and originals together: where the original of a document is here, it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.vocabulary import Document
from ingest.duplicates import duplicates
from ingest.front_matter import Digest, Section, read_corpus
from ingest.originals import Original, Originals
from ingest.readers import Reading

# Title, heading and text are embedded together, and the text needs most of the room.
LONGEST_HEADING = 150


@dataclass(frozen=True, slots=True)
class Combined:
    """All documents as they are indexed, and for each original that repeats another one, that one."""

    documents: tuple[Digest, ...]
    repeated: Mapping[str, str]


def read_material(corpus: Path, originals: Path | None) -> Combined:
    """Read the digests and the originals; raises `MaterialInvalid` with what is wrong in any file."""
    return combine(read_corpus(corpus), Originals(originals).all() if originals else ())


def combine(digests: Sequence[Digest], originals: Sequence[Original]) -> Combined:
    """Let each original step in for its digest, and what was added follow; the same text counts once."""
    ids = {digest.document.id: None for digest in digests}
    held = {one.id: one for one in originals if one.reading and (one.document or one.id in ids)}
    order = [*(id_ for id_ in ids if id_ in held), *(id_ for id_ in held if id_ not in ids)]
    repeated = duplicates({id_: text_of(held[id_].reading) for id_ in order})
    once = {id_: one for id_, one in held.items() if id_ not in repeated}
    known = [_over(digest, once.get(digest.document.id)) for digest in digests]
    added = [_of(one.document, one, ()) for id_, one in once.items() if one.document and id_ not in ids]
    return Combined((*known, *added), repeated)


def text_of(reading: Reading | None) -> str:
    """Return all of what was read, without headings."""
    return "\n\n".join(section.text for section in reading.sections) if reading else ""


def own_text(digest: Digest) -> str:
    """Return what the digest says from the document itself."""
    return "\n\n".join(section.text for section in digest.sections if section.source is None)


def _over(digest: Digest, original: Original | None) -> Digest:
    """Let the original say what the document says.

    Of the digest stays what came from elsewhere (a section with a `Source:` line): the original lacks it.
    """
    if original is None:
        return digest
    elsewhere = [section for section in digest.sections if section.source]
    return _of(digest.document, original, elsewhere)


def _of(document: Document, original: Original, elsewhere: Sequence[Section]) -> Digest:
    assert original.reading is not None
    described = replace(
        document,
        url=original.shown_address,
        not_covered=None,
        fetched_on=original.fetched_on,
        page_changed=original.page_changed,
    )
    sections = [
        Section(
            heading=" ".join(one.heading.split())[:LONGEST_HEADING] or document.title,
            text=one.text,
            page=one.page,
            text_from="original",
        )
        for one in original.reading.sections
    ]
    return Digest(described, "full", (*sections, *elsewhere))
