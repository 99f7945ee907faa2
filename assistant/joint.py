"""Which sentences of a passage does the answer need? One layer reads question and passage together."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from assistant.embedding import Embedder, TokenVectors, end_of, is_same_model, reading_with
from assistant.retrieval.interaction import Vector
from assistant.retrieval.tokens import PassageTokens
from assistant.vocabulary import Passage

Layer = Callable[[Vector], Vector]


@dataclass(frozen=True, slots=True)
class Reading:
    """How likely (0..1) a passage answers a question, and each of its sentences is needed for that."""

    answers: float
    sentences: tuple[float, ...]


UNREAD = Reading(0.0, ())


@dataclass(frozen=True)
class Network:
    """`layer` reads the states of question and passage as one text; `heads` weigh what comes out.

    `segments` (2, d) is added to tell the two apart. A head is a hidden layer and one number out of it, from
    the means over the question's tokens and over those of the passage (`pool`, `out`) or of a sentence
    (`pool_sentence`, `out_sentence`). With `together` several passages are read at a time.
    """

    layer: Layer
    segments: Vector
    heads: Mapping[str, Vector]
    together: Executor | None = None

    def logits(self, question: Vector, passage: Vector, sentences: Sequence[slice]) -> tuple[float, Vector]:
        """Return the logits of one passage and of its sentences, from states (n, d) of the layers below."""
        asked = len(question)
        states = np.concatenate((question + self.segments[0], passage + self.segments[1]))
        read = self.layer(np.asarray(states, dtype=np.float32))
        return self._weigh(read[:asked].mean(axis=0), read[asked:], sentences)

    def all_logits(
        self, question: Vector, passages: Sequence[tuple[Vector, Sequence[slice]]]
    ) -> list[tuple[float, Vector]]:
        """Return the same for several passages, one by one: padded to one length they took twice as long."""
        each = self.together.map if self.together and len(passages) > 1 else map
        return list(each(lambda one: self.logits(question, *one), passages))

    def _weigh(self, asked: Vector, passage: Vector, sentences: Sequence[slice]) -> tuple[float, Vector]:
        means = [passage[where].mean(axis=0) if passage[where].size else 0 * asked for where in sentences]
        rows = np.stack([passage.mean(axis=0), *means])
        both = np.concatenate((np.broadcast_to(asked, rows.shape), rows), axis=1)
        whole = self._head(both[:1], "")
        return float(whole[0]), self._head(both[1:], "_sentence")

    def _head(self, rows: Vector, name: str) -> Vector:
        hidden = np.tanh(rows @ self.heads[f"pool{name}.weight"].T + self.heads[f"pool{name}.bias"])
        out = hidden @ self.heads[f"out{name}.weight"].T + self.heads[f"out{name}.bias"]
        return np.asarray(out[:, 0], dtype=np.float32)


class Joint:
    """Reads question and passage together, over states of each that were made apart.

    So a passage is read through most of the layers once, when it is indexed (MacAvaney and others, 2020,
    arXiv 2004.14255), and only the best passages of a question cost anything. Without a `network`, or with
    another embedding model than it was trained on, nothing is claimed.
    Trained by `assistant.evaluation.joining`.
    """

    def __init__(
        self, embedder: Embedder, passages: Mapping[str, PassageTokens], network: Network | None
    ) -> None:
        self._embedder, self.held, self._network = embedder, passages, network
        self._known = lru_cache(maxsize=256)(self._nothing_yet)

    def read(self, text: str) -> TokenVectors:
        """Return the states of a question."""
        return self._embedder.tokens([text])[0]

    def __call__(self, text: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return how each passage answers the question; each pair is read once."""
        known = self._known(text)
        new = [each for each in dict.fromkeys(passages) if each.id not in known]
        if new:
            known.update(zip((each.id for each in new), self._read(text, new), strict=True))
        return [known[each.id] for each in passages]

    @staticmethod
    def _nothing_yet(_: str) -> dict[str, Reading]:
        return {}

    def _read(self, text: str, passages: Sequence[Passage]) -> list[Reading]:
        held = [self.held[each.id] for each in passages]
        question = self.read(text).deep
        if self._network is None or question is None or not len(question):
            return [UNREAD] * len(passages)
        states = [
            (each.deep.astype(np.float32), each.places) if each.deep is not None else None for each in held
        ]
        there = [each for each in states if each is not None]
        logits = iter(self._network.all_logits(end_of(question), there) if there else ())
        return [_reading(*next(logits)) if each is not None else UNREAD for each in states]


def _reading(logit: float, sentences: Vector) -> Reading:
    return Reading(_share(logit), tuple(_share(float(each)) for each in sentences))


def _share(logit: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def load_network(model: str, open_graph: Callable[[bytes], Any], threads: int = 1) -> Network | None:
    """Read the network that ships with the package; none for a model that it was not trained on.

    `joint.npz` holds `model`, `segments` and the heads; `joint.onnx` is the layer. Each of `threads` reads
    a passage of its own, which is quicker than that all of them share one.
    """
    folder = files("assistant")
    with (folder / "joint.npz").open("rb") as file, np.load(file) as held:
        if not is_same_model(str(held["model"]), model):
            return None
        parts = {name: held[name].astype(np.float32) for name in held.files if name != "model"}
    layer = reading_with(open_graph((folder / "joint.onnx").read_bytes()))
    together = ThreadPoolExecutor(threads, thread_name_prefix="joint") if threads > 1 else None
    return Network(layer, parts.pop("segments"), parts, together)
