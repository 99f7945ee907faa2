"""One size of the growth table, in processes of its own: `ingest`, `search` and `whole` of so many passages.

The passages are generated: the words of the material in its own sentence and passage lengths, with invented
words among them. Their vectors are random and of length 1: what is compared takes as long with any numbers.
Questions are read by the real model.
"""

import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answerability import Answerability, Answering, load_networks
from assistant.assembly import assemble
from assistant.compact import CompactEmbedder
from assistant.embedding import Progress, Remembering, TokenVectors, Vectors
from assistant.index import Indexed, IndexedSentence, IndexState, open_index
from assistant.rarity import Rarity
from assistant.retrieval import Step
from assistant.retrieval.everyday import load_everyday
from assistant.retrieval.fusing import Fusing
from assistant.retrieval.interaction import Interaction, Reranking
from assistant.retrieval.meaning import Meaning, NearestSentence
from assistant.retrieval.tokens import PassageTokens, load_tokens, rounded_by_row
from assistant.retrieval.words import Words, searchable_stems
from assistant.rows import passage_rows, sentence_rows
from assistant.sentences import split_sentences
from assistant.settings import Settings
from assistant.spelling import Spelling
from assistant.vocabulary import Document, Hit, Material, Passage, Query, Question
from ingest.building import BATCH, LARGE
from ingest.front_matter import read_corpus
from tests.benchmarks.load import percentile, questions
from tests.benchmarks.peer_working import megabytes

ASKED, SAMPLED, SIZE = 60, 64, 384
GENERATION = "generated"
PER_DOCUMENT = 5  # passages, as in the material
INVENTED, RARE = 0.08, 60_000  # the share of invented words, and how many there are

_PIECE = re.compile(r"\w{1,7}|[^\w\s]")  # about as many as the model's word pieces


# --- what is generated ---


@dataclass(frozen=True)
class Manner:
    """How the material is written: its words with how often, and the sentence lengths of each section."""

    words: Sequence[str]
    often: Sequence[int]
    shapes: Sequence[Sequence[int]]


def manner() -> Manner:
    """Read it off the material."""
    texts = [section.text for digest in read_corpus(Path("corpus/digests")) for section in digest.sections]
    counted = Counter(word for text in texts for word in re.findall(r"[a-z’'-]+", text.lower()))
    shapes = [[len(sentence.split()) for sentence in split_sentences(text)] for text in texts]
    return Manner(list(counted), list(accumulate(counted.values())), shapes)


def passages(count: int) -> list[Passage]:
    """Write so many; the same ones each time."""
    chance, like, made = random.Random(count), manner(), list[Passage]()
    while len(made) < count:
        number = len(made) // PER_DOCUMENT
        title = _sentence(chance, like, 8)
        document = Document(
            f"generated-{number}", title, "report", ("Nobody",), "Generated", f"https://example.org/{number}"
        )
        for at in range(min(PER_DOCUMENT, count - len(made))):
            text = " ".join(_sentence(chance, like, words) for words in chance.choice(like.shapes)[:6])
            heading = _sentence(chance, like, 7)
            made.append(Passage(f"{document.id}/{at}/0", document, heading, text, at))
    return made


def _sentence(chance: random.Random, like: Manner, length: int) -> str:
    words = chance.choices(like.words, cum_weights=like.often, k=max(2, length))
    for at in range(len(words)):
        if chance.random() < INVENTED:
            words[at] = f"w{int(RARE ** chance.random())}x"
    return " ".join(words).capitalize() + "."


def unit(rows: int, seed: int = 0) -> Vectors:
    """Return random vectors of length 1."""
    drawn = np.random.default_rng(seed).standard_normal((rows, SIZE), dtype=np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


class Pooled:
    """Stands in for the model where passages are read token by token: random vectors out of one pool."""

    dimension, limit = SIZE, 256

    def __init__(self, name: str) -> None:
        self.name = name
        self._pool = unit(4096)

    def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
        """Return one row of length 1 for each text."""
        return unit(len(texts))

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's vectors token by token."""
        return [self._tokens(text) for text in texts]

    def count(self, text: str) -> int:
        """How many word pieces the text has."""
        return len(_PIECE.findall(text)) + 2

    def _tokens(self, text: str) -> TokenVectors:
        spans = tuple(found.span() for found in _PIECE.finditer(text))[: self.limit - 2]
        start = len(text) * 7 % 2048
        vectors = self._pool[start : start + len(spans)]
        deep = self._pool[start : start + len(spans) + 2] * 20
        return TokenVectors(vectors, spans, self._pool[start], deep)


# --- what is measured ---


class Timed:
    """Seconds by name, of the clock and of the processor."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}
        self._began, self._load = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        """Charge the time since the last lap to this name."""
        now, load = time.perf_counter(), time.process_time()
        self.seconds[name], self.processor[name] = now - self._began, load - self._load
        self._began, self._load = now, load


def ingest(folder: Path, count: int) -> dict[str, Any]:
    """Write an index as `keep-it-local ingest` does, but for the model's work, which is sampled."""
    cut, embedder = passages(count), CompactEmbedder(folder / "models", deep=True)
    timed = Timed()
    levels = {"passages": passage_rows(cut), "sentences": sentence_rows(cut)}
    timed.lap("rows")
    index = open_index(folder)
    timed.lap("open")
    for level, rows in levels.items():
        for start in range(0, len(rows), LARGE):
            part = rows[start : start + LARGE]
            index.put(GENERATION, level, embedder.name, part, unit(len(part), start))
    timed.lap("put")
    documents = tuple(dict.fromkeys(passage.document for passage in cut))
    counts = (len(levels["passages"]), len(levels["sentences"]))
    index.point(
        IndexState(
            GENERATION, "", embedder.name, SIZE, "2026-11-30", *counts, documents, ("-",) * len(documents)
        )
    )
    timed.lap("point")
    peak = megabytes("VmHWM")
    index.close()
    disk = sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file()) / 1e6
    texts = {level: [row.embedded for row in rows[: 10 * SAMPLED]] for level, rows in levels.items()}
    timed.lap("between")
    embedder.embed(_sample(texts["passages"]))
    timed.lap("passages")
    embedder.embed(_sample(texts["sentences"]))
    timed.lap("sentences")
    tokens = embedder.tokens(_sample(texts["passages"]))
    timed.lap("tokens")
    took, load = timed.seconds, timed.processor
    model = (load["passages"] + load["tokens"]) / SAMPLED * counts[0]
    model += load["sentences"] / SAMPLED * counts[1]
    pieces = sum(len(one.spans) for one in tokens) / SAMPLED
    return {
        "sentences": counts[1],
        "writing": sum(took[name] for name in ("rows", "open", "put", "point")),
        "processor": sum(load[name] for name in ("rows", "open", "put", "point")),
        "model": model,
        "disk": disk,
        "peak": peak,
        "pieces": pieces,
        "words": sum(len(each.text.split()) for each in cut) / count,
    }


def _sample(texts: Sequence[str]) -> Sequence[str]:
    """Return every tenth or so, of like length together as ingest reads them."""
    step = max(1, len(texts) // SAMPLED)
    chosen = list(texts[::step][:SAMPLED])
    assert len(chosen) >= 2 * BATCH
    return chosen


def search(folder: Path, count: int) -> dict[str, Any]:
    """Load an index and search in it, all but the token vectors as the assistant holds them."""
    import chromadb  # noqa: F401, PLC0415 - its seconds are not what grows

    model = CompactEmbedder(folder / "models", deep=True)
    embedder = Remembering(model)
    before, timed = megabytes("VmRSS"), Timed()
    if (folder / "index").exists():
        indexed = open_index(folder).load(embedder.name)
        timed.lap("load")
    else:
        indexed = held_only(count)
        timed.lap("generating")
    loaded = megabytes("VmRSS")
    everyday = load_everyday()
    words = Words(indexed.passages, everyday)
    timed.lap("words")
    rarity = Rarity([searchable_stems(passage) for passage in indexed.passages])
    timed.lap("rarity")
    spelling = Spelling((*(each.text for each in indexed.passages), *everyday.words), everyday.short_forms)
    timed.lap("spelling")
    held, pooled = megabytes("VmRSS"), Pooled(embedder.name)
    tokens = PooledTokens(indexed.passages, pooled)

    def read(query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        model.tokens([query.text])  # once a question; what follows remembers it
        return hits

    steps: dict[str, Step] = {
        "reading": read,
        "meaning": Meaning(indexed, embedder),
        "sentence": NearestSentence(indexed, embedder),
        "words": words,
        "fusing": Fusing({"words": 0.2, "meaning": 0.15, "sentence": 0.15}),
        "reranking": Reranking(Interaction(embedder, tokens)),
        "answering": Answering(Answerability(embedder, tokens, load_networks(embedder.name))),
    }
    asked = questions()[::7][: ASKED + 3]
    laps = [_searched(steps, text) for text in asked][3:]
    took = timed.seconds
    assert rarity
    assert spelling
    return {
        **({"load": took["load"], "load_processor": timed.processor["load"]} if "load" in took else {}),
        "prepare": sum(timed.processor[name] for name in ("words", "rarity", "spelling")),
        "before": before,
        "loaded": loaded,
        "held": held,
        "peak": megabytes("VmHWM"),
        "p50": percentile([sum(lap.values()) for lap in laps], 0.5) * 1000,
        "p95": percentile([sum(lap.values()) for lap in laps], 0.95) * 1000,
        "steps": {name: percentile([lap[name] for lap in laps], 0.5) * 1000 for name in steps},
    }


def held_only(count: int) -> Indexed:
    """Make what an index of so many passages would be in memory, without writing one."""
    cut = passages(count)
    lines = [IndexedSentence(each, text) for each in cut for text in split_sentences(each.text)]
    documents = tuple(dict.fromkeys(each.document for each in cut))
    material = Material("2026-11-30", len(documents))
    none = unit(0)
    return Indexed(material, documents, tuple(cut), unit(count), tuple(lines), unit(len(lines)), (), none)


class PooledTokens(dict[str, PassageTokens]):
    """Token vectors that all passages share, made when one is looked up; the time of that is not counted."""

    def __init__(self, cut: Sequence[Passage], pooled: Pooled) -> None:
        super().__init__()
        self._texts = {each.id: each.text for each in cut}
        self._pooled = pooled

    def __missing__(self, key: str) -> PassageTokens:
        text, at, sentences = self._texts[key], 0, list[tuple[str, slice]]()
        (read,) = self._pooled.tokens([text])
        for sentence in split_sentences(text):
            length = self._pooled.count(sentence) - 2
            sentences.append((sentence, slice(at, at + length)))
            at += length
        self[key] = PassageTokens(
            *rounded_by_row(read.vectors),
            tuple(sentences),
            None if read.deep is None else read.deep.astype(np.float16),
        )
        return self[key]


def _searched(steps: dict[str, Step], text: str) -> dict[str, float]:
    """Search twice, and time the second, with what the first looked up; the question is read in both."""
    query = Query(text)
    _through(steps, query)
    return dict(_through(steps, query)[1])


def _through(steps: dict[str, Step], query: Query) -> tuple[tuple[Hit, ...], list[tuple[str, float]]]:
    hits, laps = tuple[Hit, ...](), list[tuple[str, float]]()
    for name, step in steps.items():
        began = time.process_time()
        hits = step(query, hits)
        laps.append((name, time.process_time() - began))
    return hits, laps


def whole(folder: Path, count: int) -> dict[str, Any]:
    """Hold everything, token vectors too, and answer: what a server does."""
    embedder = CompactEmbedder(folder / "models", deep=True)
    load_tokens(folder, passages(count), Pooled(embedder.name))
    (kept,) = folder.glob("tokens-*.npy")
    return {"tokens": kept.stat().st_size / 1e6, "peak": megabytes("VmHWM")}


def answer(folder: Path, _: int) -> dict[str, Any]:
    """Start the assistant as it is over all that, and put questions to it."""
    timed = Timed()
    embedder = CompactEmbedder(folder / "models", deep=True)
    assistant = assemble(Settings(data=folder), embedder)
    timed.lap("start")
    asked, laps = questions()[::7][: ASKED + 3], list[float]()
    for text in asked:
        began = time.perf_counter()
        assistant.answer(Question(text))
        laps.append((time.perf_counter() - began) * 1000)
    return {
        "start": timed.seconds["start"],
        "p50": percentile(laps[3:], 0.5),
        "p95": percentile(laps[3:], 0.95),
        "resident": megabytes("VmRSS"),
        "peak": megabytes("VmHWM"),
    }


STAGES = {"ingest": ingest, "search": search, "whole": whole, "answer": answer}


if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
