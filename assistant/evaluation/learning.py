"""Trains the answerability network: which passages answer which questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from assistant.answerability import attend
from assistant.retrieval.interaction import Vector

WIDTH = 64
DROPOUT = 0.3


@dataclass(frozen=True)
class Pair:
    """A question and a passage as the network sees them, and whether the one is answered by the other."""

    question: Vector
    seen: Vector
    best: Vector
    answers: bool


def make_pair(question: Vector, passage: Vector, *, answers: bool) -> Pair:
    """Compute what the question sees in the passage, once."""
    seen, best = attend(question, passage)
    return Pair(question, seen.astype(np.float16), best, answers)


class Network(nn.Module):
    """The layers of `assistant.answerability`, with dropout, over a batch of pairs."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.project = nn.Linear(dimension, WIDTH)
        self.compare_1, self.compare_2 = nn.Linear(4 * WIDTH + 2, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.weigh = nn.Linear(WIDTH, 1)
        self.decide_1, self.decide_2 = nn.Linear(2 * WIDTH + 3, WIDTH), nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return one logit a pair."""
        asked = pad_sequence([torch.from_numpy(pair.question) for pair in pairs], batch_first=True)
        seen = pad_sequence([torch.from_numpy(pair.seen).float() for pair in pairs], batch_first=True)
        best = pad_sequence([torch.from_numpy(pair.best) for pair in pairs], batch_first=True)
        lengths = torch.tensor([len(pair.best) for pair in pairs])
        there = torch.arange(best.shape[1])[None] < lengths[:, None]
        a, b = self.drop(self.project(asked)), self.drop(self.project(seen))
        compared = torch.cat((a, b, a * b, (a - b).abs(), best[..., None], best[..., None] ** 2), -1)
        words = self.compare_2(self.drop(self.compare_1(compared).relu())).relu()
        weight = self.weigh(words).squeeze(-1).masked_fill(~there, -1e9).softmax(-1)
        pooled = (
            (words * weight[..., None]).sum(1),
            words.masked_fill(~there[..., None], 0).max(1).values,
            ((best * there).sum(1) / lengths)[:, None],
            best.masked_fill(~there, 9).min(1).values[:, None],
            lengths[:, None] / 20,
        )
        logits: torch.Tensor = self.decide_2(self.drop(self.decide_1(torch.cat(pooled, -1)).relu()))
        return logits.squeeze(-1)


def train(pairs: Sequence[Pair], seed: int, epochs: int = 8, batch: int = 64) -> Network:
    """Fit one network with AdamW and a one-cycle learning rate (Smith, 2018, arXiv 1803.09820)."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = Network(pairs[0].question.shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-2)
    steps = epochs * -(-len(pairs) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)
    network.train()
    for _ in range(epochs):
        order = random.permutation(len(pairs))
        for start in range(0, len(order), batch):
            chosen = [pairs[at] for at in order[start : start + batch]]
            wanted = torch.tensor([float(pair.answers) for pair in chosen])
            loss = nn.functional.binary_cross_entropy_with_logits(network(chosen), wanted)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return network.eval()


def weights_of(network: Network) -> Mapping[str, np.ndarray[Any, Any]]:
    """Return the weights by the names that `assistant.answerability` reads."""
    return {name: value.numpy() for name, value in network.state_dict().items()}
