"""Small digests for tests, written to a folder."""

from pathlib import Path

PARAGRAPH = "Marlow council buys from its neighbours. It began in 2019."

DIGEST = """\
---
id: {id}
title: "{title}"
kind: case-study
principle: 4
authors: ["Ada Field", "Ben Shore"]
organisation: "Marlow Council"
place: "Marlow"
published: "2021-05"
url: "https://example.org/{id}"
coverage: partial
not_covered: "The interviews."
---

## What did {id} change?

{text}

## Who reported on {id}?
Source: [Marlow Courier](https://example.org/courier)

The Courier reported that {id} spent £30,000.

Small providers won six of ten contracts.
"""


def write_digest(folder: Path, id: str, text: str = PARAGRAPH, title: str = "") -> Path:
    """Write a valid digest of two sections; `text` is the first one's."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{id}.md"
    path.write_text(DIGEST.format(id=id, title=title or f"Report on {id}", text=text), encoding="utf-8")
    return path


def write_corpus(folder: Path, *ids: str) -> Path:
    """Write a valid digest for each id."""
    for id_ in ids:
        write_digest(folder, id_)
    return folder
