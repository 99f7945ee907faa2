"""Puts printed lines together into headings, paragraphs, lists and rows of tables."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from assistant.sentences import split_sentences
from ingest.readers.blocks import Block, Kind, line_of_cells, mend
from ingest.readers.pages import Line, Sheet, columns

_ITEM = re.compile(r"^(?:([•·▪●◦‣\uf0b7–*-])|(\d{1,2}[.)]|[a-z]\)))\s*(?=\S)(?!\d)")
_LEADERS = re.compile(r"(\.\s?){4,}\s*\d+$")  # a table of contents
_ENDS = (".", "!", "?", ":", ";", "”", '"', "’", ")")


@dataclass(slots=True)
class Printed:
    """A block on its way: its lines, the page that it begins on, and how it was set."""

    page: int
    size: float
    bold: bool
    kind: Kind = "text"
    marker: str = "-"
    lines: list[Line] = field(default_factory=list)
    text: str = ""
    turned: list[tuple[int, int]] = field(default_factory=list)  # from which line on it stands on which page


class Setting:
    """How a whole document is set: its usual size, width and leading, and the words that it has."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        sizes: Counter[float] = Counter()
        words: Counter[str] = Counter()
        for piece in (piece for sheet in sheets for piece in sheet.pieces):
            sizes[round(piece.size * 2) / 2] += len(piece.text)
            words.update(
                re.findall(r"[\w-]+", piece.text[: -len(_last(piece.text))] if piece.hyphen else piece.text)
            )
        self.size = sizes.most_common(1)[0][0] if sizes else 10.0
        self.words = {word.lower() for word in words}
        widths = [piece.x1 - piece.x0 for sheet in sheets for piece in sheet.pieces if len(piece.text) > 20]
        self.width = median(widths) if widths else 400.0
        self.leading = 1.3

    def join(self, before: str, after: str, *, hyphen: bool) -> str:
        """Join two lines; a hyphen goes unless the document has the word with it, or both halves as words."""
        if not hyphen:
            return f"{before} {after}"
        head, tail = _last(before), re.match(r"[\w]*", after)
        end = tail[0] if tail else ""
        whole, parts = f"{head}{end}".lower(), f"{head}-{end}".lower()
        halves = {head.lower(), end.lower()} <= self.words and len(end) > 2
        keep = whole not in self.words and (parts in self.words or halves or not end[:1].islower())
        return f"{before}-{after}" if keep else before + after


def _last(text: str) -> str:
    found = re.search(r"[\w-]*$", text)
    return found[0] if found else ""


def printed(sheets: Sequence[Sheet]) -> list[tuple[int, Block]]:
    """Return the blocks of a document, each with its page; the one that goes over a page stays whole."""
    setting = Setting(sheets)
    laid_out = [(sheet.number, column) for sheet in sheets for column in columns(sheet.pieces)]
    setting.leading = _leading([column for _, column in laid_out], setting)
    found: list[Printed] = []
    for page, column in laid_out:
        for block in _cut(column, page, setting):
            before = _goes_on(found, block)
            if before:
                before.turned += [(len(before.lines), page)] if page != before.page else []
                before.lines += block.lines
            else:
                found.append(block)
    return [paged for one in found if one.lines or one.text for paged in _blocks(one, setting)]


def _cut(column: Sequence[Line], page: int, setting: Setting) -> Iterator[Printed]:
    """Cut a column where the distance, the size or the weight changes, at items, and at tables."""
    width = max(_width(column), setting.width if len(column) < 4 else 0)
    current: Printed | None = None
    rows = _tables(column)
    for at, line in enumerate(column):
        if _LEADERS.search(line.text):
            continue
        if at in rows or current is None or _begins(line, column[at - 1], current, setting.leading, width):
            if current and current.lines:
                yield current
            current = Printed(page, line.size, line.bold)
            _mark(current, line, rows.get(at))
        if at not in rows:
            current.lines.append(line)
        elif current.text:
            yield current
            current = None
    if current and current.lines:
        yield current


def _mark(block: Printed, line: Line, row: str | None) -> None:
    if row is not None:
        block.kind, block.text = "row", row
    elif item := _ITEM.match(line.text):
        block.kind, block.marker = "item", item[2] or "-"


def _begins(line: Line, before: Line, current: Printed, leading: float, width: float) -> bool:
    """Whether a line begins a new block."""
    size = max(line.size, before.size)
    gap = before.first.y - line.first.y
    if before.hyphen and line.text[:1].islower() and 0 < gap < 2 * leading * size:
        return False
    apart = not 0 <= gap < 1.18 * leading * size
    changed = abs(line.size - before.size) > 0.08 * size or line.bold != current.bold
    indented = current.kind == "text" and line.first.x0 > before.first.x0 + 0.8 * size
    ended = before.pieces[-1].x1 - before.first.x0 < 0.55 * width and not (before.bold or before.hyphen)
    if apart or changed or ended or _ITEM.match(line.text):
        return True
    return indented and before.text.endswith(_ENDS)


def _width(column: Sequence[Line]) -> float:
    return max(line.pieces[-1].x1 for line in column) - min(line.first.x0 for line in column)


def _leading(laid_out: Sequence[Sequence[Line]], setting: Setting) -> float:
    """Return the usual distance between two full lines of the text, in sizes."""
    gaps = Counter(
        round((above.first.y - below.first.y) / setting.size, 2)
        for column in laid_out
        for above, below in pairwise(column)
        if abs(below.size - setting.size) < 0.5
        and len(above.text) > 20
        and _width([above]) > 0.7 * _width(column)
    )
    near = Counter({gap: times for gap, times in gaps.items() if 0.8 < gap < 2.5})
    return near.most_common(1)[0][0] if near else 1.3


def _goes_on(found: Sequence[Printed], block: Printed) -> Printed | None:
    """Return the block that this one goes on over a column or a page; footnotes may stand between."""
    same = next((one for one in reversed(found[-4:]) if abs(one.size - block.size) < 0.5), None)
    if (
        same is None
        or block.kind != "text"
        or same.kind == "row"
        or not same.lines
        or same.bold != block.bold
    ):
        return None
    open_end = same.lines[-1].hyphen or not same.lines[-1].text.endswith(_ENDS)
    elsewhere = block.page != same.page or block.lines[0].first.y > same.lines[-1].first.y
    return same if open_end and elsewhere and _continues(block.lines[0].text) else None


def _continues(text: str) -> bool:
    return (
        text[:1].islower()
        or text[:1].isdigit()
        or text[:1] in "£$€(“‘&"
        or text.split(maxsplit=1)[0].istitle()
    )


def _blocks(one: Printed, setting: Setting) -> Iterator[tuple[int, Block]]:
    """Write a block; sentences that begin on a later page become a block of their own there."""
    text, marks = _joined(one, setting)
    pieces: list[tuple[int, str]] = []
    end = 0
    for sentence in split_sentences(text) if len(marks) > 1 else (text,):
        end = text.index(sentence, end)
        page = next(page for start, page in reversed(marks) if start <= end)
        before = pieces.pop()[1] + " " if pieces and pieces[-1][0] == page else ""
        pieces.append((page, before + sentence))
    yield from ((page, _block(piece, one, setting)) for page, piece in pieces)


def _joined(one: Printed, setting: Setting) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of a block, and from which place in it on it stands on which page."""
    text, marks, hyphen, turned = one.text, [(0, one.page)], False, dict(one.turned)
    for at, line in enumerate(one.lines):
        if at in turned:
            marks.append((len(text), turned[at]))
        text = setting.join(text, line.text, hyphen=hyphen) if text else line.text
        hyphen = line.hyphen
    return text, marks


def _block(text: str, one: Printed, setting: Setting) -> Block:
    numbered = one.kind == "item" and one.marker != "-"  # “2. The money”, larger or bold, is a heading
    if (one.kind == "text" or numbered) and _is_heading(mend(text), one, setting):
        return Block("heading", mend(text), None, level=max(1, 6 - round(one.size / setting.size * 2)))
    return Block(one.kind, mend(_ITEM.sub("", text) if one.kind == "item" else text), None, marker=one.marker)


def _is_heading(text: str, one: Printed, setting: Setting) -> bool:
    larger = one.size > 1.12 * setting.size and len(text.split()) <= 25
    heavier = one.bold and one.size > 0.95 * setting.size and len(text.split()) <= 14
    return (
        (larger or heavier) and not text.endswith((".", ",", ";", ":", "”")) and any(map(str.isalpha, text))
    )


def _tables(column: Sequence[Line]) -> dict[int, str]:
    """Return the rows of tables by their place: two lines or more with gaps at the same places."""
    found: dict[int, str] = {}
    at = 0
    while at < len(column):
        end = at + 1
        while end < len(column) and _aligned(column[end - 1], column[end]):
            end += 1
        if end - at > 1:
            found |= _rows(column[at:end], at)
        at = end
    return found


def _aligned(above: Line, below: Line) -> bool:
    pairs = zip(above.pieces[1:], below.pieces[1:], strict=False)
    return any(abs(one.x0 - two.x0) < 4 or abs(one.x1 - two.x1) < 4 for one, two in pairs)


def _rows(lines: Sequence[Line], start: int) -> dict[int, str]:
    widest = max(lines, key=lambda line: len(line.pieces))
    table = [_cells(line, widest) for line in lines]
    heads = table[0] if _is_head(lines, table) else []
    body = table[1:] if heads else table
    written = [line_of_cells(cells, heads) for cells in body]
    return dict(enumerate([""] * (len(table) - len(body)) + written, start))


def _cells(line: Line, widest: Line) -> list[str]:
    cells = [""] * len(widest.pieces)
    for piece in line.pieces:
        distances = [min(abs(piece.x0 - one.x0), abs(piece.x1 - one.x1)) for one in widest.pieces]
        at = distances.index(min(distances))
        cells[at] = f"{cells[at]} {piece.text}".strip()
    return cells


def _is_head(lines: Sequence[Line], table: Sequence[Sequence[str]]) -> bool:
    if len(table) < 2 or not all(table[0]):
        return False
    figures = any(character.isdigit() for row in table[1:] for cell in row for character in cell)
    return (lines[0].bold and not lines[1].bold) or (figures and not any(map(str.isdigit, "".join(table[0]))))
