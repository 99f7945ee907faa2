"""Text directives: the part of a link that makes a browser scroll to a quote and highlight it (WICG)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from assistant.vocabulary import RECORD, Passage

_LONGEST = 300  # letters; beyond them the first and the last words do
_ENDS = 6  # words at each end of a longer quote
_CONTEXT = (2, 4, 8)  # words before or behind that tell one place from another
_MARKER = re.compile(r"^(?:- |\d{1,3}[.)] )")
_HEAD_OF_CELL = re.compile(r"^[^:|]{1,60}: ")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_FOLDED = str.maketrans("‘’“”–—‐‑\u00a0", "''\"\"---- ")


@dataclass(frozen=True, slots=True)
class _Directive:
    """What a browser looks for: the first `start` (to `end`) between `prefix` and `suffix`."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        parts = [f"{_encode(self.prefix)}-"] if self.prefix else []
        parts += [_encode(one) for one in (self.start, self.end) if one]
        parts += [f"-{_encode(self.suffix)}"] if self.suffix else []
        return ",".join(parts)

    def found_in(self, page: str) -> tuple[int, int] | None:
        """Return where a browser stops first; none of the four may run over the end of a block."""
        wanted = f"(?P<quote>{_whole(self.start)}{f'.*?{_whole(self.end)}' if self.end else ''})"
        before = rf"{_whole(self.prefix)}\s*" if self.prefix else ""
        behind = rf"\s*{_whole(self.suffix)}" if self.suffix else ""
        found = re.search(before + wanted + behind, page, re.DOTALL)
        return found.span("quote") if found else None


def directive(passage: Passage, quote: str, page: Sequence[Passage]) -> str:
    """Return the directive that selects the quote and nothing else on a page of these passages.

    It is empty where none does: then the link opens the page at its top, which is not wrong.
    """
    if passage.section == RECORD:
        return ""
    text, start = _written(passage, page)
    at = text.find(quote_text := _lines(quote), start)
    if at < 0 or not quote_text:
        return ""
    folded, place = _fold(text), (at, at + len(quote_text))
    return next((str(one) for one in _candidates(text, *place) if one.found_in(folded) == place), "")


def _candidates(text: str, start: int, end: int) -> Iterator[_Directive]:
    """Yield ways to name a place, the plainest first."""
    quotes = list(_ways(text[start:end]))
    before, behind = text[:start], text[end:]
    yield from quotes
    for words in _CONTEXT:
        after, ahead = _first(behind.partition("\n")[0], words), _last(before.rpartition("\n")[2], words)
        yield from (_folded(one, suffix=after) for one in quotes if after)
        yield from (_folded(one, prefix=ahead) for one in quotes if ahead)
        yield from (_folded(one, prefix=ahead, suffix=after) for one in quotes if ahead and after)
    above, below = (
        _last(before.rstrip().rpartition("\n")[2], 4),
        _first(behind.lstrip().partition("\n")[0], 4),
    )
    yield from (_folded(one, prefix=above) for one in quotes if above)
    yield from (_folded(one, suffix=below) for one in quotes if below)


def _ways(quote: str) -> Iterator[_Directive]:
    if "\n" not in quote and len(quote) <= _LONGEST:
        yield _Directive(quote)
        return
    first, last = quote.partition("\n")[0], quote.rpartition("\n")[2]
    for words in (_ENDS, 2 * _ENDS, 99):
        start, end = _first(first, words), _last(last, words)
        if "\n" in quote or len(start) + len(end) < len(quote):
            yield _Directive(start, end)


def _folded(one: _Directive, prefix: str = "", suffix: str = "") -> _Directive:
    return _Directive(one.start, one.end, prefix, suffix)


def _written(passage: Passage, page: Sequence[Passage]) -> tuple[str, int]:
    """Return the page's blocks, one a line, and where those of the passage begin."""
    lines, start, section = [passage.document.title], 0, ""
    here = [one for one in page if one.text_from == "original" and one.section != RECORD]
    for one in here if any(one.id == passage.id for one in here) else [passage]:
        lines += [one.section] if one.section not in ("", section) else []
        section = one.section
        start = sum(len(line) + 1 for line in lines) if one.id == passage.id else start
        lines.append(_lines(one.text))
    return "\n".join(lines), start


def _lines(text: str) -> str:
    """Return a text as its page has it: without bullets, and each cell of a row a block of its own."""
    lines = (_MARKER.sub("", line.strip()) for line in text.split("\n"))
    cells = (
        _HEAD_OF_CELL.sub("", cell) if " | " in line else cell for line in lines for cell in line.split(" | ")
    )
    return "\n".join(cell for cell in cells if cell)


def _fold(text: str) -> str:
    """Make alike what browsers take for the same: capitals, accents, quotation marks. The length stays."""
    plain = _BEYOND_ASCII.sub(lambda one: unicodedata.normalize("NFKD", one[0])[0].lower()[:1], text)
    return plain.translate(_FOLDED).lower()


def _whole(text: str) -> str:
    """Return the pattern for whole words."""
    folded = re.escape(_fold(text))
    return (r"(?<!\w)" if text[:1].isalnum() else "") + folded + (r"(?!\w)" if text[-1:].isalnum() else "")


def _first(line: str, words: int) -> str:
    return " ".join(line.split()[:words])


def _last(line: str, words: int) -> str:
    return " ".join(line.split()[-words:])


def _encode(text: str) -> str:
    # Dashes and commas have a meaning of their own in a directive.
    return percent_encode(text, safe="").replace("-", "%2D")
