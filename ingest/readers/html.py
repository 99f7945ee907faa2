"""Reads a web page: its article in sections, without what stands around it."""

from collections.abc import Sequence
from typing import Any

from assistant.errors import Unreadable
from ingest.readers.blocks import Block, blocks, parse, to_html
from ingest.readers.bylines import described_by, is_name, read_byline
from ingest.readers.clutter import (
    FIGURE,
    is_line_of_clutter,
    other_articles,
    surroundings,
    with_numbers,
    without_repeats,
)
from ingest.readers.decoding import decode
from ingest.readers.reading import Reading
from ingest.readers.sections import in_sections
from ingest.readers.titles import find_title

_FRONT = 16  # lines after the title among which the byline is looked for
_FEWEST_WORDS = 25


def read_html(data: bytes, name: str, media_type: str | None) -> Reading:
    """Read a page; raises `Unreadable` for one that holds no article, such as a login page."""
    root = parse(decode(data, name, media_type))
    if root is None:
        raise Unreadable(f"{name} is empty.")
    asks_to_log_in = _asks_to_log_in(root)
    title, front, article = _article(root)
    _refuse_empty(article, name, asks_to_log_in=asks_to_log_in)
    byline = read_byline(front, described_by(root))
    return Reading(title, tuple(byline.authors), byline.published, byline.organisation, in_sections(article))


def _article(root: Any) -> tuple[str | None, list[Block], list[Block]]:
    """Return the title, the lines about it, and the blocks of the article."""
    found = blocks(root)
    title, at = find_title(found, root)
    anchor = found[at].node if at is not None else None
    _remove(surroundings(root, anchor))
    headings = [block for block in _after(anchor, blocks(root)) if block.kind == "heading"]
    _remove(other_articles(headings, root))
    inside = _after(anchor, blocks(root))
    front = [block for block in _until_heading(inside) if _is_front(block)]
    shown = [block for block in inside if not any(block is line for line in front)]
    return title, front, _chosen(shown, root)


def _after(anchor: Any, found: list[Block]) -> list[Block]:
    """Return what follows the title: nothing of an article stands before it."""
    places = [place for place, block in enumerate(found) if block.node is anchor]
    return found[places[-1] + 1 :] if places else found


def _chosen(inside: Sequence[Block], root: Any) -> list[Block]:
    """Keep from the title to the end of what the extractor takes for the article, less the clutter."""
    end = _end(inside, root)
    kept = [block for block in inside[:end] if not is_line_of_clutter(block)]
    return without_repeats(with_numbers(kept))


def _end(inside: Sequence[Block], root: Any) -> int:
    """Return where the article ends; a page of which the extractor takes little is taken whole."""
    extracted = _extract(root)
    held = [at for at, block in enumerate(inside) if block.text in extracted]
    taken = sum(len(inside[at].text) for at in held)
    return held[-1] + 1 if taken * 3 > sum(len(block.text) for block in inside) else len(inside)


def _extract(root: Any) -> set[str]:
    from readability import Document  # noqa: PLC0415 - only where a page is read

    summary = Document(to_html(root)).summary()
    extracted = parse(summary)
    return {block.text for block in blocks(extracted)} if extracted is not None else set()


def _remove(nodes: set[Any]) -> None:
    for node in nodes:
        if node.getparent() is not None:
            node.drop_tree()


def _until_heading(inside: Sequence[Block]) -> Sequence[Block]:
    heading = next((at for at, block in enumerate(inside) if block.kind == "heading"), len(inside))
    return inside[: min(heading, _FRONT)]


def _is_front(block: Block) -> bool:
    """Whether a line near the title is too short to be a sentence: a name, a date, a label."""
    if block.kind == "row" or (block.kind == "item" and not is_name(block.text)):
        return False
    if block.text[0].islower() or FIGURE.match(block.text):  # half of “78%”, “of members said”
        return False
    return len(block.text.split()) <= 12 and not block.text.endswith((".", "!", "?", ";", ":", "”"))


def _asks_to_log_in(root: Any) -> bool:
    return any(node.get("type", "").lower() == "password" for node in root.iter("input"))


def _refuse_empty(article: Sequence[Block], name: str, *, asks_to_log_in: bool) -> None:
    words = sum(len(block.text.split()) for block in article)
    if asks_to_log_in and words < 8 * _FEWEST_WORDS:
        raise Unreadable(f"{name} is a page to log in on. Save the page from a browser that is logged in.")
    if words < _FEWEST_WORDS:
        raise Unreadable(f"{name} holds no article: {words} words are left without menus and notices.")
