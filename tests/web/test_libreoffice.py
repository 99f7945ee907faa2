"""The Word file in another word processor: LibreOffice opens it, and its PDF has lost nothing."""

import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from assistant import wording
from assistant.web import labels
from assistant.web.briefing import Heading, Mark, Paragraph, briefing_of
from assistant.web.papers import paper
from tests import fakes
from tests.web.reading import exchange

OFFICE = shutil.which("soffice")
CONVERSATION = tuple(exchange(answer()) for answer in fakes.CANNED.values()) * 3


def _words(text: str) -> str:
    return re.sub(r"[\s\u00a0\u00ad\ufffe-]+", "", text)


@pytest.mark.skipif(OFFICE is None, reason="There is no LibreOffice here.")
def test_several_answers_become_a_pdf_without_loss(tmp_path: Path) -> None:
    file = tmp_path / "briefing.docx"
    file.write_bytes(paper("docx", CONVERSATION))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)

    with pypdfium2.PdfDocument(tmp_path / "briefing.pdf") as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    read = _words("".join(page.partition(wording.NAME + " ·")[0] for page in pages))
    briefing = briefing_of(CONVERSATION)
    said = [piece for block in briefing.blocks for piece in _pieces(block)]
    said += [f"[{one.number}]" for one in briefing.references] + [one.quote for one in briefing.references]

    assert [words for words in said if _words(words) not in read] == []
    assert read.count(_words(labels.REFERENCES)) == 1
    assert len(briefing.references) == 4


def _pieces(block: Heading | Paragraph) -> list[str]:
    """Return the words of a block, and its numbers as they are read."""
    if isinstance(block, Heading):
        return [block.words]
    return [
        f"[{piece.number}]" if isinstance(piece, Mark) else piece if isinstance(piece, str) else piece.words
        for piece in block.pieces
    ]
