"""The material without a question: what a search finds, the catalogue, and a document as a whole."""

from dataclasses import replace

import pytest

from assistant.vocabulary import RECORD, Entry, Material, Question
from assistant.web import captions, labels
from assistant.web.browse import catalogue
from assistant.web.passages import emphasised, found, whole
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.reading import Reader

ENTRIES = FakeAssistant().documents()
MATERIAL = Material(fakes.INDEXED_ON, 2)


def _catalogue(*entries: Entry) -> Reader:
    page = Reader(catalogue(MATERIAL, entries))
    assert page.open == []
    return page


def test_the_catalogue_has_every_document_once_under_its_principle() -> None:
    page = _catalogue(*ENTRIES)

    assert page.text.count(fakes.HOLLINBROOK.title) == 3  # as a heading, and to name the two ways to read it
    assert (
        page.text.index("Principle 2: Neighbourhood")
        < page.text.index("Saltmere")
        < page.text.index("Principle 3:")
    )
    assert (
        page.text.index("Principle 4: Early")
        < page.text.index("Hollinbrook")
        < page.text.index("Principle 5:")
    )


def test_the_catalogue_says_what_is_missing() -> None:
    text = _catalogue(*ENTRIES).text
    two = text[text.index("Principle 2: Neighbourhood") : text.index("Principle 3: Local")]

    assert captions.MISSING_KINDS["case-study"] in two
    assert captions.MISSING_KINDS["essay"] not in two
    assert text.count(captions.MISSING_KINDS["essay"]) == 5


def test_the_catalogue_says_what_a_digest_leaves_out_and_of_no_original() -> None:
    digest = replace(ENTRIES[1], text_from="digest")

    assert f"{labels.NOT_COVERED} The interviews." in _catalogue(digest).text
    assert labels.NOT_COVERED not in _catalogue(ENTRIES[1]).text


def test_the_essay_comes_first_and_then_the_case_study() -> None:
    kinds = ("report", "case-study", "essay")
    entries = [
        replace(ENTRIES[0], document=fakes.document(kind, kind=kind, title=f"The {kind}", principle=1))
        for kind in kinds
    ]
    text = _catalogue(*entries).text

    assert text.index("The essay") < text.index("The case-study") < text.index("The report")


def test_a_document_of_no_principle_or_of_an_unknown_kind_is_not_lost() -> None:
    odd = replace(ENTRIES[0], document=fakes.document(kind="podcast", principle=None))

    text = _catalogue(odd).text
    assert captions.NO_PRINCIPLE in text
    assert "podcast" in text


def test_passages_found_are_shown_in_their_order_with_where_they_are_from() -> None:
    hits = FakeAssistant().search(Question("gardens"), 4)
    page = Reader(found("gardens", hits))

    assert page.open == []
    assert "4 passages for “gardens”" in page.text
    assert page.text.index(fakes.GARDENS.text[-20:]) < page.text.index("Saltmere replaced")
    assert page.all("a", href="https://example.org/courier")
    assert page.all("button", data_passage=fakes.TALKS.id)
    assert page.all("mark") == []


def test_nothing_found_is_said() -> None:
    assert captions.NOTHING_FOUND in found("gardens", ())


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("contracts", "A <b>contract</b> &amp; <b>Contracting</b>, not a contact."),
        ("the contact", "A contract &amp; Contracting, not a <b>contact</b>."),
        ("a & the", "A contract &amp; Contracting, not a contact."),
        ("c.ntract (", "A contract &amp; Contracting, not a contact."),
    ],
)
def test_the_words_searched_for_stand_out_in_their_forms(words: str, drawn: str) -> None:
    assert emphasised("A contract & Contracting, not a contact.", words) == drawn


def test_a_document_is_shown_as_far_as_it_is_here() -> None:
    entry, passages = FakeAssistant().document(fakes.SALTMERE.id)
    record = fakes.passage("Title: Saltmere", 9, of=fakes.SALTMERE, section=RECORD)
    page = Reader(whole(entry, (*passages, record)))

    assert page.open == []
    assert fakes.SALTMERE.title in page.text
    assert f"{labels.NOT_COVERED} The interviews." in page.text
    assert f"{labels.FACT_FROM} Saltmere Courier" in page.text
    assert "Title: Saltmere" not in page.text
    assert {has["id"] for has in page.all("p", class_="passage")} == {f"passage-{p.id}" for p in passages}
