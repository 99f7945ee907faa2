"""Proposes the catalogue entry of new material from the material itself."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath

from assistant.errors import WrongUse
from assistant.vocabulary import PRINCIPLES, Document
from ingest import wording
from ingest.front_matter import valid_date
from ingest.readers import Reading

LONGEST_TITLE = 200

_KINDS = {
    "case-study": r"case stud(y|ies)",
    "essay": r"\bessay",
    "guide": r"\b(guide|toolkit|handbook|how to|steps?)\b",
    "report": r"\b(report|manifesto|findings|research|review|evaluation)\b",
    "press": r"\bpress (release|notice)|\bfor immediate release",
    "network": r"\bnetwork\b",
}
_PRINCIPLE = re.compile(r"\bprinciple (\d)\b", re.IGNORECASE)
_LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person says of new material; the rest is proposed."""

    id: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    kind: str | None = None
    principle: int | None = None
    organisation: str | None = None
    place: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no catalogue entry can hold."""
        try:
            if self.published is not None:
                valid_date(self.published)
        except ValueError as error:
            raise WrongUse(f"--date: {error}.") from error
        for name in ("title", "organisation", "place"):
            value = getattr(self, name)
            if value is not None and (not value.strip() or not value.isprintable()):
                raise WrongUse(wording.no_line(name))

    @property
    def are_made(self) -> bool:
        """Whether anything was said."""
        return self != Choices()


def propose(reading: Reading, address: str, choices: Choices, taken: Collection[str]) -> Document:
    """Make the entry: what was chosen, else what the text says of itself, else nothing; kind is guessed."""
    title = choices.title or _line(reading.title or "") or _line(PurePath(address).stem.replace("-", " "))
    return Document(
        id=_free(title, taken) if choices.id is None else choices.id,
        title=title[:LONGEST_TITLE],
        kind=choices.kind or _kind(title, reading),
        authors=choices.authors or tuple(filter(None, map(_line, reading.authors))),
        organisation=choices.organisation or _line(reading.organisation or ""),
        url=address,
        principle=choices.principle or _principle(title),
        place=choices.place,
        published=choices.published or _date(reading.published),
    )


def choose(document: Document, choices: Choices) -> dict[str, object]:
    """Return the fields of an entry that was made before and is now chosen differently."""
    given = {
        "title": choices.title,
        "kind": choices.kind,
        "authors": choices.authors,
        "organisation": choices.organisation,
        "principle": choices.principle,
        "place": choices.place,
        "published": choices.published,
    }
    return {name: value for name, value in given.items() if value and value != getattr(document, name)}


def _kind(title: str, reading: Reading) -> str:
    """Guess from the title; a text with pages is a report, any other an article."""
    found = (kind for kind, words in _KINDS.items() if re.search(words, title, re.IGNORECASE))
    return next(found, "report" if any(section.page for section in reading.sections) else "article")


def _principle(title: str) -> int | None:
    found = _PRINCIPLE.search(title)
    return int(found[1]) if found and int(found[1]) in PRINCIPLES else None


def _date(published: str | None) -> str | None:
    try:
        return valid_date(published) if published else None
    except ValueError:
        return None


def _line(text: str) -> str:
    """Make one line of it, without letters that steer a terminal or a page."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_TITLE]


def _free(title: str, taken: Collection[str]) -> str:
    """Make an id from a title that nothing else has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower().replace("'", "")
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-") or "document"
    names = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
