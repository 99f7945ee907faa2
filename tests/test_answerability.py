"""The network that tells whether a passage answers a question."""

from pathlib import Path

import numpy as np
import pytest

from assistant.answerability import Answerability, Answering, attend, load_networks
from assistant.embedding import PACKAGED, embedder_name
from assistant.evaluation.learning import Network, Pair, make_pair, train, weights_of
from assistant.retrieval.tokens import load_tokens
from assistant.vocabulary import Hit, Query
from tests.fakes import passage
from tests.fakes_embedding import FakeEmbedder

COST = passage("The contract is worth a million pounds.", position=0)
BEES = passage("Volunteers keep bees behind the library.", position=1)


def test_attention_sees_the_word_that_matches() -> None:
    embedder = FakeEmbedder()
    question, text = (embedder.tokens([each])[0].vectors for each in ("bees", BEES.text))
    seen, best = attend(question, text)
    assert best == pytest.approx([1.0], abs=1e-5)
    assert float(seen[0] @ question[0]) > 0.95


def test_what_answers_in_production_is_what_was_trained(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    tokens = load_tokens(tmp_path, (COST, BEES), embedder)
    network = Network(64).eval()
    answers = Answerability(embedder, tokens, (weights_of(network),))
    asked = embedder.tokens(["What is it worth?"])[0].vectors
    expected = [
        network([make_pair(asked, tokens[each.id].vectors.astype(np.float32), answers=True)]).sigmoid().item()
        for each in (BEES, COST)
    ]
    assert answers("What is it worth?", [COST])[0] == pytest.approx(expected[1], abs=1e-3)
    assert answers("What is it worth?", [BEES, COST]) == pytest.approx(expected, abs=1e-3)


def test_training_tells_what_answers_from_what_does_not() -> None:
    embedder = FakeEmbedder()

    def pair(question: str, text: str, *, answers: bool) -> Pair:
        first, second = embedder.tokens([question, text])
        return make_pair(first.vectors, second.vectors, answers=answers)

    words = ("bees", "apples", "honey", "boats", "bread", "tiles")
    pairs = [
        pair(f"Who sells {asked}?", f"Ada sells {told}.", answers=asked == told)
        for asked in words
        for told in words
    ]
    network = train(pairs, seed=1, epochs=60, batch=8)
    yes, no = network(pairs[:2]).tolist()
    assert yes > 0 > no


def test_without_words_or_networks_nothing_is_claimed(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    tokens = load_tokens(tmp_path, (COST,), embedder)
    assert Answerability(embedder, tokens, ())("What is it worth?", [COST]) == [0]
    assert Answerability(embedder, tokens, (weights_of(Network(64)),))("", [COST]) == [0]


def test_what_answers_is_lifted(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    answers = Answerability(
        embedder, load_tokens(tmp_path, (COST, BEES), embedder), (weights_of(Network(64)),)
    )
    step, query = Answering(answers, weight=1.0), Query("What is it worth?")
    hits = step(query, (Hit(COST, 0.5), Hit(BEES, 0.5)))
    probabilities = [hit.parts["answers"] for hit in hits]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(hit.score == pytest.approx((0.5 + hit.parts["answers"]) / 2) for hit in hits)


def test_the_networks_that_ship_fit_the_packaged_model() -> None:
    networks = load_networks(embedder_name(PACKAGED))
    assert len(networks) == 3
    assert all(network["project.weight"].shape == (64, 384) for network in networks)


def test_networks_trained_for_another_model_are_left_out() -> None:
    assert load_networks("another-model") == ()
