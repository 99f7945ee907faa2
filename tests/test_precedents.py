"""Questions answered before: what they say of a new one, and that those which ship are up to date."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from assistant.alike import Alike, load_alike
from assistant.compact import open_graph
from assistant.embedding import PACKAGED, embedder_name
from assistant.errors import MaterialInvalid
from assistant.evaluation.labelling import LABELS, read_labels
from assistant.postings import Postings
from assistant.precedents import ByPrecedent, Precedents, checksum, load_precedents, rounded
from assistant.vocabulary import Hit, Passage, Query
from ingest.chunking import passages_of
from ingest.front_matter import read_corpus
from tests.fakes import document, labelled, passage
from tests.fakes_embedding import FakeEmbedder

EMBEDDER = FakeEmbedder()
BEES = passage("Saltmere keeps bees. Honey goes to the library.", of=document("bees"))
APPLES = passage("Marlow grows apples.", of=document("apples", principle=2))
ASKED = ("Who keeps the bees of Saltmere?", "Where does the honey go?", "What did the orchard cost?")


# The first is answered by a sentence, the second by another or in part by a third, and the last by none.
LABELLED = labelled(
    (ASKED[0], 1.0, {(BEES, 0): 1.0}),
    (ASKED[1], 0.5, {(BEES, 1): 1.0, (APPLES, 0): 0.5}),
    (ASKED[2], 0.0, {}),
)


def precedents(*known: Passage) -> Precedents:
    return Precedents(EMBEDDER.embed, LABELLED, frozenset(each.id for each in known))


def test_the_nearest_question_says_most() -> None:
    found = precedents(BEES, APPLES)("Who keeps bees in Saltmere?")
    assert found.nearness > 1
    assert found.answered > 0.9
    assert found.votes[BEES.id][0] > 0.9
    assert found.votes[BEES.id][1] < 0.1
    assert found.of_passage(BEES) > found.of_passage(APPLES)


def test_what_could_not_be_answered_speaks_against_an_answer() -> None:
    found = precedents(BEES, APPLES)("And what did that orchard cost?")
    assert found.answered < 0.1
    assert max(votes for each in found.votes.values() for votes in each.values()) < 0.1


def test_nobody_votes_for_a_passage_that_was_changed_since() -> None:
    assert set(precedents(APPLES)("Where does all the honey go?").votes) == {APPLES.id}


def test_a_follow_up_is_understood_by_what_came_before() -> None:
    made = precedents(BEES, APPLES)
    alone, behind = made("And where?"), made("Where does the honey go? And where?")
    both = made.of(Query("And where?", context="Where does the honey go?", follow_up=True))
    assert both.votes[BEES.id][1] == pytest.approx((alone.votes[BEES.id][1] + behind.votes[BEES.id][1]) / 2)
    assert both.answered == pytest.approx((alone.answered + behind.answered) / 2)
    assert made.of(Query("And where?", context="Where does the honey go?")) == alone


def test_in_training_a_question_is_no_precedent_for_itself() -> None:
    seen, unseen = (made(ASKED[0]) for made in (precedents(BEES), precedents(BEES).unseen()))
    assert seen.nearness == pytest.approx(1.5)
    assert unseen.nearness < 0.9
    assert unseen.votes[BEES.id].get(0, 0.0) < 0.01


def test_without_any_nothing_is_said() -> None:
    found = Precedents(EMBEDDER.embed)("Who keeps bees?")
    assert (found.nearness, found.answered, found.votes) == (0, 0, {})


def test_a_passage_comes_up_that_only_precedents_name_and_the_filters_hold() -> None:
    step = ByPrecedent(precedents(BEES, APPLES), {each.id: each for each in (BEES, APPLES)}, weight=1.0)
    query = Query("Who keeps bees in Saltmere?")
    hits = step(query, (Hit(APPLES, 0.4),))
    assert [hit.passage for hit in hits] == [BEES, APPLES]
    assert all(0 <= hit.score <= 1 for hit in hits)
    only = step(Query(query.text, principles=frozenset({2})), ())
    assert [hit.passage for hit in only] == [APPLES]


def test_a_passage_that_they_do_not_know_keeps_its_score() -> None:
    step = ByPrecedent(precedents(BEES), {each.id: each for each in (BEES, APPLES)}, weight=1.0)
    scores = {hit.passage: hit.score for hit in step(Query("Who?"), (Hit(BEES, 0.4), Hit(APPLES, 0.4)))}
    assert scores[APPLES] == 0.4
    assert scores[BEES] != 0.4


def test_in_int8_they_are_nearly_the_same() -> None:
    vectors = EMBEDDER.embed(ASKED)
    whole, steps = rounded(vectors)
    assert whole.dtype == np.int8
    assert np.abs(whole * steps[:, np.newaxis] - vectors).max() < 0.005


def alike(model: str) -> Alike:
    return load_alike(FakeEmbedder(model, dimension=384, deep=True), partial(open_graph, threads=1))


def test_none_are_read_for_a_model_whose_vectors_they_are_not() -> None:
    assert load_precedents(alike("another-model"), (BEES,))("Who keeps bees?").nearness == 0


def test_those_that_ship_speak_for_every_passage_as_it_stands() -> None:
    """If this fails: `python -m assistant.evaluation.labelling`, and label what no longer fits."""
    passages = [
        each for digest in read_corpus(Path("corpus/digests")) for each in passages_of(digest, EMBEDDER)
    ]
    held = load_precedents(alike(embedder_name(PACKAGED)), passages)
    assert held.known == {each.id for each in passages}
    labels = read_labels(LABELS, passages)
    assert len(labels) > 5_000
    places = {(each.id, at) for each in passages for at in range(len(each.text))}
    assert all(place in places for each in labels.values() for one in each for place in one.worth)


def test_a_label_for_what_does_not_exist_names_its_line(tmp_path: Path) -> None:
    here = f"{BEES.document.id}#{BEES.section}"
    lines = (
        {"id": "a1", "answered": "yes", "best": {here: [1]}},
        {"id": "a2", "answered": "maybe", "best": {}},
    )
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(MaterialInvalid, match=r"labels\.jsonl:2: there is no 'maybe'"):
        read_labels(path, (BEES,))


def test_a_changed_text_has_another_checksum() -> None:
    assert checksum(BEES) != checksum(APPLES)


def test_rare_words_in_common_count_most() -> None:
    words = Postings.of(("Who keeps bees?", "Who keeps hens?", "Who keeps hens and geese?", "Where?"))
    common = words.in_common("Who keeps bees?")
    assert common[0] == pytest.approx(1)
    assert common[0] > common[1] > common[2] > common[3] == 0
    assert words.in_common("Who keeps geese?").argmax() == 2
    assert words.in_common("Who keeps llamas?").max() < words.in_common("Who keeps hens?").max()
