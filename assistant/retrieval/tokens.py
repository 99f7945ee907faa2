"""The token vectors of every passage, kept beside the index so that they are computed once."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from assistant.embedding import Embedder, TokenVectors, passage_text
from assistant.sentences import split_sentences
from assistant.vocabulary import Passage

_log = logging.getLogger(__name__)
Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]

# Vectors of so many bytes are held as they are computed with; more stay half as large, and each question
# waits for those of the passages that it reads to be converted.
_READY = 200_000_000

_FORMAT = "2"  # raise it when what is kept changes: all is then computed anew


@dataclass(frozen=True)
class PassageTokens:
    """Token vectors (n, d), and where each sentence's tokens stand among them.

    `deep` has the states on the way (n + 2, d), if the model tells them.
    """

    vectors: Floats
    sentences: tuple[tuple[str, slice], ...]
    deep: Floats | None = None

    @property
    def places(self) -> tuple[slice, ...]:
        """Where each sentence's tokens stand in `deep`, which has a special token before them."""
        return tuple(slice(where.start + 1, where.stop + 1) for _, where in self.sentences)


def load_tokens(folder: Path, passages: Sequence[Passage], embedder: Embedder) -> dict[str, PassageTokens]:
    """Read the kept vectors, or compute and keep them. Keys are passage ids.

    The file is named after the model and the texts, so it can never be stale; it is written
    whole or not at all, and a disk that cannot be written costs only the time to compute again.
    """
    texts = [passage_text(each.document.title, each.section, each.text) for each in passages]
    name = hashlib.sha256("\0".join((_FORMAT, embedder.name, *texts)).encode()).hexdigest()[:16]
    path = folder / f"tokens-{name}.npz"
    kept = _read(path)
    if kept is None:
        kept = _pack(embedder.tokens(texts))
        _keep(path, kept)
    if kept["vectors"].nbytes * 2 <= _READY:
        kept["vectors"] = kept["vectors"].astype(np.float32)
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
    return PassageTokens(kept["vectors"][start:end], tuple(sentences), deep)


def _pack(tokens: Sequence[TokenVectors]) -> dict[str, Any]:
    deep = [each.deep.astype(np.float16) for each in tokens if each.deep is not None]
    return {
        "deep": np.concatenate(deep) if deep else np.zeros((0, 0), dtype=np.float16),
        "lengths": np.array([len(each.spans) for each in tokens], dtype=np.int64),
        "vectors": np.concatenate([each.vectors for each in tokens]).astype(np.float16),
        "spans": np.concatenate([np.array(each.spans, dtype=np.int32).reshape(-1, 2) for each in tokens]),
    }


def _read(path: Path) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return {name: kept[name] for name in ("deep", "lengths", "vectors", "spans")}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None  # not there, or cut short by a crash: compute again


def _keep(path: Path, kept: dict[str, Any]) -> None:
    part = path.with_suffix(".part.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(part, **kept)
        part.replace(path)
        for old in path.parent.glob("tokens-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("The token vectors can't be kept (%s); they are computed at each start.", error.strerror)
