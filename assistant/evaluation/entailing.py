"""Trains the checker's network: which quotes support which sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from assistant.checking.lexicon import Vector
from assistant.checking.reading import FLAGS, RELATIONS, Reading

WIDTH, HELD, RULES = 64, 48, 32
DROPOUT = 0.3
_NEVER = -1e4


@dataclass(frozen=True, eq=False)
class Pair:
    """A claim and a quote as the network sees them, whether it is supported, and how much that counts."""

    claim: Reading
    quote: Reading
    relations: Vector
    measured: Vector
    supported: bool
    weight: float = 1.0


class Network(nn.Module):
    """The layers of `assistant.checking.weigher`, with dropout, over a batch of pairs."""

    def __init__(self, dimension: int, rules: int) -> None:
        super().__init__()
        self.inp = nn.Linear(dimension + FLAGS + 2, WIDTH)
        self.c1, self.c2 = (nn.Conv1d(WIDTH, WIDTH, 3, padding=1) for _ in range(2))
        self.att, self.rel = nn.Linear(WIDTH, WIDTH, bias=False), nn.Linear(RELATIONS, 1)
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.cmp, self.cc = (
            nn.Linear(4 * WIDTH + 2 * RELATIONS + 2, HELD),
            nn.Conv1d(HELD, HELD, 3, padding=1),
        )
        self.w, self.f = nn.Linear(HELD, 1), nn.Linear(rules, RULES)
        self.d1, self.d2 = nn.Linear(4 * HELD + RULES + rules, WIDTH), nn.Linear(WIDTH, 1)
        self.drop, self.blur = nn.Dropout(DROPOUT), nn.Dropout(DROPOUT / 2)

    def forward(self, pairs: Sequence[Pair]) -> Tensor:
        """Return one logit a pair."""
        one, there = self._encode([pair.claim for pair in pairs])
        other, here = self._encode([pair.quote for pair in pairs])
        relations = torch.zeros(*one.shape[:2], other.shape[1], RELATIONS)
        for at, pair in enumerate(pairs):
            rows, columns, _ = pair.relations.shape
            relations[at, :rows, :columns] = torch.from_numpy(pair.relations)
        measured = torch.from_numpy(np.stack([pair.measured for pair in pairs]))
        match = self.scale * (self.att(one) @ other.transpose(1, 2)) / WIDTH**0.5 + self.rel(
            relations
        ).squeeze(-1)
        sides = (
            self._compare(one, other, match, relations, there, here),
            self._compare(other, one, match.transpose(1, 2), relations.transpose(1, 2), here, there),
        )
        pooled = torch.cat((*sides, self.f(measured).relu(), measured), -1)
        logits: Tensor = self.d2(self.drop(self.d1(self.drop(pooled)).relu()))
        return logits.squeeze(-1)

    def _encode(self, readings: Sequence[Reading]) -> tuple[Tensor, Tensor]:
        vectors = pad_sequence([torch.from_numpy(each.vectors) for each in readings], batch_first=True)
        flags = pad_sequence([torch.from_numpy(each.flags) for each in readings], batch_first=True)
        lengths = torch.tensor([len(each.words) for each in readings])
        at = torch.arange(vectors.shape[1]).float()
        there = at[None] < lengths[:, None]
        place = torch.stack(
            (at[None] / lengths[:, None].clamp(min=1), (1 / (1 + at))[None].expand(len(readings), -1)), -1
        )
        hidden = self.inp(torch.cat((self.blur(vectors), flags, place), -1)).relu() * there[..., None]
        for layer in (self.c1, self.c2):
            hidden = (hidden + _along(layer, self.drop(hidden)).relu()) * there[..., None]
        return hidden, there

    def _compare(
        self, mine: Tensor, other: Tensor, match: Tensor, relations: Tensor, there: Tensor, here: Tensor
    ) -> Tensor:
        nothing = torch.zeros_like(match[..., :1])
        sight = torch.cat((match.masked_fill(~here[:, None], _NEVER), nothing), -1).softmax(-1)[..., :-1]
        found = sight @ other
        akin = (sight[..., None] * relations).sum(2)
        most = relations.masked_fill(~here[:, None, :, None], 0).max(2).values
        place = (
            sight * (torch.arange(other.shape[1]) / here.sum(1, keepdim=True).clamp(min=1))[:, None]
        ).sum(-1)
        step = torch.cat((torch.zeros_like(place[:, :1]), place[:, 1:] - place[:, :-1]), 1)
        held = torch.cat(
            (
                mine,
                found,
                mine * found,
                (mine - found).abs(),
                akin,
                most,
                step[..., None],
                sight.sum(-1)[..., None],
            ),
            -1,
        )
        words = self.cmp(self.drop(held)).relu() * there[..., None]
        words = (words + _along(self.cc, words).relu()) * there[..., None]
        share = self.w(words).squeeze(-1).masked_fill(~there, _NEVER).softmax(-1)
        return torch.cat(((words * share[..., None]).sum(1), words.max(1).values), -1)


def _along(layer: nn.Conv1d, values: Tensor) -> Tensor:
    result: Tensor = layer(values.transpose(1, 2)).transpose(1, 2)
    return result


def train(
    pairs: Sequence[Pair], seed: int, epochs: int, rate: float, start: Network | None = None, batch: int = 64
) -> Network:
    """Fit one network with AdamW and a one-cycle learning rate, from `start` or from chance."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = Network(pairs[0].claim.vectors.shape[1], len(pairs[0].measured))
    if start is not None:
        network.load_state_dict(start.state_dict())
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=2e-2)
    steps = epochs * (-(-len(pairs) // batch) + 20)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    network.train()
    for _ in range(epochs):
        for chosen in _batches(pairs, random, batch):
            wanted = torch.tensor([float(pair.supported) for pair in chosen])
            weight = torch.tensor([pair.weight for pair in chosen])
            loss = nn.functional.binary_cross_entropy_with_logits(network(chosen), wanted, weight=weight)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def _batches(pairs: Sequence[Pair], random: np.random.Generator, size: int) -> Iterator[list[Pair]]:
    """Yield the pairs in chance order, quotes of like length together."""
    order = random.permutation(len(pairs))
    groups: list[list[int]] = []
    for start in range(0, len(order), 20 * size):
        near = sorted(order[start : start + 20 * size], key=lambda at: len(pairs[at].quote.words))
        groups += [near[at : at + size] for at in range(0, len(near), size)]
    for at in random.permutation(len(groups)):
        yield [pairs[each] for each in groups[at]]


def logits(network: Network, pairs: Sequence[Pair], batch: int = 128) -> list[float]:
    """Return what the network says of each pair."""
    with torch.inference_mode():
        return [
            logit
            for start in range(0, len(pairs), batch)
            for logit in network(pairs[start : start + batch]).tolist()
        ]


def weights_of(network: Network) -> Mapping[str, np.ndarray[Any, Any]]:
    """Return the weights by the names that `assistant.checking.weigher` reads."""
    return {name: value.numpy() for name, value in network.state_dict().items()}
