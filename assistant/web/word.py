"""Writes a briefing as a Word file. Only here is python-docx known; importing it takes a moment."""

from datetime import UTC, datetime
from io import BytesIO
from typing import assert_never

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from assistant import wording
from assistant.web import labels
from assistant.web.briefing import Block, Briefing, Heading, Link, Mark, Paragraph, Piece, Reference

_LANGUAGE = "en-GB"
_FONT = "Arial"
_SIZES = {"Title": 20, "Heading 1": 14, "Heading 2": 12}
_DARK, _BLUE = RGBColor(0x1F, 0x1F, 0x1F), RGBColor(0x0B, 0x4A, 0x8B)
_ASIDE = "Small print"
_LOOKS = {"plain": "Normal", "aside": _ASIDE, "item": "List Bullet"}
_THEMED = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def word(briefing: Briefing) -> bytes:
    """Write the paper with Word's own headings, list numbers and links, on A4."""
    paper = Document()
    _set_up(paper, briefing)
    paper.add_heading(briefing.title, 0)
    for block in briefing.blocks:
        _add(paper, block)
    if briefing.references:
        paper.add_heading(labels.REFERENCES, 1)
    for reference in briefing.references:
        _add_reference(paper, reference)
    file = BytesIO()
    paper.save(file)
    return file.getvalue()


def _add(paper: Paper, block: Block) -> None:
    match block:
        case Heading():
            paper.add_heading(block.words, block.level)
        case Paragraph():
            _write(paper.add_paragraph(style=_LOOKS[block.look]), block.pieces)
        case _:
            assert_never(block)


def _add_reference(paper: Paper, reference: Reference) -> None:
    """Add a line of Word's own numbered list, with a name that the numbers in the text lead to."""
    line = paper.add_paragraph(style="List Number")
    _mark_place(line, reference.number)
    _write(line, reference.pieces)
    line.add_run().add_break()
    line.add_run(f"“{reference.quote}”").italic = True


def _write(line: Line, pieces: tuple[Piece, ...]) -> None:
    for piece in pieces:
        match piece:
            case Mark(number=number):
                _link(line, f"\u00a0[{number}]", anchor=_place(number))
            case Link(words=words, url=str(url)):
                _link(
                    line,
                    words,
                    target=line.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
                )
            case Link(words=words):
                line.add_run(words)
            case str():
                line.add_run(piece)
            case _:
                assert_never(piece)


def _link(line: Line, words: str, *, anchor: str = "", target: str = "") -> None:
    """Add a link; python-docx 1.2 reads links but has no way to write one."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor") if anchor else qn("r:id"), anchor or target)
    written = OxmlElement("w:r")
    link.append(written)
    line._p.append(link)  # noqa: SLF001
    run = Run(written, line)
    run.text = words
    if target:
        run.style = "Hyperlink"


def _mark_place(line: Line, number: int) -> None:
    for name in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(name)
        mark.set(qn("w:id"), str(number))
        if name == "w:bookmarkStart":
            mark.set(qn("w:name"), _place(number))
        line._p.append(mark)  # noqa: SLF001


def _place(number: int) -> str:
    return f"reference_{number}"


# --- what Word shows around the text ---


def _set_up(paper: Paper, briefing: Briefing) -> None:
    about, now = paper.core_properties, datetime.now(UTC).replace(tzinfo=None)
    about.title, about.author, about.last_modified_by = briefing.title, wording.NAME, wording.NAME
    about.subject, about.language = briefing.subject[:255], _LANGUAGE
    about.comments = wording.WHAT_IT_IS_NOT
    about.created = about.modified = now
    _drop_picture(paper)
    _set_language(paper)
    _set_styles(paper)
    _number_in_brackets(paper)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    _number_pages(section.footer.paragraphs[0])


def _drop_picture(paper: Paper) -> None:
    """Take out the picture of its first page that python-docx's own empty paper comes with."""
    parts = paper.part.package.rels
    for name in [name for name, part in parts.items() if part.reltype.endswith("/thumbnail")]:
        del parts[name]


def _set_language(paper: Paper) -> None:
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)


def _set_styles(paper: Paper) -> None:
    for name in ("Normal", *_SIZES):
        style = paper.styles[name]
        assert isinstance(style, ParagraphStyle)
        _set_font(style, _SIZES.get(name, 11))
    aside = paper.styles.add_style(_ASIDE, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(aside, ParagraphStyle)
    aside.base_style, aside.font.size = paper.styles["Normal"], Pt(9.5)
    aside.paragraph_format.space_after = Pt(6)
    reference = paper.styles["List Number"]
    assert isinstance(reference, ParagraphStyle)
    reference.paragraph_format.keep_together, reference.paragraph_format.space_after = True, Pt(8)
    for tight in reference.element.iter(qn("w:contextualSpacing")):
        tight.set(qn("w:val"), "0")
    link = paper.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    assert isinstance(link, CharacterStyle)
    link.font.underline, link.font.color.rgb = True, _BLUE


def _set_font(style: ParagraphStyle, size: float) -> None:
    """Give a style our font: what the theme says of it would count for more."""
    style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), _DARK
    fonts = style.element.rPr.rFonts
    for name in _THEMED:
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _number_in_brackets(paper: Paper) -> None:
    """Let the list of references count [1], [2] as the text does."""
    style = paper.styles["List Number"].element
    number = style.pPr.numPr.numId.val
    lists = paper.part.numbering_part.element
    chosen = lists.num_having_numId(number).abstractNumId.val
    (counted,) = lists.xpath(f"w:abstractNum[@w:abstractNumId='{chosen}']/w:lvl[@w:ilvl='0']/w:lvlText")
    counted.set(qn("w:val"), "[%1]")


def _number_pages(line: Line) -> None:
    line.add_run(f"{wording.NAME} · ").font.size = Pt(9)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)  # noqa: SLF001
