"""Any sentence-transformers model, as it was published; the only file that knows torch."""

import math
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

from assistant.embedding import BATCH, Progress, TokenVectors, Vectors, by_length, original_name
from assistant.errors import ModelUnavailable
from assistant.packaged import PACKAGED, packaged_folder


class SentenceTransformerEmbedder:
    """A sentence-transformers model, on the processor. Safe to use from several threads."""

    def __init__(self, model: str = PACKAGED, threads: int = 2) -> None:
        place = str(packaged_folder()) if model == PACKAGED else model
        self.name = original_name(model)
        self._model = _load(place, threads, packaged=model == PACKAGED)
        self._lock = Lock()
        self.limit = int(self._model.max_seq_length or min(self._model.tokenizer.model_max_length, 512))
        self.dimension = self.embed([""]).shape[1]

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        """Return one row of length 1 for each text; texts of like length are read together."""
        rows = by_length(texts, lambda batch: list(self._encode(batch)), on_progress)
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's vectors token by token, and as a whole."""
        return by_length(texts, self._read_tokens)

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
