"""Reading PDFs and Word files: every sentence, in order, on its page."""

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.readers import Reading, read
from tests.ingest.site.measuring import plain
from tests.ingest.site.papers import Paper, minutes, plan, report, two_columns

PAPERS = pytest.mark.parametrize("make", [two_columns, report, minutes, plan], ids=lambda make: make.__name__)
PDFS = pytest.mark.parametrize("make", [two_columns, report], ids=lambda make: make.__name__)


def text_of(reading: Reading) -> str:
    return plain(" ".join(f"{section.heading} {section.text}" for section in reading.sections))


@PAPERS
def test_every_sentence_is_kept_in_order_and_every_item_and_row(make: Callable[[], Paper]) -> None:
    paper = make()
    reading = read(paper.data, paper.name, None)
    text, lines = text_of(reading), [line for one in reading.sections for line in one.text.splitlines()]
    places = [text.find(plain(sentence)) for sentence in paper.body]
    assert -1 not in places
    assert places == sorted(places)
    assert [item for item in paper.items if not any(line.endswith(item) for line in lines)] == []
    assert [row for row in paper.rows if not any(all(cell in line for cell in row) for line in lines)] == []


@PAPERS
def test_headings_title_authors_and_date_are_found(make: Callable[[], Paper]) -> None:
    paper = make()
    reading = read(paper.data, paper.name, None)
    assert (reading.title, reading.authors, reading.published) == (
        paper.title,
        paper.authors,
        paper.published,
    )
    assert list(dict.fromkeys(section.heading for section in reading.sections)) == paper.headings


@PDFS
def test_running_heads_and_page_numbers_are_dropped(make: Callable[[], Paper]) -> None:
    paper = make()
    assert paper.clutter
    assert [one for one in paper.clutter if one in text_of(read(paper.data, paper.name, None))] == []


@PDFS
def test_every_sentence_stands_in_a_section_of_the_page_that_it_begins_on(make: Callable[[], Paper]) -> None:
    paper = make()
    sections = read(paper.data, paper.name, None).sections
    assert max(paper.pages.values()) > 2
    wrong = [
        sentence
        for sentence, page in paper.pages.items()
        if not any(one.page == page and plain(sentence) in plain(one.text) for one in sections)
    ]
    assert wrong == []


def test_words_broken_at_the_end_of_a_line_are_mended_and_words_with_a_hyphen_keep_it() -> None:
    paper = two_columns()
    text = text_of(read(paper.data, paper.name, None))
    assert "volunteers" in text
    assert "front-line staff" in text
    assert "frontline" not in text
    assert "- " not in text.replace(" - ", "")


def test_a_word_list_keeps_its_numbers() -> None:
    paper = minutes()
    numbered = [
        line
        for one in read(paper.data, paper.name, None).sections
        for line in one.text.splitlines()
        if line[:1].isdigit()
    ]
    assert [line[:3] for line in numbered if line[1:2] == "."] == ["1. ", "2. ", "3. "]


def test_a_numbered_heading_is_a_heading_and_text_set_far_apart_stays_one_paragraph() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    y = 780.0
    for number in (1, 2):
        y = _printed(canvas, y - 30, 14, [f"{number}. The money of part {number}"])
        for part in ("first", "second"):
            lines = [f"The {part} line of {number} goes on and on and ends with"] * 3
            y = _printed(canvas, y - 8, 10, lines)
            y = _printed(canvas, y, 10, ["a short one."])
    canvas.save()
    sections = read(file.getvalue(), "spaced.pdf", None).sections
    assert [one.heading for one in sections] == ["", "2. The money of part 2"]  # the first is the title
    assert [len(one.text.split("\n\n")) for one in sections] == [2, 2]


def _printed(canvas: Canvas, y: float, size: float, lines: list[str]) -> float:
    for line in lines:
        canvas.setFont("Helvetica-Bold" if size > 10 else "Helvetica", size)
        canvas.drawString(70, y, line)
        y -= size * 1.9
    return y
