"""Questions in readers' own words, beside the sections that answer them."""

from pathlib import Path

import pytest

from assistant.errors import MaterialInvalid
from assistant.index import open_index
from ingest.building import build, status
from ingest.front_matter import read_corpus
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_corpus


def write_asked(corpus: Path, id: str, text: str) -> Path:
    folder = corpus.parent / "asked"
    folder.mkdir(exist_ok=True)
    path = folder / f"{id}.md"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "digests", "alpha", "beta")


def test_each_question_belongs_to_the_heading_above_it(corpus: Path) -> None:
    write_asked(
        corpus,
        "alpha",
        "## What did alpha change?\n\n- is it cheaper\n- who gains\n- is it cheaper\n\n"
        "## Who reported on alpha?\n* what did it cost\n",
    )
    alpha, beta = read_corpus(corpus)
    assert alpha.asked == (
        ("What did alpha change?", ("is it cheaper", "who gains")),
        ("Who reported on alpha?", ("what did it cost",)),
    )
    assert beta.asked == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("## What did gamma change?\n- why\n", "alpha.md:1: the digest has no heading"),
        ("- why\n", "alpha.md:1: a line must be"),
        ("## What did alpha change?\n- why\nand how\n", "alpha.md:3: a line must be"),
    ],
)
def test_a_fault_is_named_with_file_and_line(corpus: Path, text: str, fault: str) -> None:
    write_asked(corpus, "alpha", text)
    with pytest.raises(MaterialInvalid, match=fault):
        read_corpus(corpus)


def test_text_that_is_not_utf_8_is_named(corpus: Path) -> None:
    write_asked(corpus, "alpha", "").write_bytes(b"## caf\xe9")
    with pytest.raises(MaterialInvalid, match=r"alpha\.md: can't be read as UTF-8"):
        read_corpus(corpus)


def test_questions_are_indexed_with_every_passage_of_their_section_and_embedded_once(
    corpus: Path, tmp_path: Path
) -> None:
    index, embedder = open_index(tmp_path / "data"), FakeEmbedder()
    before = build(corpus, index, embedder)
    write_asked(corpus, "alpha", "## What did alpha change?\n- is it cheaper\n")
    assert status(corpus, index, embedder.name).changed == ("alpha",)
    report = build(corpus, index, embedder)
    assert (report.embedded, report.added, before.changed) == (1, 0, True)
    held = index.load("fake")
    assert {(each.passage.document.id, each.passage.section, each.text) for each in held.asked} == {
        ("alpha", "What did alpha change?", "is it cheaper")
    }
    assert "is it cheaper" not in {each.text for each in held.sentences}
    assert len(held.asked_vectors) == len(held.asked)
    index.close()
