"""Writes a briefing as Markdown, in which whatever the material says stays words."""

import re
from collections.abc import Iterable
from typing import assert_never

from assistant.web import labels
from assistant.web.briefing import Block, Briefing, Heading, Link, Mark, Paragraph, Piece, Reference

_MEANS = re.compile(r"([\\`*_\[\]<>&~|#])")
_MEANS_IN_FRONT = re.compile(r"^(\d*)(?=[-+=.)])")


def markdown(briefing: Briefing) -> str:
    """Write the paper: headings, paragraphs, and the references as a numbered list."""
    parts = [f"# {_words(briefing.title)}", *map(_block, briefing.blocks)]
    if briefing.references:
        parts += [f"## {labels.REFERENCES}", "\n".join(map(_reference, briefing.references))]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * (block.level + 1)} {_words(block.words)}"
        case Paragraph(look="item"):
            return f"- {_pieces(block.pieces)}"
        case Paragraph(look="aside"):
            return f"*{_pieces(block.pieces)}*"
        case Paragraph():
            return _pieces(block.pieces)
        case _:
            assert_never(block)


def _reference(reference: Reference) -> str:
    return f"{reference.number}. {_pieces(reference.pieces)}  \n   “{_escaped(reference.quote)}”"


def _pieces(pieces: Iterable[Piece]) -> str:
    """Write a line; only what stands in front of it can make a list or a heading of it."""
    return _guarded("".join(map(_piece, pieces)))


def _piece(piece: Piece) -> str:
    match piece:
        case Mark(number=number):
            return f" [{number}]"
        case Link(words=words, url=str(url)):
            return f"[{_escaped(words)}](<{_in_angles(url)}>)"
        case Link(words=words):
            return _escaped(words)
        case str():
            return _escaped(piece)
        case _:
            assert_never(piece)


def _words(text: str) -> str:
    return _guarded(_escaped(text))


def _escaped(text: str) -> str:
    return _MEANS.sub(r"\\\1", text)


def _guarded(line: str) -> str:
    """Keep “1. ” and “- ” in front of a line from making a list of it."""
    return _MEANS_IN_FRONT.sub(r"\1\\", line, count=1)


def _in_angles(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
