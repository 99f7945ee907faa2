"""Reads `asked/<document>.md`: questions in readers' own words, beside the sections that answer them."""

import re
from collections.abc import Collection
from pathlib import Path

from assistant.errors import MaterialInvalid

_HEADING = re.compile(r"## +(\S.*)")
_QUESTION = re.compile(r"[-*] +(\S.*)")

AskedSection = tuple[str, tuple[str, ...]]


def read_asked(path: Path, headings: Collection[str]) -> tuple[AskedSection, ...]:
    """Return the questions of each heading; none without the file.

    Raises `MaterialInvalid` naming file and line of what is no heading of the document, or no `- question`.
    """
    found: dict[str, list[str]] = {}
    heading = ""
    for number, line in enumerate(_lines(path), 1):
        text = " ".join(line.split())
        if named := _HEADING.fullmatch(text):
            heading = named[1]
            if heading not in headings:
                raise MaterialInvalid(f"{path}:{number}: the digest has no heading {heading!r}")
        elif (question := _QUESTION.fullmatch(text)) and heading:
            found.setdefault(heading, []).append(question[1])
        elif text:
            raise MaterialInvalid(f"{path}:{number}: a line must be '## HEADING' or '- QUESTION' under one")
    return tuple((heading, tuple(dict.fromkeys(questions))) for heading, questions in found.items())


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MaterialInvalid(f"{path}: can't be read as UTF-8 text") from error
