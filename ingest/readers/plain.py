"""Reads plain text and Markdown."""

import re
from collections.abc import Iterator

from assistant.errors import Unreadable
from ingest.readers.blocks import Block, line_of_cells, mend
from ingest.readers.bylines import Described, read_byline
from ingest.readers.reading import Reading
from ingest.readers.sections import in_sections
from ingest.readers.titles import without_label

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_UNDERLINED = re.compile(r"^(=+|-+)$")
_ITEM = re.compile(r"^\s*(?:([-*+•])|(\d{1,3}[.)]))\s+")
_RULE = re.compile(r"^\s*([-*_]\s*){3,}$|^\s*\|?[\s:|-]+\|[\s:|-]*$")
_MARKS = re.compile(r"(\*\*|__|``?|~~)(?=\S)(.+?)(?<=\S)\1|(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\3(?!\w)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def read_plain(text: str, name: str) -> Reading:
    """Read text in which a line that begins with `#`, or is underlined, is a heading."""
    text, described, title = _without_front_matter(text)
    found = list(_blocks(text.split("\n")))
    if not found:
        raise Unreadable(f"{name} is empty.")
    if found[0].kind == "heading":
        title = title or found[0].text
        found = found[1:]
    front = []
    while (
        found
        and found[0].kind == "text"
        and len(found[0].text.split()) <= 12
        and found[0].text[-1] not in ".!?:"
    ):
        front.append(found.pop(0))
    if not title and front:
        title = front.pop(0).text
    byline = read_byline(front, described)
    if not found:
        raise Unreadable(f"{name} holds a title and no text.")
    title = without_label(title) if title else None
    return Reading(title, tuple(byline.authors), byline.published, byline.organisation, in_sections(found))


def _without_front_matter(text: str) -> tuple[str, Described, str | None]:
    """Take simple `key: value` lines off the top, as many Markdown files have them."""
    head = _FRONT_MATTER.match(text)
    if head is None:
        return text, Described(), None
    lines = (line.partition(":") for line in head[1].split("\n"))
    values = {key.strip().lower(): value.strip(" '\"[]") for key, _, value in lines}
    authors = (values.get("authors") or values.get("author") or "").replace('"', "").split(",")
    dates = [values.get("published") or values.get("date") or ""]
    return text[head.end() :], Described([one.strip() for one in authors], dates), values.get("title") or None


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Yield a block for each paragraph, item and row; a paragraph's lines are joined."""
    held: list[str] = []
    kind, marker, heads = "text", "-", list[str]()
    for line in [*lines, ""]:
        heading, item, row = _HEADING.match(line), _ITEM.match(line), line.strip().startswith("|")
        underlined = (
            bool(held) and kind == "text" and bool(_UNDERLINED.match(line.strip())) and len(held) == 1
        )
        if underlined:
            yield Block("heading", _bare(held.pop()), None, 1 if line.startswith("=") else 2)
            continue
        if held and (not line.strip() or heading or item or row or _RULE.match(line)):
            yield Block("item" if kind == "item" else "text", _bare(" ".join(held)), None, marker=marker)
            held, kind = [], "text"
        if heading:
            yield Block("heading", _bare(heading[2]), None, len(heading[1]))
        elif row and not _RULE.match(line):
            cells = [_bare(cell) for cell in line.strip().strip("|").split("|")]
            if heads:
                yield Block("row", line_of_cells(cells, heads if len(heads) == len(cells) else []), None)
            heads = heads or cells
        elif line.strip() and not _RULE.match(line):
            if item:
                kind, marker = "item", item[2] or "-"
            held.append(line[item.end() :] if item else line)
        heads = heads if row else []


def _bare(text: str) -> str:
    """Return the words without Markdown's marks."""
    text = _LINK.sub(r"\1", text.replace("\\*", "*").replace("\\_", "_"))
    return mend(_MARKS.sub(lambda found: found[2] or found[4], text).lstrip("> "))
