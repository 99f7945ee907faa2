"""Readers: one file for each type, from bytes to sections."""

from assistant.errors import Unreadable
from ingest.readers.decoding import decode
from ingest.readers.html import read_html
from ingest.readers.pdf import read_pdf
from ingest.readers.plain import read_plain
from ingest.readers.reading import Reading, ReadSection
from ingest.readers.word import read_word

__all__ = ["ReadSection", "Reading", "read"]

_HTML = (
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<body",
    b"<?xml",
    b"<!--",
    b"<meta",
    b"<title",
    b"<div",
    b"<p>",
)
# What files begin with that there is no reader for, and what to do about it.
_OTHERS = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old or a locked Word, Excel or PowerPoint file. Save it as .docx without a password",
    ),
    (b"{\\rtf", "rich text. Save it as .docx"),
    (b"\x89PNG", "a picture. Add the page or the document that it comes from"),
    (b"\xff\xd8\xff", "a picture. Add the page or the document that it comes from"),
    (b"GIF8", "a picture. Add the page or the document that it comes from"),
    (b"\x1f\x8b", "packed. Unpack it and add what is in it"),
    (b"PK", "no Word file, though packed like one. Save it as .docx or PDF, or unpack it"),
    (b"Rar!", "packed. Unpack it and add what is in it"),
)


def read(data: bytes, name: str, media_type: str | None) -> Reading:
    """Read a file by what it holds, whatever it is called; raises `Unreadable` saying what is wrong."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise Unreadable(f"{name} is empty.")
    if b"%PDF-" in data[:1024]:
        return read_pdf(data, name)
    if head.startswith(b"PK") and (b"word/" in data or name.lower().endswith(".docx")):
        return read_word(data, name)
    for start, kind in _OTHERS:
        if head.startswith(start):
            raise Unreadable(f"{name} is {kind}.")
    if _is_html(data, head, name, media_type):
        return read_html(data, name, media_type)
    return read_plain(decode(data, name, media_type), name)


def _is_html(data: bytes, head: bytes, name: str, media_type: str | None) -> bool:
    said = "html" in (media_type or "").lower() or name.lower().rsplit(".", 1)[-1] in ("html", "htm", "xhtml")
    plain = data[:4096].replace(b"\0", b"").lower()  # UTF-16
    return (
        said or head.lower().startswith(_HTML) or any(tag in plain for tag in (b"<!doctype html", b"<html"))
    )
