"""Turns the few bits of Markdown that an answer uses into HTML: paragraphs, lists, links, bold."""

import re
from collections.abc import Iterator
from itertools import groupby

from assistant.web.markup import Html, element, join, outward

_INLINE = re.compile(
    r"\[(?P<words>[^\[\]]+)\]\((?P<url>[^()\s]+)\)"
    r"|\*\*(?P<strong>[^*]+)\*\*"
    r"|(?P<bare>https?://[^\s<>()]*[^\s<>().,;:!?])"
)
_BULLET = re.compile(r"\s*[-*•] +")


def prose(markdown: str) -> Html:
    """Draw paragraphs and bulleted lists; whatever else is Markdown stays as it was typed."""
    return join(*(_block(block) for block in re.split(r"\n\s*\n", markdown.strip()) if block))


def _block(block: str) -> Html:
    lines = groupby(block.splitlines(), key=lambda line: bool(_BULLET.match(line)))
    return join(*(_bullets([*group]) if is_list else _paragraph([*group]) for is_list, group in lines))


def _bullets(lines: list[str]) -> Html:
    return element("ul", *(element("li", *_inline(_BULLET.sub("", line, count=1))) for line in lines))


def _paragraph(lines: list[str]) -> Html:
    return element("p", *_inline(" ".join(lines)))


def _inline(text: str) -> Iterator[str]:
    done = 0
    for found in _INLINE.finditer(text):
        yield text[done : found.start()]
        yield _drawn(found)
        done = found.end()
    yield text[done:]


def _drawn(found: re.Match[str]) -> Html:
    if found["strong"]:
        return element("strong", found["strong"])
    return outward(found["url"] or found["bare"], found["words"] or found["bare"])
