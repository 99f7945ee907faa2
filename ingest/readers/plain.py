"""Reads plain text and Markdown."""

import re

from assistant.errors import Unreadable
from ingest.readers.reading import Reading, ReadSection

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)


def read_plain(data: bytes, name: str) -> Reading:
    """Read text; a line that begins with `#` is a heading, and the first of them the title."""
    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").strip()
    if not text:
        raise Unreadable(f"{name} is empty.")
    before, *rest = _HEADING.split(text)
    sections = [ReadSection("", before.strip())]
    sections += [ReadSection(rest[at], rest[at + 1].strip()) for at in range(0, len(rest), 2)]
    title = rest[0] if rest else None
    return Reading(title, (), None, None, tuple(one for one in sections if one.text))
