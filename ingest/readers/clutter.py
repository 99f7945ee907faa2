"""Tells what surrounds an article from the article: by its place, its name and how it reads."""

import re
from collections.abc import Sequence
from typing import Any

from ingest.readers.blocks import Block, is_shown
from ingest.readers.phrases import LINE, NAME, OTHERS

_TAGS = frozenset("nav aside footer".split())
_ROLES = frozenset("navigation banner contentinfo search complementary dialog alert alertdialog".split())
_ATTRIBUTION = re.compile(r"^[-–—~]\s?\S.{2,90}$")
_NEAR = 60  # blocks; a pull quote stands on the page of its sentence
FIGURE = re.compile(r"^[£$€]?\d[\d,.]*\s?(%|per cent|m|bn|k|million|billion)?\+?$", re.IGNORECASE)
_NUMERAL = re.compile(r"^(\d{1,2})[.)]?$")
_ENDS = (".", "!", "?", ":", ";", "”", '"', "’", ")", "…")


def is_line_of_clutter(block: Block) -> bool:
    """Whether the line alone shows that it is no sentence of an article."""
    if block.kind == "row":
        return False
    return bool(LINE.match(block.text)) or _is_link_list(block) or _is_caption(block)


def _is_link_list(block: Block) -> bool:
    return block.kind != "heading" and block.linked > 0.9 and len(block.text.split()) <= 25


def _is_caption(block: Block) -> bool:
    """Whether it stands under a picture and is no sentence."""
    around = block.node.tag == "figcaption" or "caption" in (block.node.get("class") or "")
    return around and not (block.text.endswith((".", "!", "?")) and len(block.text.split()) > 7)


def surroundings(root: Any, keep: Any) -> set[Any]:
    """Return the elements that hold no article, by tag, role or name; never one around `keep`."""
    spared = {keep, *keep.iterancestors()} if keep is not None else set()
    named = (
        node for node in root.iter() if node not in spared and isinstance(node.tag, str) and _is_named(node)
    )
    sizes = _sizes(root)
    return {node for node in named if sizes[node] < sizes[root] * 0.4 or node.tag in ("nav", "footer")}


def _is_named(node: Any) -> bool:
    """Whether it is called something like “related”; long names are made of headings, and are not."""
    if node.tag in _TAGS or node.get("role", "").lower() in _ROLES:
        return True
    names = [name for key in ("class", "id", "data-component") for name in node.get(key, "").split()]
    return any(NAME.search(words) for name in names if (words := _in_words(name)).count(" ") < 3)


def _in_words(name: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[_\s-]+", " ", apart).lower().replace("pull quote", "pullquote")


def other_articles(headings: Sequence[Block], root: Any) -> set[Any]:
    """Return what stands under headings such as “Related reports”: the box, or all that follows them."""
    sizes = _sizes(root)
    others = (block.node for block in headings if OTHERS.match(block.text))
    return {node for heading in others for node in _under(heading, sizes, sizes[root] * 0.5)}


def _under(heading: Any, sizes: dict[Any, int], most: float) -> list[Any]:
    """Return the box that begins with the heading, or all that follows it; nothing where that is `most`."""
    box = heading
    while _is_first(box, sizes) and sizes[box.getparent()] < most:
        box = box.getparent()
    found = [box, *box.itersiblings()] if sizes[box] <= sizes[heading] else [box]
    return found if sum(sizes.get(node, 0) for node in found) < most else []


def _is_first(node: Any, sizes: dict[Any, int]) -> bool:
    parent = node.getparent()
    if parent is None or parent.tag in ("body", "html", "main") or (parent.text or "").strip():
        return False
    return not any(sizes.get(one) or (one.tail or "").strip() for one in node.itersiblings(preceding=True))


def _sizes(root: Any) -> dict[Any, int]:
    """Return how many letters a reader sees in each element."""
    sizes: dict[Any, int] = {}
    for node in reversed(list(root.iter())):  # children come before their parents
        shown = is_shown(node)
        own = len((node.text or "").strip()) + sum(sizes[one] + len((one.tail or "").strip()) for one in node)
        sizes[node] = own if shown else 0
    return sizes


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
    """Whether a block near it holds all of it; of two that are alike the later one stays."""
    text, first = texts[at], max(0, at - _NEAR)
    return text.count(" ") > 3 and any(
        text in other and (len(other) > len(text) or place > at)
        for place, other in enumerate(texts[first : at + _NEAR], first)
        if place != at
    )


def _bare(text: str) -> str:
    return re.sub(r"[^\w£$€% ]", "", text.replace("…", "")).strip().lower()


def with_numbers(found: Sequence[Block]) -> list[Block]:
    """Give figures and numerals that stand alone to the line after them; drop lines that lost theirs."""
    kept, number = list[Block](), ""
    for at, block in enumerate(found):
        alone = block.kind != "row" and (_NUMERAL.match(block.text) or FIGURE.match(block.text))
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
