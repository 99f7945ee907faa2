"""Readers: one file for each type, from bytes to sections."""

from ingest.readers.plain import read_plain
from ingest.readers.reading import Reading, ReadSection

__all__ = ["ReadSection", "Reading", "read"]


def read(data: bytes, name: str, media_type: str | None) -> Reading:  # noqa: ARG001 - soon
    """Read a file of any type there is a reader for; raises `Unreadable` saying what is wrong with it."""
    return read_plain(data, name)
