"""What a question asks for, as a vector: questions with the same answer lie together.

The embedding model puts “who is for it?” beside “who is against it?”, as both are about the same. For finding
passages that is right, for finding out what was answered before it is wrong.
"""

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any
from zlib import crc32

import numpy as np

from assistant.embedding import PACKAGED, Embedder, embedder_name, end_of, is_same_model, reading_with
from assistant.retrieval.interaction import Vector

Layers = Callable[[Vector], Vector]


class Alike:
    """Reads questions on from where the embedding model has them after two of its layers.

    `layers` take states (n, d) to states. They were trained so that a question's nearest neighbours are
    those with its answer, or with none (neighbourhood components analysis: Goldberger and others, 2004,
    NeurIPS 17), by `assistant.evaluation.labelling`. `name` changes whenever vectors do.
    """

    def __init__(self, embedder: Embedder, layers: Layers | None, name: str = "") -> None:
        self._embedder, self._layers, self.name = embedder, layers, name

    def states(self, texts: Sequence[str]) -> list[Vector]:
        """Return what is read on from (n, d), of each text; nothing of a model that does not tell it."""
        shallow = (each.shallow for each in self._embedder.tokens(texts))
        return [np.zeros((0, 0), dtype=np.float32) if each is None else end_of(each) for each in shallow]

    def __call__(self, texts: Sequence[str]) -> Vector:
        """Return the vectors (texts, d), of length 1; without layers nothing (texts, 0)."""
        if self._layers is None:
            return np.zeros((len(texts), 0), dtype=np.float32)
        means = np.stack([self._layers(states).mean(axis=0) for states in self.states(texts)])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)


def load_alike(embedder: Embedder, open_graph: Callable[[bytes], Any]) -> Alike:
    """Open the layers that ship with the package; none for another model than the packaged one.

    `alike.onnx` is written by `assistant.evaluation.labelling`.
    """
    if not is_same_model(embedder_name(PACKAGED), embedder.name):
        return Alike(embedder, None)
    content = (files("assistant") / "alike.onnx").read_bytes()
    layers = reading_with(open_graph(content))
    return Alike(embedder, layers, f"{embedder.name}+{crc32(content):08x}")
