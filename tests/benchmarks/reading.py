"""How fast the packaged model reads, in int8 and as it was published, taking turns on the same texts.

Run `python -m tests.benchmarks.reading`. It takes a minute or two.
"""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from assistant.compact import CompactEmbedder
from assistant.embedding import Embedder, passage_text
from assistant.original import SentenceTransformerEmbedder
from ingest.chunking import passages_of
from ingest.front_matter import read_corpus
from tests.benchmarks.load import questions

ROUNDS, PASSAGES, QUERIES = 3, 32, 20


def passages(embedder: Embedder) -> list[str]:
    """Return passages of the material as they are embedded."""
    cut = [each for digest in read_corpus(Path("corpus/digests")) for each in passages_of(digest, embedder)]
    texts = [passage_text(each.document.title, each.section, each.text) for each in cut]
    return texts[:: max(1, len(texts) // PASSAGES)][:PASSAGES]


def timed(do: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the clock and of the processor that it takes."""
    clock, processor = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - clock, time.process_time() - processor


def one_by_one(embedder: Embedder, texts: Sequence[str]) -> None:
    """Read as questions are read."""
    for text in texts:
        embedder.embed([text])


def main() -> None:
    """Measure and tell."""
    with TemporaryDirectory() as folder:
        models: dict[str, Embedder] = {
            "int8": CompactEmbedder(Path(folder)),
            "original": SentenceTransformerEmbedder(),
        }
    texts, asked = passages(models["int8"]), questions()[:: len(questions()) // QUERIES][:QUERIES]
    together: dict[str, list[tuple[float, float]]] = {name: [] for name in models}
    alone: dict[str, list[tuple[float, float]]] = {name: [] for name in models}
    for _ in range(ROUNDS):
        for name, model in models.items():
            together[name].append(timed(lambda model=model: model.embed(texts)))  # type: ignore[misc]
            alone[name].append(timed(lambda model=model: one_by_one(model, asked)))  # type: ignore[misc]
    print("| model | passages a second | processor a passage | a question | processor a question |")
    print("|---|---|---|---|---|")
    for name in models:
        clock, processor = (median(each) for each in zip(*together[name], strict=True))
        wait, work = (median(each) / len(asked) * 1000 for each in zip(*alone[name], strict=True))
        rate, cost = len(texts) / clock, processor / len(texts) * 1000
        print(f"| {name} | {rate:.1f} | {cost:.0f} ms | {wait:.1f} ms | {work:.1f} ms |")
    likeness = np.sum(models["int8"].embed(texts) * models["original"].embed(texts), axis=1)
    print(
        f"{len(texts)} passages, {len(asked)} questions, the median of {ROUNDS} rounds; mean cosine "
        f"{likeness.mean():.4f}, least {likeness.min():.4f}; load of the machine {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
