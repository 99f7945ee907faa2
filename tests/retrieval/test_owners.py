"""Whose documents a question asks for by name."""

import pytest

from assistant.retrieval.choosing import OF_EACH, Choosing
from assistant.retrieval.owners import asked_of
from assistant.vocabulary import Hit, Query
from tests.fakes import document, passage

MARLOW = document("marlow", authors=("Ada Field",), organisation="Marlow Council", place="Marlow upon Sea")
SALTMERE = document("saltmere", authors=("Cora Lane", "Ben Shore"), place="Saltmere; West Haven")
NETWORK = document("network", authors=("Locality",), organisation="Locality", place=None)
MORE = document("more", authors=("Ada Field",), place=None)
ALL = (MARLOW, SALTMERE, NETWORK, MORE)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What do Ada Field and Cora Lane say?", {"marlow more", "saltmere"}),
        ("Do Field and Shore agree?", {"marlow more", "saltmere"}),
        ("Set Marlow beside West Haven.", {"marlow", "saltmere"}),
        ("what did marlow and saltmere do", {"marlow", "saltmere"}),
        ("Is there a lane by the field?", set()),  # common words, and no names
        ("What do Cora Lane and Ben Shore say?", set()),  # of one document
        ("What does Ada Field say?", set()),
        ("What does Locality say of Saltmere?", set()),  # an organisation is in too many
    ],
)
def test_two_who_are_named_are_both_asked_for(text: str, named: set[str]) -> None:
    assert {" ".join(sorted(ids)) for ids in asked_of(Query(text), ALL)} == named


@pytest.mark.parametrize(("named", "heard"), [(4, 4), (5, 0)])
def test_a_question_may_not_make_everybody_speak(named: int, heard: int) -> None:
    places = [f"Place{at}ham" for at in range(named)]
    held = [document(place, authors=("Locality",), place=place) for place in places]
    assert len(asked_of(Query(f"What do {', '.join(places)} say?"), held)) == heard


def test_the_setting_of_a_question_may_name_them_but_not_what_was_said_before() -> None:
    before, text = "Set Marlow and Saltmere side by side for me:", "what is each built on?"
    assert len(asked_of(Query(text, context=before), ALL)) == 2
    assert asked_of(Query(text, context=before, follow_up=True), ALL) == ()


def test_the_best_of_each_is_kept_however_far_down() -> None:
    first = [passage(f"Bees number {n} hum over field{n}.", n, of=MARLOW) for n in range(6)]
    last = [passage(f"Honey jar {n} goes to shelf{n}.", n, of=SALTMERE) for n in range(4)]
    hits = tuple(Hit(each, 1 - at / 10) for at, each in enumerate((*first, *last)))
    kept = Choosing(limit=4)(Query("What do Marlow and Saltmere do?"), hits)
    assert [hit.passage.id for hit in kept[4:]] == [each.id for each in last[:OF_EACH]]
    assert len(Choosing(limit=4)(Query("What does Marlow do?"), hits)) == 4
