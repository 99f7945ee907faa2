"""What a reader gets who takes an answer away as a file, in a real browser."""

from pathlib import Path

import docx
import pytest
from playwright.sync_api import Locator, Page, expect

from assistant.web import labels
from tests import fakes
from tests.browser.conftest import ask
from tests.browser.test_sheets import Look, look  # noqa: F401  a fixture

pytestmark = pytest.mark.browser


def _taken(page: Page, button: Locator, folder: Path) -> Path:
    with page.expect_download() as begun:
        button.click()
    file = folder / begun.value.suggested_filename
    begun.value.save_as(file)
    return file


def test_the_chat_gives_an_answer_as_word_and_keeps_the_conversation(page: Page, tmp_path: Path) -> None:
    turn = ask(page, fakes.ANSWERED)
    file = _taken(page, turn.get_by_role("button", name=labels.DOWNLOADS["docx"]), tmp_path)

    assert file.suffix == ".docx"
    assert fakes.ANSWERED in [line.text for line in docx.Document(str(file)).paragraphs]
    expect(turn.locator(".sentence")).to_have_count(2)


def test_the_page_without_scripts_gives_an_answer_as_markdown(look: Look, tmp_path: Path) -> None:  # noqa: F811
    page = look(f"ask?q={fakes.ANSWERED}")
    file = _taken(page, page.get_by_role("button", name=labels.DOWNLOADS["md"]), tmp_path)

    assert file.suffix == ".md"
    assert f"## {fakes.ANSWERED}\n" in file.read_text(encoding="utf-8")
    expect(page.get_by_role("heading", name=fakes.ANSWERED)).to_be_visible()
