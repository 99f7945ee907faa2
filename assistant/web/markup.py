"""Builds HTML in which every plain string is escaped; only what was built here counts as HTML."""

import html
from urllib.parse import urlsplit

Attribute = str | int | bool | None

_VOID = frozenset({"img", "input", "link", "meta"})


class Html(str):
    """Text that may stand in a page as it is."""

    __slots__ = ()


def element(name: str, /, *children: str | None, **attributes: Attribute) -> Html:
    """Write one element. `class_` and `data_x` become `class` and `data-x`; None and False leave it out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    end = "" if name in _VOID else f"{join(*children)}</{name}>"
    return Html(f"<{name}{written}>{end}")


def join(*children: str | None) -> Html:
    """Put pieces one behind the other."""
    return Html("".join(_safe(child) for child in children if child))


def outward(url: str | None, *children: str | None, **attributes: Attribute) -> Html:
    """Link to another site in a new tab. Whatever is not a web address becomes plain text."""
    if not is_web_address(url):
        return join(*children)
    return element("a", *children, href=url, target="_blank", rel="noopener noreferrer", **attributes)


def is_web_address(url: str | None) -> bool:
    """Whether a link may lead there: http and https only."""
    if not url or any(letter.isspace() or not letter.isprintable() for letter in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _safe(child: str) -> str:
    return child if isinstance(child, Html) else html.escape(child)


def _attribute(key: str, value: Attribute) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(str(value))}"'
