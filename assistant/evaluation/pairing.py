"""Makes the pairs that the joint layer learns from, and trains it.

Run `python -m assistant.evaluation.pairing` when the embedding model or the training questions changed. It
takes most of an hour on two cores, and prints how well the layer tells passages that answer from others, on
questions that it did not learn from.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch

from assistant.answerability import Answering
from assistant.answering import Assistant
from assistant.assembly import build_assistant
from assistant.composing.quotes import Quotes
from assistant.embedding import PACKAGED, embedder_name, end_of
from assistant.evaluation.cases import TRAINING, Case, asked_cases, read_cases
from assistant.evaluation.fitting import UNREAD, area
from assistant.evaluation.joining import JointLayer, Pair, heads_of, ranges_of, train
from assistant.evaluation.layers import of_the_model, weights_of
from assistant.exporting import DEEP, export_layers
from assistant.settings import load_settings
from assistant.vocabulary import Passage

NEEDED = TRAINING / "needed" / "sentences.jsonl"
LAYER, HEADS = Path("assistant/joint.onnx"), Path("assistant/joint.npz")
# Passages that don't answer, for each question: the nearest, others near, and one by chance.
NEAREST, OTHERS, NEAR = 2, 1, 12


class Pairing:
    """Pairs a question with what answers it, and with passages that don't."""

    def __init__(self, assistant: Assistant) -> None:
        composer = assistant.weighing.composer
        assert isinstance(composer, Quotes)
        self._read, self._held = composer.joint.read, composer.joint.held
        self._passages = assistant.passages
        self._needed = dict(_read_needed(assistant.passages))
        self._chance = np.random.default_rng(1)

    def __call__(self, case: Case) -> tuple[Pair, ...]:
        """Return the pairs of a question; of passages that nobody called wrong, some may answer as well."""
        wrong = [hit.passage.id for hit in case.hits if hit.passage.id not in case.gold][:NEAR]
        others = [str(each) for each in self._chance.permutation(wrong[NEAREST:])[:OTHERS]]
        by_chance = self._passages[self._chance.integers(len(self._passages))].id
        certain = 0.6 if case.gold else 1.0
        yes = (self._pair(case, each, answers=True) for each in sorted(case.gold))
        no = (self._pair(case, each, weight=certain) for each in (*wrong[:NEAREST], *others, by_chance))
        return (*yes, *no)

    def _pair(self, case: Case, passage: str, *, answers: bool = False, weight: float = 1.0) -> Pair:
        held, question = self._held[passage], self._read(case.query.text).deep
        assert held.deep is not None
        assert question is not None
        chosen = self._needed.get((passage, case.query.text)) if answers else None
        needed = None if chosen is None else tuple(at in chosen for at in range(1, len(held.places) + 1))
        return Pair(end_of(question), held.deep, held.places, answers, needed, weight)


def _read_needed(passages: Sequence[Passage]) -> Iterator[tuple[tuple[str, str], frozenset[int]]]:
    """Yield which sentences, counted from 1, of a passage a question needs."""
    ids = {(passage.document.id, passage.section): passage.id for passage in passages}
    for line in NEEDED.read_text("utf-8").splitlines():
        item = json.loads(line)
        where = ids.get((item["document"], item["section"]))
        if where is not None:
            yield (where, item["question"]), frozenset(item["sentences"])


def write_layer(network: JointLayer, sample: Sequence[Pair]) -> None:
    """Write both files; the ranges for int8 are taken from the sample."""
    LAYER.write_bytes(export_layers(weights_of([network.layer]), ranges_of(network, sample)))
    held: dict[str, Any] = heads_of(network)
    np.savez_compressed(HEADS, model=np.array(embedder_name(PACKAGED)), **held)


def measure(network: JointLayer, questions: Sequence[Sequence[Pair]]) -> float:
    """Return the share of pairs of passages, of any two questions, in which the one that answers is above."""
    yes: list[float] = []
    no: list[float] = []
    with torch.inference_mode():
        for pairs in questions:
            whole, _ = network(pairs)
            for pair, logit in zip(pairs, whole.tolist(), strict=True):
                (yes if pair.answers else no).append(logit)
    return area(np.array(yes), np.array(no))


def main() -> int:
    """Train on all files but those that measure, write the layer, and measure."""
    assistant = build_assistant(load_settings())
    (answering,) = (step for step in assistant.weighing.steps if isinstance(step, Answering))
    pairing = Pairing(assistant)
    files = sorted(TRAINING.glob("*.jsonl"))
    left_out = [path for path in files if path.stem in UNREAD["joint"]]
    learned = [path for path in files if path.stem not in UNREAD["joint"]]
    cases = chain(read_cases(assistant, answering, learned), asked_cases(assistant, answering))
    questions = [pairing(case) for case in cases]
    print(f"{len(questions)} questions, {sum(map(len, questions))} pairs")
    network = train(questions, seed=0, layer=of_the_model(DEEP))
    write_layer(network, [pairs[0] for pairs in questions[::20]])
    unseen = [pairing(case) for case in read_cases(assistant, answering, left_out)]
    print(f"{len(unseen)} questions left out, AUC {measure(network, unseen):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
