"""How the judge learns: from what it can't know already, and without what writers of questions like."""

import numpy as np
import pytest

from assistant.evaluation.cases import Case
from assistant.evaluation.fitting import fit, reckon
from assistant.vocabulary import Query

CHANCE = np.random.default_rng(1)


def case(number: int, *, answerable: bool, file: str = "a") -> Case:
    vectors = np.zeros((1, 1), dtype=np.float32)
    query = Query(f"Question {number}?")
    return Case(
        query, vectors, (), frozenset(), answerable, near=not answerable, section=str(number // 4), file=file
    )


def row(*, joint: bool, money: bool = False) -> dict[str, float]:
    said = 0.5 * (1 if joint else -1) + 0.1 * CHANCE.standard_normal()
    noise = CHANCE.standard_normal()
    return {"seen": noise, "wants_money": float(money), "joint_first": said, "joint_best": said}


def test_the_joint_layer_is_weighed_only_on_files_that_it_never_learned_from() -> None:
    # On the files that it learned from it is always right, on the others it says nothing.
    cases = [case(at, answerable=at % 2 == 0, file="a" if at < 200 else "h") for at in range(400)]
    rows = [row(joint=(at // 2) % 2 == 0 if at < 200 else each.answerable) for at, each in enumerate(cases)]
    weights = fit(reckon(rows, cases), cases, ("seen", "joint_first", "joint_best"))
    assert abs(weights["joint_first"]) + abs(weights["joint_best"]) < 0.2


def test_a_kind_that_writers_like_for_near_misses_counts_less_against_a_question() -> None:
    cases = [case(at, answerable=at % 2 == 0) for at in range(400)]
    money = [at % 20 == 0 or (not each.answerable and at % 3 == 0) for at, each in enumerate(cases)]
    rows = [row(joint=each.answerable, money=asks) for each, asks in zip(cases, money, strict=True)]
    weights = fit(rows, cases, ("seen", "wants_money"))
    share = sum(asks and each.answerable for asks, each in zip(money, cases, strict=True)) / sum(money)
    assert np.log(share / (1 - share)) / 2 - 0.3 < weights["wants_money"] < 0
    assert weights["seen"] == pytest.approx(0, abs=0.3)
