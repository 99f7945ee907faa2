"""What turns texts into vectors, whoever does it; `opening.py` makes the one that the settings name."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from assistant.packaged import CHECKSUMS, PACKAGED, WEIGHTS, files_of, sha256_of

__all__ = ["PACKAGED"]

Vector = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
Read = TypeVar("Read")

BATCH = 32
LONGEST = 64  # pieces of a question that are read on from the way; nothing was trained on longer ones
COMPACT = "-int8"


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text as the model reads it: `vectors` (n, d) of length 1, `spans` in the text, `whole` (d,).

    `shallow` and `deep` have what the model makes of each token on the way, after layers 2 and 4 of 6 and
    not of length 1, with the special tokens at both ends (n + 2, d); None where it was not asked for.
    """

    vectors: Vectors
    spans: tuple[tuple[int, int], ...]
    whole: Vectors
    shallow: Vectors | None = None
    deep: Vectors | None = None


class Embedder(Protocol):
    """Whatever turns texts into vectors of one length; `name` is stored with the index."""

    @property
    def name(self) -> str:
        """The model's identity: an index made with another one cannot be searched."""

    @property
    def dimension(self) -> int:
        """How long a vector is."""

    @property
    def limit(self) -> int:
        """How many word pieces of a text are read; the rest is ignored."""

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        """Return one row of length 1 for each text."""

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's vectors token by token, and as a whole."""

    def count(self, text: str) -> int:
        """How many word pieces the text has, with the special ones that the model adds."""


def end_of(question: Vectors) -> Vectors:
    """Return the first state, which stands for the whole, and the last: what is asked comes at the end."""
    return question if len(question) <= LONGEST else np.concatenate((question[:1], question[1 - LONGEST :]))


def reading_with(session: Any) -> Callable[[Vectors], Vectors]:
    """Return what a graph of `exporting.export_layers` makes of one text's states (n, d)."""

    def read(states: Vectors) -> Vectors:
        mask = np.ones((1, len(states)), dtype=np.int64)
        (found,) = session.run(["read"], {"states": states[np.newaxis], "attention_mask": mask})
        return np.asarray(found[0], dtype=np.float32)

    return read


def passage_text(title: str, heading: str, text: str) -> str:
    """Return what is embedded for a passage."""
    return f"{title}. {heading} {text}"


def sentence_text(heading: str, sentence: str) -> str:
    """Return what is embedded for a sentence of a passage."""
    return f"{heading} {sentence}"


def embedder_name(model: str) -> str:
    """Return the identity of the model that this setting names, without loading it.

    The packaged model is searched with in int8, whose vectors are not quite those of the original.
    """
    return original_name(model) + (COMPACT if model == PACKAGED else "")


def original_name(model: str) -> str:
    """Return the identity of the model as it was published.

    A folder is known by its content: another model in the same place must not be taken for the first.
    """
    if model == PACKAGED:
        return f"{PACKAGED}@{CHECKSUMS[WEIGHTS][:12]}"
    folder = Path(model)
    if not folder.is_dir():
        return model
    content = [f"{path.relative_to(folder)} {sha256_of(path)}" for path in sorted(files_of(folder))]
    return f"{folder.resolve().name}@{hashlib.sha256(chr(10).join(content).encode()).hexdigest()[:12]}"


def is_same_model(one: str, other: str) -> bool:
    """Whether two identities are one model, in int8 or not: what was trained on either serves both."""
    return one.removesuffix(COMPACT) == other.removesuffix(COMPACT)


def by_length(
    texts: Sequence[str], read: Callable[[list[str]], Sequence[Read]], on_progress: Progress | None = None
) -> list[Read]:
    """Read texts of like length together, and return the results in the order of the texts."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    results: dict[int, Read] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        results.update(zip(batch, read([texts[i] for i in batch]), strict=True))
        if on_progress:
            on_progress(len(results), len(order))
    return [results[i] for i in range(len(texts))]


class Remembering:
    """An embedder that remembers what it read last: a question is read once and asked again for free."""

    def __init__(self, embedder: Embedder, size: int = 512) -> None:
        self._embedder = embedder
        self._read = lru_cache(maxsize=size)(lambda text: embedder.tokens([text])[0])
        self.name, self.dimension, self.limit = embedder.name, embedder.dimension, embedder.limit

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        """Return one row of length 1 for each text."""
        if len(texts) != 1:
            return self._embedder.embed(texts, on_progress)
        return self._read(texts[0]).whole[np.newaxis]

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's vectors token by token, and as a whole."""
        return [self._read(texts[0])] if len(texts) == 1 else self._embedder.tokens(texts)

    def count(self, text: str) -> int:
        """How many word pieces the text has, with the special ones that the model adds."""
        return self._embedder.count(text)
