"""Our assistant beside what people would otherwise use, on the same material and questions, in one go.

Run `python -m tests.benchmarks.peers`. The others are no dependencies of ours:

    pip install -c constraints.txt langchain-chroma langchain-huggingface txtai

One that is not installed is left out. Each system works in processes of its own.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb
from pathlib import Path
from statistics import median
from typing import Any

from assistant.compact import CompactEmbedder
from assistant.embedding import passage_text
from assistant.evaluation.questions import Case, read_questions
from assistant.packaged import packaged_folder
from ingest.chunking import passages_of
from ingest.front_matter import Digest, read_corpus
from tests.benchmarks.load import percentile, questions

CORPUS = Path("corpus/digests")
FILES = ("questions", "own", "aside")
STARTS, PATIENCE, LOOKED_AT = 3, 1800.0, 5


@dataclass(frozen=True)
class System:
    """One of those compared. `kinds` are the ways to search that it is measured with, and their names."""

    module: str
    kinds: Mapping[str, str]
    needs: tuple[str, ...] = ()


SYSTEMS = (
    System(
        "peer_ours", {"search": "ours, search", "without": "ours, no questions beside", "ask": "ours, ask"}
    ),
    System("peer_langchain", {"search": "LangChain chain"}, ("langchain-chroma", "langchain-huggingface")),
    System("peer_txtai", {"search": "txtai hybrid"}, ("txtai",)),
)


@dataclass
class Measured:
    """What came out for one way to search."""

    name: str
    ingest: Mapping[str, float]
    starts: list[float] = field(default_factory=list)
    starting: list[float] = field(default_factory=list)  # seconds of the processor
    ms: Sequence[float] = ()
    processor: Sequence[float] = ()  # milliseconds, likewise
    resident: float = 0.0
    peak: float = 0.0
    ranks: Sequence[int] = ()
    documents: Sequence[int] = ()

    def hits(self, ranks: Sequence[int]) -> list[bool]:
        return [0 < rank <= LOOKED_AT for rank in ranks]

    @property
    def reciprocal(self) -> float:
        return sum(1 / rank for rank in self.ranks if rank) / max(1, len(self.ranks))

    @property
    def start(self) -> float:
        return float(median(self.starts))

    @property
    def making(self) -> float:
        return self.ingest["load"] + self.ingest["processor"]


# --- the material and what is right ---


def laid_out(digest: Digest) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return a document as one text, and where the words of each section stand in it."""
    text, spans = f"# {digest.document.title}\n\n", {}
    for section in digest.sections:
        text += f"## {section.heading}\n\n"
        spans[section.heading] = (len(text), len(text) + len(section.text))
        text += f"{section.text}\n\n"
    return text, spans


def asked(most: int | None) -> list[tuple[str, Case]]:
    """Return the questions whose sections are known; those that lean on a conversation are left out."""
    each = [
        (name, case) for name in FILES for case in read_questions([Path(f"tests/evaluation/{name}.jsonl")])
    ]
    return [(name, case) for name, case in each if case.sections and not case.question.history][:most]


def material(digests: Sequence[Digest], cases: Sequence[tuple[str, Case]], folder: Path) -> dict[str, Any]:
    """Return what every system is given."""
    embedder = CompactEmbedder(folder)
    passages = [each for digest in digests for each in passages_of(digest, embedder)]
    return {
        "corpus": str(CORPUS),
        "documents": [{"id": one.document.id, "text": laid_out(one)[0]} for one in digests],
        "passages": [
            {
                "id": one.id,
                "document": one.document.id,
                "section": one.section,
                "text": passage_text(one.document.title, one.section, one.text),
            }
            for one in passages
        ],
        "questions": [{"text": case.question.text} for _, case in cases],
        "warming": questions(),
    }


class Right:
    """Knows whether what was found is right: the document, and words of the section."""

    def __init__(self, given: Mapping[str, Any], digests: Sequence[Digest]) -> None:
        self._passages = {one["id"]: (one["document"], one["section"]) for one in given["passages"]}
        self._spans = {one.document.id: laid_out(one)[1] for one in digests}

    def rank(self, case: Case, found: Sequence[Sequence[Any]], *, section: bool) -> int:
        """Return the place of the first that is right, from 1, or 0."""
        places = (place for place, one in enumerate(found, 1) if self._is(case, one, section=section))
        return next(places, 0)

    def _is(self, case: Case, one: Sequence[Any], *, section: bool) -> bool:
        document, heading, span = one
        if heading is None and span is None:
            document, heading = self._passages[document]
        if document not in case.documents:
            return False
        if not section or heading in case.sections:
            return True
        spans = (self._spans[document].get(each) for each in case.sections)
        return span is not None and any(each and span[0] < each[1] and each[0] < span[1] for each in spans)


# --- measuring ---


def lines(system: System, doing: str, folder: Path, given: Path) -> Iterator[dict[str, Any]]:
    """Yield what the process says, at once."""
    command = (sys.executable, "-m", f"tests.benchmarks.{system.module}", doing, str(folder), str(given))
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                yield json.loads(line)
        if process.wait(PATIENCE):
            complaints.seek(0)
            raise SystemExit(f"{system.module} {doing} failed: {complaints.read().decode()[-2000:]}")


def compare(
    systems: Sequence[System],
    digests: Sequence[Digest],
    cases: Sequence[Case],
    given: dict[str, Any],
    within: Path,
    starts: int,
) -> list[Measured]:
    """Ingest with each, ask each all questions, then start each in turn, several times."""
    file, right, measured = within / "material.json", Right(given, digests), dict[tuple[str, str], Measured]()
    file.write_text(json.dumps(given), encoding="utf-8")
    for system in systems:
        done = within / f"{system.module}.json"
        if not done.exists():
            (within / system.module).mkdir()
            (ingest,) = lines(system, "ingest", within / system.module, file)
            done.write_text(json.dumps(ingest), encoding="utf-8")
        ingest = json.loads(done.read_text(encoding="utf-8"))
        tell(f"{system.module} ingested in {ingest['loading']:.1f} + {ingest['working']:.1f} s")
        for kind, name in system.kinds.items():
            measured[system.module, kind] = Measured(name, ingest)
    ways = [(system, kind) for system in systems for kind in system.kinds]
    for system, kind in ways:
        (said,) = lines(system, f"search:{kind}", within / system.module, file)
        one = measured[system.module, kind]
        one.ms, one.processor = said["ms"], said["processor"]
        one.resident, one.peak = said["resident"], said["peak"]
        pairs = list(zip(cases, said["found"], strict=True))
        one.ranks = [right.rank(case, found, section=True) for case, found in pairs]
        one.documents = [right.rank(case, found, section=False) for case, found in pairs]
        tell(f"{one.name} searched")
    for _ in range(starts):  # the files are in memory by now
        for system in systems:
            began, kind = time.perf_counter(), next(iter(system.kinds))
            for said in lines(system, f"start:{kind}", within / system.module, file):
                took, processor = time.perf_counter() - began, said["processor"]
            for each in system.kinds:  # all ways of one system start alike
                measured[system.module, each].starts.append(took)
                measured[system.module, each].starting.append(processor)
            tell(f"{system.module} started in {took:.1f} s, {processor:.1f} of the processor")
    return list(measured.values())


# --- telling ---


def tell(text: str) -> None:
    """Say how far it is, beside the tables."""
    print(text, file=sys.stderr, flush=True)


def share(hits: Sequence[bool]) -> str:
    return f"{sum(hits)} of {len(hits)} ({100 * sum(hits) / max(1, len(hits)):.0f}%)"


def by_chance(one: int, other: int) -> float:
    """Return how likely so uneven a split is by chance alone: the two-sided sign test."""
    both = one + other
    tail = float(sum(comb(both, k) for k in range(min(one, other) + 1)) / 2**both)
    return min(1.0, 2 * tail)


def tables(measured: Sequence[Measured], files: Sequence[str], characters: int) -> Iterator[str]:
    """Yield the lines of the tables: quality, then speed, then ratios."""
    kept = [name for name in FILES if name in files]
    yield f"| | hit@5 | {' | '.join(f'{name}.jsonl' for name in kept)} | MRR | right document in 5 |"
    yield "|---" * (len(kept) + 4) + "|"
    for one in measured:
        hits = one.hits(one.ranks)
        parts = [share([hit for hit, file in zip(hits, files, strict=True) if file == name]) for name in kept]
        documents = share(one.hits(one.documents))
        yield f"| {one.name} | {share(hits)} | {' | '.join(parts)} | {one.reciprocal:.3f} | {documents} |"
    yield ""
    yield "| | p50 | p95 | of the processor | start to first result | of the processor | resident | peak |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in measured:
        yield (
            f"| {one.name} | {percentile(one.ms, 0.5):.1f} ms | {percentile(one.ms, 0.95):.1f} ms "
            f"| {percentile(one.processor, 0.5):.1f} ms | {one.start:.2f} s | {median(one.starting):.2f} s "
            f"| {one.resident:.0f} MB | {one.peak:.0f} MB |"
        )
    yield ""
    yield "| ingest | pieces | loads | works | of the processor | characters a second | peak |"
    yield "|---|---|---|---|---|---|---|"
    for name, made in {one.name.partition(",")[0]: one.ingest for one in measured}.items():
        yield (
            f"| {name} | {made['pieces']} | {made['loading']:.1f} s | {made['working']:.1f} s "
            f"| {made['load']:.1f} + {made['processor']:.1f} s | {characters / made['working']:.0f} | {made['peak']:.0f} MB |"
        )
    yield ""
    yield from ratios(measured)


def ratios(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield how many times as much each other takes as our search, and who finds what."""
    ours, *others = measured
    yield "| against our search | only ours hits | only theirs | by chance | p50 | of the processor | start | of the processor | resident | ingest, of the processor |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for one in others:
        pairs = list(zip(ours.hits(ours.ranks), one.hits(one.ranks), strict=True))
        mine, theirs = pairs.count((True, False)), pairs.count((False, True))
        times = (
            percentile(one.ms, 0.5) / percentile(ours.ms, 0.5),
            percentile(one.processor, 0.5) / percentile(ours.processor, 0.5),
            one.start / ours.start,
            median(one.starting) / median(ours.starting),
            one.resident / ours.resident,
            one.making / ours.making,
        )
        cells = " | ".join(f"{each:.2f}×" for each in times)
        yield f"| {one.name} | {mine} | {theirs} | {by_chance(mine, theirs):.2g} | {cells} |"


def installed(system: System) -> bool:
    """Whether it can be measured here; otherwise say what it needs."""
    lacking = [need for need in system.needs if importlib.util.find_spec(need.replace("-", "_")) is None]
    if lacking:
        tell(f"{system.module} is left out: pip install -c constraints.txt {' '.join(lacking)}")
    return not lacking


def main() -> None:
    """Measure and tell."""
    taken = argparse.ArgumentParser(description=__doc__)
    taken.add_argument("--questions", type=int, help="only so many, for trying")
    taken.add_argument("--starts", type=int, default=STARTS, help="of each system")
    taken.add_argument("--folder", type=Path, help="where indexes are made, or were made by an earlier run")
    options = taken.parse_args()
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "ANONYMIZED_TELEMETRY": "False",
        "OMP_WAIT_POLICY": "PASSIVE",  # or torch spins where we don't, and its processor time says nothing
        "PEER_MODEL": str(packaged_folder()),
    }
    files, cases = zip(*asked(options.questions), strict=True)
    digests = read_corpus(CORPUS)
    systems = [system for system in SYSTEMS if installed(system)]
    with tempfile.TemporaryDirectory() as folder:
        within = options.folder or Path(folder)
        within.mkdir(exist_ok=True)
        given = material(digests, list(zip(files, cases, strict=True)), within / "models")
        measured = compare(systems, digests, cases, given, within, options.starts)
    characters = sum(len(one["text"]) for one in given["documents"])
    print("\n".join(tables(measured, files, characters)))
    print(
        f"\n{len(cases)} questions, {len(digests)} documents of {characters:,} characters; starts are the median of "
        f"{options.starts}; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


if __name__ == "__main__":
    main()
