"""Trains the judge: the answerability networks, if they are wanted anew, and the weights of the evidence.

Run `python -m assistant.evaluation.calibrating` after a change to what is found or measured. It takes about
ten minutes on two cores, with `--networks` half an hour, and prints how well the judge does on questions held
out.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answerability import Answering
from assistant.answering import Assistant
from assistant.assembly import build_assistant
from assistant.composing.quotes import Quotes
from assistant.evaluation.cases import Case, asked_cases, read_cases
from assistant.evaluation.fitting import UNREAD, write_weights
from assistant.evaluation.learning import Pair, make_pair, train, weights_of
from assistant.precedents import ByPrecedent
from assistant.retrieval.interaction import Vector
from assistant.settings import load_settings

NETWORKS = Path("assistant/answerability.npz")
SEEDS = (10, 11, 12)
# Passages looked at for each question in training, beside those that answer it.
CANDIDATES = 5


def pairs_of(case: Case, vectors: Mapping[str, Vector]) -> Iterator[Pair]:
    """Pair the question with what was found first and with what answers it."""
    found = (hit.passage.id for hit in case.hits[:CANDIDATES])
    for passage in dict.fromkeys((*found, *sorted(case.gold))):
        yield make_pair(case.tokens, vectors[passage], answers=passage in case.gold)


def measure(assistant: Assistant, answering: Answering, case: Case) -> dict[str, float]:
    """Return what the judge sees of the question, with this network's opinion and without its own label."""
    weighing = assistant.weighing
    unseen = weighing.judge.precedents.unseen()
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
    write_weights([measure(assistant, answering, case) for case in cases], cases)
    return 0


def _answering(assistant: Assistant) -> Answering:
    (answering,) = (step for step in assistant.weighing.steps if isinstance(step, Answering))
    return answering


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
