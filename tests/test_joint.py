"""The layer that reads question and passage together."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from assistant.compact import open_graph
from assistant.embedding import LONGEST, PACKAGED, embedder_name, end_of, reading_with
from assistant.evaluation.joining import JointLayer, Pair, heads_of, ranges_of, train
from assistant.evaluation.layers import weights_of
from assistant.exporting import export_layers
from assistant.joint import UNREAD, Joint, Network, load_network
from assistant.retrieval.tokens import PassageTokens, load_tokens
from tests.fakes import passage
from tests.fakes_embedding import FakeEmbedder

COST = passage("The contract is worth a million pounds. It began in May.", position=0)
BEES = passage("Volunteers keep bees behind the library.", position=1)
EMBEDDER = FakeEmbedder(dimension=384, deep=True)


def pair(question: str, text: str, *, answers: bool, needed: tuple[bool, ...] | None = None) -> Pair:
    asked, told = (each.deep for each in EMBEDDER.tokens([question, text]))
    assert asked is not None
    assert told is not None
    return Pair(asked, told, (slice(1, len(told) - 1),), answers, needed)


def network_of(joint: JointLayer, sample: tuple[Pair, ...] = ()) -> Network:
    content = export_layers(weights_of([joint.layer]), ranges_of(joint, sample) if sample else None)
    heads: Mapping[str, Any] = {name: each.astype(np.float32) for name, each in heads_of(joint).items()}
    parts = dict(heads)
    return Network(reading_with(open_graph(content, 1)), parts.pop("segments"), parts)


def tokens(folder: Path) -> dict[str, PassageTokens]:
    return load_tokens(folder, (COST, BEES), EMBEDDER)


@pytest.fixture(scope="module")
def joint() -> JointLayer:
    torch.manual_seed(4)
    return JointLayer().eval()


SAMPLE = tuple(
    pair(question, text, answers=True)
    for question in ("What is it worth?", "Who keeps bees?")
    for text in (COST.text, BEES.text)
)


def test_what_answers_in_production_is_what_was_trained(joint: JointLayer) -> None:
    network = network_of(joint)
    for each in SAMPLE:
        with torch.inference_mode():
            whole, sentences = joint([each])
        logit, of_sentences = network.logits(each.question, each.passage, each.sentences)
        assert logit == pytest.approx(whole.item(), abs=2e-3)
        assert of_sentences == pytest.approx(sentences.numpy(), abs=2e-3)


def test_whole_numbers_change_little(joint: JointLayer) -> None:
    exact, rounded = network_of(joint), network_of(joint, SAMPLE)
    for each in SAMPLE:
        expected, _ = exact.logits(each.question, each.passage, each.sentences)
        assert rounded.logits(each.question, each.passage, each.sentences)[0] == pytest.approx(
            expected, abs=0.1
        )


def test_a_passage_is_read_alike_whatever_it_is_read_with(joint: JointLayer) -> None:
    network = replace(network_of(joint, SAMPLE), together=ThreadPoolExecutor(2))
    held = [(each.passage, each.sentences) for each in SAMPLE[:2]]
    together = network.all_logits(SAMPLE[0].question, held)
    for one, (logit, sentences) in zip(held, together, strict=True):
        alone, of_sentences = network.logits(SAMPLE[0].question, *one)
        assert logit == pytest.approx(alone, abs=1e-4)
        assert sentences == pytest.approx(of_sentences, abs=1e-4)


def test_training_tells_what_answers_from_what_does_not() -> None:
    words = ("bees", "apples", "honey", "boats")
    questions = [
        tuple(
            pair(f"Who sells {asked}?", f"Ada sells {told}.", answers=asked == told, needed=(asked == told,))
            for told in words
        )
        for asked in words
    ]
    trained = train(questions, seed=1, epochs=40, batch=4, rate=3e-4)
    with torch.inference_mode():
        whole, sentences = trained(questions[0])
    assert whole[0] > 0 > whole[1:].max()
    assert sentences[0] > 0 > sentences[1:].max()


def test_without_a_network_or_the_states_nothing_is_claimed(tmp_path: Path, joint: JointLayer) -> None:
    assert Joint(EMBEDDER, tokens(tmp_path), None)("What is it worth?", [COST]) == [UNREAD]
    plain = FakeEmbedder(dimension=384)
    answerability = Joint(plain, load_tokens(tmp_path, (COST,), plain), network_of(joint))
    assert answerability("What is it worth?", [COST]) == [UNREAD]


def test_every_sentence_is_weighed(tmp_path: Path, joint: JointLayer) -> None:
    readings = Joint(EMBEDDER, tokens(tmp_path), network_of(joint))("What is it worth?", [BEES, COST])
    assert [len(each.sentences) for each in readings] == [1, 2]
    assert all(0 < each.answers < 1 for each in readings)


def test_the_end_of_a_long_question_is_read() -> None:
    states = np.arange(3 * LONGEST, dtype=np.float32)[:, None]
    kept = end_of(states)[:, 0].tolist()
    assert len(kept) == LONGEST
    assert (kept[0], kept[-1]) == (0, 3 * LONGEST - 1)
    assert len(end_of(states[:9])) == 9


def test_the_network_that_ships_fits_the_packaged_model() -> None:
    network = load_network(embedder_name(PACKAGED), partial(open_graph, threads=1))
    assert network is not None
    assert network.segments.shape == (2, 384)


def test_a_network_trained_for_another_model_is_left_out() -> None:
    assert load_network("another-model", partial(open_graph, threads=1)) is None
