"""From digests and originals to an index, embedding only what is new."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import numpy as np

from assistant.embedding import Embedder, Progress
from assistant.index import Index, IndexState
from assistant.rows import Row, digest, passage_rows, sentence_rows
from ingest.chunking import passages_of
from ingest.combining import read_material
from ingest.front_matter import Digest

BATCH = 32
LARGE = 1000

Levels = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did: `documents` are in the index now, `embedded` counts texts, the rest passages.

    `changed` is false when the index held exactly this material before.
    """

    changed: bool
    added: int
    unchanged: int
    removed: int
    embedded: int
    documents: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Status:
    """What is in the index, and the ids of documents that an ingest would add, read again or remove."""

    state: IndexState | None
    embedder: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether an ingest would find nothing to do."""
        same_model = self.state is not None and self.state.embedder == self.embedder
        return same_model and not (self.new or self.changed or self.removed)


def build(
    corpus: Path,
    index: Index,
    embedder: Embedder,
    on_progress: Progress | None = None,
    originals: Path | None = None,
) -> Report:
    """Make the index hold exactly the digests in `corpus`, or their originals, and what was added.

    Raises `MaterialInvalid` before anything is written, and `IndexBusy` while another ingest is at work.
    """
    started = monotonic()
    digests = read_material(corpus, originals).documents
    passages = [passage for one in digests for passage in passages_of(one, embedder)]
    asked = {(one.document.id, heading): questions for one in digests for heading, questions in one.asked}
    levels = {"passages": passage_rows(passages), "sentences": sentence_rows(passages, asked)}
    with index.alone():
        old = index.state()
        before = index.keys(old.generation) if old and index.is_whole(old) else {}
        state = _state(digests, levels, embedder, old)
        changed = not (before and old and old.generation == state.generation)
        embedded = _write(index, state, levels, embedder, on_progress) if changed else 0
    unchanged = len(before.items() & {row.id: row.key for row in levels["passages"]}.items())
    return Report(
        changed=changed,
        added=len(passages) - unchanged,
        unchanged=unchanged,
        removed=len(before) - unchanged,
        embedded=embedded,
        documents=len(digests),
        seconds=monotonic() - started,
    )


def status(corpus: Path, index: Index, embedder_name: str, originals: Path | None = None) -> Status:
    """Compare the index with the material, without loading a model."""
    state = index.state()
    here = {one.document.id: _fingerprint(one) for one in read_material(corpus, originals).documents}
    there = _fingerprints(state) if state else {}
    return Status(
        state=state,
        embedder=embedder_name,
        new=tuple(id_ for id_ in here if id_ not in there),
        changed=tuple(id_ for id_ in here if there.get(id_, here[id_]) != here[id_]),
        removed=tuple(id_ for id_ in there if id_ not in here),
    )


def _state(
    digests: Sequence[Digest], levels: Levels, embedder: Embedder, old: IndexState | None
) -> IndexState:
    """Describe the index to be; its generation names exactly this content and this model."""
    fingerprints = tuple(_fingerprint(one) for one in digests)
    contents = [[(row.id, row.text, row.facts) for row in rows] for rows in levels.values()]
    generation = digest(embedder.name, fingerprints, contents)
    mending = old is not None and old.generation == generation
    return IndexState(
        generation=generation,
        previous=(old.previous if mending else old.generation) if old else "",
        embedder=embedder.name,
        dimension=embedder.dimension,
        indexed_on=datetime.now(UTC).isoformat(timespec="seconds"),
        passages=len(levels["passages"]),
        sentences=len(levels["sentences"]),
        documents=tuple(one.document for one in digests),
        fingerprints=fingerprints,
    )


def _write(
    index: Index, state: IndexState, levels: Levels, embedder: Embedder, on_progress: Progress | None
) -> int:
    """Write a generation, batch by batch, and let it be read; return how many texts were embedded."""
    known = index.vectors(embedder.name)
    done, embedded, total = 0, 0, state.passages + state.sentences
    for level, rows in levels.items():
        for batch in _batches(rows, known):
            new = {row.key: row.embedded for row in batch if row.key not in known}
            known.update(zip(new, embedder.embed(list(new.values())), strict=True))
            vectors = np.stack([known[row.key] for row in batch])
            index.put(state.generation, level, embedder.name, batch, vectors)
            done, embedded = done + len(batch), embedded + len(new)
            if on_progress:
                on_progress(done, total)
    index.point(state)
    return embedded


def _batches(rows: Sequence[Row], known: Container[str]) -> Iterator[Sequence[Row]]:
    """Yield what is known in large batches, which are written faster; then the rest, to be embedded.

    That goes in small ones, so that little is lost when it is killed, and of like length, which is faster.
    """
    here = [row for row in rows if row.key in known]
    new = sorted((row for row in rows if row.key not in known), key=lambda row: len(row.embedded))
    yield from (here[start : start + LARGE] for start in range(0, len(here), LARGE))
    yield from (new[start : start + BATCH] for start in range(0, len(new), BATCH))


def _fingerprint(one: Digest) -> str:
    return digest(asdict(one))


def _fingerprints(state: IndexState) -> dict[str, str]:
    return {one.id: print_ for one, print_ in zip(state.documents, state.fingerprints, strict=True)}
