"""What the judge looks at, and its weights, with and without what an index or a model may lack."""

import math
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from assistant.joint import Joint, Network
from assistant.judging import Judge, Judgement, load_weights
from assistant.precedents import Precedents
from assistant.rarity import Rarity
from assistant.retrieval.everyday import Everyday
from assistant.retrieval.interaction import Interaction
from assistant.retrieval.tokens import load_tokens
from assistant.retrieval.words import searchable_stems
from assistant.vocabulary import Document, Draft, Hit, Query
from assistant.weighing import Found, Weighing
from assistant.words import stems
from tests.fakes import document, labelled, passage
from tests.fakes_embedding import FakeEmbedder

BEES = passage("Volunteers keep bees behind the library.", position=0)
COST = passage("The contract is worth a million pounds.", position=1)


def judge(folder: Path, asked: dict[str, frozenset[str]], network: Network | None = None) -> Judge:
    embedder = FakeEmbedder()
    tokens = load_tokens(folder, (BEES, COST), embedder)
    rarity = Rarity([searchable_stems(each) for each in (BEES, COST)])
    joint = Joint(embedder, tokens, network)
    interaction, weights = Interaction(embedder, tokens), load_weights(networks=True)
    return Judge(interaction, joint, Precedents(embedder.embed), rarity, Everyday(""), asked, weights)


def features(made: Judge, text: str) -> dict[str, float]:
    return made.features(Query(text), (Hit(BEES, 1.0), Hit(COST, 0.5)), (Draft(BEES.text, (BEES,)),))


def test_a_word_of_a_known_question_counts_as_covered_by_what_answers_it(tmp_path: Path) -> None:
    asked = {BEES.id: frozenset(stems("Where do apiarists work?"))}
    with_it, without = (features(judge(tmp_path, known), "Do apiarists keep bees?") for known in (asked, {}))
    assert with_it["asked_or_covered"] == pytest.approx(1)
    assert without["asked_or_covered"] < 0.9
    assert without["covered_first"] == with_it["covered_first"]


def test_a_word_without_any_match_is_lost(tmp_path: Path) -> None:
    made = judge(tmp_path, {})
    assert (
        features(made, "Do volunteers keep bees?")["match_lost"]
        < features(made, "Do volunteers keep zeppelins?")["match_lost"]
    )


def test_precedents_say_what_became_of_questions_like_this_one(tmp_path: Path) -> None:
    known = labelled(("Who keeps bees?", 1.0, {(BEES, 0): 1.0}), ("What do they cost?", 0.0, {}))
    precedents = Precedents(FakeEmbedder().embed, known, frozenset({BEES.id}))
    made = replace(judge(tmp_path, {}), precedents=precedents)
    bees, cost = features(made, "Who keeps bees now?"), features(made, "What do they all cost?")
    assert bees["precedent_answered"] > 0.8
    assert cost["precedent_answered"] < 0.2
    assert bees["precedent_first"] > cost["precedent_first"]
    assert features(judge(tmp_path, {}), "Who keeps bees now?")["precedent_sentence"] == 0


def test_without_the_joint_layer_nothing_is_claimed_of_it(tmp_path: Path) -> None:
    found = features(judge(tmp_path, {}), "Who keeps bees?")
    assert found["joint_first"] == found["joint_best"] == -1


@pytest.mark.parametrize(
    ("text", "is_strange"),
    [
        ("Who pays the VBL volunteers?", True),
        ("Who pays the VKB volunteers?", False),  # volunteers keep bees
        ("Who pays the BL volunteers?", False),  # behind the library
        ("WHO PAYS THE VBL VOLUNTEERS?", False),
        ("Who does NOT pay the volunteers?", False),  # only stressed
        (f"Who pays the {'VBL' * 300} volunteers?", False),  # no abbreviation
    ],
)
def test_what_turns_on_a_strange_abbreviation_is_less_likely_answered(
    text: str, *, is_strange: bool, tmp_path: Path
) -> None:
    made, hits, drafts = judge(tmp_path, {}), (Hit(BEES, 1.0),), (Draft(BEES.text, (BEES,)),)
    weights = made.weights["unasked"]["answer"]
    measured = made.features(Query(text), hits, drafts)
    logit = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in measured.items())
    confidence = made.judge(Query(text), hits, drafts).confidence
    assert confidence == pytest.approx(1 / (1 + math.exp(1.5 * is_strange - logit)))


@pytest.mark.parametrize(("confidence", "partly"), [(0.5, True), (0.9, False)])
def test_a_sure_answer_is_whole_though_it_shares_words_with_what_is_not_covered(
    confidence: float, *, partly: bool
) -> None:
    of = document(not_covered="What the bees cost.")
    part = found(of, Judgement(confidence, 1.0, of, 0.7))
    # All that `missing` looks at are the thresholds.
    weighing = Weighing((), *(cast("Weighing", None) for _ in range(4)))  # type: ignore[arg-type]
    assert (weighing.missing((part,), (part,)) is not None) == partly


@pytest.mark.parametrize(("confidence", "near"), [(0.4, False), (0.6, True)])
def test_words_far_from_the_subject_do_not_refuse_what_is_likely_answered(
    confidence: float, *, near: bool
) -> None:
    part = found(document(), Judgement(confidence, 0.0, None, 0.0))
    weighing = Weighing((), *(cast("Weighing", None) for _ in range(4)))  # type: ignore[arg-type]
    assert bool(weighing.answered((part,))) == near


def test_less_is_enough_beside_whom_to_ask() -> None:
    part = found(document(), Judgement(0.2, 1.0, None, 0.0))
    weighing = Weighing((), *(cast("Weighing", None) for _ in range(4)))  # type: ignore[arg-type]
    assert not weighing.answered((part,))
    assert weighing.answered((part,), sent_on=True)


@pytest.mark.parametrize(
    ("whole", "first", "second", "answered"),
    [
        (0.1, 0.1, "And how long have they got?", []),
        (0.1, 0.1, "And who pays for Keep it Local?", [2]),
        (0.1, 0.9, "And how long have they got?", [1, 2]),
        (0.9, 0.1, "And how long have they got?", [2]),
    ],
)
def test_what_points_back_is_answered_only_with_what_it_points_at(
    whole: float, first: float, second: str, answered: list[int]
) -> None:
    asked = (("Both", whole), ("Who won the award?", first), (second, 0.9))
    parts = tuple(found(document(), Judgement(each, 1.0, None, 0.0), text) for text, each in asked)
    weighing = Weighing((), *(cast("Weighing", None) for _ in range(4)))  # type: ignore[arg-type]
    assert weighing.answered(parts) == tuple(parts[at] for at in answered)


def found(of: Document, judgement: Judgement, text: str = "Who keeps bees?") -> Found:
    held = passage("Volunteers keep bees.", of=of)
    return Found(Query(text), (Hit(held, 1.0),), (Draft(held.text, (held,)),), judgement)


def test_material_without_readers_questions_is_judged_without_them() -> None:
    weights = load_weights(networks=True)
    assert set(weights) == {"asked", "unasked"}
    assert any(name.startswith("asked") for name in weights["asked"]["answer"])
    for each in weights["unasked"].values():
        assert not any(name.startswith("asked") for name in each)


def test_another_embedding_model_is_judged_without_the_networks() -> None:
    assert any(name.startswith("answers") for name in load_weights(networks=True)["asked"]["answer"])
    for each in load_weights(networks=False).values():
        assert not any(name.startswith("answers") for name in each["answer"])


def test_another_embedding_model_is_judged_without_the_joint_layer() -> None:
    assert {"joint_first", "joint_best"} <= set(load_weights(networks=True)["unasked"]["answer"])
    for each in load_weights(networks=False).values():
        assert not any(name.startswith("joint") for name in each["answer"])
