"""Reading Markdown and plain text."""

from ingest.readers import read
from ingest.readers.reading import ReadSection

MARKDOWN = """---
title: "Case study: Near at hand"
author: Ann Lee
date: 2021-05-03
---

# Near at hand

## Why it *matters*

The **council** asked its
[neighbours](https://example.org) first. It has `three` halls:

- one on the quay
- two in_town

| Ward | Cost |
|------|------|
| Quay | £40  |

A last word
-----------

It worked.
"""


def test_markdown_is_read_without_its_marks() -> None:
    reading = read(MARKDOWN.encode(), "near.md", None)
    assert (reading.title, reading.authors, reading.published) == ("Near at hand", ("Ann Lee",), "2021-05-03")
    assert reading.sections == (
        ReadSection(
            "Why it matters",
            "The council asked its neighbours first. It has three halls:\n- one on the quay\n- two in_town"
            "\n\nWard: Quay | Cost: £40",
        ),
        ReadSection("A last word", "It worked."),
    )


def test_the_first_lines_of_plain_text_say_what_it_is() -> None:
    text = "Notes from Thornby\nBy Ann Lee\n4 June 2019\n\nThe hall opened in May. It was full\nby June."
    reading = read(text.replace("\n", "\r\n").encode("cp1252"), "notes.txt", "text/plain")
    assert reading.sections == (ReadSection("", "The hall opened in May. It was full by June."),)
