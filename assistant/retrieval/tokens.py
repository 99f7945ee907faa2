"""The token vectors of every passage, kept beside the index so that they are computed once.

They are the largest thing there is, so they stay in their file: the system reads into memory what questions
touch, and takes it back when it needs the room. In int8 they are half as large as in half precision, and
ready to reckon with in a quarter of the time.
"""

import hashlib
import logging
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from assistant.embedding import Embedder, TokenVectors, passage_text
from assistant.sentences import split_sentences
from assistant.vocabulary import Passage

_log = logging.getLogger(__name__)
Binary = BufferedReader | BufferedRandom
Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]

_FORMAT = "4"  # raise it when what is kept changes: all is then computed anew
_PARTS = ("deep", "rounded", "steps", "lengths", "spans")  # in the file one behind the other, as `.npy`
_MAPPED = ("deep", "rounded")


@dataclass(frozen=True)
class PassageTokens:
    """Token vectors (n, d) in int8, what one is worth in each (n,), and where each sentence's tokens stand.

    `deep` has the states on the way (n + 2, d), if the model tells them. They are kept in half precision:
    a few of their numbers are so large that the others would be lost in int8.
    """

    rounded: np.ndarray[Any, np.dtype[np.int8]]
    steps: np.ndarray[Any, np.dtype[np.float32]]
    sentences: tuple[tuple[str, slice], ...]
    deep: Floats | None = None

    @property
    def vectors(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The token vectors (n, d)."""
        return np.asarray(self.rounded * self.steps[:, np.newaxis], dtype=np.float32)

    def near(self, vectors: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Return the products (m, n) of vectors (m, d) with all of these."""
        near = vectors @ self.rounded.astype(np.float32).T
        return np.asarray(near * self.steps, dtype=np.float32)

    @property
    def places(self) -> tuple[slice, ...]:
        """Where each sentence's tokens stand in `deep`, which has a special token before them."""
        return tuple(slice(where.start + 1, where.stop + 1) for _, where in self.sentences)


def load_tokens(folder: Path, passages: Sequence[Passage], embedder: Embedder) -> dict[str, PassageTokens]:
    """Read the kept vectors, or compute and keep them. Keys are passage ids.

    The file is named after the model and the texts, so it can never be stale, and by the checksum of its
    content, so it can't be damaged; it is written whole or not at all, and a disk that cannot be written
    costs only the time to compute again.
    """
    texts = [passage_text(each.document.title, each.section, each.text) for each in passages]
    name = hashlib.sha256("\0".join((_FORMAT, embedder.name, *texts)).encode()).hexdigest()[:16]
    kept = _kept(folder, name)
    if kept is None:
        kept = _pack(embedder.tokens(texts))
        _keep(folder, name, kept)
        kept = _kept(folder, name) or kept  # from its file, so that memory is free again
    ends = np.cumsum(kept["lengths"])
    return {
        passage.id: _passage_tokens(passage, text, kept, number, slice(int(end - length), int(end)))
        for number, (passage, text, length, end) in enumerate(
            zip(passages, texts, kept["lengths"], ends, strict=True)
        )
    }


def _passage_tokens(
    passage: Passage, text: str, kept: dict[str, Any], number: int, where: slice
) -> PassageTokens:
    start, end = where.start, where.stop
    spans, at, sentences = kept["spans"][start:end], len(text) - len(passage.text), []
    for sentence in split_sentences(passage.text):
        at = text.index(sentence, at)
        first, last = np.searchsorted(spans[:, 0], (at, at + len(sentence)))
        sentences.append((sentence, slice(int(first), int(last))))
        at += len(sentence)
    deep = kept["deep"][start + 2 * number : end + 2 * (number + 1)] if len(kept["deep"]) else None
    return PassageTokens(kept["rounded"][start:end], kept["steps"][start:end], tuple(sentences), deep)


def _pack(tokens: Sequence[TokenVectors]) -> dict[str, Any]:
    deep = [each.deep.astype(np.float16) for each in tokens if each.deep is not None]
    rounded, steps = rounded_by_row(np.concatenate([each.vectors for each in tokens]))
    return {
        "deep": np.concatenate(deep) if deep else np.zeros((0, 0), dtype=np.float16),
        "lengths": np.array([len(each.spans) for each in tokens], dtype=np.int64),
        "rounded": rounded,
        "steps": steps,
        "spans": np.concatenate([np.array(each.spans, dtype=np.int32).reshape(-1, 2) for each in tokens]),
    }


def rounded_by_row(
    vectors: np.ndarray[Any, Any],
) -> tuple[np.ndarray[Any, np.dtype[np.int8]], np.ndarray[Any, np.dtype[np.float32]]]:
    """Return vectors (n, d) in int8, and what one is worth in each row (n,)."""
    steps = (np.maximum(np.abs(vectors).max(axis=1, initial=0), 1e-12) / 127).astype(np.float32)
    return np.rint(vectors / steps[:, np.newaxis]).astype(np.int8), steps


def _kept(folder: Path, name: str) -> dict[str, Any] | None:
    """Return what is kept, or None; what was cut short or changed is not taken."""
    for path in sorted(folder.glob(f"tokens-{name}-*.npy")):
        try:
            with path.open("rb") as file:
                if path.stem.rpartition("-")[2] == _checksum(file):
                    return {part: _mapped(file) if part in _MAPPED else np.load(file) for part in _PARTS}
        except OSError:
            continue
        _log.warning("The kept token vectors %s are damaged; they are made anew.", path.name)
    return None


def _checksum(file: Binary) -> str:
    file.seek(0)
    checksum = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    file.seek(0)
    return checksum


def _mapped(file: Binary) -> np.ndarray[Any, Any]:
    """Return the array that stands at this place in the file, without reading it; the place moves on."""
    np.lib.format.read_magic(file)
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    start, size = file.tell(), math.prod(shape) * dtype.itemsize
    held = np.memmap(file, dtype, "r", start, shape) if size else np.zeros(shape, dtype)
    file.seek(start + size)
    return held.view(np.ndarray)


def _keep(folder: Path, name: str, kept: dict[str, Any]) -> None:
    part = folder / f"tokens-{uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("w+b") as file:
            for each in _PARTS:
                np.save(file, kept[each])
            path = folder / f"tokens-{name}-{_checksum(file)}.npy"
        # Whoever cut it short in its place, instead of replacing it, would crash those that have it mapped.
        part.chmod(part.stat().st_mode & 0o444)
        part.replace(path)
    except OSError as error:
        _log.warning("The token vectors can't be kept (%s); they are computed at each start.", error.strerror)
        return
    for old in {*folder.glob("tokens-*")} - {path}:
        with suppress(OSError):  # Windows deletes no file that another process has mapped; the next one will
            old.chmod(0o600)  # there, what is only to be read is not to be deleted either
            old.unlink(missing_ok=True)
