"""Reads a PDF: its text in reading order, with the page that each section stands on."""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import hypot
from typing import Any

from assistant.errors import Unreadable
from ingest.readers.blocks import Block
from ingest.readers.bylines import Described, is_byline, read_byline
from ingest.readers.clutter import without_repeats
from ingest.readers.pages import Piece, Sheet, without_furniture
from ingest.readers.paragraphs import printed
from ingest.readers.reading import Reading, ReadSection
from ingest.readers.sections import write

_BREAKS = frozenset((0x0A, 0x0D))
_HYPHENS = frozenset((0x02, 0xFFFE))  # PDFium's marks for a hyphen at the end of a line
_FEWEST_LETTERS = 30  # a page; a scan has none, or the few that a stamp has
_FRONT = 25  # blocks among which the title and the authors are looked for


def read_pdf(data: bytes, name: str) -> Reading:
    """Read a PDF; raises `Unreadable` for one that is locked, cut off, or made of pictures."""
    if b"%%EOF" not in data[-4096:]:
        raise Unreadable(f"{name} is cut off: its end is missing. Get it again.")
    with _opened(data, name) as document:
        sheets = [_sheet(document, number) for number in range(len(document))]
        author = document.get_metadata_value("Author")
    _refuse_scan(sheets, name)
    found = printed(without_furniture(sheets))
    title, front = _front(found)
    body = [(page, block) for page, block in found if not any(block is one for one in front)]
    byline = read_byline(front[1:], Described(author.split(";")))
    kept = {id(block) for block in without_repeats([block for _, block in body])}
    sections = _sections([(page, block) for page, block in body if id(block) in kept])
    return Reading(title, tuple(byline.authors), byline.published, byline.organisation, sections)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Any]:
    import pypdfium2  # noqa: PLC0415 - only where a PDF is read

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable(f"{name} asks for a password. Save a copy without one.") from error
        raise Unreadable(f"{name} is damaged: no PDF reader can open it. Get it again.") from error
    try:
        yield document
    finally:
        document.close()


def _sheet(document: Any, number: int) -> Sheet:
    page = document[number]
    text = page.get_textpage()
    try:
        return Sheet(number + 1, tuple(_pieces(text.raw)), page.get_height())
    finally:
        text.close()
        page.close()


def _pieces(text: Any) -> Iterator[Piece]:
    """Cut a page's characters where a line ends, or where there is a gap in it."""
    from pypdfium2 import raw  # noqa: PLC0415

    codes = [raw.FPDFText_GetUnicode(text, at) for at in range(raw.FPDFText_CountChars(text))]
    start = 0
    for at, code in enumerate([*codes, 0x0A]):
        gap = code == 0x20 and _is_gap(raw, text, at, len(codes))
        if code in _BREAKS or code in _HYPHENS or gap:
            yield from _piece(raw, text, codes, start, at, hyphen=code in _HYPHENS)
            start = at + 1


def _is_gap(raw: Any, text: Any, at: int, end: int) -> bool:
    if not 0 < at < end - 1 or raw.FPDFText_IsGenerated(text, at) != 1:
        return False
    before, after = _box(raw, text, at - 1), _box(raw, text, at + 1)
    return bool(after.left - before.right > 0.9 * (before.top - before.bottom))


def _piece(
    raw: Any, text: Any, codes: Sequence[int], start: int, end: int, *, hyphen: bool
) -> Iterator[Piece]:
    while start < end and codes[start] in (0x20, 0xA0):
        start += 1
    while end > start and codes[end - 1] in (0x20, 0xA0):
        end -= 1
    if (
        start == end or abs(raw.FPDFText_GetCharAngle(text, start)) > 0.1
    ):  # a watermark, or a label at the side
        return
    written = "".join(map(chr, codes[start:end])).replace("\ufffd", "")
    hyphen = hyphen or (written.endswith(("-", "\u00ad")) and written[-2:-1].isalpha())
    first, last = _box(raw, text, start), _box(raw, text, end - 1)
    yield Piece(
        text=written.rstrip("-\u00ad") if hyphen else written,
        x0=first.left,
        x1=last.right,
        y=_baseline(raw, text, start),
        size=_size(raw, text, start),
        bold=_is_bold(raw, text, start),
        hyphen=hyphen,
    )


def _box(raw: Any, text: Any, at: int) -> Any:
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, at, box)
    return box


def _size(raw: Any, text: Any, at: int) -> float:
    """Return the size as printed: many a PDF sets all text in size 1 and enlarges it."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, at, matrix)
    return float(raw.FPDFText_GetFontSize(text, at) * hypot(matrix.b, matrix.d))


def _baseline(raw: Any, text: Any, at: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, at, x, y)
    return y.value


def _is_bold(raw: Any, text: Any, at: int) -> bool:
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text, at, name, 128, ctypes.c_int())
    return any(word in name.value.lower() for word in (b"bold", b"black", b"heavy", b"semibold", b"demi"))


def _refuse_scan(sheets: Sequence[Sheet], name: str) -> None:
    letters = sum(len(piece.text) for sheet in sheets for piece in sheet.pieces)
    if letters < _FEWEST_LETTERS * len(sheets) and letters < 2000:
        pages = f"{len(sheets)} pages" if len(sheets) > 1 else "one page"
        raise Unreadable(
            f"{name} is scanned: {pages} of pictures without text. Have its text recognised (OCR) first."
        )


def _front(found: Sequence[tuple[int, Block]]) -> tuple[str | None, list[Block]]:
    """Take the title, which is the first heading of the largest size, and the short lines about it."""
    heads = [(page, block) for page, block in found[:_FRONT] if block.kind == "heading"]
    if not heads:
        return None, []
    page, title = min(heads, key=lambda one: one[1].level)
    at = next(place for place, (_, block) in enumerate(found) if block is title)
    is_cover = not any(number == page and _is_text(block) for number, block in found)
    front = [title]
    for number, block in found[at + 1 : at + _FRONT]:
        if (
            number != page
            or _is_text(block)
            or not (is_cover or block.kind == "text" or is_byline(block.text))
        ):
            break
        front.append(block)
    return title.text, front


def _is_text(block: Block) -> bool:
    return block.kind != "heading" and (len(block.text.split()) > 14 or block.text.endswith("."))


def _sections(found: Sequence[tuple[int, Block]]) -> tuple[ReadSection, ...]:
    """Cut at headings and at pages, so that each section can be cited by its page."""
    sections, heading, page, held = list[ReadSection](), "", 0, list[Block]()
    for number, block in [*found, (0, Block("heading", "", None))]:
        if held and (block.kind == "heading" or number != page):
            sections.append(ReadSection(heading, write(held), page))
            heading, held = ("" if block.kind == "heading" else heading), []
        if block.kind == "heading":
            heading = f"{heading}: {block.text}" if heading else block.text
        else:
            page = number
            held.append(block)
    return tuple(one for one in sections if one.heading.lower() not in ("contents", "table of contents"))
