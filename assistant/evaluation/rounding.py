"""Measures what the packaged model needs to be rounded to int8, and how the original reads some texts.

Run `python -m assistant.evaluation.rounding` when the packaged model or `exporting.py` changes. It takes a
minute. Every index is made anew after it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from assistant.exporting import Array, Range, export_original, smooth
from assistant.original import SentenceTransformerEmbedder
from assistant.packaged import TOKENIZER, packaged_folder

WRITTEN = Path("assistant/rounding.npz")
QUESTIONS = Path("tests/evaluation/training")
DIGESTS = Path("corpus/digests")
BATCH = 16
# What is read is not only the material's own language.
OTHERS = (
    "The harbour at Whitby is forty feet deep.",
    "Wer vergibt Aufträge an örtliche Vereine?",
    "SELECT name FROM councils WHERE spend > 1250000;",
    "!!! £££ 100% ???",
    "hi",
    "plz wot is soshul valyoo & how do i get sum",
    "🙂 thanks",
    "Boil the potatoes for twelve minutes, then drain them and add butter, salt and a little nutmeg.",
)


def main() -> None:
    """Write the file that ships with the package."""
    folder = packaged_folder()
    texts = _texts()
    content, inputs, weights = export_original(folder)
    ranges = _ranges(_extremes(folder, content, inputs, texts), weights)
    short = [text for text in texts if len(text) < 120]
    sample = [*short[:16], *OTHERS]  # few, because each start reads them
    held: dict[str, Any] = {f"scale.{name}": ranges[name].scale for name in inputs}
    np.savez_compressed(
        WRITTEN,
        names=np.array(inputs),
        bounds=np.array([(ranges[name].low, ranges[name].high) for name in inputs]),
        texts=np.array(sample),
        vectors=SentenceTransformerEmbedder().embed(sample),
        **held,
    )


def _texts() -> list[str]:
    """Return training questions and the paragraphs of the digests, in a mixed order."""
    lines = [line for path in sorted(QUESTIONS.glob("*.jsonl")) for line in path.read_text().splitlines()]
    questions = [json.loads(line)["question"] for line in lines[::8]]
    whole = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(DIGESTS.glob("*.md")))
    paragraphs = [part[:1200] for part in whole.split("\n\n") if len(part) > 120]
    return [str(text) for text in np.random.default_rng(1).permutation([*questions, *paragraphs, *OTHERS])]


def _extremes(
    folder: Path, content: bytes, inputs: Sequence[str], texts: Sequence[str]
) -> dict[str, tuple[Array, Array]]:
    """Return the least and the greatest that each channel of each input was."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    seen: dict[str, tuple[Array, Array]] = {}
    for fed in _batches(Tokenizer.from_file(str(folder / TOKENIZER)), texts):
        real = fed["attention_mask"].astype(bool)
        for name, values in zip(inputs, session.run(list(inputs), fed), strict=True):
            low, high = values[real].min(axis=0), values[real].max(axis=0)
            before = seen.get(name, (low, high))
            seen[name] = np.minimum(low, before[0]), np.maximum(high, before[1])
    return seen


def _batches(tokenizer: Tokenizer, texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    tokenizer.enable_truncation(256)
    tokenizer.enable_padding()
    ordered = sorted(texts, key=len)
    for start in range(0, len(ordered), BATCH):
        read = tokenizer.encode_batch(ordered[start : start + BATCH])
        yield {
            "input_ids": np.array([one.ids for one in read]),
            "attention_mask": np.array([one.attention_mask for one in read]),
        }


def _ranges(extremes: Mapping[str, tuple[Array, Array]], weights: Mapping[str, Array]) -> dict[str, Range]:
    return {name: smooth(low, high, weights[name]) for name, (low, high) in extremes.items()}


if __name__ == "__main__":
    main()
