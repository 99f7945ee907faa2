"""Three PDFs and two Word files, with which sentences are in them."""

import io
from dataclasses import dataclass, field

from docx import Document
from docx.document import Document as Word
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.site.prose import Prose

WIDTH, HEIGHT = A4
MARGIN = 56
HEAD, LINE = "Neighbourly · Keep it Nearby", 13
PARTS = """respon sible|organ isations|house holds|house hold|volun teers|refer rals|specifi cation
|profes sional|memo randum|agree ment|pub lished|neigh bours|commis sioners|under standing|reor ganised
|bud get|neces sary|mea sures|guar antee|employ ment|befriend ing|manage ment""".replace("\n", "").split("|")


@dataclass
class Paper:
    """A file and what is true of it."""

    name: str
    title: str
    authors: tuple[str, ...]
    published: str
    data: bytes = b""
    body: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    clutter: list[str] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)  # on which page a sentence begins


class Sheet:
    """Sets text in columns as a typesetter does: broken lines, hyphens, running heads and page numbers."""

    def __init__(self, paper: Paper, columns: int) -> None:
        self.paper, self.columns, self.number = paper, columns, 1
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=A4, invariant=True)
        self.canvas.setTitle("Microsoft Word - final_v7.docx")
        self._width: float = (WIDTH - 2 * MARGIN - (columns - 1) * 24) / columns
        self._column, self.y = 0, HEIGHT - MARGIN
        self.top = HEIGHT - MARGIN - 20
        self._begun: list[str] = []  # sentences that begin on the line being set
        self._furnish()

    def paragraph(self, sentences: list[str], *, size: float = 10, font: str = "Helvetica") -> None:
        line: list[str] = []
        for sentence in sentences:
            begins = True
            for whole in sentence.split():
                kept, word = self._broken(line, whole, size, font)
                if word != whole or kept is None:
                    self._begun += [sentence] if begins and kept else []
                    self._print([*line, kept] if kept else line, size, font)
                    line, begins = [], begins and not kept
                line.append(word)
                self._begun += [sentence] if begins else []
                begins = False
        self._print(line, size, font)
        self.y -= 6

    def heading(self, text: str, size: float) -> None:
        if self.y < MARGIN + 120:
            self._turn()
        self.y -= 8
        self.canvas.setFont("Helvetica-Bold", size)
        self.canvas.drawString(self._left, self.y, text)
        self.paper.headings.append(text)
        self.y -= size + 6

    def item(self, text: str) -> None:
        self._print(["•", text], 10, "Helvetica")
        self.paper.items.append(text)

    def row(self, cells: list[str], *, bold: bool = False) -> None:
        if self.y < MARGIN + 40:
            self._turn()
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 10)
        for at, cell in enumerate(cells):
            self.canvas.drawString(self._left + at * 170, self.y, cell)
        self.paper.rows.append(cells)
        self.y -= LINE + 2

    def line(self, text: str, size: float, font: str = "Helvetica") -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(self._left, self.y, text)
        self.y -= size * 1.5

    def turn(self) -> None:
        self._column = self.columns - 1
        self._turn()

    def done(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()

    @property
    def _left(self) -> float:
        return float(MARGIN) + self._column * (self._width + 24)

    def _broken(self, line: list[str], word: str, size: float, font: str) -> tuple[str | None, str]:
        """Return what of a word still fits on the line, if it has to be broken, and what begins the next."""

        def fits(last: str) -> bool:
            text = " ".join([*line, last])
            return float(self.canvas.stringWidth(text, font, size)) <= self._width

        if fits(word):
            return "", word
        for part in PARTS:
            head, tail = part.split()
            if word.startswith(head + tail) and fits(head + "-"):
                return head + "-", word[len(head) :]
        at = word.find("-") + 1
        if 3 < at < len(word) - 2 and fits(word[:at]):
            return word[:at], word[at:]
        return None, word

    def _print(self, line: list[str], size: float, font: str) -> None:
        if self.y < MARGIN + 20:
            self._turn()
        self.canvas.setFont(font, size)
        self.canvas.drawString(self._left, self.y, " ".join(line))
        self.y -= LINE
        self.paper.body += self._begun
        self.paper.pages |= dict.fromkeys(self._begun, self.number)
        self._begun = []

    def _turn(self) -> None:
        self._column += 1
        if self._column == self.columns:
            self.canvas.showPage()
            self._column, self.number, self.top = 0, self.number + 1, HEIGHT - MARGIN - 20
            self._furnish()
        self.y = self.top

    def _furnish(self) -> None:
        if self.number > 1:
            self.canvas.setFont("Helvetica", 8)
            self.canvas.drawString(MARGIN, HEIGHT - 36, HEAD)
            self.canvas.drawRightString(WIDTH - MARGIN, 30, f"Page {self.number}")
            self.paper.clutter = [HEAD, "Page "]


def two_columns() -> Paper:
    """Make a briefing in two columns."""
    paper = Paper("briefing.pdf", "Small contracts, large effects", ("Priya Watling",), "2020-03-05")
    prose, sheet = Prose(71, set()), Sheet(paper, 2)
    sheet.y -= 20
    sheet.line(paper.title, 26, "Helvetica-Bold")
    sheet.line("By Priya Watling", 11)
    sheet.line("Published: 5 March 2020", 11)
    sheet.top = sheet.y
    for heading in [*prose.headings()][:6]:
        sheet.heading(heading[:34], 13)
        for _ in range(6):
            sheet.paragraph(prose.paragraph(2, 4))
    paper.data = sheet.done()
    return paper


def report() -> Paper:
    """Make an ordinary report: a cover, headings of two sizes, a list and a table."""
    paper = Paper("report.pdf", "Near at hand", ("Lena Okafor", "Tom Ridley"), "2021-11")
    prose, sheet = Prose(72, set()), Sheet(paper, 1)
    sheet.y -= 200
    sheet.line("Near at hand", 34, "Helvetica-Bold")
    sheet.line("Lena Okafor and Tom Ridley", 12)
    sheet.line("November 2021", 12)
    sheet.turn()
    headings = [*prose.headings()]
    for at, heading in enumerate(headings[:8]):
        sheet.heading(heading, 20 if at % 2 == 0 else 14)
        for _ in range(3):
            sheet.paragraph(prose.paragraph(3, 5))
        if at == 2:
            for _ in range(4):
                sheet.item(prose.item())
            sheet.y -= 8
        if at == 5:
            sheet.row(["Area", "Provider", "Yearly cost"], bold=True)
            for _ in range(5):
                sheet.row([prose.phrase("place"), prose.phrase("group"), prose.phrase("cost")])
            sheet.y -= 8
    paper.data = sheet.done()
    return paper


def scanned() -> Paper:
    """Make pictures of pages, as a scanner does."""
    prose, pages = Prose(73, set()), []
    for _ in range(3):
        page = Image.new("L", (620, 877), 255)
        draw = ImageDraw.Draw(page)
        for at in range(30):
            draw.text((40, 40 + at * 26), prose.sentence()[:90], fill=0)
        pages.append(page)
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:])
    return Paper("scan.pdf", "", (), "", file.getvalue())


def many_pages(number: int) -> bytes:
    """Make a PDF of so many pages, each with its own words."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    for page in range(1, number + 1):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(MARGIN, HEIGHT - 36, HEAD)
        for at in range(45):
            words = f"Line {at} of sheet {page} says that neighbours met and agreed what to do next."
            canvas.drawString(MARGIN, HEIGHT - 80 - at * 14, words)
        canvas.drawString(MARGIN, 30, str(page))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def encrypted() -> bytes:
    """Make a PDF that asks for a password."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, encrypt="open sesame")
    canvas.drawString(MARGIN, 700, "Nobody may read this.")
    canvas.save()
    return file.getvalue()


def minutes() -> Paper:
    """Make a Word file as Word's own styles make it."""
    paper = Paper("minutes.docx", "What we agreed in Thornby", ("Amara Finch",), "2023-04-18")
    prose, word = Prose(81, set()), Document()
    word.core_properties.author, word.core_properties.title = "Amara Finch", ""
    word.add_paragraph(paper.title, style="Title")
    word.add_paragraph("18 April 2023")
    _fill(word, paper, prose, [*prose.headings()])
    paper.data = _saved(word)
    return paper


def plan() -> Paper:
    """Make a Word file whose title is a heading and whose author stands under it."""
    paper = Paper("plan.docx", "A plan for the Quay ward", ("Gethin Moss", "Ines Calder"), "2022")
    prose, word = Prose(82, set()), Document()
    word.core_properties.author, word.core_properties.title = "Microsoft Office User", "Document1"
    word.add_heading(paper.title, 1)
    word.add_paragraph("By Gethin Moss and Ines Calder")
    word.add_paragraph("Published: 2022")
    _fill(word, paper, prose, [*prose.headings()])
    paper.data = _saved(word)
    return paper


def _fill(word: Word, paper: Paper, prose: Prose, headings: list[str]) -> None:
    for at, heading in enumerate(headings[:5]):
        word.add_heading(heading, 1 + at % 2)
        paper.headings.append(heading)
        for _ in range(3):
            sentences = prose.paragraph()
            paper.body += sentences
            paragraph = word.add_paragraph(f"{sentences[0]} ")
            paragraph.add_run(sentences[1]).bold = True
            paragraph.add_run(" " + " ".join(sentences[2:]))
        for style in ("List Bullet", "List Number")[: at % 3]:
            paper.items += [prose.item() for _ in range(3)]
            for item in paper.items[-3:]:
                word.add_paragraph(item, style=style)
    _add_table(word, paper, prose)


def _add_table(word: Word, paper: Paper, prose: Prose) -> None:
    paper.rows = [["Area", "Provider", "Yearly cost"]]
    paper.rows += [[prose.phrase("place"), prose.phrase("group"), prose.phrase("cost")] for _ in range(3)]
    table = word.add_table(rows=0, cols=3)
    for at, row in enumerate(paper.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(text).bold = at == 0


def _saved(word: Word) -> bytes:
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()
