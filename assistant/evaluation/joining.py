"""Trains the layer that reads question and passage together: which passages, and sentences, answer.

It begins as the embedding model's own next layer, and learns from pairs whose states below it never change,
so a pair costs a sixth of what it would cost through the whole model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from assistant.evaluation.layers import DROPOUT, Layer, Ranges
from assistant.exporting import WIDTH, Range
from assistant.retrieval.interaction import Vector

HIDDEN = 128
RATE = 1e-4  # of the layer; what is new learns five times as fast


@dataclass(frozen=True, eq=False)
class Pair:
    """States of a question and a passage (n, d), where its sentences stand, and what is known of it.

    `needed` says of each sentence whether the answer needs it; None where nobody has said. A pair and its
    sentences count `weight`.
    """

    question: Vector
    passage: Vector
    sentences: tuple[slice, ...]
    answers: bool
    needed: tuple[bool, ...] | None = None
    weight: float = 1.0

    @property
    def length(self) -> int:
        """How many pieces are read."""
        return len(self.question) + len(self.passage)


class JointLayer(nn.Module):
    """A BERT layer over both texts, and two heads on it; `assistant.joint.Network` with dropout."""

    def __init__(self, layer: Mapping[str, Tensor] | None = None) -> None:
        super().__init__()
        self.layer = Layer(layer)
        self.segments = nn.Parameter(torch.zeros(2, WIDTH))
        self.pool, self.out = nn.Linear(2 * WIDTH, HIDDEN), nn.Linear(HIDDEN, 1)
        self.pool_sentence, self.out_sentence = nn.Linear(2 * WIDTH, HIDDEN), nn.Linear(HIDDEN, 1)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
        """Return a logit for each pair, and one for each of all their sentences, in order."""
        states = pad_sequence([_joined(pair) for pair in pairs], batch_first=True)
        at = torch.arange(states.shape[1])[None]
        asked = at < torch.tensor([[len(pair.question)] for pair in pairs])
        there = at < torch.tensor([[pair.length] for pair in pairs])
        read = self.layer(states + self.segments[(~asked).long()] * there[..., None], there)
        question = _mean(read, asked)
        whole = self._head("", question, _mean(read, there & ~asked))
        means = [
            (row[len(pair.question) :][where].mean(0) if where.stop > where.start else 0 * row[0])
            for row, pair in zip(read, pairs, strict=True)
            for where in pair.sentences
        ]
        counts = torch.tensor([len(pair.sentences) for pair in pairs])
        return whole, self._head("_sentence", question.repeat_interleave(counts, 0), torch.stack(means))

    def _head(self, name: str, question: Tensor, told: Tensor) -> Tensor:
        pool, out = getattr(self, f"pool{name}"), getattr(self, f"out{name}")
        logits: Tensor = out(self.drop(torch.tanh(pool(torch.cat((question, told), -1)))))
        return logits.squeeze(-1)


def train(
    questions: Sequence[Sequence[Pair]],
    seed: int,
    layer: Mapping[str, Tensor] | None = None,
    epochs: int = 2,
    batch: int = 8,
    rate: float = RATE,
) -> JointLayer:
    """Fit with AdamW and one cycle of the rate (Smith, 2018, arXiv 1803.09820), `batch` questions a step."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    network = JointLayer(layer)
    fresh = [
        value for name, value in network.named_parameters() if name.startswith(("segments", "pool", "out"))
    ]
    known = [value for value in network.parameters() if all(value is not each for each in fresh)]
    optimiser = torch.optim.AdamW([{"params": known}, {"params": fresh}], lr=rate, weight_decay=1e-2)
    steps = epochs * -(-len(questions) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, 5 * rate], total_steps=steps + 1, pct_start=0.1
    )
    network.train()
    for _ in range(epochs):
        order = chance.permutation(len(questions))
        for start in range(0, len(order), batch):
            optimiser.zero_grad()
            _learn(network, [pair for at in order[start : start + batch] for pair in questions[at]])
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def _learn(network: JointLayer, pairs: Sequence[Pair]) -> None:
    """Add up the gradients of one step; pairs of like length are read together."""
    ordered = sorted(pairs, key=lambda pair: pair.length)
    size = -(-len(ordered) // 3)
    for start in range(0, len(ordered), size):
        group = ordered[start : start + size]
        whole, sentences = network(group)
        loss = _weighed(whole, [pair.answers for pair in group], [pair.weight for pair in group])
        needed = [each for pair in group for each in _needed(pair)]
        loss = loss + _weighed(sentences, [each for each, _ in needed], [weight for _, weight in needed])
        (loss * len(group) / len(ordered)).backward()  # type: ignore[no-untyped-call]


def _needed(pair: Pair) -> list[tuple[bool, float]]:
    """Return what is known of each sentence and how much it counts: of those that don't answer, little."""
    if not pair.answers:
        return [(False, 0.3 * pair.weight)] * len(pair.sentences)
    if pair.needed is None:
        return [(False, 0.0)] * len(pair.sentences)
    return [(each, 1.0) for each in pair.needed]


def _weighed(logits: Tensor, wanted: Sequence[bool], weights: Sequence[float]) -> Tensor:
    counted = torch.tensor(weights)
    losses = nn.functional.binary_cross_entropy_with_logits(
        logits, torch.tensor(wanted, dtype=torch.float32), reduction="none"
    )
    return (losses * counted).sum() / counted.sum().clamp(min=1e-6)


def _joined(pair: Pair) -> Tensor:
    return torch.from_numpy(np.concatenate((pair.question, pair.passage)).astype(np.float32))


def _mean(values: Tensor, where: Tensor) -> Tensor:
    return (values * where[..., None]).sum(1) / where.sum(1, keepdim=True).clamp(min=1)


def heads_of(network: JointLayer) -> dict[str, np.ndarray[Any, Any]]:
    """Return segments and heads by the names that `joint` reads."""
    return {
        name: value.detach().numpy().astype(np.float16)
        for name, value in network.state_dict().items()
        if name.startswith(("segments", "pool", "out"))
    }


def ranges_of(network: JointLayer, pairs: Sequence[Pair]) -> dict[str, Range]:
    """Return the ranges to export with, taken from what these pairs make of each multiplication's input."""
    ranges = Ranges([network.layer])
    with torch.inference_mode():
        for pair in pairs:
            network([pair])
            ranges.note()
    return ranges.all()
