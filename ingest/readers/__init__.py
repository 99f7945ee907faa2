"""Readers: one file for each type, from bytes to sections."""

from ingest.readers.html import read_html
from ingest.readers.plain import read_plain
from ingest.readers.reading import Reading, ReadSection

__all__ = ["ReadSection", "Reading", "read"]


def read(data: bytes, name: str, media_type: str | None) -> Reading:
    """Read a file of any type there is a reader for; raises `Unreadable` saying what is wrong with it."""
    if b"<" in data[:200]:
        return read_html(data, name, media_type)
    return read_plain(data, name)
