"""The generated site as a whole: got once, embedded once, and cheap to keep fresh."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from assistant.index import Index, open_index
from assistant.vocabulary import Passage
from ingest.building import build
from ingest.commands import Place, add, fetch
from ingest.proposing import Choices
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_digest
from tests.ingest.site.pages import pages
from tests.ingest.site.papers import minutes, plan, report, two_columns
from tests.ingest.test_fetching import HURRIED
from tests.ingest.webserver import Misbehaviour, Page, Site, served


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        for page in pages():
            site.pages[f"/{page.name}"] = Page(page.data, headers={"Content-Type": "text/html"}, etag='"one"')
        yield site


@pytest.fixture
def place(tmp_path: Path, site: Site) -> Place:
    for number, page in enumerate(pages()):
        digest = write_digest(tmp_path / "digests", f"page-{number}", title=page.title.replace('"', ""))
        text = digest.read_text(encoding="utf-8")
        address = f'https://example.org/page-{number}"'
        digest.write_text(text.replace(address, site.at(f'/{page.name}"')), encoding="utf-8")
    return Place(tmp_path / "digests", tmp_path / "data" / "originals", "me@example.org", True, HURRIED)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path / "data")
    yield opened
    opened.close()


def embedded(place: Place, index: Index) -> list[str]:
    """Bring the index up to date and return what was embedded for it."""
    embedder = FakeEmbedder()
    build(place.corpus, index, embedder, originals=place.originals)
    return embedder.embedded


def originals(index: Index) -> list[Passage]:
    return [one for one in index.load("fake").passages if one.text_from == "original"]


def states(place: Place) -> set[str]:
    return {result.state for result in fetch(place)}


def test_a_second_fetch_of_the_site_transfers_nothing_and_embeds_nothing(
    place: Place, index: Index, site: Site
) -> None:
    assert states(place) == {"new"}
    assert embedded(place, index)
    assert {one.document.id for one in originals(index)} == {f"page-{number}" for number in range(12)}
    sent = site.sent

    assert states(place) == {"same"}
    assert site.sent == sent
    assert embedded(place, index) == []


def test_after_one_sentence_of_a_page_is_edited_only_what_holds_it_is_embedded_again(
    place: Place, index: Index, site: Site
) -> None:
    states(place)
    embedded(place, index)
    before = {one.id: one.text for one in originals(index)}
    was: dict[str, str] = {}
    for page in pages():
        sentence = next(one for one in page.body[8:] if page.data.count(one.encode()) == 1)
        edited = f"{sentence.rstrip('.')} in {page.name}."
        was[edited] = sentence
        body = page.data.replace(sentence.encode(), edited.encode())
        site.pages[f"/{page.name}"] = Page(body, headers={"Content-Type": "text/html"}, etag='"two"')
    assert states(place) == {"changed"}

    again = embedded(place, index)

    after = {one.id: one.text for one in originals(index)}
    new = {text for id_, text in after.items() if id_ not in before}
    old = {text for id_, text in before.items() if id_ not in after}
    assert len(new) == len(pages())
    for edited, sentence in was.items():
        (text,) = (text for text in new if edited in text)
        assert text.replace(edited, sentence) in old
        assert sum(edited in text for text in again) == 2  # the passage, and the sentence itself
    assert len(old) == len(pages())
    assert len(again) == 2 * len(pages())


def test_papers_are_added_with_their_pages_and_cost_nothing_the_second_time(
    place: Place, index: Index, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    for name, paper in {
        "report.pdf": report(),
        "briefing.pdf": two_columns(),
        "minutes.docx": minutes(),
        "plan.docx": plan(),
    }.items():
        (folder / name).write_bytes(paper.data)
    assert {one.state for one in add(place, [str(folder)], Choices())} == {"new"}
    embedded(place, index)
    assert {one.document.url: one.page is not None for one in originals(index)} == {
        "report.pdf": True,
        "briefing.pdf": True,
        "minutes.docx": False,
        "plan.docx": False,
    }

    assert {one.state for one in add(place, [str(folder)], Choices())} == {"same"}
    assert embedded(place, index) == []


def _pour(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(bytes(1_000_000))


def _hang(site: Site) -> Misbehaviour:
    def wait(_: BaseHTTPRequestHandler) -> None:
        site.stopped.wait(20)

    return wait


LOGIN = b"<title>Log in</title><form><input name=user><input type=password name=word></form>"
HTML = {"Content-Type": "text/html"}


def test_every_fault_is_one_line_while_the_rest_goes_on_and_the_old_index_answers(
    place: Place, index: Index, site: Site
) -> None:
    states(place)
    embedded(place, index)
    before = {one.id: one.text for one in index.load("fake").passages}
    faults: list[tuple[Page | Misbehaviour, str]] = [
        (Page(b"<html><p>" * 50, headers=HTML), ""),
        (Page(pages()[1].data[:400], headers=HTML), ""),
        (_pour, "larger than 1 MB"),
        (Page(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"}), "larger than 1 MB"),
        (Page(status=302, headers={"Location": f"/{pages()[4].name}"}), "leads on"),
        (_hang(site), "too long"),
        (Page(LOGIN, headers=HTML), ""),
        (Page(status=302, headers={"Location": "file:///etc/passwd"}), "not a web address"),
        (Page(b"%PDF-1.7\n1 0 obj", headers={"Content-Type": "application/pdf"}), ""),
        (Page(b"", headers=HTML), ""),
        (Page(status=429, headers={"Retry-After": "1"}), "429"),
    ]
    for page, (fault, _) in zip(pages(), faults, strict=False):
        site.pages[f"/{page.name}"] = fault

    results = {result.id: result for result in fetch(place)}

    for number, (_, words) in enumerate(faults):
        result = results[f"page-{number}"]
        print(result.detail)
        assert result.state == "kept"
        assert words in result.detail
        assert len(result.detail.splitlines()) == 1
    assert results["page-11"].state == "same"
    embedded(place, index)
    assert {one.id: one.text for one in index.load("fake").passages} == before
