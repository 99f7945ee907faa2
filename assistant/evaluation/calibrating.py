"""Trains the judge: the answerability networks, if they are wanted anew, and the weights of the evidence.

Run `python -m assistant.evaluation.calibrating` after a change to what is found or measured. It takes about
half an hour on two cores, with `--networks` an hour, and prints how well the judge does on questions held
out.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from assistant.alike import Alike
from assistant.answerability import Answering
from assistant.answering import Assistant
from assistant.assembly import build_assistant
from assistant.composing.quotes import Quotes
from assistant.evaluation.cases import Case, asked_cases, read_cases
from assistant.evaluation.fitting import UNREAD, write_weights
from assistant.evaluation.labelling import read_labelled
from assistant.evaluation.learning import Pair, make_pair, train, weights_of
from assistant.evaluation.likening import layers_of, vectors_of
from assistant.evaluation.likening import train as train_alike
from assistant.opening import open_embedder
from assistant.precedents import ByPrecedent, Precedents
from assistant.retrieval.interaction import Vector
from assistant.settings import load_settings

NETWORKS = Path("assistant/answerability.npz")
SEEDS = (10, 11, 12)
# Passages looked at for each question in training, beside those that answer it.
CANDIDATES = 5
FOLDS = 3


def pairs_of(case: Case, vectors: Mapping[str, Vector]) -> Iterator[Pair]:
    """Pair the question with what was found first and with what answers it."""
    found = (hit.passage.id for hit in case.hits[:CANDIDATES])
    for passage in dict.fromkeys((*found, *sorted(case.gold))):
        yield make_pair(case.tokens, vectors[passage], answers=passage in case.gold)


def unlearned(assistant: Assistant) -> Iterator[Precedents]:
    """Yield the precedents for each fold: with its questions, but vectors that were not learned from them.

    What the layers make of a question that they learned from is no guide to what they make of others.
    """
    settings, known = load_settings(), assistant.weighing.judge.precedents.known
    embedder = open_embedder(settings.embedding_model, settings.threads, settings.data)
    labelled, lesson = read_labelled(assistant, Alike(embedder, None))
    for fold in range(FOLDS):
        network = train_alike(
            lesson.of([at for at, each in enumerate(lesson.texts) if fold_of(each) != fold]), 0
        )
        vectors = vectors_of(network, lesson.states)
        yield Precedents(
            Alike(embedder, layers_of(network)), replace(labelled, vectors=vectors), known, unseen=True
        )


def fold_of(text: str) -> int:
    """Return which fold a question is in; always the same."""
    return crc32(text.encode()) % FOLDS


def measure(assistant: Assistant, answering: Answering, case: Case, unseen: Precedents) -> dict[str, float]:
    """Return what the judge sees of the question, with this network's opinion and without its own label."""
    weighing = assistant.weighing
    (precedent,) = (step for step in weighing.steps if isinstance(step, ByPrecedent))
    hits = replace(precedent, precedents=unseen)(case.query, answering(case.query, case.hits))
    hits = weighing.choose(case.query, hits)
    assert isinstance(weighing.composer, Quotes)
    drafts = tuple(replace(weighing.composer, precedents=unseen).compose(case.query, hits))
    return replace(weighing.judge, precedents=unseen).features(case.query, hits, drafts)


def train_networks(assistant: Assistant, answering: Answering, cases: Sequence[Case]) -> None:
    """Train on all questions but those that the judge has to see unlearned, and write the file."""
    vectors = {
        passage.id: assistant.weighing.judge.interaction.vectors(passage) for passage in assistant.passages
    }
    learned = (case for case in cases if case.file not in UNREAD["answers"])
    from_cases = chain(learned, asked_cases(assistant, answering))
    pairs = [pair for case in from_cases for pair in pairs_of(case, vectors)]
    networks = [weights_of(train(pairs, seed=seed)) for seed in SEEDS]
    held: dict[str, Any] = {
        f"{n}.{name}": value.astype(np.float16)
        for n, each in enumerate(networks)
        for name, value in each.items()
    }
    np.savez_compressed(NETWORKS, model=np.array(assistant.weighing.judge.interaction.model), **held)


def main(arguments: Sequence[str]) -> int:
    """Fit the weights to what the networks say, with `--networks` after training these anew."""
    assistant = build_assistant(load_settings())
    if "--networks" in arguments:
        train_networks(assistant, _answering(assistant), list(read_cases(assistant, _answering(assistant))))
        assistant = build_assistant(load_settings())
    answering = _answering(assistant)
    cases = list(read_cases(assistant, answering))
    unseen = tuple(unlearned(assistant))
    write_weights(
        [measure(assistant, answering, case, unseen[fold_of(case.query.text)]) for case in cases], cases
    )
    return 0


def _answering(assistant: Assistant) -> Answering:
    (answering,) = (step for step in assistant.weighing.steps if isinstance(step, Answering))
    return answering


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
