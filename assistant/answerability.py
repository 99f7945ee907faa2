"""Does this passage answer this question? A small network that reads both, token by token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from assistant.embedding import Embedder, is_same_model
from assistant.retrieval.interaction import Vector
from assistant.retrieval.merging import merge
from assistant.retrieval.tokens import PassageTokens
from assistant.vocabulary import Hit, Passage, Query

Weights = Mapping[str, np.ndarray[Any, Any]]

# How sharply a word of the question looks at the words of the passage: fixed, so that what it
# sees needs to be computed only once in training.
SHARPNESS = 12.0

REMEMBERED = 256  # questions


def attend(question: Vector, passage: Vector) -> tuple[Vector, Vector]:
    """Return what each token of the question (n, d) sees in the passage (n, d), and its best match (n,)."""
    matches = question @ passage.T
    sight = np.exp(SHARPNESS * (matches - matches.max(axis=1, keepdims=True)))
    sight /= sight.sum(axis=1, keepdims=True)
    return sight @ passage, matches.max(axis=1)


class Answerability:
    """Decomposable attention (Parikh et al., 2016, arXiv 1606.01933) over frozen token vectors.

    Each word of the question is compared with what it sees in the passage, and the comparisons are
    weighed into one probability that the passage answers it. `networks` are trained alike from
    different starts, and their logits are averaged. Trained by `assistant.evaluation.calibrating`.
    """

    def __init__(
        self, embedder: Embedder, passages: Mapping[str, PassageTokens], networks: Sequence[Weights]
    ) -> None:
        self._embedder, self._passages, self._networks = embedder, passages, tuple(networks)
        self._known = lru_cache(maxsize=REMEMBERED)(lambda _: dict[str, float]())

    def having(self, networks: Sequence[Weights]) -> "Answerability":
        """Return the same with other networks, as training needs it."""
        return Answerability(self._embedder, self._passages, networks)

    def __call__(self, text: str, passages: Sequence[Passage]) -> list[float]:
        """Return the probability (0..1) that each passage answers the question; each pair is read once."""
        known = self._known(text)
        new = [each.id for each in dict.fromkeys(passages) if each.id not in known]
        if new:
            known.update(zip(new, self._read(text, new), strict=True))
        return [known[each.id] for each in passages]

    def _read(self, text: str, ids: Sequence[str]) -> list[float]:
        question = self._embedder.tokens([text])[0].vectors
        held = [self._passages[each].vectors for each in ids]
        if not len(question) or not all(map(len, held)) or not self._networks:
            return [0.0] * len(ids)
        seen, best = map(np.stack, zip(*(attend(question, one) for one in held), strict=True))
        logits = np.mean([_logits(weights, question, seen, best) for weights in self._networks], axis=0)
        return [float(value) for value in 1 / (1 + np.exp(-logits))]


def _logits(weights: Weights, question: Vector, seen: Vector, best: Vector) -> Vector:
    """Return one logit for each passage: `seen` (passages, n, d) and `best` (passages, n) are of all."""
    found = _linear(weights, "project", seen)
    asked = np.broadcast_to(_linear(weights, "project", question), found.shape)
    matched = best[..., None]
    compared = np.concatenate(
        (asked, found, asked * found, np.abs(asked - found), matched, matched**2), axis=-1
    )
    words = _relu(_linear(weights, "compare_2", _relu(_linear(weights, "compare_1", compared))))
    weight = _linear(weights, "weigh", words)[..., 0]
    weight = np.exp(weight - weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    length = np.full(len(seen), len(question) / 20, dtype=np.float32)
    told = np.stack((best.mean(axis=1), best.min(axis=1), length), axis=1)
    pooled = np.concatenate((np.einsum("pn,pnd->pd", weight, words), words.max(axis=1), told), axis=1)
    return _linear(weights, "decide_2", _relu(_linear(weights, "decide_1", pooled)))[:, 0]


def _linear(weights: Weights, name: str, values: Vector) -> Vector:
    return np.asarray(values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], dtype=np.float32)


def _relu(values: Vector) -> Vector:
    return np.maximum(values, 0)


def load_networks(model: str) -> tuple[Weights, ...]:
    """Read the networks that ship with the package; none for a model that they were not trained on.

    The file holds `model`, and `n.layer.weight` and `n.layer.bias` for network n.
    """
    with (files("assistant") / "answerability.npz").open("rb") as file, np.load(file) as held:
        if not is_same_model(str(held["model"]), model):
            return ()
        weights = {name: held[name].astype(np.float32) for name in held.files if name != "model"}
    return tuple(
        {name.partition(".")[2]: value for name, value in weights.items() if name.startswith(f"{n}.")}
        for n in sorted({name.partition(".")[0] for name in weights})
    )


@dataclass(frozen=True)
class Answering:
    """Adds `answers`, the probability that a hit answers, to the best `limit`.

    Times `weight` it counts in their score. Scores are brought back to 0..1 by dividing by 1 + weight.
    """

    answerability: Answerability
    weight: float = 0.25
    limit: int = 10

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Reorder the best hits; the rest follows as it was."""
        read = [hit.passage for hit in hits[: self.limit]]
        best = dict(zip(read, self.answerability(query.text, read), strict=True))
        scored = (
            Hit(
                hit.passage,
                (hit.score + self.weight * hit.parts.get("answers", 0.0)) / (1 + self.weight),
                hit.parts,
            )
            for hit in merge(hits, "answers", best)
        )
        return tuple(sorted(scored, key=lambda hit: -hit.score))
