"""What a digest has to look like, and what is said about one that does not."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import MaterialInvalid
from assistant.vocabulary import Document, Source
from ingest.front_matter import read_corpus
from tests.ingest.material import PARAGRAPH, write_corpus, write_digest

LONG = "word " * 121

# What is replaced by what in a valid digest, and the line and message that name the mistake.
MISTAKES = {
    "no front matter": ("---\nid: alpha", "id: alpha", 1, "no front matter between two --- lines"),
    "front matter without end": ("---\n\n##", "\n\n##", 1, "no front matter between two --- lines"),
    "not YAML": ('"Report on alpha"', '"Report" on alpha', 3, "front matter: expected <block end>"),
    "not a date of the calendar, unquoted": ('"2021-05"', "2021-13-45", 1, "front matter: month must be in"),
    "not a mapping": ("id: alpha\n", "- alpha\n", 3, "front matter: "),
    "key unknown": ("kind: case-study", "kind: case-study\ncolour: red", 5, "key unknown: colour"),
    "key repeated": ('place: "Marlow"', 'place: "Marlow"\nplace: "York"', 2, "repeated or out of order"),
    "keys out of order": ("id: alpha\n", "kind: essay\nid: alpha\n", 2, "repeated or out of order"),
    "key missing": ("kind: case-study\n", "", 1, "key missing: kind"),
    "authors missing": ('authors: ["Ada Field", "Ben Shore"]\n', "", 1, "key missing: authors"),
    "partial without not_covered": ('not_covered: "The interviews."\n', "", 1, "not_covered: key missing"),
    "id missing": ("id: alpha\n", "", 1, "key missing: id"),
    "principle as text": ("principle: 4", 'principle: "4"', 5, "principle: "),
    "principle as truth": ("principle: 4", "principle: true", 5, "principle: "),
    "principle too high": ("principle: 4", "principle: 7", 5, "principle: "),
    "principle zero": ("principle: 4", "principle: 0", 5, "principle: "),
    "value left empty": ('place: "Marlow"', "place:", 8, "place: give it a value or leave it out"),
    "title empty": ('title: "Report on alpha"', 'title: " "', 3, "title: must be one line and not empty"),
    "title of two lines": ('title: "Report on alpha"', 'title: "A\\nB"', 3, "title: must be one line"),
    "authors as text": ('authors: ["Ada Field", "Ben Shore"]', 'authors: "Ada"', 6, "authors: "),
    "authors empty": ('["Ada Field", "Ben Shore"]', "[]", 6, "authors: "),
    "an author empty": ('"Ben Shore"]', '""]', 6, "authors: must be one line and not empty"),
    "an author as number": ('"Ben Shore"]', "7]", 6, "authors: "),
    "kind unknown": ("kind: case-study", "kind: poem", 4, "kind: must be one of introduction, essay"),
    "coverage unknown": ("coverage: partial", "coverage: half", 11, "coverage: "),
    "date as number": ('"2021-05"', "2021", 9, "published: "),
    "date unquoted": ('"2021-05"', "2021-05-01", 9, "published: "),
    "date in words": ('"2021-05"', '"May 2021"', 9, "published: must be a year, a month or a day"),
    "month that is none": ('"2021-05"', '"2021-13"', 9, "published: month must be in 1..12"),
    "url without a site": ("https://example.org/alpha", "https://example", 10, "url: must be an address"),
    "url that is a script": ("https://example.org/alpha", "javascript:alert(1)", 10, "url: must be an"),
    "url with a space": ("https://example.org/alpha", "https://example.org/a b", 10, "url: must be an"),
    "id is not the file name": ("id: alpha", "id: beta", 2, "id is not the file name: 'beta'"),
    "text before a heading": ("## What did", "Early.\n\n## What did", 15, "text before the first heading"),
    "no second-level heading": ("## ", "### ", 14, "no '## ' heading"),
    "heading twice": ("## Who reported on alpha?", "## What did alpha change?", 19, "heading repeated"),
    "heading without words": ("## Who reported on alpha?", "## ", 19, "heading without words"),
    "section without text": (PARAGRAPH, "", 15, "section without a paragraph"),
    "section with only a source": (PARAGRAPH, "Source: BBC", 15, "section without a paragraph"),
    "source away from its heading": ("Source: [", "\nSource: [", 21, "Source line must be right under"),
    "source in the text": ("Small providers", "Source: Small providers", 24, "Source line must be right"),
    "source without a name": ("[Marlow Courier](https", "[](https", 20, "Source line must be right"),
    "source without an address": ("(https://example.org/courier)", "()", 20, "Source line must be right"),
    "paragraph too long": (PARAGRAPH, LONG, 17, "this paragraph has 121 words, over 120"),
    "last paragraph too long": ("Small providers", LONG, 24, "words, over 120"),
    "speaks of itself": (PARAGRAPH, "As This Digest says.", 17, "phrase not allowed"),
    "speaks of what it lacks": ("The interviews.", "It could not be seen.", 12, "phrase not allowed"),
}


@pytest.mark.parametrize(("old", "new", "line", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    path = write_digest(tmp_path, "alpha")
    valid = path.read_text(encoding="utf-8")
    assert old in valid
    path.write_text(valid.replace(old, new), encoding="utf-8")

    with pytest.raises(MaterialInvalid) as caught:
        read_corpus(tmp_path)

    problems = str(caught.value).splitlines()
    assert any(one.startswith(f"{path}:{line}: ") and message in one for one in problems), problems


def test_a_valid_digest_becomes_a_document_and_its_sections(tmp_path: Path) -> None:
    write_digest(tmp_path, "alpha")

    (digest,) = read_corpus(tmp_path)

    assert digest.document == Document(
        id="alpha",
        title="Report on alpha",
        kind="case-study",
        authors=("Ada Field", "Ben Shore"),
        organisation="Marlow Council",
        url="https://example.org/alpha",
        principle=4,
        place="Marlow",
        published="2021-05",
        not_covered="The interviews.",
    )
    assert digest.coverage == "partial"
    first, second = digest.sections
    assert (first.heading, first.text, first.source) == ("What did alpha change?", PARAGRAPH, None)
    assert second.text == (
        "The Courier reported that alpha spent £30,000.\n\nSmall providers won six of ten contracts."
    )
    assert second.source == Source("Marlow Courier", "https://example.org/courier")


def test_a_source_without_an_address_is_a_name(tmp_path: Path) -> None:
    path = write_digest(tmp_path, "alpha")
    link = "[Marlow Courier](https://example.org/courier)"
    path.write_text(
        path.read_text(encoding="utf-8").replace(link, "Marlow Courier, page 3"), encoding="utf-8"
    )

    (digest,) = read_corpus(tmp_path)

    assert digest.sections[1].source == Source("Marlow Courier, page 3")


def test_lines_of_a_paragraph_are_joined_and_lines_of_a_list_are_kept(tmp_path: Path) -> None:
    write_digest(
        tmp_path, "alpha", "Three   things\nmatter:\n- people, who\n  live here;\n- money;\n1. time."
    )

    (digest,) = read_corpus(tmp_path)

    assert digest.sections[0].text == "Three things matter:\n- people, who live here;\n- money;\n1. time."


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), whole=st.booleans())
def test_whatever_a_file_holds_it_is_read_or_its_problems_are_named(
    tmp_path: Path, text: str, whole: bool
) -> None:
    path = write_digest(tmp_path, "alpha")
    path.write_text(text if whole else path.read_text("utf-8") + f"\n{text}\n", "utf-8", "surrogatepass")

    with suppress(MaterialInvalid):
        (digest,) = read_corpus(tmp_path)
        assert digest.document.id == "alpha"


def test_all_problems_of_all_files_are_told_at_once_in_order(tmp_path: Path) -> None:
    for name in ("beta", "alpha"):
        path = write_digest(tmp_path, name)
        text = path.read_text(encoding="utf-8").replace("principle: 4", "principle: 9")
        path.write_text(text.replace("Marlow Courier]", "]"), encoding="utf-8")

    with pytest.raises(MaterialInvalid) as caught:
        read_corpus(tmp_path)

    places = [problem.split(": ")[0] for problem in str(caught.value).splitlines()]
    assert places == [f"{tmp_path / name}.md:{line}" for name in ("alpha", "beta") for line in (5, 20)]


def test_two_documents_cannot_have_one_title(tmp_path: Path) -> None:
    first = write_digest(tmp_path, "alpha", title="The same")
    second = write_digest(tmp_path, "beta", title="The same")

    with pytest.raises(MaterialInvalid) as caught:
        read_corpus(tmp_path)

    assert str(caught.value) == f"{second}:3: title is also used in {first}: 'The same'"


def test_a_copied_file_is_found_by_its_id(tmp_path: Path) -> None:
    text = write_digest(tmp_path, "alpha").read_text(encoding="utf-8")
    (tmp_path / "beta.md").write_text(text, encoding="utf-8")

    with pytest.raises(MaterialInvalid, match=r"beta\.md:2: id is not the file name: 'alpha'"):
        read_corpus(tmp_path)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    write_digest(tmp_path, "alpha")
    (tmp_path / "beta.md").write_bytes(b"---\nid: \xff\xfe")

    with pytest.raises(MaterialInvalid, match=r"beta\.md:1: is not UTF-8 text: byte 8"):
        read_corpus(tmp_path)


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    write_digest(tmp_path, "alpha")
    (tmp_path / "beta.md").mkdir()

    with pytest.raises(MaterialInvalid, match=r"beta\.md:1: can't be read: Is a directory"):
        read_corpus(tmp_path)


@pytest.mark.parametrize("hostile", ["[" * 500, "a: &a [x]\nb: *c", "!!python/object/apply:os.abort []"])
def test_hostile_front_matter_is_a_problem_and_nothing_more(tmp_path: Path, hostile: str) -> None:
    (tmp_path / "alpha.md").write_text(f"---\n{hostile}\n---\n\n## Why?\n\nBecause.\n", encoding="utf-8")

    with pytest.raises(MaterialInvalid, match=r"alpha\.md:\d+: front matter: "):
        read_corpus(tmp_path)


@pytest.mark.parametrize("name", ["empty", "missing", "only-readme"])
def test_a_folder_without_digests_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    if name != "missing":
        folder.mkdir()
    if name == "only-readme":
        (folder / "README.md").write_text("# Not a digest", encoding="utf-8")

    with pytest.raises(MaterialInvalid, match=f"There are no digests .* in {folder}.*KIL_CORPUS"):
        read_corpus(folder)


def test_the_introduction_comes_first_then_the_principles_then_the_rest(tmp_path: Path) -> None:
    kinds = {"a-guide": "guide", "b-study": "case-study", "c-essay": "essay", "d-start": "introduction"}
    for name, kind in kinds.items():
        path = write_digest(tmp_path, name)
        text = path.read_text(encoding="utf-8").replace("kind: case-study", f"kind: {kind}")
        with_principle = kind in ("essay", "case-study")
        path.write_text(text if with_principle else text.replace("principle: 4\n", ""), encoding="utf-8")

    order = [digest.document.id for digest in read_corpus(tmp_path)]

    assert order == ["d-start", "c-essay", "b-study", "a-guide"]


def test_the_catalogue_beside_the_digests_is_no_digest(tmp_path: Path) -> None:
    write_corpus(tmp_path, "alpha")
    (tmp_path / "README.md").write_text("# Not a digest", encoding="utf-8")

    assert [digest.document.id for digest in read_corpus(tmp_path)] == ["alpha"]
