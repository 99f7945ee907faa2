"""The table of the corpus, written from the front matter."""

from pathlib import Path

from ingest.catalogue import write_catalogue
from tests.ingest.material import write_corpus, write_digest


def test_each_digest_has_one_row_with_its_facts(tmp_path: Path) -> None:
    write_corpus(tmp_path / "digests", "alpha", "beta")

    write_catalogue(tmp_path)

    rows = [line for line in (tmp_path / "README.md").read_text(encoding="utf-8").splitlines() if "|" in line]
    assert len(rows) == 4
    assert rows[2] == (
        "| alpha | case-study | 4 | Report on alpha | Ada Field, Ben Shore / Marlow Council "
        "| 2021-05 | partial | https://example.org/alpha |"
    )


def test_a_title_cannot_break_the_table(tmp_path: Path) -> None:
    write_digest(tmp_path / "digests", "alpha", title="This | that")

    write_catalogue(tmp_path)

    assert "| This &#124; that |" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_an_essay_without_a_case_study_is_named_as_a_gap(tmp_path: Path) -> None:
    digests = write_corpus(tmp_path / "digests", "alpha")
    essay = write_digest(digests, "beta")
    text = (
        essay.read_text(encoding="utf-8")
        .replace("case-study", "essay")
        .replace("principle: 4", "principle: 5")
    )
    essay.write_text(text, encoding="utf-8")

    write_catalogue(tmp_path)

    gaps = (tmp_path / "README.md").read_text(encoding="utf-8").split("## Not in the corpus")[1]
    assert gaps.strip() == "- The case study for principle 5, “Report on beta”: it was not found."


def test_the_catalogue_says_who_owns_the_originals(tmp_path: Path) -> None:
    write_corpus(tmp_path / "digests", "alpha")

    write_catalogue(tmp_path)

    text = " ".join((tmp_path / "README.md").read_text(encoding="utf-8").split())
    assert "The originals are Locality's and their authors' work." in text
    assert "The MIT licence of the code does not cover them." in text
