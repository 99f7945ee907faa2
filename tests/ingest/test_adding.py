"""New material: one entry in the catalogue for each, proposed from the document, kept up to date."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import NotFound, WrongUse
from ingest.adding import remove
from ingest.commands import Place, add
from ingest.originals import Original, Originals
from ingest.proposing import Choices
from ingest.readers import Reading
from ingest.refreshing import Result
from tests.ingest.material import write_corpus
from tests.ingest.originals import paragraph, read_simply, written
from tests.ingest.test_fetching import HURRIED
from tests.ingest.webserver import Page, Site, served


class CountingReader:
    """Reads simply, and remembers what."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, data: bytes, name: str, media_type: str | None) -> Reading:
        self.names.append(name)
        return read_simply(data, name, media_type)


@pytest.fixture
def reader() -> CountingReader:
    return CountingReader()


@pytest.fixture
def place(tmp_path: Path, reader: CountingReader) -> Place:
    corpus = write_corpus(tmp_path / "digests", "alpha", "beta")
    return Place(corpus, tmp_path / "originals", "me@example.org", True, HURRIED, reader)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Make a shared drive with a report and a folder of minutes."""
    drive = tmp_path / "shared"
    (drive / "2025").mkdir(parents=True)
    (drive / "gardens.txt").write_bytes(written("Gardens first: a report", paragraph("one")))
    (drive / "2025" / "markets.md").write_bytes(written("How Marlow buys", paragraph("two")))
    (drive / "photo.jpg").write_bytes(b"\xff\xd8")
    (drive / "~$gardens.txt").write_bytes(b"Word's own")
    return drive


def added(at: Place, source: Path | str, **choices: object) -> list[Result]:
    return list(add(at, [str(source)], Choices(**choices)))  # type: ignore[arg-type]


def held(place: Place) -> dict[str, Original]:
    return {one.id: one for one in Originals(place.originals).all()}


def states(results: list[Result]) -> dict[str, str]:
    return {result.id: result.state for result in results}


def test_a_file_becomes_one_entry_that_is_proposed_from_it(place: Place, shared: Path) -> None:
    (result,) = added(place, shared / "gardens.txt")

    (kept,) = held(place).values()
    assert kept.document is not None
    assert kept.document.id == result.id == "gardens-first-a-report"
    assert (kept.document.title, kept.document.kind) == ("Gardens first: a report", "report")
    assert (kept.document.url, kept.document.authors, kept.document.organisation) == ("gardens.txt", (), "")
    assert kept.address == str((shared / "gardens.txt").resolve())
    assert result.state == "new"
    assert "“Gardens first: a report”: report, author not known, date not known." in result.detail


def test_what_a_person_says_goes_before_what_is_proposed(place: Place, shared: Path) -> None:
    added(
        place,
        shared / "gardens.txt",
        id="gardens",
        title="Gardens",
        authors=("Ada Field", "Ben Shore"),
        published="2024-06",
        kind="essay",
        principle=4,
        organisation="Marlow Council",
        place="Marlow",
    )
    document = held(place)["gardens"].document
    assert document is not None
    assert (document.title, document.authors, document.published) == (
        "Gardens",
        ("Ada Field", "Ben Shore"),
        "2024-06",
    )
    assert (document.kind, document.principle, document.organisation, document.place) == (
        "essay",
        4,
        "Marlow Council",
        "Marlow",
    )


@pytest.mark.parametrize(
    "choices",
    [{"published": "June 2024"}, {"published": "2024-13"}, {"title": "two\nlines"}, {"organisation": " "}],
)
def test_what_no_entry_can_hold_is_wrong_use(choices: dict[str, str]) -> None:
    with pytest.raises(WrongUse):
        Choices(**choices)  # type: ignore[arg-type]


@pytest.mark.parametrize("id", ["../x", "A B", ""])
def test_an_id_is_a_plain_name(place: Place, shared: Path, id: str) -> None:
    with pytest.raises(WrongUse, match="is no id"):
        added(place, shared / "gardens.txt", id=id)


def test_a_folder_is_added_file_by_file(place: Place, shared: Path) -> None:
    assert states(added(place, shared)) == {"how-marlow-buys": "new", "gardens-first-a-report": "new"}


def test_a_folder_again_costs_nothing_unless_it_changed(
    place: Place, shared: Path, reader: CountingReader
) -> None:
    added(place, shared)
    reader.names.clear()
    assert set(states(added(place, shared)).values()) == {"same"}
    assert reader.names == []

    (shared / "gardens.txt").write_bytes(written("Gardens first: a report", paragraph("new")))
    (shared / "more.txt").write_bytes(written("One more", paragraph("more")))
    assert states(added(place, shared)) == {
        "how-marlow-buys": "same",
        "gardens-first-a-report": "changed",
        "one-more": "new",
    }
    assert reader.names == ["gardens.txt", "more.txt"]


def test_an_entry_that_a_person_changed_stays_when_the_file_changes(place: Place, shared: Path) -> None:
    added(place, shared / "gardens.txt")
    (result,) = added(place, shared / "gardens.txt", kind="essay", authors=("Ada Field",))
    assert (result.state, "essay, Ada Field" in result.detail) == ("changed", True)

    (shared / "gardens.txt").write_bytes(written("Another title", paragraph("new")))
    assert states(added(place, shared / "gardens.txt")) == {"gardens-first-a-report": "changed"}
    document = held(place)["gardens-first-a-report"].document
    assert document is not None
    assert (document.kind, document.authors) == ("essay", ("Ada Field",))


def test_a_file_that_went_is_reported_and_its_text_stays(place: Place, shared: Path) -> None:
    added(place, shared)
    (shared / "gardens.txt").unlink()
    results = added(place, shared)
    assert states(results) == {"how-marlow-buys": "same", "gardens-first-a-report": "kept"}
    assert "ingest remove gardens-first-a-report" in results[-1].detail


def test_a_renamed_file_stays_the_same_document(place: Place, shared: Path, reader: CountingReader) -> None:
    added(place, shared)
    reader.names.clear()
    (shared / "gardens.txt").rename(shared / "plots.txt")

    assert states(added(place, shared)) == {"how-marlow-buys": "same", "gardens-first-a-report": "changed"}
    assert reader.names == []
    document = held(place)["gardens-first-a-report"].document
    assert document is not None
    assert document.url == "plots.txt"


def test_a_copy_of_a_file_counts_once(place: Place, shared: Path) -> None:
    added(place, shared / "gardens.txt")
    (shared / "copy.txt").write_bytes((shared / "gardens.txt").read_bytes())
    (result,) = added(place, shared / "copy.txt")
    assert (result.state, "counts once" in result.detail, len(held(place))) == ("same", True, 1)


def test_one_unreadable_file_does_not_stop_the_others(place: Place, shared: Path) -> None:
    (shared / "empty.txt").write_bytes(b"only a title")
    results = added(place, shared)
    assert states(results)["empty.txt"] == "missing"
    assert len(held(place)) == 2
    assert [result.detail for result in results if not result.is_well] == ["empty.txt has no text."]


def test_a_file_that_is_damaged_later_leaves_its_old_text(place: Place, shared: Path) -> None:
    added(place, shared / "gardens.txt")
    before = held(place)
    (shared / "gardens.txt").write_bytes(b"torn")
    (result,) = added(place, shared / "gardens.txt")
    assert (result.state, held(place)) == ("kept", before)


def test_two_documents_of_one_title_get_two_ids(place: Place, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(written("Minutes", paragraph(name[0])))
        added(place, tmp_path / name)
    assert set(held(place)) == {"minutes", "minutes-2"}


def test_an_id_that_is_taken_is_not_taken_over(place: Place, shared: Path) -> None:
    added(place, shared / "gardens.txt", id="gardens")
    with pytest.raises(WrongUse, match="gardens is the id of something"):
        added(place, shared / "2025" / "markets.md", id="gardens")


@pytest.mark.parametrize("choices", [{"id": "alpha"}, {}])
def test_a_file_can_be_the_original_of_a_document_of_the_catalogue(
    place: Place, tmp_path: Path, choices: dict[str, str]
) -> None:
    title = "Some scan 17" if choices else "Report on Alpha!"
    (tmp_path / "file.txt").write_bytes(written(title, paragraph("one")))
    added(place, tmp_path / "file.txt", **choices)
    assert held(place)["alpha"].document is None


@pytest.mark.parametrize("source", ["nowhere.pdf", "file:///etc/passwd", "ftp://example.org/x"])
def test_what_is_not_there_is_wrong_use(place: Place, source: str) -> None:
    with pytest.raises(WrongUse, match="There is no file or folder"):
        added(place, source)


def test_a_folder_has_no_single_title(place: Place, shared: Path) -> None:
    with pytest.raises(WrongUse, match="for one document"):
        added(place, shared, title="All of it")


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        site.pages["/gardens.html"] = Page(written("Gardens first", paragraph("one")), etag='"one"')
        yield site


def test_a_page_of_the_web_is_added_with_its_address(place: Place, site: Site) -> None:
    (result,) = added(place, site.at("/gardens.html"))
    kept = held(place)["gardens-first"]
    assert kept.document is not None
    assert result.state == "new"
    assert (kept.document.url, kept.address, kept.etag) == (*[site.at("/gardens.html")] * 2, '"one"')


def test_a_page_that_cannot_be_got_is_said(place: Place, site: Site) -> None:
    (result,) = added(place, site.at("/nowhere"))
    assert (result.state, "404" in result.detail, held(place)) == ("missing", True, {})


def test_a_page_named_as_a_documents_original_is_accepted_whatever_its_title(
    place: Place, site: Site
) -> None:
    (result,) = added(place, site.at("/gardens.html"), id="alpha")
    assert (result.id, result.state) == ("alpha", "new")
    assert held(place)["alpha"].address == site.at("/gardens.html")


def test_a_page_can_be_the_original_of_each_document_that_names_it(place: Place, site: Site) -> None:
    added(place, site.at("/gardens.html"), id="alpha")
    added(place, site.at("/gardens.html"), id="beta")
    assert {id_: one.address for id_, one in held(place).items()} == dict.fromkeys(
        ["alpha", "beta"], site.at("/gardens.html")
    )


def test_removing_takes_it_out_and_says_when_there_is_nothing(place: Place, shared: Path) -> None:
    added(place, shared / "gardens.txt")
    originals = Originals(place.originals)
    assert remove(originals, "gardens-first-a-report") == Result("gardens-first-a-report", "removed")
    assert held(place) == {}
    with pytest.raises(NotFound):
        remove(originals, "gardens-first-a-report")
