"""Turns the pieces of text on a printed page into lines in the order in which a reader reads them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

_PAGE_NUMBER = re.compile(
    r"^[-–|\s]*(page\s*)?(\d{1,4}|[ivxl]{1,6})(\s*(of|/)\s*\d{1,4})?[-–|\s]*$", re.IGNORECASE
)
_MARGIN = 0.1  # of the page's height, at its head and foot
_FEW = 5  # lines that make no column


@dataclass(frozen=True, slots=True)
class Piece:
    """Text without a gap in it. `x0`, `x1` and the baseline `y` are in points, from the page's lower left."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    hyphen: bool = False  # the line ends in a hyphen that may only break a word


@dataclass(frozen=True, slots=True)
class Line:
    """The pieces on one line of one column; more than one where it has gaps, as rows of tables have."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """All of it, gaps as spaces."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def first(self) -> Piece:
        """The piece that the line begins with."""
        return self.pieces[0]

    @property
    def size(self) -> float:
        """The size that most of it has."""
        return max(self.pieces, key=lambda piece: len(piece.text)).size

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(piece.bold for piece in self.pieces)

    @property
    def hyphen(self) -> bool:
        """Whether it ends in a hyphen that may only break a word."""
        return self.pieces[-1].hyphen


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its pieces and its height."""

    number: int
    pieces: tuple[Piece, ...]
    height: float


def without_furniture(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Leave out page numbers, and what stands in the same place at the head or foot of several pages."""
    seen = Counter(key for sheet in sheets for key in {_place(one, sheet) for one in sheet.pieces})
    return [
        Sheet(
            sheet.number,
            tuple(one for one in sheet.pieces if not _is_furniture(one, sheet, seen)),
            sheet.height,
        )
        for sheet in sheets
    ]


def _is_furniture(piece: Piece, sheet: Sheet, seen: Counter[tuple[str, int]]) -> bool:
    if sheet.height * _MARGIN < piece.y < sheet.height * (1 - _MARGIN):
        return False
    return bool(_PAGE_NUMBER.match(piece.text)) or seen[_place(piece, sheet)] > 1


def _place(piece: Piece, sheet: Sheet) -> tuple[str, int]:
    """Say what stands where, any number in it being alike; only the height counts, as sides may alternate."""
    return re.sub(r"\d+", "#", piece.text), round(min(piece.y, sheet.height - piece.y) / 6)


def columns(pieces: Sequence[Piece]) -> Iterator[list[Line]]:
    """Yield the page's columns in reading order; what goes across them ends the columns above it."""
    gutter = _gutter(pieces)
    if gutter is None:
        yield _lines(pieces)
        return
    band: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: -one.y):
        if piece.x0 < gutter < piece.x1:
            yield from _beside(band, gutter)
            yield _lines([piece])
            band = []
        else:
            band.append(piece)
    yield from _beside(band, gutter)


def _beside(band: Sequence[Piece], gutter: float) -> Iterator[list[Line]]:
    for side in ([one for one in band if one.x1 <= gutter], [one for one in band if one.x0 >= gutter]):
        if side:
            yield from columns(side)


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Return where two columns of running text part; the columns of a table are not filled enough."""
    if len(pieces) < 2 * _FEW:
        return None
    left, right = min(one.x0 for one in pieces), max(one.x1 for one in pieces)
    places = [left + (right - left) * part / 100 for part in range(25, 76)]
    good = [(crossing, at) for at in places if (crossing := _crossing(pieces, at, left, right)) is not None]
    fewest = min((crossing for crossing, _ in good), default=0)
    return median([at for crossing, at in good if crossing == fewest]) if good else None


def _crossing(pieces: Sequence[Piece], at: float, left: float, right: float) -> int | None:
    """Count the pieces that cross a place, or None where it does not part columns."""
    before = [one.x1 - one.x0 for one in pieces if one.x1 <= at]
    behind = [one.x1 - one.x0 for one in pieces if one.x0 >= at]
    crossing = len(pieces) - len(before) - len(behind)
    if min(len(before), len(behind)) < _FEW or crossing > 0.6 * len(pieces):
        return None
    filled = median(before) > 0.45 * (at - left) and median(behind) > 0.45 * (right - at)
    return crossing if filled else None


def _lines(pieces: Sequence[Piece]) -> list[Line]:
    """Put pieces on one baseline together, from left to right."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: (-one.y, one.x0)):
        if lines and abs(lines[-1][0].y - piece.y) < 0.35 * piece.size:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [Line(tuple(sorted(line, key=lambda one: one.x0))) for line in lines]
