"""Puts the blocks of a document together into sections."""

from collections.abc import Iterator, Sequence

from ingest.readers.blocks import Block
from ingest.readers.reading import ReadSection


def in_sections(found: Sequence[Block], page: int | None = None) -> tuple[ReadSection, ...]:
    """Cut at each heading; a heading with nothing under it goes before the next one."""
    sections, heading, held = list[ReadSection](), "", list[Block]()
    for block in found:
        if block.kind != "heading":
            held.append(block)
            continue
        if held:
            sections.append(ReadSection(heading, write(held), page))
            heading, held = "", []
        heading = f"{heading}: {block.text}" if heading else block.text
    if held:
        sections.append(ReadSection(heading, write(held), page))
    return tuple(sections)


def write(held: Sequence[Block]) -> str:
    """Write each block as one line; a list's lines follow each other, all else stands apart."""
    return "".join(_spaced(held)).strip()


def _spaced(held: Sequence[Block]) -> Iterator[str]:
    for at, block in enumerate(held):
        listed = (
            block.kind == "item"
            and at > 0
            and (held[at - 1].kind == "item" or held[at - 1].text.endswith(":"))
        )
        yield "\n" if listed else "\n\n"
        yield f"{block.marker} {block.text}" if block.kind == "item" else block.text
