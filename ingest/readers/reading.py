"""What reading a file gives: its text in sections, and what it says about itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A heading (empty for what stands before the first) and the text under it.

    Every paragraph, list item and row of a table is one line, as it is one block of the page (`<br>` ends
    one too): a link to the words relies on it.
    """

    heading: str
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read. `published` is YYYY, YYYY-MM or YYYY-MM-DD."""

    title: str | None
    authors: tuple[str, ...]
    published: str | None
    organisation: str | None
    sections: tuple[ReadSection, ...]
