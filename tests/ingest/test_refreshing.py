"""Fetching the originals: what is got, what stays, and what is said about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import IndexBusy, NotFound, WrongUse
from ingest.commands import Place, add, fetch
from ingest.originals import Original, Originals
from ingest.proposing import Choices
from ingest.refreshing import Result
from tests.ingest.material import write_digest
from tests.ingest.originals import original, paragraph, read_simply, written
from tests.ingest.test_fetching import HURRIED
from tests.ingest.webserver import Page, Site, served

ALPHA = written("Report on alpha", paragraph("one"))


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
def place(tmp_path: Path, site: Site) -> Place:
    """Make a catalogue of alpha, beta and gamma, whose pages are on the site."""
    for id_ in ("alpha", "beta", "gamma"):
        digest = write_digest(tmp_path / "digests", id_)
        text = digest.read_text(encoding="utf-8")
        digest.write_text(text.replace("https://example.org/" + id_, site.at(f"/{id_}")), encoding="utf-8")
        site.pages[f"/{id_}"] = Page(written(f"Report on {id_}", paragraph(id_)), etag='"one"')
    return Place(tmp_path / "digests", tmp_path / "originals", "me@example.org", True, HURRIED, read_simply)


def states(place: Place, *ids: str, dry_run: bool = False) -> dict[str, str]:
    return {result.id: result.state for result in fetch(place, ids, dry_run=dry_run)}


def one(place: Place, id: str = "alpha") -> Result:
    (result,) = fetch(place, [id])
    return result


def held(place: Place, id: str = "alpha") -> Original:
    found = Originals(place.originals).get(id)
    assert found is not None
    return found


def test_every_document_with_an_address_is_got(place: Place) -> None:
    assert states(place) == {"alpha": "new", "beta": "new", "gamma": "new"}

    kept = held(place)
    assert kept.reading is not None
    assert kept.reading.sections[0].text == paragraph("alpha")
    assert (kept.etag, kept.trouble, kept.page_changed) == ('"one"', None, False)
    assert kept.fetched_on == kept.checked_on


def test_a_second_fetch_transfers_nothing(place: Place, site: Site) -> None:
    states(place)
    first, site.asked[:] = site.sent, []

    assert states(place) == {"alpha": "same", "beta": "same", "gamma": "same"}
    assert site.sent == first
    assert len([path for path in site.paths() if path != "/robots.txt"]) == 3


def test_only_those_named_are_asked_for(place: Place, site: Site) -> None:
    assert states(place, "beta") == {"beta": "new"}
    assert site.paths() == ["/robots.txt", "/beta"]


def test_an_unknown_id_is_said_before_anything_is_asked(place: Place, site: Site) -> None:
    with pytest.raises(NotFound, match="delta"):
        states(place, "alpha", "delta")
    assert site.asked == []


def test_nothing_is_asked_without_a_contact(place: Place, site: Site) -> None:
    with pytest.raises(WrongUse, match="KIL_FETCH_CONTACT"):
        states(Place(place.corpus, place.originals, private=True))


def test_a_changed_page_is_got_again(place: Place, site: Site) -> None:
    states(place)
    site.pages["/alpha"] = Page(written("Report on alpha", paragraph("other")), etag='"two"')

    assert states(place) == {"alpha": "changed", "beta": "same", "gamma": "same"}
    assert held(place).reading == read_simply(written("Report on alpha", paragraph("other")), "", None)
    assert held(place).etag == '"two"'


def test_a_page_whose_text_is_the_same_has_not_changed(place: Place, site: Site) -> None:
    states(place)
    before = held(place)
    site.pages["/alpha"] = Page(written("Report on alpha", paragraph("alpha")), etag='"another"')

    assert one(place).state == "same"
    assert held(place).fetched_on == before.fetched_on
    assert held(place).etag == '"another"'


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_page_leaves_the_old_copy_and_is_reported(place: Place, site: Site, status: int) -> None:
    states(place)
    site.pages["/alpha"] = Page(status=status)

    result = one(place)

    assert (result.state, result.is_well) == ("kept", False)
    assert str(status) in result.detail
    kept = held(place)
    assert kept.reading is not None
    assert (kept.page_changed, kept.trouble) == (True, result.detail)


def test_an_outage_does_not_count_as_a_change(place: Place, site: Site) -> None:
    states(place)
    site.pages["/alpha"] = Page(status=500)
    assert one(place).state == "kept"
    assert not held(place).page_changed

    site.pages["/alpha"] = Page(ALPHA, etag='"one"')
    assert one(place).is_well
    assert held(place).trouble is None


def test_a_page_that_became_something_else_is_not_swapped_in(place: Place, site: Site) -> None:
    states(place)
    site.pages["/alpha"] = Page(written("Winter conference: book now", paragraph("other")), etag='"two"')

    result = one(place)

    assert result.state == "kept"
    assert "calls itself “Winter conference: book now”, not “Report on alpha”" in result.detail
    assert f"ingest add {site.at('/alpha')} --id alpha" in result.detail
    assert held(place).page_changed
    assert held(place).reading == read_simply(written("Report on alpha", paragraph("alpha")), "", None)


def test_a_wrong_page_is_not_taken_the_first_time_either(place: Place, site: Site) -> None:
    site.pages["/alpha"] = Page(written("Winter conference", paragraph("other")))
    assert one(place).state == "missing"
    assert held(place).reading is None


def test_a_login_page_leaves_the_old_copy(place: Place, site: Site) -> None:
    states(place)
    site.pages["/alpha"] = Page(written("Your password, please", "Log in."), etag='"two"')
    result = one(place)
    assert (result.state, result.detail) == ("kept", "alpha is a login page.")


def test_a_title_that_a_person_accepted_stays_accepted(place: Place, site: Site) -> None:
    accepted = read_simply(written("Quite another name", paragraph("one")), "", None)
    Originals(place.originals).save(original("alpha", reading=accepted, address=site.at("/alpha")))
    site.pages["/alpha"] = Page(written("Quite another name", paragraph("two")))
    assert one(place).state == "changed"


def test_a_page_that_holds_less_than_its_digest_is_not_taken(place: Place, site: Site) -> None:
    site.pages["/alpha"] = Page(written("Report on alpha", "Download the report."))
    result = one(place)
    assert result.state == "missing"
    assert "the digest stays" in result.detail


def test_a_page_that_moved_is_got_and_reported(place: Place, site: Site) -> None:
    site.pages["/alpha"] = Page(status=301, headers={"Location": "/new"})
    site.pages["/new"] = Page(ALPHA)
    result = one(place)
    assert (result.state, result.detail) == ("new", f"It has moved to {site.at('/new')}.")


def test_a_page_that_moved_to_something_else_leaves_the_old_copy(place: Place, site: Site) -> None:
    states(place)
    site.pages["/alpha"] = Page(status=301, headers={"Location": "/"})
    site.pages["/"] = Page(written("Welcome", paragraph("home")))
    assert one(place).state == "kept"
    assert held(place).page_changed


def test_one_failure_does_not_stop_the_rest(place: Place, site: Site) -> None:
    site.pages["/alpha"] = Page(b"\n\n".join([b"Password", b"x"]))
    site.pages["/beta"] = Page(status=404)
    assert states(place) == {"alpha": "missing", "beta": "missing", "gamma": "new"}


def test_a_dry_run_tells_the_same_and_keeps_nothing(place: Place, site: Site) -> None:
    states(place, "alpha")
    site.pages["/alpha"] = Page(written("Report on alpha", paragraph("other")), etag='"two"')
    site.pages["/beta"] = Page(status=404)
    before = {path.name: path.read_bytes() for path in place.originals.glob("*.json")}

    assert states(place, dry_run=True) == {"alpha": "changed", "beta": "missing", "gamma": "new"}
    assert {path.name: path.read_bytes() for path in place.originals.glob("*.json")} == before


def test_what_older_readers_read_is_got_again(place: Place, site: Site) -> None:
    states(place)
    Originals(place.originals).save(held(place).model_copy(update={"read_by": 0}))
    site.asked.clear()

    one(place)

    assert "If-None-Match" not in site.asked[-1].headers
    assert held(place).read_by == 1


def test_an_address_that_the_catalogue_corrects_is_the_one_that_is_asked(place: Place, site: Site) -> None:
    site.pages["/new"], site.pages["/alpha"] = Page(ALPHA, etag='"one"'), Page(status=404)
    assert one(place).state == "missing"
    digest = place.corpus / "alpha.md"
    digest.write_text(digest.read_text(encoding="utf-8").replace("/alpha", "/new"), encoding="utf-8")

    assert one(place).state == "new"
    assert held(place).address == site.at("/new")
    assert "If-None-Match" not in site.asked[-1].headers


def test_an_address_that_a_person_gave_is_the_one_that_is_asked(place: Place, site: Site) -> None:
    site.pages["/better"] = Page(written("Quite another name", paragraph("one")))
    assert [result.state for result in add(place, [site.at("/better")], Choices(id="alpha"))] == ["new"]
    site.asked.clear()
    assert one(place).state == "same"
    assert site.paths()[-1] == "/better"


def test_a_second_fetch_at_the_same_time_is_told_to_wait(place: Place) -> None:
    with Originals(place.originals).alone(), pytest.raises(IndexBusy):
        states(place)


def test_what_came_from_a_file_is_not_asked_for(place: Place) -> None:
    Originals(place.originals).save(original("alpha", address="/drive/alpha.pdf", is_chosen=True))
    assert set(states(place)) == {"beta", "gamma"}
