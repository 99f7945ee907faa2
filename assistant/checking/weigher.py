"""How well a quote supports a sentence: a small network reads both, trees weigh what it and the rules saw."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from assistant.checking.lexicon import Vector
from assistant.checking.reading import Reading

Weights = Mapping[str, np.ndarray[Any, Any]]

FILE = "checking/weights.npz"


@dataclass(frozen=True, eq=False)
class Trees:
    """Gradient-boosted trees as rows of nodes: a leaf has `feature` -1 and adds its `value`."""

    start: float
    roots: Sequence[int]
    feature: Sequence[int]
    limit: Sequence[float]
    left: Sequence[int]
    right: Sequence[int]
    value: Sequence[float]

    def __call__(self, row: Sequence[float]) -> float:
        """Return the logit."""
        return self.start + sum(self._leaf(root, row) for root in self.roots)

    def _leaf(self, node: int, row: Sequence[float]) -> float:
        while self.feature[node] >= 0:
            node = self.left[node] if row[self.feature[node]] <= self.limit[node] else self.right[node]
        return self.value[node]


@dataclass(frozen=True, eq=False)
class Weigher:
    """The networks' mean logit is one more number for the trees, whose answer is a probability."""

    networks: tuple[Weights, ...]
    trees: Trees

    def __call__(self, claim: Reading, quote: Reading, relations: Vector, measured: Vector) -> float:
        """Return the probability (0..1) that the quote supports the claim."""
        seen = [logit(weights, claim, quote, relations, measured) for weights in self.networks]
        total = self.trees((*measured.tolist(), sum(seen) / len(seen)))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def logit(weights: Weights, claim: Reading, quote: Reading, relations: Vector, measured: Vector) -> float:
    """Return what one network says.

    Each word, in the light of its neighbours, attends to the other side's words by its vector and by how
    the two are related; what it finds there is compared with it, and both sides' comparisons are pooled
    (Parikh et al., 2016, arXiv 1606.01933; the relations after Chen et al., 2018, arXiv 1711.04289).
    Trained by `assistant.evaluation.weighing`.
    """
    one, other = _encode(weights, claim), _encode(weights, quote)
    scale = float(weights["scale"]) / math.sqrt(one.shape[1])
    near = scale * (one @ weights["att.weight"].T) @ other.T
    match: Vector = np.asarray(near + _linear(weights, "rel", relations)[:, :, 0], dtype=np.float32)
    sides = (
        _compare(weights, one, other, match, relations),
        _compare(weights, other, one, match.T, relations.transpose(1, 0, 2)),
    )
    rules = np.maximum(_linear(weights, "f", measured), 0)
    pooled = np.concatenate((*sides, rules, measured))
    return float(_linear(weights, "d2", np.maximum(_linear(weights, "d1", pooled), 0))[0])


def _encode(weights: Weights, reading: Reading) -> Vector:
    at = np.arange(len(reading.words), dtype=np.float32)
    place = np.stack((at / max(1, len(at)), 1 / (1 + at)), axis=1)
    hidden = np.maximum(
        _linear(weights, "inp", np.concatenate((reading.vectors, reading.flags, place), axis=1)), 0
    )
    for name in ("c1", "c2"):
        hidden = hidden + np.maximum(_neighbours(weights, name, hidden), 0)
    return hidden


def _compare(weights: Weights, mine: Vector, other: Vector, match: Vector, relations: Vector) -> Vector:
    """Hold each word against what it attends to; it may attend to nothing."""
    sight = np.exp(match - np.maximum(match.max(axis=1, keepdims=True), 0))
    nothing = np.exp(-np.maximum(match.max(axis=1), 0))
    sight /= sight.sum(axis=1, keepdims=True) + nothing[:, None]
    found = sight @ other
    place = sight @ (np.arange(len(other), dtype=np.float32) / max(1, len(other)))
    step = np.diff(place, prepend=place[:1])
    held = np.concatenate(
        (
            mine, found, mine * found, np.abs(mine - found), np.einsum("ij,ijk->ik", sight, relations),
            relations.max(axis=1), step[:, None], sight.sum(axis=1)[:, None],
        ),
        axis=1,
    )  # fmt: skip
    words = np.maximum(_linear(weights, "cmp", held), 0)
    words = words + np.maximum(_neighbours(weights, "cc", words), 0)
    share = _linear(weights, "w", words)[:, 0]
    share = np.exp(share - share.max())
    return np.concatenate((share @ words / share.sum(), words.max(axis=0)))


def _neighbours(weights: Weights, name: str, values: Vector) -> Vector:
    """Add to each word what stands before and behind it (a convolution of width 3)."""
    kernel = weights[f"{name}.weight"]
    wide = np.pad(values, ((1, 1), (0, 0)))
    parts = (wide[at : at + len(values)] @ kernel[:, :, at].T for at in range(3))
    return np.asarray(sum(parts) + weights[f"{name}.bias"], dtype=np.float32)


def _linear(weights: Weights, name: str, values: Vector) -> Vector:
    return np.asarray(values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], dtype=np.float32)


def load_weigher() -> tuple[Weigher, float]:
    """Read the weights that ship with the package, and the threshold chosen with them."""
    with (files("assistant") / FILE).open("rb") as file, np.load(file, allow_pickle=False) as held:
        weights = {name: held[name] for name in held.files}
    trees = {
        name.removeprefix("trees."): value.tolist()
        for name, value in weights.items()
        if name.startswith("trees.")
    }
    networks = tuple(
        {
            name.partition(".")[2]: value.astype(np.float32)
            for name, value in weights.items()
            if name.startswith(f"{n}.")
        }
        for n in range(int(weights["networks"]))
    )
    return Weigher(networks, Trees(**trees)), float(weights["threshold"])
