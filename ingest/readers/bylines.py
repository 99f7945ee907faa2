"""Finds who wrote a page, for whom and when, in the lines about its title and in what it says of itself."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from ingest.readers.blocks import Block
from ingest.readers.dates import find_date

_PARTICLES = frozenset("de da del der den di du la le van von ap ab bin ibn al el of y".split())
_TITLES = re.compile(
    r"^((dr|prof|professor|sir|dame|lord|lady|rev|mr|mrs|ms|cllr|councillor|baroness)\.?\s)+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(trust|councils?|association|hub|centre|center|foundation|network|society|university|college|charity|ltd|cic|"
    r"partnerships?|community|communities|group|institute|services?|public|local|policy|health|social|value|care|"
    r"stud(y|ies)|reports?|blogs?|news|resources?|guides?|housing|power|economy|economic|development|membership|"
    r"read|download|share|home|about|contact|campaigns?|support|team|events?|press|enterprise|business|regeneration|"
    r"neighbourhoods?|assets?|funding|commissioning|procurement|research|by|the|and|in|to|for|it|our|us|you)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(directors?|officer|manager|head of|chief|executive|chair(man|woman|person)?|leader|research(er)?|"
    r"associate|fellow|lead|advis[eo]r|co-?ordinator|councillor|founder|professor|lecturer|editor|trustee|partner|analyst|"
    r"consultant|secretary|minister|mayor|president|ceo|specialist|commissioner|journalist|writer)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:^|\b(?:posted|published|written|words)\b[^|]{0,40}?)\b(?:by|authors?:?)\s+(.+)$", re.IGNORECASE
)
_DATED = re.compile(
    r"\b(published|posted|date|dated|on)\b|^\W*\d{1,2}(st|nd|rd|th)?\s\w+\s\d{4}|minute read|^\w+ \d{4}$",
    re.IGNORECASE,
)
_AUTHOR_METAS = ("author", "dc.creator", "article:author", "citation_author")
_DATE_METAS = ("article:published_time", "dc.date", "dc.date.issued", "citation_publication_date", "pubdate")
_UPDATED = re.compile(r"\b(updated|modified|reviewed|accessed|deadline|closes?)\b", re.IGNORECASE)


@dataclass
class Byline:
    """What is known of a page's making."""

    authors: list[str] = field(default_factory=list)
    organisation: str | None = None
    published: str | None = None


@dataclass
class Described:
    """What a file says of itself, away from the reader's eyes; often wrong, so it only fills gaps."""

    authors: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)


def read_byline(front: Sequence[Block], described: Described) -> Byline:
    """Read the short lines about the title, and fill the gaps from what the file says of itself."""
    known = [name for name in described.authors if is_name(name)]
    byline = Byline()
    before, lines = "", [line for block in front for line in _lines(block)]
    for line, following in zip_longest(lines, lines[1:]):
        kind = _kind(line, before, following, known)
        _take(byline, kind, line.text)
        before = kind or before
    byline.authors = list(dict.fromkeys(byline.authors or known))
    dates = (find_date(text) for text in described.published)
    byline.published = byline.published or next((date for date in dates if date), None)
    return byline


def is_byline(text: str) -> bool:
    """Whether a short line says who wrote a text, or when."""
    return bool(_BY.search(text) or _names_in(text)) or _is_dated(text)


def _lines(block: Block) -> list[Block]:
    """Cut a block at its breaks, and one of nothing but spans, which a style sheet shows as lines."""
    if "\n" in block.text:
        return [Block("text", line, block.node) for line in block.text.split("\n")]
    inline = [
        node
        for node in (block.node if block.node is not None else ())
        if node.tag in ("span", "a", "strong", "b", "em", "time")
    ]
    texts = [" ".join(" ".join(node.itertext()).split()) for node in inline]
    if len(inline) < 2 or " ".join(texts) != block.text:
        return [block]
    return [Block("text", text, node) for text, node in zip(texts, inline, strict=True)]


def _kind(line: Block, before: str, following: Block | None, known: Sequence[str]) -> str:
    """Say what a line is; a bare name counts only where something near it says that it is one."""
    text = line.text
    if _BY.search(text) or len(_names_in(text)) > 1:
        return "by"
    if _is_dated(text):
        return "date"
    has_role = following is not None and bool(_ROLE.search(following.text))
    if is_name(text) and (has_role or before != "role"):
        told = has_role or _is_named(line.node) or text in known or before
        return "name" if told or (following is not None and _is_dated(following.text)) else ""
    if _ROLE.search(text) and before in ("name", "by"):
        return "role"
    return "organisation" if before == "role" else ""


def _is_dated(text: str) -> bool:
    short = bool(_DATED.search(text)) or len(text) < 25
    return short and find_date(text) is not None and not _UPDATED.search(text)


def _take(byline: Byline, kind: str, text: str) -> None:
    match kind:
        case "by":
            found = _BY.search(text)
            _take_names(byline, found[1] if found else text)
            byline.published = byline.published or find_date(text)
        case "name":
            byline.authors.append(text)
        case "organisation":
            byline.organisation = byline.organisation or text
        case "role" if "," in text:
            byline.organisation = byline.organisation or text.rsplit(",", 1)[1].strip()
        case "date":
            byline.published = byline.published or find_date(text)


def _take_names(byline: Byline, text: str) -> None:
    """Read “Jane Roe and Ali Khan, Chief Executive, Some Trust”."""
    names = _names_in(text)
    byline.authors += names
    others = [part for part in _parts(text) if part not in names and not _ROLE.search(part)]
    if names and others and "," in text and not find_date(others[-1]):
        byline.organisation = byline.organisation or others[-1]


def _names_in(text: str) -> list[str]:
    return [part for part in _parts(text) if is_name(part)]


def _parts(text: str) -> list[str]:
    parts = re.split(r",|\band\b|&|\||;|\bon \d", text)
    return [part.strip(" .") for part in parts if part.strip(" .")]


def is_name(text: str) -> bool:
    """Whether a line reads as a person's name: two to four capitalised words."""
    bare = _TITLES.sub("", text.strip())
    words = bare.split()
    if (
        not 2 <= len(words) <= 5
        or _NO_NAME.search(bare)
        or _ROLE.search(bare)
        or not re.fullmatch(r"[^\d:?!/|]+", bare)
    ):
        return False
    capital = [word for word in words if word.lower() not in _PARTICLES]
    return len(capital) >= 2 and all(word[0].isupper() and not word.isupper() for word in capital)


def _is_named(node: Any) -> bool:
    around = [node, *list(node.iterancestors())[:2]] if node is not None else []
    said = [
        one.get(name, "") for one in around for name in ("class", "id", "rel", "itemprop", "data-component")
    ]
    return bool(re.search("author|byline", " ".join(said).lower()))


def described_by(root: Any) -> Described:
    """Return the authors and dates that a page's head names."""
    found = Described()
    for node in root.iter("meta"):
        name, content = (node.get("name") or node.get("property") or "").lower(), node.get("content") or ""
        if name in _AUTHOR_METAS:
            found.authors.append(content.strip())
        if name in _DATE_METAS:
            found.published.append(content)
    for thing in _linked_data(root):
        found.published.append(str(thing.get("datePublished", "")))
        authors = thing.get("author") or []
        for one in authors if isinstance(authors, list) else [authors]:
            found.authors.append(str(one.get("name", "")) if isinstance(one, dict) else str(one))
    return found


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    for node in root.iter("script"):
        if node.get("type") != "application/ld+json":
            continue
        graph = _loaded(node.text or "")
        things = graph.get("@graph", [graph]) if isinstance(graph, dict) else graph
        yield from (thing for thing in things if isinstance(thing, dict)) if isinstance(things, list) else ()


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # what a page says of itself is often broken, and only a help
        return []
