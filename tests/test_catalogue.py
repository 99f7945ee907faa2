"""Questions about the material itself."""

import pytest

from assistant.composing.catalogue import Catalogue
from assistant.vocabulary import RECORD, Passage, Query
from tests.fakes import document, passage


def record(id: str, kind: str, **fields: object) -> Passage:
    of = document(id, title=f"Story of {id}", kind=kind, **fields)
    words = kind.replace("-", " ")
    text = f"“{of.title}” is a {words} by {of.authors[0]}. “{of.title}” is about {of.place}."
    if of.published:
        text += f" “{of.title}” is dated {of.published}."
    return passage(text, of=of, section=RECORD)


CATALOGUE = Catalogue(
    (
        record("apple", "case-study", authors=("Ada Field",), place="Marlow", published="2019", principle=1),
        record(
            "bread", "case-study", authors=("Ben Shore",), place="Saltmere", published="2022-05", principle=4
        ),
        record("cider", "essay", authors=("Ada Field",), place=None, published=None, principle=4),
    )
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Which case studies are there?", ["apple", "bread"]),
        ("How many case studies have you got?", ["apple", "bread"]),
        ("list all the essays", ["cider"]),
        ("Which documents are by Ada Field?", ["apple", "cider"]),
        ("have you got anything from 2022?", ["bread"]),
        ("Which case studies are about Saltmere?", ["bread"]),
        ("Which documents are on principle four?", ["bread", "cider"]),
        ("Which documents are about cheese?", []),
        ("Which documents are there?", []),  # all of them: that is the catalogue page
        ("Which pieces in here are by Ada Field?", ["apple", "cider"]),
        ("What has Ben Shore written?", ["bread"]),
        ("Who wrote the case studies on each of the six principles?", ["apple", "bread"]),
        ("Who wrote the case study on cheese?", []),
        ("Which councils have a case study?", []),  # neither is a council's
        ("Which places have a case study?", ["apple", "bread"]),
        ("Which principle is the Saltmere case study about?", ["bread"]),
        ("What do you have by Ben Shore?", ["bread"]),
        ("List the case studies with their dates", ["apple", "bread"]),
        ("Which of the things you hold are by Ada Field?", ["apple", "cider"]),
        ("Which of your documents count as case studies, and where is each one set?", ["apple", "bread"]),
        ("Going by the dates you have, what's your oldest document?", ["apple"]),
        ("What does the Saltmere case study say?", []),
        ("What is the oldest document here?", ["apple"]),
        ("Which is the newest case study?", ["bread"]),
        ("What does the report say about apples?", []),
        ("Which case study says that bread is cheap?", []),
        ("Which councils joined the network?", []),
    ],
)
def test_the_documents_that_fit_are_listed(text: str, ids: list[str]) -> None:
    assert [draft.claimed[0].document.id for draft in CATALOGUE.compose(Query(text))] == ids


def test_each_is_listed_by_what_is_asked_for() -> None:
    (dated,) = CATALOGUE.compose(Query("anything from 2022? Have you got anything from 2022?"))
    assert dated.text == "“Story of bread” is dated 2022-05."
    placed, _ = CATALOGUE.compose(Query("Which case studies are there and which places are they about?"))
    assert placed.text == "“Story of apple” is about Marlow."


def test_an_end_of_the_catalogue_is_named_with_its_date() -> None:
    (oldest,) = CATALOGUE.compose(Query("What is the oldest document here?"))
    assert oldest.text == "“Story of apple” is dated 2019."


def test_a_count_is_said_before_the_list() -> None:
    first, second = CATALOGUE.compose(Query("How many case studies are there?"))
    assert (first.lead_in, second.lead_in) == ("The material here has two. ", "")


def test_filters_hold() -> None:
    drafts = list(CATALOGUE.compose(Query("Which case studies are there?", principles=frozenset({4}))))
    assert [draft.claimed[0].document.id for draft in drafts] == ["bread"]
