"""Sample originals for tests."""

from assistant.errors import Unreadable
from ingest.originals import Original
from ingest.readers import Reading, ReadSection

LONG = "Marlow council asked its neighbours what they needed before it wrote a single line of a contract"


def paragraph(about: str, words: int = 45) -> str:
    """Write a paragraph of so many words, none like another's."""
    return " ".join([f"{about.capitalize()}{number}" for number in range(words - 1)] + [f"{about}end."])


def reading(*sections: ReadSection, title: str = "Report on alpha") -> Reading:
    """Build what a reader gives."""
    given = sections or (ReadSection("Why?", f"{paragraph('one')}\n\n{paragraph('two')}"),)
    return Reading(title, ("Ada Field",), "2021-05", None, given)


def original(id: str = "alpha", *sections: ReadSection, **fields: object) -> Original:
    """Build what is kept of a page that was got."""
    given = {
        "id": id,
        "address": f"https://example.org/{id}",
        "reading": reading(*sections, title=f"Report on {id}"),
        "fetched_on": "2026-11-20T08:00:00+00:00",
        "etag": '"one"',
    }
    return Original.model_validate(given | fields)


def written(title: str, *paragraphs: str) -> bytes:
    """Write a page that `read_simply` reads."""
    return "\n\n".join([title, *paragraphs]).encode()


def read_simply(data: bytes, name: str, media_type: str | None) -> Reading:
    """Read a title and paragraphs under it; a page with a password field is a login page."""
    title, *paragraphs = data.decode().split("\n\n")
    if not paragraphs:
        raise Unreadable(f"{name} has no text.")
    if "password" in title.casefold():
        raise Unreadable(f"{name} is a login page.")
    return Reading(title, (), None, None, (ReadSection("", "\n\n".join(paragraphs)),))
