"""Where the original of a document is here, it answers; the digest steps back, but loses nothing else."""

from pathlib import Path

import pytest

from assistant.assembly import _catalogue
from assistant.index import Index, open_index
from assistant.vocabulary import RECORD, Passage
from assistant.web.schema import EntryBody
from ingest.building import build, status
from ingest.combining import read_material
from ingest.originals import Originals
from ingest.readers import ReadSection
from tests import fakes
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_corpus
from tests.ingest.originals import original, paragraph

FETCHED = "2026-11-20T08:00:00+00:00"


class Place:
    """A corpus of alpha and beta, a folder of originals and an index, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.corpus = write_corpus(folder / "digests", "alpha", "beta")
        self.folder = folder / "data" / "originals"
        self.originals = Originals(self.folder)
        self.index: Index = open_index(folder / "data")

    def build(self) -> FakeEmbedder:
        embedder = FakeEmbedder()
        build(self.corpus, self.index, embedder, originals=self.folder)
        return embedder

    def passages(self, id: str) -> list[Passage]:
        return [passage for passage in self.index.load("fake").passages if passage.document.id == id]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_passages_of_an_original_replace_the_digests(place: Place) -> None:
    place.originals.save(original("alpha"))
    place.build()

    record, *rest = place.passages("alpha")
    assert (record.section, record.text_from) == (RECORD, "digest")
    assert [(one.section, one.text_from, one.text) for one in rest if one.source is None] == [
        ("Why?", "original", paragraph("one")),
        ("Why?", "original", paragraph("two")),
    ]
    assert {one.text_from for one in place.passages("beta")} == {"digest"}


def test_what_a_digest_has_from_elsewhere_stays(place: Place) -> None:
    place.originals.save(original("alpha"))
    place.build()

    elsewhere = [one for one in place.passages("alpha") if one.source]
    assert [(one.section, one.text_from) for one in elsewhere] == [("Who reported on alpha?", "digest")]


def test_a_document_says_when_it_was_got_and_lacks_nothing_any_more(place: Place) -> None:
    place.originals.save(original("alpha", page_changed=True))
    place.build()

    alpha, beta = place.passages("alpha")[0].document, place.passages("beta")[0].document
    assert (alpha.fetched_on, alpha.page_changed, alpha.not_covered) == (FETCHED, True, None)
    assert (beta.fetched_on, beta.page_changed, beta.not_covered) == (None, False, "The interviews.")


def test_the_catalogue_names_the_text_by_what_answers(place: Place) -> None:
    place.originals.save(original("alpha"))
    place.build()

    entries = _catalogue(place.index.load("fake"))
    # Also where, as here, the last passage is one that stayed of the digest.
    assert [(one.document.id, one.text_from, one.passages) for one in entries] == [
        ("alpha", "original", 4),
        ("beta", "digest", 3),
    ]
    assert EntryBody.of(entries[0]).fetched_on == FETCHED


def test_an_original_that_was_never_got_changes_nothing(place: Place) -> None:
    place.build()
    place.originals.save(original("alpha", reading=None, trouble="It is gone."))
    assert place.build().embedded == []


def test_the_digest_answers_again_when_the_original_is_taken_out(place: Place) -> None:
    place.build()
    before = [one.text for one in place.passages("alpha")]
    place.originals.save(original("alpha"))
    place.build()
    place.originals.remove("alpha")
    place.build()
    assert [one.text for one in place.passages("alpha")] == before


def test_what_was_added_is_a_document_of_its_own(place: Place) -> None:
    added = fakes.document("gamma", url="Gamma.pdf", not_covered=None)
    pages = (ReadSection("", paragraph("first"), 1), ReadSection("Costs", paragraph("second"), 2))
    place.originals.save(original("gamma", *pages, document=added, address="/drive/Gamma.pdf"))
    place.build()

    passages = place.passages("gamma")[1:]
    assert [(one.section, one.page) for one in passages] == [(added.title, 1), ("Costs", 2)]
    assert passages[0].document.url == "Gamma.pdf"


def test_an_original_whose_digest_went_is_not_indexed(place: Place) -> None:
    place.originals.save(original("delta"))
    place.build()
    assert place.passages("delta") == []


def test_the_same_page_twice_counts_once(place: Place) -> None:
    place.originals.save(original("alpha"))
    place.originals.save(original("beta", *(original("alpha").reading or original().reading).sections))  # type: ignore[union-attr]
    place.build()

    assert read_material(place.corpus, place.folder).repeated == {"beta": "alpha"}
    assert {one.text_from for one in place.passages("beta")} == {"digest"}


TEXT = "\n\n".join([*(paragraph(f"p{number}x") for number in range(6)), "Short one.", "Short two."])


def test_after_one_paragraph_is_edited_exactly_its_passages_are_embedded_again(place: Place) -> None:
    place.originals.save(original("alpha", ReadSection("Why?", TEXT)))
    place.build()
    before = {one.id: one.text for one in place.passages("alpha")}
    edited = paragraph("p2x") + " And one sentence more."
    place.originals.save(original("alpha", ReadSection("Why?", TEXT.replace(paragraph("p2x"), edited))))

    embedded = place.build().embedded

    assert embedded == [f"Report on alpha. Why? {edited}", "Why? And one sentence more."]
    after = {one.id: one.text for one in place.passages("alpha")}
    assert [text for id_, text in after.items() if id_ not in before] == [edited]
    assert len(before.items() & after.items()) == len(before) - 1


def test_a_new_paragraph_leaves_the_ids_of_the_others(place: Place) -> None:
    place.originals.save(original("alpha", ReadSection("Why?", TEXT)))
    place.build()
    before = {one.id: one.text for one in place.passages("alpha")}
    place.originals.save(original("alpha", ReadSection("Why?", f"{paragraph('new')}\n\n{TEXT}")))
    place.build()

    after = {one.id: one.text for one in place.passages("alpha")}
    assert before.items() < after.items()
    assert len(after) == len(before) + 1


def test_every_word_of_an_original_is_in_one_passage(place: Place) -> None:
    place.originals.save(original("alpha", ReadSection("Why?", TEXT)))
    place.build()
    texts = [one.text for one in place.passages("alpha") if one.text_from == "original"]
    assert "\n\n".join(texts) == TEXT


def test_a_repeated_paragraph_has_an_id_of_its_own(place: Place) -> None:
    twice = f"{paragraph('same')}\n\n{paragraph('same')}"
    place.originals.save(original("alpha", ReadSection("Why?", twice)))
    place.build()
    ids = [one.id for one in place.passages("alpha") if one.section == "Why?"]
    assert len(ids) == len(set(ids)) == 2


def test_status_tells_that_an_original_is_due(place: Place) -> None:
    place.build()
    place.originals.save(original("alpha"))
    assert status(place.corpus, place.index, "fake", place.folder).changed == ("alpha",)
    place.build()
    assert status(place.corpus, place.index, "fake", place.folder).is_current
