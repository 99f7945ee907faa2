"""Tells what surrounds an article from the article: by its place, its name and how it reads."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.readers.blocks import Block
from ingest.readers.phrases import LINE, NAME, OTHERS

_TAGS = frozenset("nav aside footer".split())
_ROLES = frozenset("navigation banner contentinfo search complementary dialog alert alertdialog".split())
_ATTRIBUTION = re.compile(r"^[-–—~]\s?\S.{2,90}$")
_FIGURE = re.compile(r"^[£$€]?\d[\d,.]*\s?(%|per cent|m|bn|k|million|billion)?\+?$", re.IGNORECASE)
_NUMERAL = re.compile(r"^(\d{1,2})[.)]?$")
_ENDS = (".", "!", "?", ":", ";", "”", '"', "’", ")", "…")


def is_line_of_clutter(block: Block) -> bool:
    """Whether the line alone shows that it is no sentence of an article."""
    if block.kind == "row":
        return False
    return bool(LINE.match(block.text)) or _is_link_list(block) or _is_caption(block)


def _is_link_list(block: Block) -> bool:
    short = len(block.text.split()) <= 14 and not block.text.endswith((".", "?", "!"))
    return block.kind != "heading" and block.linked > 0.8 and short


def _is_caption(block: Block) -> bool:
    """Whether it stands under a picture and is no sentence."""
    around = block.node.tag == "figcaption" or "caption" in (block.node.get("class") or "")
    return around and not (block.text.endswith((".", "!", "?")) and len(block.text.split()) > 7)


def surroundings(root: Any, keep: Any) -> set[Any]:
    """Return the elements that hold no article, by tag, role or name; never one around `keep`."""
    spared = {keep, *keep.iterancestors()} if keep is not None else set()
    whole = _size(root)
    return {
        node
        for node in root.iter()
        if node not in spared
        and isinstance(node.tag, str)
        and _is_named(node)
        and (_size(node) < whole * 0.4 or node.tag == "nav")
    }


def _is_named(node: Any) -> bool:
    if node.tag in _TAGS or node.get("role", "").lower() in _ROLES:
        return True
    said = " ".join(
        node.get(name, "") for name in ("class", "id", "data-component", "data-block", "aria-label")
    )
    return bool(NAME.search(re.sub(r"[_\s-]+", " ", said).lower().replace("pull quote", "pullquote")))


def other_articles(headings: Sequence[Block], root: Any) -> set[Any]:
    """Return what stands under headings such as “Related reports”: the box, or all that follows them."""
    return {
        node for block in headings if OTHERS.match(block.text) for node in _under(block.node, _size(root))
    }


def _under(heading: Any, whole: int) -> Iterator[Any]:
    box = heading
    while _is_first(box) and _size(box.getparent()) < whole * 0.5:
        box = box.getparent()
    yield box
    if box is heading or len(_words(box)) <= len(_words(heading)):
        yield from (node for node in box.itersiblings() if _size(node) < whole * 0.5)


def _is_first(node: Any) -> bool:
    parent = node.getparent()
    if parent is None or parent.tag in ("body", "html", "main") or (parent.text or "").strip():
        return False
    return not any(
        _words(before) or (before.tail or "").strip() for before in node.itersiblings(preceding=True)
    )


def _words(node: Any) -> list[str]:
    return " ".join(node.itertext()).split() if isinstance(node.tag, str) else []


def _size(node: Any) -> int:
    return sum(len(word) for word in _words(node) if node.tag not in ("script", "style"))


def without_repeats(found: Sequence[Block]) -> list[Block]:
    """Leave out pull quotes, which say again what the text says, and the line that says who said it."""
    texts = [_bare(block.text) for block in found]
    kept, pulled = list[Block](), False
    for at, block in enumerate(found):
        if pulled and _ATTRIBUTION.match(block.text):
            continue
        pulled = block.kind == "text" and _is_repeat(at, texts)
        if not pulled:
            kept.append(block)
    return kept


def _is_repeat(at: int, texts: Sequence[str]) -> bool:
    """Whether another block holds all of it; of two that are alike the later one stays."""
    text = texts[at]
    return text.count(" ") > 3 and any(
        text in other and (len(other) > len(text) or place > at)
        for place, other in enumerate(texts)
        if place != at
    )


def _bare(text: str) -> str:
    return re.sub(r"[^\w£$€% ]", "", text.replace("…", "")).strip().lower()


def with_numbers(found: Sequence[Block]) -> list[Block]:
    """Give figures and numerals that stand alone to the line after them; drop lines that lost theirs."""
    kept, number = list[Block](), ""
    for at, block in enumerate(found):
        alone = block.kind != "row" and (_NUMERAL.match(block.text) or _FIGURE.match(block.text))
        if alone:
            number = block.text
            continue
        if number and block.kind in ("text", "item"):
            _give(block, number)
        elif _has_lost_its_number(block, found[at - 1] if at else None):
            number = ""
            continue
        number = ""
        kept.append(block)
    return kept


def _give(block: Block, number: str) -> None:
    numeral = _NUMERAL.match(number)
    if numeral and not block.text[0].islower():
        block.kind, block.marker = "item", f"{numeral[1]}."
    elif block.text[0].islower():
        block.text = f"{number} {block.text}"


def _has_lost_its_number(block: Block, before: Block | None) -> bool:
    """Whether a line begins in the middle, as where a script draws “78%” before “of members said”."""
    first = block.text.split()[0]
    if block.kind != "text" or not first[0].islower() or any(letter.isupper() for letter in first):
        return False
    goes_on = before is not None and before.kind == "text" and not before.text.endswith(_ENDS)
    return len(block.text.split()) < 25 and not goes_on
