"""Writes corpus/README.md from the front matter: `python -m ingest.catalogue`."""

from collections.abc import Sequence
from pathlib import Path

from assistant.vocabulary import KINDS, PRINCIPLES
from ingest.front_matter import KEYS, MAX_WORDS, Digest, read_corpus

CORPUS = Path("corpus")

_COLUMNS = ("id", "kind", "principle", "title", "authors / organisation", "published", "coverage", "url")

_INTRODUCTION = """\
# Keep it Local corpus

<!-- Written by `python -m ingest.catalogue`: change that, or a digest, and run it again. -->

`digests/` holds {count} digests of Locality's Keep it Local material, one file for each document. A
digest says in our own words what the stored excerpts of the original say; it is not the original.
Quote the original where exact wording matters: each digest links to it.

The originals are Locality's and their authors' work. The MIT licence of the code does not cover
them.

{partial} of the {count} digests are `partial`: the stored copies end after roughly the first 2,000
characters of a page, so what comes later in the original is not here. Each of these says in
`not_covered` what it lacks.

## What a digest looks like

The file is named after its `id`, and starts with front matter between two `---` lines, with these
keys in this order: {keys}. `principle`, `place` and `published` are left out where they do not
apply or are not known, and `not_covered` is there whenever `coverage` is `partial`. `kind` is one
of {kinds}. `published` is always in quotation marks: a year, a month or a day.

The body is made of sections. Each has a `## ` heading, a question that a reader would ask, which no
other section of the file repeats. Each paragraph can be understood by itself, has at most {words}
words, is about the subject and never about the digest, and holds only what a source says. What
comes from another source than the page in `url` stands in a section of its own, with `Source:
[NAME](URL)`, or `Source: NAME` where no address is known, on the line right under the heading.

`keep-it-local ingest` checks all this, names file and line of whatever is wrong, and then brings
the index up to the material. After adding, renaming or removing a digest, or changing its front
matter, write this file anew with `python -m ingest.catalogue`.

## What readers ask

`asked/` holds a file for a digest, named like it, with its `## ` headings and under each a list of
questions that readers ask and that the section answers, in their own everyday words. They are
indexed beside the section, so that it is found by people who don't know its words. They are never
shown and never cited. A digest without such a file, and a heading without questions, is found by its
text alone. When a question that the material answers is not found, write it here, in the words in
which it was asked, and run `keep-it-local ingest`.

## The digests

"""


def catalogue(digests: Sequence[Digest]) -> str:
    """Return the whole of corpus/README.md."""
    introduction = _INTRODUCTION.format(
        count=len(digests),
        partial=sum(one.coverage == "partial" for one in digests),
        keys=", ".join(f"`{key}`" for key in KEYS),
        kinds=", ".join(f"`{kind}`" for kind in KINDS),
        words=MAX_WORDS,
    )
    table = [_row(_COLUMNS), _row(["---"] * len(_COLUMNS)), *(_row(_cells(one)) for one in digests)]
    missing = _missing(digests)
    absent = ["", "## Not in the corpus", "", *missing] if missing else []
    return introduction + "\n".join([*table, *absent, ""])


def write_catalogue(corpus: Path = CORPUS) -> None:
    """Write corpus/README.md anew."""
    (corpus / "README.md").write_text(catalogue(read_corpus(corpus / "digests")), encoding="utf-8")


def _cells(digest: Digest) -> list[str]:
    document = digest.document
    authors = ", ".join(document.authors)
    by = authors if authors == document.organisation else f"{authors} / {document.organisation}"
    principle = str(document.principle or "")
    published = document.published or ""
    return [
        document.id,
        document.kind,
        principle,
        document.title,
        by,
        published,
        digest.coverage,
        document.url,
    ]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _missing(digests: Sequence[Digest]) -> list[str]:
    """Name the case studies that Locality's collection has and the corpus lacks."""
    essays = {one.document.principle: one.document.title for one in digests if one.document.kind == "essay"}
    studies = {one.document.principle for one in digests if one.document.kind == "case-study"}
    return [
        f"- The case study for principle {number}, “{essays[number]}”: it was not found."
        for number in PRINCIPLES
        if number in essays and number not in studies
    ]


if __name__ == "__main__":
    write_catalogue()
