"""The index: where passages and their vectors are kept. Chroma stores them; they are searched in memory."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from itertools import compress, islice
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from assistant.embedding import Vector, Vectors, passage_text
from assistant.errors import IndexBusy, IndexMismatch, NotReady, StorageFailed
from assistant.lease import Lease
from assistant.rows import IndexedSentence, IndexState, Row, documents_from, documents_text, passage_from
from assistant.store import CHANGED, COMMAND, close, failing, on_disk, on_server
from assistant.vocabulary import Document, Material, Passage

__all__ = ["Index", "IndexState", "Indexed", "IndexedSentence", "open_index", "passage_text"]

LEVELS = ("passages", "sentences")

_FORMAT = 2  # raise it when the layout of the rows changes: every index is then made anew
_POINTER = "kil-current"
# Chroma copies its graph to files of its own after `sync_threshold` rows, and a process killed while it does
# so leaves a file that crashes every later one. Below the threshold all is in SQLite, which survives.
# Vectors are searched in memory and never through Chroma, which makes its graph anew at each start: the
# least will do.
_STORED: Any = {
    "hnsw": {
        "space": "cosine",
        "ef_construction": 8,
        "ef_search": 8,
        "max_neighbors": 2,
        "sync_threshold": 100_000,
    }
}
_MOST_AT_ONCE = 300  # rows that Chroma Cloud takes or gives in one request
_MOST_ON_DISK = 20_000  # rows: SQLite takes no more than 32,766 names in one question


@dataclass(frozen=True, slots=True)
class Indexed:
    """A whole index in memory; rows of vectors are in the order of the passages, sentences and questions."""

    material: Material
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    passage_vectors: Vectors
    sentences: tuple[IndexedSentence, ...]
    sentence_vectors: Vectors
    asked: tuple[IndexedSentence, ...]
    asked_vectors: Vectors

    def nearest(
        self, vector: Vector, limit: int, principles: Collection[int] = (), kinds: Collection[str] = ()
    ) -> list[tuple[str, float]]:
        """Return passage ids and cosines, best first; an empty filter admits every document.

        All vectors are compared, in memory: that is exact, the same on every server, quicker than asking a
        store over the network, and goes on while that store is gone.
        """
        cosines = self.passage_vectors @ vector
        admitted = (
            at
            for at in np.argsort(-cosines, kind="stable")
            if not principles or self.passages[at].document.principle in principles
            if not kinds or self.passages[at].document.kind in kinds
        )
        return [(self.passages[at].id, float(cosines[at])) for at in islice(admitted, limit)]


def open_index(folder: Path, chroma_url: str = "", *, anew: bool = False) -> "Index":
    """Open the index in the data folder, or the one on a Chroma server; raises `StorageFailed`.

    `anew` looks for the files again, which may be others than those that this process has open.
    """
    with failing("opened"):
        folder.mkdir(parents=True, exist_ok=True)
        if not chroma_url:
            return Index(on_disk(folder / "index", anew=anew), folder, at_once=_MOST_ON_DISK)
        client = on_server(chroma_url)
        return Index(client, folder, Lease(client), _MOST_AT_ONCE)


class Index:
    """The stored index. Each ingest writes a generation: a collection of passages and one of sentences.

    One record, the pointer, says which generation is read. It is changed when all of a generation is there,
    so that readers meanwhile, or after an ingest that was killed, have the old one whole.
    """

    def __init__(
        self, client: Any, folder: Path, lease: Lease | None = None, at_once: int | None = None
    ) -> None:
        self._client = client
        self._folder = folder
        self._lease = lease
        self._at_once = at_once

    def close(self) -> None:
        """Let go of the store."""
        close(self._client)

    def state(self) -> IndexState | None:
        """Return what is in the index, or `None` before the first ingest."""
        with failing("read"):
            if _POINTER not in self._names():
                return None
            found: Any = self._stored(_POINTER).get(include=["metadatas", "documents"])
            if not found["ids"] or found["metadatas"][0].pop("format") != _FORMAT:
                return None
            facts = found["metadatas"][0]
            fingerprints = tuple(facts.pop("fingerprints").split())
            return IndexState(
                documents=documents_from(found["documents"][0]), fingerprints=fingerprints, **facts
            )

    def load(self, embedder_name: str) -> Indexed:
        """Read the whole index; raises `NotReady` without one, `IndexMismatch` if another model made it."""
        state = self.state()
        if state is None:
            raise NotReady(f"There is no index yet. Build it with {COMMAND}.")
        if state.embedder != embedder_name:
            raise IndexMismatch(
                f"The index was made with the embedding model {state.embedder}, but the settings name "
                f"{embedder_name}. Set KIL_EMBEDDING_MODEL back, or run {COMMAND} to make the index anew."
            )
        if not self.is_whole(state):
            raise NotReady(CHANGED)
        with failing("read"):
            return self._load(state)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other ingest on this index out, on any machine; raises `IndexBusy` if one is at work."""
        lock = FileLock(self._folder / "ingest.lock", timeout=0)
        with failing("written"):
            try:
                lock.acquire()
            except Timeout as error:
                raise IndexBusy(
                    "Another ingest is at work on this index. Try again when it is done."
                ) from error
        try:
            with self._lease.held() if self._lease else nullcontext():
                yield
        finally:
            lock.release()

    def is_whole(self, state: IndexState) -> bool:
        """Whether all rows that the state speaks of are there."""
        with failing("read"):
            names = [_name(state.generation, level) for level in LEVELS]
            if not set(names) <= set(self._names()):
                return False
            return [self._stored(name).count() for name in names] == [state.passages, state.sentences]

    def keys(self, generation: str) -> dict[str, str]:
        """Return the keys of a generation's passages, by id."""
        with failing("read"):
            rows = self._read(_name(generation, "passages"), ["metadatas"])
        return {id_: facts["key"] for id_, facts in zip(rows["ids"], rows["metadatas"], strict=True)}

    def vectors(self, embedder_name: str) -> dict[str, Vector]:
        """Return all vectors made with this model, by key, also those of an ingest that was killed."""
        with failing("read"):
            known: dict[str, Vector] = {}
            for stored in self._client.list_collections():
                if (stored.metadata or {}).get("embedder") == embedder_name:
                    rows, vectors = self._rows(stored.name)
                    known.update(zip((facts["key"] for _, _, facts in rows), vectors, strict=True))
            return known

    def put(self, generation: str, level: str, embedder: str, rows: Sequence[Row], vectors: Vectors) -> None:
        """Write some rows, at most 5,461, of one level of a generation."""
        with failing("written"):
            stored = self._made(_name(generation, level), {"embedder": embedder})
            for part in self._parts(len(rows)):
                stored.upsert(
                    ids=[row.id for row in rows[part]],
                    documents=[row.text for row in rows[part]],
                    metadatas=[row.facts for row in rows[part]],
                    embeddings=vectors[part],
                )

    def point(self, state: IndexState) -> None:
        """Let this generation be read from now on, and delete those before the previous one."""
        facts = asdict(state) | {"format": _FORMAT, "fingerprints": " ".join(state.fingerprints)}
        del facts["documents"]
        if not self.is_whole(state):
            raise StorageFailed(
                f"The index was not written whole, so the old one stays. Run {COMMAND} again."
            )
        with failing("written"):
            if self._lease:
                self._lease.check()
            self._made(_POINTER, {"holds": "the generation that is read"}).upsert(
                ids=["current"],
                documents=[documents_text(state.documents)],
                metadatas=[facts],
                embeddings=[[1.0]],
            )
            # The previous generation stays for a server that is still running on it.
            kept = {_name(kept, level) for kept in (state.generation, state.previous) for level in LEVELS}
            for name in self._names():
                if name.startswith("kil-") and name != _POINTER and name not in kept:
                    self._client.delete_collection(name)

    def _load(self, state: IndexState) -> Indexed:
        documents = {document.id: document for document in state.documents}
        rows, passage_vectors = self._rows(_name(state.generation, "passages"))
        passages = {id_: passage_from(id_, text, facts, documents) for id_, text, facts in rows}
        rows, vectors = self._rows(_name(state.generation, "sentences"))
        lines = [IndexedSentence(passages[facts["passage"]], text) for _, text, facts in rows]
        asked = np.array(["asked" in facts for _, _, facts in rows], dtype=bool)
        return Indexed(
            material=Material(state.indexed_on, len(documents)),
            documents=state.documents,
            passages=tuple(passages.values()),
            passage_vectors=passage_vectors,
            sentences=tuple(compress(lines, ~asked)),
            sentence_vectors=vectors[~asked],
            asked=tuple(compress(lines, asked)),
            asked_vectors=vectors[asked],
        )

    def _rows(self, name: str) -> tuple[list[tuple[str, str, Any]], Vectors]:
        """Return ids, texts and facts in their order, with their vectors."""
        found = self._read(name, ["documents", "metadatas", "embeddings"])
        rows = list(zip(found["ids"], found["documents"], found["metadatas"], strict=True))
        order = sorted(range(len(rows)), key=lambda i: int(rows[i][2]["order"]))
        return [rows[i] for i in order], np.asarray(found["embeddings"], dtype=np.float32)[order]

    def _read(self, name: str, include: list[str]) -> dict[str, list[Any]]:
        stored = self._stored(name)
        parts = [
            stored.get(include=include, offset=part.start, limit=part.stop - part.start)
            for part in self._parts(stored.count())
        ]
        return {key: [one for part in parts for one in part[key]] for key in ("ids", *include)}

    def _parts(self, rows: int) -> Iterator[slice]:
        """Cut what goes to a server, or comes from it, into requests that any of them takes."""
        size = self._at_once or max(rows, 1)
        return (slice(start, start + size) for start in range(0, rows, size))

    def _names(self) -> list[str]:
        return [stored.name for stored in self._client.list_collections()]

    def _stored(self, name: str) -> Any:
        return self._client.get_collection(name, embedding_function=None)

    def _made(self, name: str, facts: dict[str, str]) -> Any:
        return self._client.get_or_create_collection(
            name, metadata=facts, configuration=_STORED, embedding_function=None
        )


def _name(generation: str, level: str) -> str:
    return f"kil-{generation}-{level}"
