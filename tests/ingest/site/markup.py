"""Six ways to mark up the same page, because a charity's site may be made with any of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

# What the parts of a page are called here; each style has its own element and attributes for them.
ROLES = """skip banner nav cookies crumbs main head label title byline author role organisation date minutes
standfirst body pull caption figure tags share bios bio related card sidebar signup comments footer""".split()


@dataclass(frozen=True)
class Style:
    """How one site builder writes the parts of a page."""

    elements: Mapping[str, tuple[str, str]]
    numerals: Callable[[list[str]], str]

    def part(self, role: str, inside: str) -> str:
        tag, attributes = self.elements.get(role, ("div", ""))
        return f"<{tag}{' ' if attributes else ''}{attributes}>{inside}</{tag}>\n"

    def line(self, role: str, text: str) -> str:
        return self.part(role, escape(text, quote=False))


def _split_numerals(items: list[str]) -> str:
    return "".join(f"<p>{n}.</p>\n<p>{item}</p>\n" for n, item in enumerate(items, 1))


def _numbered_cards(items: list[str]) -> str:
    cards = (f"<div><span>{n}</span></div><div><p>{item}</p></div>" for n, item in enumerate(items, 1))
    return f"<div class='steps'>{''.join(cards)}</div>\n"


def _bare_numerals(items: list[str]) -> str:
    return "".join(f"<div class='n'>{n}.</div><div>{item}</div>\n" for n, item in enumerate(items, 1))


def _soup() -> Style:
    elements = {role: ("div", f'class="{role[:3]}-wrap l-{role} u-mb2"') for role in ROLES}
    elements |= {
        "title": ("h1", ""),
        "crumbs": ("div", 'class="path"'),
        "related": ("div", 'class="row more"'),
    }
    elements |= {
        "pull": ("div", 'class="big"'),
        "caption": ("div", 'class="small"'),
        "card": ("div", 'class="col"'),
    }
    return Style(elements, _bare_numerals)


def _article() -> Style:
    elements = {role: ("div", f'class="{role}"') for role in ROLES}
    elements |= {"nav": ("nav", ""), "main": ("main", 'id="content"'), "body": ("article", "")}
    elements |= {
        "title": ("h1", ""),
        "sidebar": ("aside", ""),
        "footer": ("footer", ""),
        "figure": ("figure", ""),
    }
    elements |= {"caption": ("figcaption", ""), "pull": ("blockquote", 'class="pullquote"')}
    elements |= {"related": ("section", 'aria-label="Related"'), "standfirst": ("div", 'class="lede"')}
    elements |= {"author": ("p", ""), "role": ("p", ""), "organisation": ("p", ""), "head": ("header", "")}
    return Style(elements, _split_numerals)


def _sections() -> Style:
    elements = {role: ("section", f'data-component="{role}-block"') for role in ROLES}
    elements |= {"title": ("h1", 'class="h-xl"'), "date": ("p", ""), "minutes": ("p", ""), "label": ("p", "")}
    elements |= {"author": ("li", ""), "role": ("span", ""), "organisation": ("span", ""), "card": ("li", "")}
    elements |= {"byline": ("ul", ""), "pull": ("section", 'class="quote-large"'), "bio": ("p", "")}
    return Style(elements, _numbered_cards)


def _wordpress() -> Style:
    elements = {role: ("div", f'class="wp-block-{role}"') for role in ROLES}
    elements |= {
        "main": ("div", 'id="primary" class="content-area"'),
        "body": ("div", 'class="entry-content"'),
    }
    elements |= {"title": ("h1", 'class="entry-title"'), "share": ("div", 'class="sharedaddy sd-sharing"')}
    elements |= {"sidebar": ("div", 'id="secondary" class="widget-area"'), "footer": ("div", 'id="colophon"')}
    elements |= {
        "comments": ("div", 'id="respond" class="comment-respond"'),
        "crumbs": ("p", 'id="breadcrumbs"'),
    }
    elements |= {
        "related": ("div", 'class="jp-relatedposts"'),
        "pull": ("figure", 'class="wp-block-pullquote"'),
    }
    elements |= {"date": ("span", 'class="posted-on"'), "caption": ("p", 'class="wp-caption-text"')}
    return Style(elements, _split_numerals)


def _tables() -> Style:
    cell = "table><tr><td", 'width="100%"'
    elements = dict.fromkeys(ROLES, ("div", ""))
    elements |= dict.fromkeys(("nav", "main", "footer", "sidebar", "head"), cell)
    elements |= {"title": ("h2", ""), "byline": ("font", 'size="2"'), "pull": ("div", 'align="right"')}
    return _Tables(elements, _bare_numerals)


class _Tables(Style):
    def part(self, role: str, inside: str) -> str:
        tag, attributes = self.elements.get(role, ("div", ""))
        if tag != "table><tr><td":
            return super().part(role, inside)
        return f"<table border=0><tr><td {attributes}>{inside}</td></tr></table>\n"


def _builder() -> Style:
    elements = {role: ("div", f'class="css-{hash_of(role)} e{hash_of(role[::-1])}"') for role in ROLES}
    elements |= {"title": ("h1", f'class="css-{hash_of("h")}"'), "author": ("span", ""), "date": ("span", "")}
    return Style(elements, _numbered_cards)


def hash_of(word: str) -> str:
    """Return what a site builder makes of a name."""
    number = sum(ord(letter) * 31**place for place, letter in enumerate(word)) % 36**5
    return "".join("0123456789abcdefghijklmnopqrstuvwxyz"[number // 36**n % 36] for n in range(5))


STYLES = {
    "soup": _soup(),
    "article": _article(),
    "sections": _sections(),
    "wordpress": _wordpress(),
    "tables": _tables(),
    "builder": _builder(),
}
