"""Cuts HTML into blocks: headings, paragraphs, list items and table rows, in the order of the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["heading", "text", "item", "row"]

_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small
    span strike strong sub sup time tt u var wbr""".split()
)
_SILENT = frozenset(
    """script style noscript template svg math iframe object embed canvas audio video map select textarea
    button input head title dialog datalist""".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# A list item, a cell or a paragraph that holds one of these is layout, not one line of text.
_BLOCKS = "p|div|ul|ol|table|section|article|h1|h2|h3|h4|h5|h6|blockquote|form".split("|")
_SHARING = re.compile(
    r"(click to )?(tweet|share|retweet|pin|print|email)( (this|it|now|on \w+|via \w+))?$", re.IGNORECASE
)
_RUN_TOGETHER = re.compile(r"(?<=[a-z]{2}[.!?])(?=[A-Z][a-z])|(?<=[a-z][.!?]”)(?=[A-Z][a-z])")


@dataclass(slots=True)
class Block:
    """One block of a page. `marker` is what stands before a list item; `linked` the share that is links."""

    kind: Kind
    text: str
    node: Any
    level: int = 0
    marker: str = "-"
    linked: float = 0.0


@dataclass(slots=True)
class _Buffer:
    """Text on its way to a block, and how much of it stood in links."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0

    def add(self, text: str | None, *, in_link: bool) -> None:
        if text:
            self.parts.append(" ".join(text.split("\n")) if text != "\n" else text)
            self.linked += len(text.strip()) if in_link else 0

    def take(self) -> tuple[str, float]:
        lines = "".join(self.parts).split("\n")
        text = "\n".join(line for line in map(mend, lines) if line)
        share = self.linked / max(len(text), 1)
        self.parts, self.linked = [], 0
        return text, min(share, 1.0)


def parse(html: str) -> Any:
    """Return the root element of any HTML, however broken; None where there is no element at all."""
    import lxml.html  # noqa: PLC0415 - only where something is read

    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    if not html.strip():
        return None
    return lxml.html.etree.fromstring(html.encode("utf-8", errors="replace"), parser=parser)


def to_html(root: Any) -> str:
    """Write the element as HTML."""
    import lxml.html  # noqa: PLC0415

    return str(lxml.html.tostring(root, encoding="unicode"))


def mend(text: str) -> str:
    """Return the text as a browser shows it, with the space that is missing after a full stop."""
    text = text.replace("\u00ad", "").replace("\u200b", "").replace("\ufeff", "")
    return _RUN_TOGETHER.sub(" ", " ".join(text.split()))


def blocks(root: Any) -> list[Block]:
    """Return the blocks of everything under `root` that is shown."""
    return [block for block in _walk(root) if block.text]


def _walk(root: Any) -> Iterator[Block]:
    """Walk without recursion, as some pages nest thousands deep."""
    buffer = _Buffer()
    for step, node in _steps(root):
        match step:
            case "row":
                yield Block("row", _row(node), node)
            case "text" | "link":
                buffer.add(node, in_link=step == "link")
            case _:
                text, linked = buffer.take()
                yield _block(text, linked, node)


def _steps(root: Any) -> Iterator[tuple[str, Any]]:
    """Yield runs of text and, where a block ends, the element that it stood in."""
    stack: list[tuple[str, Any, Any]] = [("open", root, root)]
    while stack:
        step, node, owner = stack.pop()
        if step == "tail":
            yield ("link" if _in_link(owner) else "text"), node
        elif step == "close":
            yield "end", node
        elif is_shown(node):
            yield from _opened(node, owner, stack)


def _opened(node: Any, owner: Any, stack: list[tuple[str, Any, Any]]) -> Iterator[tuple[str, Any]]:
    tag = node.tag
    if tag == "br":
        following = node.getnext()
        double = following is not None and following.tag == "br" and not (node.tail or "").strip()
        yield ("end", owner) if double else ("text", "\n")
        return
    if tag == "table" and _is_data(node):
        yield "end", owner
        yield from (("row", row) for row in node.iter("tr"))
        return
    inline = tag in _INLINE
    if not inline:
        yield "end", owner
        stack.append(("close", node, node))
    yield ("link" if tag == "a" or _in_link(node) else "text"), node.text or ""
    inner = owner if inline else node
    for child in reversed(list(node)):
        if child.tail:
            stack.append(("tail", child.tail, node))
        stack.append(("open", child, inner))


def _in_link(node: Any) -> bool:
    while node is not None and node.tag in _INLINE:
        if node.tag == "a":
            return True
        node = node.getparent()
    return False


def _block(text: str, linked: float, node: Any) -> Block:
    for at in _line_of(node):
        if at.tag in _HEADINGS:
            return Block("heading", text.replace("\n", " "), node, level=_HEADINGS[at.tag], linked=linked)
        if at.tag in ("li", "dd"):
            return Block("item", text, node, marker=_marker(at), linked=linked)
    return Block("text", text, node, linked=linked)


def _line_of(node: Any) -> Iterator[Any]:
    """Yield the element and those around it for which it is the first block."""
    while node is not None:
        yield node
        parent = node.getparent()
        if parent is None or node.tag in ("ul", "ol", "table") or node.getprevious() is not None:
            return
        if (parent.text or "").strip():
            return
        node = parent


def _marker(item: Any) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "-"
    start = parent.get("start", "1")
    first = int(start) if start.isdecimal() and len(start) < 5 else 1
    return f"{first + sum(1 for one in item.itersiblings('li', preceding=True))}."


def is_shown(node: Any) -> bool:
    """Whether a browser shows the element, and it is no control or link to share."""
    if not isinstance(node.tag, str) or node.tag in _SILENT:
        return False
    style = (node.get("style") or "").replace(" ", "").lower()
    if node.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style:
        return False
    if node.tag == "a":
        return not _SHARING.match(" ".join(node.itertext()).strip())
    return not (node.tag == "sup" and node.find(".//a") is not None)  # a footnote's number


def _is_data(table: Any) -> bool:
    """Whether a table holds cells of text; many an old page stands in a table whole."""
    rows = list(table.iter("tr"))
    inside = [node for node in table.iter(*_BLOCKS) if node is not table]
    wide = max((len(row.findall("td")) + len(row.findall("th")) for row in rows), default=0)
    simple = {node.tag for node in inside} <= {"p", "div"} and len(inside) <= 4 * wide * len(rows)
    return (
        len(rows) > 1
        and wide > 1
        and simple
        and not any(len(_text(cell)) > 1000 for cell in table.iter("td"))
    )


def _row(row: Any) -> str:
    """Return a row that can be read alone: each cell with the head of its column."""
    top = next(next(row.iterancestors("table")).iter("tr"))
    cells = [_text(cell) for cell in _cells(row)]
    if not all(_is_head(cell) for cell in _cells(top)):
        return line_of_cells(cells, [])
    heads = [_text(cell) for cell in _cells(top)]
    return "" if row is top else line_of_cells(cells, heads if len(heads) == len(cells) else [])


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _is_head(cell: Any) -> bool:
    bold = " ".join(" ".join(node.itertext()) for node in cell.iter("b", "strong"))
    return cell.tag == "th" or (bool(bold.strip()) and mend(bold) == _text(cell))


def line_of_cells(cells: list[str], heads: list[str]) -> str:
    """Return a row of a table as one line: `Area: Thornby | Cost: £40`."""
    named = zip(heads or [""] * len(cells), cells, strict=True)
    return " | ".join(f"{head}: {cell}" if head else cell for head, cell in named if cell)


def _text(node: Any) -> str:
    return mend(" ".join(node.itertext()))
