"""Layers of the embedding model that learn: they begin as its own, and are written out in int8."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from assistant.exporting import HEADS, WIDTH, Range, inputs_of, smooth
from assistant.packaged import WEIGHTS, packaged_folder

Weights = Mapping[str, Tensor]
Arrays = dict[str, np.ndarray[Any, Any]]

DROPOUT = 0.1
_NORM_EPSILON = 1e-12
_ENCODER = "encoder.layer."
# Mine, and what BERT calls them.
_NAMES = {
    "taken": "attention.output.dense",
    "taken_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "norm": "output.LayerNorm",
}
_THREE = ("query", "key", "value")


class Layer(nn.Module):
    """A layer of BERT (Vaswani and others, 2017, arXiv 1706.03762), with dropout."""

    def __init__(self, weights: Weights | None = None) -> None:
        super().__init__()
        self.asked = nn.Linear(WIDTH, 3 * WIDTH)
        self.taken, self.taken_norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=_NORM_EPSILON)
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=_NORM_EPSILON)
        self.drop = nn.Dropout(DROPOUT)
        self.seen: list[Tensor] = []
        if weights is not None:
            self._begin_as(weights)

    def forward(self, states: Tensor, there: Tensor) -> Tensor:
        """Return the next states (texts, pieces, d); `there` says which pieces are real."""
        self.seen = []
        shape = *states.shape[:2], HEADS, WIDTH // HEADS
        asked, told, held = (
            part.view(shape).transpose(1, 2) for part in self._keep(states, self.asked).chunk(3, -1)
        )
        found = nn.functional.scaled_dot_product_attention(asked, told, held, attn_mask=there[:, None, None])
        found = found.transpose(1, 2).reshape(states.shape)
        attended = self.taken_norm(self.drop(self._keep(found, self.taken)) + states)
        bent = nn.functional.gelu(self._keep(attended, self.wide))
        narrowed: Tensor = self.norm(self.drop(self._keep(bent, self.narrow)) + attended)
        return narrowed

    def _keep(self, values: Tensor, then: nn.Linear) -> Tensor:
        """Go on with `then`; remember what went in, from which the ranges for int8 are taken."""
        self.seen.append(values.detach())
        following: Tensor = then(values)
        return following

    def _begin_as(self, weights: Weights) -> None:
        """Take over the weights of a layer of BERT, by the names that it gives them."""
        with torch.no_grad():
            for part in ("weight", "bias"):
                three = [weights[f"attention.self.{name}.{part}"] for name in _THREE]
                getattr(self.asked, part).copy_(torch.cat(three))
                for mine, theirs in _NAMES.items():
                    getattr(getattr(self, mine), part).copy_(weights[f"{theirs}.{part}"])


class Ranges:
    """How far what goes into the multiplications of some layers reaches, over all that they have read."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        self._lows: dict[str, Tensor] = {}
        self._highs: dict[str, Tensor] = {}

    def note(self) -> None:
        """Take in what the layers have read last, which has to be one text."""
        for number, layer in enumerate(self._layers):
            for name, values in zip(inputs_of(number), layer.seen, strict=True):
                low, high = values[0].min(0).values, values[0].max(0).values
                self._lows[name] = torch.minimum(low, self._lows.get(name, low))
                self._highs[name] = torch.maximum(high, self._highs.get(name, high))

    def all(self) -> dict[str, Range]:
        """Return the ranges to export with."""
        found = {}
        for number, layer in enumerate(self._layers):
            for name, then in zip(inputs_of(number), multiplied(layer), strict=True):
                weight = then.weight.detach().numpy()
                found[name] = smooth(self._lows[name].numpy(), self._highs[name].numpy(), weight)
        return found


def multiplied(layer: Layer) -> tuple[nn.Linear, nn.Linear, nn.Linear, nn.Linear]:
    """Return a layer's multiplications in the order in which it does them."""
    return layer.asked, layer.taken, layer.wide, layer.narrow


def weights_of(layers: Sequence[Layer]) -> Arrays:
    """Return the layers' weights by the names that `exporting` reads: BERT's, of its first layers."""
    named: Arrays = {}
    for number, layer in enumerate(layers):
        held = {name: value.detach().numpy() for name, value in layer.state_dict().items()}
        start = f"{_ENCODER}{number}."
        for part in ("weight", "bias"):
            named |= {f"{start}{theirs}.{part}": held[f"{mine}.{part}"] for mine, theirs in _NAMES.items()}
            three = zip(_THREE, np.split(held[f"asked.{part}"], 3), strict=True)
            named |= {f"{start}attention.self.{name}.{part}": rows for name, rows in three}
    return named


def of_the_model(number: int) -> Weights:
    """Return the weights of one of the embedding model's layers, counted from 0."""
    start = f"{_ENCODER}{number}."
    held = load_file(packaged_folder() / WEIGHTS)
    return {name.removeprefix(start): value for name, value in held.items() if name.startswith(start)}
