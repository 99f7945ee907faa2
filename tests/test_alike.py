"""What a question asks for, as a vector."""

from functools import partial

import numpy as np
import pytest
import torch

from assistant.alike import Alike, load_alike
from assistant.compact import open_graph
from assistant.embedding import LONGEST, PACKAGED, embedder_name, reading_with
from assistant.evaluation.layers import Layer, weights_of
from assistant.evaluation.likening import AlikeLayers, Lesson, layers_of, ranges_of, train, vectors_of
from assistant.exporting import export_layers
from assistant.retrieval.interaction import Vector
from tests.fakes_embedding import FakeEmbedder

EMBEDDER = FakeEmbedder(dimension=384, deep=True)
UNREAD = Alike(EMBEDDER, None)
TEXTS = ("Who keeps bees?", "What did the orchard of Marlow cost the council in the end?", "Why?")


@pytest.fixture(scope="module")
def network() -> AlikeLayers:
    torch.manual_seed(4)
    return AlikeLayers([None, None]).eval()


def exported(network: AlikeLayers, sample: list[Vector]) -> Alike:
    layers = [each for each in network.layers if isinstance(each, Layer)]
    content = export_layers(weights_of(layers), ranges_of(network, sample) if sample else None, len(layers))
    return Alike(EMBEDDER, reading_with(open_graph(content, 1)))


def test_questions_are_read_in_production_as_they_were_in_training(network: AlikeLayers) -> None:
    trained = vectors_of(network, UNREAD.states(TEXTS))
    assert exported(network, [])(TEXTS) == pytest.approx(trained, abs=2e-3)
    assert Alike(EMBEDDER, layers_of(network))(TEXTS) == pytest.approx(trained, abs=1e-4)
    assert np.linalg.norm(trained, axis=1) == pytest.approx(1, abs=1e-5)


def test_whole_numbers_change_little(network: AlikeLayers) -> None:
    exact, rounded = (exported(network, sample)(TEXTS) for sample in ([], UNREAD.states(TEXTS)))
    assert np.sum(exact * rounded, axis=1).min() > 0.99


def test_training_parts_what_the_words_put_together() -> None:
    """All name one of two places; what tells who has an answer is which of two things is asked for."""
    chance = np.random.default_rng(2)
    fillers = [f"word{number}" for number in range(40)]

    def question(place: str, asked: str) -> str:
        return " ".join((*chance.choice(fillers, 3), place, asked))

    kinds = [(place, asked) for place in ("Saltmere", "Marlow") for asked in ("opened", "closed")]
    texts = [question(*kinds[at % 4]) for at in range(160)]
    answered = np.array([kinds[at % 4][1] == "opened" for at in range(160)], dtype=np.float32)
    votes = np.stack([(answered > 0) & (np.arange(160) % 4 == at) for at in (0, 2)], axis=1)
    lesson = Lesson(texts, UNREAD.states(texts), answered, votes.astype(np.float32))
    torch.manual_seed(1)
    alike = Alike(EMBEDDER, layers_of(train(lesson, 1, [None], epochs=12, batch=20, rate=3e-4)))
    opened, closed = (
        alike([question("Saltmere", asked) for _ in range(20)]) for asked in ("opened", "closed")
    )
    before, after = np.triu_indices(20, 1), opened @ opened.T
    assert after[before].mean() > (opened @ closed.T).mean() + 0.5


def test_some_questions_of_a_lesson_are_a_lesson() -> None:
    lesson = Lesson(
        TEXTS, UNREAD.states(TEXTS), np.array([1, 0.5, 0], dtype=np.float32), np.eye(3, dtype=np.float32)
    )
    some = lesson.of([2, 0])
    assert some.texts == [TEXTS[2], TEXTS[0]]
    assert some.answered.tolist() == [0, 1]
    assert some.votes.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert [len(each) for each in some.states] == [len(lesson.states[at]) for at in (2, 0)]


def test_the_end_of_a_long_question_is_read() -> None:
    long = " ".join(f"word{number}" for number in range(3 * LONGEST)) + " Who keeps bees?"
    (states,) = UNREAD.states([long])
    (whole,) = EMBEDDER.tokens([long])
    assert whole.shallow is not None
    assert len(states) == LONGEST
    assert states[1:] == pytest.approx(whole.shallow[1 - LONGEST :])


def test_the_layers_that_ship_read_the_packaged_model() -> None:
    named = FakeEmbedder(embedder_name(PACKAGED), dimension=384, deep=True)
    alike = load_alike(named, partial(open_graph, threads=1))
    assert alike(TEXTS).shape == (3, 384)
    assert alike.name.startswith(named.name)


def test_for_another_model_there_are_none() -> None:
    alike = load_alike(
        FakeEmbedder("another-model", dimension=384, deep=True), partial(open_graph, threads=1)
    )
    assert alike(TEXTS).shape == (3, 0)
    assert not alike.name
