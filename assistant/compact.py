"""The packaged model in int8, exported once and kept; the only file that knows onnxruntime."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from assistant.embedding import Progress, TokenVectors, Vectors, by_length, embedder_name
from assistant.errors import ModelUnavailable
from assistant.packaged import PACKAGED, packaged_folder, sha256_of

_log = logging.getLogger(__name__)

ENOUGH = 0.99  # mean cosine to the original below which vectors in int8 are not to be searched with
_FORMAT = 3  # raise it when exporting.py changes what it writes
_LAST, _ON_THE_WAY = "last_hidden_state", ("hidden_2", "hidden_4")
_LIMIT = 256


class CompactEmbedder:
    """The packaged model on the processor, without torch. Safe to use from several threads.

    The export is kept in `folder`. With `deep`, tokens come with their states after layers 2 and 4 as well.
    """

    def __init__(self, folder: Path, threads: int = 2, *, deep: bool = False) -> None:
        self.name, self.limit, self.dimension = embedder_name(PACKAGED), _LIMIT, 384
        self._wanted = [_LAST, *_ON_THE_WAY] if deep else [_LAST]
        measured = _measured()
        kept = _kept(folder)
        made = b"" if kept else _export(measured)
        self._session = open_graph(kept or made, threads)
        self._tokenizer = Tokenizer.from_str(self._session.get_modelmeta().custom_metadata_map["tokenizer"])
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._check(measured, 6 if kept else 1)
        if made:
            _keep(folder, made)

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        """Return one row of length 1 for each text; texts of like length are read together."""
        rows = by_length(texts, self._embed, on_progress)
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's vectors token by token, and as a whole."""
        return by_length(texts, self._read_tokens)

    def count(self, text: str) -> int:
        """How many word pieces the text has, with the special ones that the model adds."""
        return len(self._tokenizer.encode(text).ids)

    def _embed(self, texts: list[str]) -> Sequence[Vectors]:
        _, mask, states = self._read(texts, self._wanted[:1])
        return list(_pooled(states[0], mask))

    def _read_tokens(self, texts: list[str]) -> list[TokenVectors]:
        pieces, mask, states = self._read(texts, self._wanted)
        wholes = _pooled(states[0], mask)
        found = []
        for row, (one, whole) in enumerate(zip(pieces, wholes, strict=True)):
            length, kept = len(one.ids), np.array(one.plain)
            on_the_way = [each[row, :length].copy() for each in states[1:]]
            vectors = _of_length_one(states[0][row, :length][kept])
            found.append(TokenVectors(vectors, one.spans, whole, *on_the_way))
        return found

    def _read(self, texts: list[str], wanted: Sequence[str]) -> tuple[list["_Pieces"], Any, list[Any]]:
        """Return each text's pieces, which of the padded ones are real, and what the model makes of them."""
        pieces = [_pieces(one) for one in self._tokenizer.encode_batch(texts)]
        longest = max(len(one.ids) for one in pieces)
        ids = np.zeros((len(texts), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(pieces):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        return pieces, mask, self._session.run(wanted, {"input_ids": ids, "attention_mask": mask})

    def _check(self, measured: "_Measured", every: int) -> None:
        """Refuse vectors that are not the original's, whatever made them so: the file or the processor.

        A new export is held against all texts, and one that was kept against some.
        """
        mine = self.embed(measured.texts[::every])
        likeness = float(np.sum(mine * measured.vectors[::every], axis=1).mean())
        if not likeness > ENOUGH:
            raise ModelUnavailable(
                f"The embedding model {PACKAGED} in int8 does not agree with the original on this machine: "
                f"{likeness:.3f} instead of at least {ENOUGH}. Set KIL_EMBEDDING_MODEL to a folder "
                "that holds the original."
            )


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A text in word pieces, cut at the limit. `plain` are those that are no special ones, with `spans`."""

    ids: list[int]
    plain: list[bool]
    spans: tuple[tuple[int, int], ...]


def _pieces(encoding: Encoding) -> _Pieces:
    """Cut a long text as sentence-transformers does: its end goes, the special piece that ends it stays."""
    ids, special, spans = encoding.ids, encoding.special_tokens_mask, encoding.offsets
    if len(ids) > _LIMIT:
        ids, special, spans = ([*all_[: _LIMIT - 1], all_[-1]] for all_ in (ids, special, spans))
    plain = [not one for one in special]
    return _Pieces(ids, plain, tuple(span for span, kept in zip(spans, plain, strict=True) if kept))


def _pooled(states: Any, mask: Any) -> Vectors:
    """Return the mean over each text's pieces, of length 1."""
    weights = mask.astype(np.float32)
    return _of_length_one(np.einsum("tpd,tp->td", states, weights))


def _of_length_one(rows: Any) -> Vectors:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Measured:
    """What ships with the package: the ranges to export with, and texts with the original's vectors."""

    ranges: Mapping[str, Any]
    texts: list[str]
    vectors: Vectors


def _measured() -> _Measured:
    with (files("assistant") / "rounding.npz").open("rb") as file, np.load(file) as held:
        names, bounds = held["names"].tolist(), held["bounds"].tolist()
        ranges = {
            name: (held[f"scale.{name}"], low, high) for name, (low, high) in zip(names, bounds, strict=True)
        }
        return _Measured(ranges, held["texts"].tolist(), held["vectors"])


def _export(measured: _Measured) -> bytes:
    from assistant.exporting import Range, export  # noqa: PLC0415 - once in the life of an index

    return export(packaged_folder(), {name: Range(*held) for name, held in measured.ranges.items()})


def open_graph(content: bytes | Path, threads: int) -> Any:
    """Return a session of onnxruntime whose idle threads don't spin; a file takes less memory than bytes."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The graph is written as it is to run: what would be joined further is slower (SkipLayerNormalization).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # ruins a busy machine
    options.add_session_config_entry("session.x64quantprecision", "1")  # exact on older processors as well
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


# --- the export, kept by its checksum ---


def _kept(folder: Path) -> Path | None:
    """Return the export that is kept, or None: its name ends in the checksum of its content."""
    for path in sorted(folder.glob(f"{_stem()}-*.onnx")):
        try:
            checksum = sha256_of(path)[:16]
        except OSError:
            continue
        if path.stem.rpartition("-")[2] == checksum:
            return path
        _log.warning("The kept model %s is damaged; it is made anew.", path.name)
    return None


def _keep(folder: Path, content: bytes) -> None:
    """Write it whole or not at all, also when another process does the same; then let the others go."""
    path = folder / f"{_stem()}-{_checksum(content)}.onnx"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{uuid4().hex}.part"
        part.write_bytes(content)
        part.replace(path)
        for old in {*folder.glob(f"{PACKAGED}-*.onnx")} - {path}:
            old.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("The model can't be kept (%s); it is made at each start.", error.strerror)


def _stem() -> str:
    return f"{embedder_name(PACKAGED)}-{_FORMAT}"


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
