"""Finds a page's title, and where on the page it stands."""

import re
from collections.abc import Sequence
from typing import Any

from ingest.readers.blocks import Block

_LABEL = re.compile(r"^(?:(?:case\s+stud(?:y|ies))\s*[:–—-]\s*)+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+[|–—·»«:-]\s+|\s*\|\s*")


def without_label(title: str) -> str:
    """Return the title without “Case Study:”, once or twice, before it."""
    return _LABEL.sub("", title).strip() or title.strip()


def find_title(found: Sequence[Block], root: Any) -> tuple[str | None, int | None]:
    """Return the title, and the place among the blocks of the line that shows it."""
    said = _said(root)
    heads = [at for at, block in enumerate(found) if block.kind == "heading" and block.level <= 2]
    agreed = [at for at in heads if any(_holds(one, found[at].text) for one in said)]
    agreed = agreed or [
        at for at, block in enumerate(found) if block.text in {_BETWEEN.split(one)[0] for one in said}
    ]
    firsts = [at for at in heads if found[at].level == 1] or heads[:1]
    if not agreed and not firsts:
        return (without_label(_BETWEEN.split(said[0])[0]) if said else None), None
    chosen = max(agreed, key=lambda at: (len(found[at].text), -at)) if agreed else firsts[0]
    return without_label(found[chosen].text), _last_of(found, chosen)


def _said(root: Any) -> list[str]:
    """Return what the page's head says its title is."""
    metas = {node.get("property"): node.get("content") or "" for node in root.iter("meta")}
    title = next((" ".join(node.itertext()) for node in root.iter("title")), "")
    return [" ".join(one.split()) for one in (metas.get("og:title") or "", title) if one.strip()]


def _holds(said: str, heading: str) -> bool:
    bare = without_label(heading).lower()
    return len(bare) > 3 and bare in said.lower()


def _last_of(found: Sequence[Block], chosen: int) -> int:
    """Of a title that is shown twice, the second stands at the article, unless it stands far down."""
    wanted, total = without_label(found[chosen].text), sum(len(block.text) for block in found)
    seen, last = 0, chosen
    for at, block in enumerate(found):
        seen += len(block.text)
        if at > chosen and seen < total * 0.4 and without_label(block.text) == wanted:
            last = at
    return last
