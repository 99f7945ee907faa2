"""Trains the layers that put questions with the same answer together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from assistant.alike import Layers
from assistant.evaluation.layers import Layer, Ranges, Weights, of_the_model
from assistant.exporting import LAYERS, SHALLOW, Range
from assistant.postings import Numbers, Postings
from assistant.precedents import SAME, SHARPNESS, WORDS
from assistant.retrieval.interaction import Vector

RATE, EPOCHS, BATCH = 1e-4, 3, 128
# Of all others, those that a question learns from: what lies further away says nothing.
NEAREST = 100
# What it counts to be among those with the same passages, beside being among those that have an answer.
VOTES = 0.1
_GROUPS = 4  # a batch is read in, by length
_LITTLE = 1e-3


@dataclass(frozen=True, eq=False)
class Lesson:
    """Questions: their texts and states (n, d), how far each is `answered` (0..1), and what for.

    `votes` (questions, passages) are 0..1, how much a passage is needed.
    """

    texts: Sequence[str]
    states: Sequence[Vector]
    answered: Vector
    votes: Vector

    def of(self, where: Sequence[int]) -> Self:
        """Return some of them."""
        texts, states = [self.texts[at] for at in where], [self.states[at] for at in where]
        return type(self)(texts, states, self.answered[where], self.votes[where])


class AlikeLayers(nn.Module):
    """What `assistant.alike` reads questions with, and dropout; it begins as the embedding model."""

    def __init__(self, layers: Sequence[Weights | None]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(each) for each in layers)

    def forward(self, states: Sequence[Vector]) -> Tensor:
        """Return a vector of length 1 for each text."""
        order = np.argsort([len(each) for each in states], kind="stable")
        groups = [group for group in np.array_split(order, _GROUPS) if len(group)]
        read = torch.cat([self._means([states[at] for at in group]) for group in groups])
        return nn.functional.normalize(read[torch.from_numpy(np.argsort(order))], dim=-1)

    def _means(self, states: Sequence[Vector]) -> Tensor:
        padded = pad_sequence([torch.from_numpy(each) for each in states], batch_first=True)
        lengths = torch.tensor([[len(each)] for each in states])
        there = torch.arange(padded.shape[1])[None] < lengths
        means: Tensor = (self.read(padded, there) * there[..., None]).sum(1) / lengths
        return means

    def read(self, states: Tensor, there: Tensor) -> Tensor:
        """Return the last states (texts, pieces, d)."""
        for layer in self.layers:
            states = layer(states, there)
        return states


def train(
    lesson: Lesson,
    seed: int,
    layers: Sequence[Weights | None] | None = None,
    epochs: int = EPOCHS,
    batch: int = BATCH,
    rate: float = RATE,
) -> AlikeLayers:
    """Fit so that the nearest others of each question say what is known of it.

    Each batch is compared with all questions, whose vectors are remembered from when they were last read
    (Wu and others, 2018, arXiv 1805.01978). The layers begin as the embedding model's upper ones.
    """
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    network = AlikeLayers([of_the_model(at) for at in range(SHALLOW, LAYERS)] if layers is None else layers)
    words, count = Postings.of(lesson.texts), len(lesson.texts)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-2)
    steps = epochs * -(-count // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1, pct_start=0.1)
    for _ in range(epochs):
        remembered = torch.from_numpy(vectors_of(network, lesson.states))
        network.train()
        order = chance.permutation(count)
        for start in range(0, count, batch):
            here = order[start : start + batch]
            made = network([lesson.states[at] for at in here])
            optimiser.zero_grad()
            _loss(lesson, words, here, made, remembered).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            remembered[here] = made.detach()
    return network.eval()


def _loss(lesson: Lesson, words: Postings, here: Numbers, made: Tensor, remembered: Tensor) -> Tensor:
    """Return how wrong the neighbours are about these questions: they say the mean, weighed by nearness."""
    everyone = remembered.clone()
    everyone[here] = made
    in_common = np.stack([words.in_common(lesson.texts[at]) for at in here])
    nearness = made @ everyone.T + WORDS * torch.from_numpy(in_common)
    nearness = nearness.masked_fill(nearness.detach() > SAME, -1.0)
    nearness[torch.arange(len(here)), torch.from_numpy(here)] = -1.0
    best, who = nearness.topk(min(NEAREST, len(lesson.texts) - 1), dim=1)
    says = torch.softmax(best / SHARPNESS, dim=1)
    answered = (says * torch.from_numpy(lesson.answered)[who]).sum(1)
    voted = torch.bmm(says[:, None], torch.from_numpy(lesson.votes)[who])[:, 0]
    loss = _wrong(answered, torch.from_numpy(lesson.answered[here])).mean()
    return loss + VOTES * _wrong(voted, torch.from_numpy(lesson.votes[here])).sum(1).mean()


def _wrong(says: Tensor, known: Tensor) -> Tensor:
    return nn.functional.binary_cross_entropy(says.clamp(_LITTLE, 1 - _LITTLE), known, reduction="none")


@torch.no_grad()
def vectors_of(network: AlikeLayers, states: Sequence[Vector], batch: int = BATCH) -> Vector:
    """Return the vectors (n, d) as they are when nothing is dropped out."""
    network.eval()
    found = [network(states[start : start + batch]) for start in range(0, len(states), batch)]
    return np.asarray(torch.cat(found).numpy(), dtype=np.float32)


def layers_of(network: AlikeLayers) -> Layers:
    """Return what `assistant.alike.Alike` takes, unrounded."""

    @torch.no_grad()
    def read(states: Vector) -> Vector:
        there = torch.ones((1, len(states)), dtype=torch.bool)
        return np.asarray(network.read(torch.from_numpy(states)[None], there)[0].numpy(), dtype=np.float32)

    return read


def ranges_of(network: AlikeLayers, states: Sequence[Vector]) -> dict[str, Range]:
    """Return the ranges to export with, taken from what these questions make of each input."""
    ranges, read = Ranges([each for each in network.layers if isinstance(each, Layer)]), layers_of(network)
    for each in states:
        read(each)
        ranges.note()
    return ranges.all()
