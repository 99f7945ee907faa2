"""Reads the digests: front matter checked, sections and their sources taken apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from assistant.errors import MaterialInvalid
from assistant.vocabulary import KINDS, Document, Source, TextFrom
from ingest.asked import read_asked

MAX_WORDS = 120
# A digest that speaks of itself would be quoted as if the original did.
BANNED = ("this digest", "could not be seen")

_KEY = re.compile(r"(\w+):")
_HEADING = re.compile(r"(#+) (.*)")
_SOURCE = re.compile(r"Source: (?:\[([^\[\]]+)\]\((https?://[^\s()]+)\)|([^\s\[\]()][^\[\]()]*))")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_URL = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?")
_LIST_ITEM = re.compile(r"(?:[-*•]|\d+[.)])\s")


def _line(value: str) -> str:
    if not value.strip() or len(value.splitlines()) > 1:
        raise ValueError("must be one line and not empty")
    return value


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"must be one of {', '.join(KINDS)}")
    return value


def valid_date(value: str) -> str:
    """Return the date of a publication; raises `ValueError` saying what is wrong with it."""
    if not _DATE.fullmatch(value):
        raise ValueError("must be a year, a month or a day, such as 2022, 2022-09 or 2022-09-19")
    date.fromisoformat(f"{value}-01-01"[:10])  # says which part is not a date
    return value


def _url(value: str) -> str:
    if not _URL.fullmatch(value):
        raise ValueError("must be an address that starts with http:// or https://")
    return value


Line = Annotated[str, AfterValidator(_line)]


class FrontMatter(BaseModel):
    """What stands between the two --- lines of a digest."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Line
    title: Line
    kind: Annotated[str, AfterValidator(_kind)]
    principle: Annotated[int, Field(ge=1, le=6)] | None = None
    authors: Annotated[list[Line], Field(min_length=1)]
    organisation: Line
    place: Line | None = None
    published: Annotated[str, AfterValidator(valid_date)] | None = None
    url: Annotated[str, AfterValidator(_url)]
    coverage: Literal["full", "partial"]
    not_covered: Annotated[Line | None, Field(validate_default=True)] = None

    @field_validator("not_covered")
    @classmethod
    def _partial_says_what_is_left_out(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("coverage") == "partial":
            raise ValueError("key missing, and coverage is partial")
        return value

    def document(self) -> Document:
        """Return the document that this front matter describes."""
        facts = self.model_dump(exclude={"coverage", "authors"})
        return Document(authors=tuple(self.authors), **facts)


KEYS = tuple(FrontMatter.model_fields)


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and the text under it; `text` has its paragraphs apart by an empty line."""

    heading: str
    text: str
    source: Source | None = None
    page: int | None = None
    text_from: TextFrom = "digest"


@dataclass(frozen=True, slots=True)
class Digest:
    """One document of the material, read and checked; `asked` are readers' questions by heading."""

    document: Document
    coverage: str
    sections: tuple[Section, ...]
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that a person has to mend in a file."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def read_corpus(folder: Path) -> tuple[Digest, ...]:
    """Read all digests, and `asked` beside their folder; raises `MaterialInvalid` with every problem."""
    files = [_File(path) for path in sorted(folder.glob("*.md")) if path.name != "README.md"]
    if not files:
        raise MaterialInvalid(f"There are no digests (*.md) in {folder}. KIL_CORPUS names the folder.")
    digests = [file.read() for file in files]
    problems = [problem for file in files for problem in file.problems]
    problems += _repeated_titles(files)
    if problems:
        raise MaterialInvalid("\n".join(str(problem) for problem in sorted(problems)))
    asked = folder.parent / "asked"
    return tuple(_with_asked(digest, asked) for digest in sorted(filter(None, digests), key=_place_in_corpus))


def _with_asked(digest: Digest, folder: Path) -> Digest:
    headings = {section.heading for section in digest.sections}
    return replace(digest, asked=read_asked(folder / f"{digest.document.id}.md", headings))


def _place_in_corpus(digest: Digest) -> tuple[bool, int, int, str]:
    """Sort the introduction first, then what belongs to a principle, then the rest by name."""
    document = digest.document
    kind = KINDS.index(document.kind) if document.principle else 0
    return document.kind != "introduction", document.principle or 7, kind, document.id


def _repeated_titles(files: Sequence["_File"]) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for file in files:
        if file.title and seen.setdefault(file.title, file.path) != file.path:
            line = file.keys.get("title", 1)
            yield Problem(str(file.path), line, f"title is also used in {seen[file.title]}: {file.title!r}")


class _File:
    """One file while it is read: its lines, and the problems found so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.keys: dict[str, int] = {}
        self.title = ""

    def read(self) -> Digest | None:
        """Return the digest, or `None` when the front matter is beyond use."""
        lines = self._lines()
        if lines is None:
            return None
        start, matter = self._front_matter(lines)
        sections = tuple(self._sections(lines, start))
        for number, line in enumerate(lines, 1):
            if any(phrase in line.lower() for phrase in BANNED):
                self._problem(number, f"phrase not allowed, one of: {', '.join(BANNED)}")
        return Digest(matter.document(), matter.coverage, sections) if matter else None

    def _problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(str(self.path), line, message))

    def _lines(self) -> list[str] | None:
        try:
            return self.path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            self._problem(1, f"is not UTF-8 text: byte {error.start}")
        except OSError as error:
            self._problem(1, f"can't be read: {error.strerror}")
        return None

    def _front_matter(self, lines: list[str]) -> tuple[int, FrontMatter | None]:
        """Check the YAML between the two --- lines; return where the body starts, and what it says."""
        if lines[:1] != ["---"] or "---" not in lines[1:]:
            self._problem(1, "no front matter between two --- lines")
            return 0, None
        end = lines.index("---", 1)
        names = [(found[1], n) for n, line in enumerate(lines[:end], 1) if (found := _KEY.match(line))]
        self.keys = dict(names)
        written = [name for name, _ in names if name in KEYS]
        if written != [key for key in KEYS if key in written]:
            self._problem(2, f"keys are repeated or out of order: {', '.join(written)}")
        return end + 1, self._matter("\n".join(lines[1:end]))

    def _matter(self, text: str) -> FrontMatter | None:
        try:
            given = yaml.safe_load(text)
            for key in (
                [key for key, value in given.items() if value is None] if isinstance(given, dict) else []
            ):
                self._problem(self.keys.get(str(key), 1), f"{key}: give it a value or leave it out")
            matter = FrontMatter.model_validate(given)
        except ValidationError as error:
            self._invalid(error)
            return None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            self._problem(mark.line + 2 if mark else 1, f"front matter: {getattr(error, 'problem', error)}")
            return None
        if matter.id != self.path.stem:
            self._problem(self.keys.get("id", 1), f"id is not the file name: {matter.id!r}")
        self.title = matter.title
        return matter

    def _invalid(self, error: ValidationError) -> None:
        for wrong in error.errors(include_url=False, include_input=False):
            key = str(wrong["loc"][0]) if wrong["loc"] else ""
            match wrong["type"]:
                case "missing":
                    message = f"key missing: {key}"
                case "extra_forbidden":
                    message = f"key unknown: {key}"
                case _:
                    message = f"{key}: {wrong['msg']}".removeprefix(": ").replace("Value error, ", "")
            self._problem(self.keys.get(key, 1), message)

    def _sections(self, lines: list[str], start: int) -> Iterator[Section]:
        headings = [n for n in range(start, len(lines)) if _HEADING.match(lines[n])]
        first = headings[0] if headings else len(lines)
        for number in (n for n in range(start, first) if lines[n].strip()):
            self._problem(number + 1, "text before the first heading")
        if not any(lines[n].startswith("## ") for n in headings):
            self._problem(start + 1, "no '## ' heading")
        seen: set[str] = set()
        for at, end in pairwise([*headings, len(lines)]):
            heading = " ".join(lines[at].lstrip("#").split())
            if not heading or heading in seen:
                self._problem(at + 1, f"heading repeated: {heading}" if heading else "heading without words")
            seen.add(heading)
            yield self._section(heading, lines, at, end)

    def _section(self, heading: str, lines: list[str], at: int, end: int) -> Section:
        body = list(enumerate(lines[at + 1 : end], at + 2))
        source = self._source(body, at + 2)
        paragraphs = list(self._paragraphs([(n, text) for n, text in body if not text.startswith("Source:")]))
        if not paragraphs:
            self._problem(at + 1, "section without a paragraph")
        return Section(heading, "\n\n".join(paragraphs), source)

    def _source(self, body: Sequence[tuple[int, str]], wanted: int) -> Source | None:
        source = None
        for number, text in body:
            if not text.startswith("Source:"):
                continue
            found = _SOURCE.fullmatch(text.rstrip())
            if number == wanted and found:
                source = Source(name=(found[1] or found[3]).strip(), url=found[2])
            else:
                wanted_form = "'Source: [NAME](URL)' or 'Source: NAME'"
                self._problem(number, f"Source line must be right under its heading: {wanted_form}")
        return source

    def _paragraphs(self, body: Sequence[tuple[int, str]]) -> Iterator[str]:
        """Join the lines of each paragraph; a list keeps its lines."""
        joined: list[str] = []
        for number, text in [*body, (body[-1][0] + 1 if body else 0, "")]:
            words = " ".join(text.split())
            if words and joined and not _LIST_ITEM.match(words):
                joined[-1] += f" {words}"
            elif words:
                joined.append(words)
            elif joined:
                paragraph, joined = "\n".join(joined), []
                if (count := len(paragraph.split())) > MAX_WORDS:
                    self._problem(number - 1, f"this paragraph has {count} words, over {MAX_WORDS}")
                yield paragraph
