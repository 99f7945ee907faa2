"""Whose documents a question asks for by name: of two authors, or two places, each has to have its say."""

import re
from collections.abc import Iterable, Iterator

from assistant.vocabulary import Document, Query

_SHORTEST = 4  # letters; a shorter part of a name is in too many words
_MOST = 4  # of more, two sentences each are no answer any longer
_PLACES = re.compile(r"\s*[;,]\s*")


def asked_of(query: Query, documents: Iterable[Document]) -> tuple[frozenset[str], ...]:
    """Return the ids of each named one's documents, where two to four are named that share none."""
    text = query.text if query.follow_up else f"{query.context} {query.text}"
    owned: dict[str, set[str]] = {}
    for document in dict.fromkeys(documents):
        for owner in _owners(document):
            if _names(text, owner):
                owned.setdefault(owner, set()).add(document.id)
    groups: list[frozenset[str]] = []
    for ids in map(frozenset, owned.values()):
        if not any(ids & other for other in groups):
            groups.append(ids)
    return tuple(groups) if 1 < len(groups) <= _MOST else ()


def _owners(document: Document) -> Iterator[str]:
    """Yield what people call those who wrote it, and the places it is about, but no organisation."""
    people = (author for author in document.authors if " " in author and author != document.organisation)
    yield from (person.rsplit(maxsplit=1)[-1] for person in people)
    for place in _PLACES.split(document.place or ""):
        first, _, rest = place.partition(" ")
        yield first if rest.partition(" ")[0].islower() else place  # "Newcastle upon Tyne", but "East Sussex"


def _names(text: str, owner: str) -> bool:
    """Whether a text has the name; in small letters if it has no capitals at all."""
    flags = re.IGNORECASE if text.islower() else re.NOFLAG
    return len(owner) >= _SHORTEST and re.search(rf"\b{re.escape(owner)}\b", text, flags) is not None
