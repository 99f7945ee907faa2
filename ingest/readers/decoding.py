"""From bytes to text, whatever charset a page or its server says it has."""

import codecs
import re

from assistant.errors import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
_FROM_SERVER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# What no text holds: control characters other than tab, line feed, form feed and carriage return.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def decode(data: bytes, name: str, media_type: str | None = None) -> str:
    """Return the text, without control characters; raises `Unreadable` for what is no text."""
    text = _by_mark(data) or _by_content(data, media_type)
    strange = len(_CONTROL.findall(text))
    if strange > len(text) // 20 + 2:
        raise Unreadable(f"{name} is not text in any charset that can be told. Save it again as UTF-8.")
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _by_mark(data: bytes) -> str:
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, errors="replace")
    nulls = data[:1000].count(0)
    if nulls * 3 > min(len(data), 1000):  # UTF-16 without its mark: every other byte of English is 0
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", errors="replace")
    return ""


def _by_content(data: bytes, media_type: str | None) -> str:
    """Believe the bytes first: what is valid UTF-8 with accents in it is UTF-8, whatever is declared."""
    text = data.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd") - data.count("\ufffd".encode())
    if not wrong:
        return text
    declared = _declared(data, media_type)
    if declared and declared != "utf-8":
        return data.decode(declared, errors="replace")
    beyond = sum(character > "\x7f" for character in text) - wrong
    # A cut or a few stray bytes spoil a UTF-8 text here and there, another charset spoils nearly all.
    return text if beyond > 3 * wrong else data.decode("cp1252", errors="replace")


def _declared(data: bytes, media_type: str | None) -> str | None:
    served = _FROM_SERVER.search(media_type or "")
    written = _DECLARED.search(data[:4096])
    names = [served[1]] if served else []
    names += [written[1].decode("ascii", errors="ignore")] if written else []
    return next((known for name in names if (known := _known(name))), None)


def _known(charset: str) -> str | None:
    """Return Python's name of a charset; browsers read latin-1 and ASCII as windows-1252, and so do we."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return None
    if name.startswith(("utf-16", "utf-32")):  # then the bytes would have shown it
        return None
    return "cp1252" if name in ("iso8859-1", "ascii") else name
