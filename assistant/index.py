"""The index: where passages and their vectors are kept. The only file that knows Chroma."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from assistant.embedding import Vector, Vectors, passage_text
from assistant.errors import IndexBusy, IndexMismatch, NotReady, StorageFailed, WrongUse
from assistant.rows import IndexedSentence, IndexState, Row, documents_from, documents_text, passage_from
from assistant.vocabulary import Document, Material, Passage

__all__ = ["Index", "IndexState", "Indexed", "IndexedSentence", "open_index", "passage_text"]

COMMAND = "`keep-it-local ingest`"
LEVELS = ("passages", "sentences")

_FORMAT = 2  # raise it when the layout of the rows changes: every index is then made anew
_POINTER = "kil-current"
_ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<host>[^\s/:@]+)(:(?P<port>[0-9]{1,5}))?/?")
# Chroma copies its graph to files of its own after `sync_threshold` rows, and a process killed while it does
# so leaves a file that crashes every later one. Below the threshold all is in SQLite, which survives.
# The search is approximate; these numbers make it exact for an index of our size.
_SEARCH: Any = {
    "hnsw": {"space": "cosine", "ef_construction": 400, "ef_search": 1000, "sync_threshold": 100_000}
}
# Sentences are never searched through Chroma, which makes its graph anew at each start: the least will do.
_KEPT: Any = {"hnsw": _SEARCH["hnsw"] | {"ef_construction": 8, "ef_search": 8, "max_neighbors": 2}}


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
    stored: Any

    def nearest(
        self, vector: Vector, limit: int, principles: Collection[int] = (), kinds: Collection[str] = ()
    ) -> list[tuple[str, float]]:
        """Return passage ids and cosines, best first; an empty filter admits every document."""
        where = _where(principles, kinds)
        with _failing("read"):
            found: Any = self.stored.query(
                query_embeddings=[vector], n_results=limit, where=where, include=["distances"]
            )
        return [(id_, 1 - far) for id_, far in zip(found["ids"][0], found["distances"][0], strict=True)]


def open_index(folder: Path, chroma_url: str = "") -> "Index":
    """Open the index in the data folder, or the one on a Chroma server; raises `StorageFailed`."""
    with _failing("opened"):
        folder.mkdir(parents=True, exist_ok=True)
        return Index(_on_server(chroma_url) if chroma_url else _on_disk(folder / "index"), folder)


class Index:
    """The stored index. Each ingest writes a generation: a collection of passages and one of sentences.

    One record, the pointer, says which generation is read. It is changed when all of a generation is there,
    so that readers meanwhile, or after an ingest that was killed, have the old one whole.
    """

    def __init__(self, client: Any, folder: Path) -> None:
        self._client = client
        self._folder = folder

    def close(self) -> None:
        """Let go of the store."""
        self._client.close()
        # Chroma leaves its connections to a server open (1.5.9, November 2026).
        for part in (self._client, self._client._admin_client):  # noqa: SLF001
            session = getattr(part._server, "_session", None)  # noqa: SLF001
            if session is not None:
                session.close()

    def state(self) -> IndexState | None:
        """Return what is in the index, or `None` before the first ingest."""
        with _failing("read"):
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
            raise NotReady(_CHANGED)
        with _failing("read"):
            return self._load(state)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other ingest on this data folder out; raises `IndexBusy` if one is at work.

        The lock does not reach another machine that shares a Chroma server.
        """
        lock = FileLock(self._folder / "ingest.lock", timeout=0)
        with _failing("written"):
            try:
                lock.acquire()
            except Timeout as error:
                raise IndexBusy(
                    "Another ingest is at work on this index. Try again when it is done."
                ) from error
        try:
            yield
        finally:
            lock.release()

    def is_whole(self, state: IndexState) -> bool:
        """Whether all rows that the state speaks of are there."""
        with _failing("read"):
            names = [_name(state.generation, level) for level in LEVELS]
            if not set(names) <= set(self._names()):
                return False
            return [self._stored(name).count() for name in names] == [state.passages, state.sentences]

    def keys(self, generation: str) -> dict[str, str]:
        """Return the keys of a generation's passages, by id."""
        with _failing("read"):
            found: Any = self._stored(_name(generation, "passages")).get(include=["metadatas"])
        return {id_: facts["key"] for id_, facts in zip(found["ids"], found["metadatas"], strict=True)}

    def vectors(self, embedder_name: str) -> dict[str, Vector]:
        """Return all vectors made with this model, by key, also those of an ingest that was killed."""
        with _failing("read"):
            known: dict[str, Vector] = {}
            for stored in self._client.list_collections():
                if (stored.metadata or {}).get("embedder") == embedder_name:
                    rows, vectors = self._rows(stored.name)
                    known.update(zip((facts["key"] for _, _, facts in rows), vectors, strict=True))
            return known

    def put(self, generation: str, level: str, embedder: str, rows: Sequence[Row], vectors: Vectors) -> None:
        """Write some rows, at most 5,461, of one level of a generation."""
        with _failing("written"):
            use = _SEARCH if level == "passages" else _KEPT
            self._made(_name(generation, level), {"embedder": embedder}, use).upsert(
                ids=[row.id for row in rows],
                documents=[row.text for row in rows],
                metadatas=[row.facts for row in rows],
                embeddings=vectors,
            )

    def point(self, state: IndexState) -> None:
        """Let this generation be read from now on, and delete those before the previous one."""
        facts = asdict(state) | {"format": _FORMAT, "fingerprints": " ".join(state.fingerprints)}
        del facts["documents"]
        with _failing("written"):
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
            stored=self._stored(_name(state.generation, "passages")),
        )

    def _rows(self, name: str) -> tuple[list[tuple[str, str, Any]], Vectors]:
        """Return ids, texts and facts in their order, with their vectors."""
        found: Any = self._stored(name).get(include=["documents", "metadatas", "embeddings"])
        rows = list(zip(found["ids"], found["documents"], found["metadatas"], strict=True))
        order = sorted(range(len(rows)), key=lambda i: int(rows[i][2]["order"]))
        return [rows[i] for i in order], np.asarray(found["embeddings"], dtype=np.float32)[order]

    def _names(self) -> list[str]:
        return [stored.name for stored in self._client.list_collections()]

    def _stored(self, name: str) -> Any:
        return self._client.get_collection(name, embedding_function=None)

    def _made(self, name: str, facts: dict[str, str], use: Any = _KEPT) -> Any:
        return self._client.get_or_create_collection(
            name, metadata=facts, configuration=use, embedding_function=None
        )


_CHANGED = f"The index was made anew or is not whole. Start again; if that does not help, run {COMMAND}."


@contextmanager
def _failing(verb: str) -> Iterator[None]:
    """Turn what Chroma, SQLite, the disk and the network raise into our own few failures."""
    import httpx  # noqa: PLC0415 - comes with chromadb
    from chromadb.errors import ChromaError, NotFoundError  # noqa: PLC0415 - takes seconds to import

    try:
        yield
    except NotFoundError as error:
        raise NotReady(_CHANGED) from error
    except (ChromaError, OSError, httpx.HTTPError, KeyError, TypeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StorageFailed(
            f"The index can't be {verb}: {reason}. Check that KIL_DATA names a folder that can be written, "
            "or that the server of KIL_CHROMA_URL answers. A damaged index is mended by deleting the folder "
            f"`index` in KIL_DATA and running {COMMAND}."
        ) from error


def _on_disk(folder: Path) -> Any:
    import chromadb  # noqa: PLC0415 - takes seconds to import
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415 - comes with chromadb
    from chromadb.config import Settings  # noqa: PLC0415 - comes with chromadb

    try:
        return chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
    except Exception:
        # Chroma keeps what could not be started and hands it out when the same folder is opened again.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001
        raise


def _on_server(url: str) -> Any:
    import chromadb  # noqa: PLC0415 - takes seconds to import
    from chromadb.config import Settings  # noqa: PLC0415 - comes with chromadb

    address = _ADDRESS.fullmatch(url)
    if address is None:
        raise WrongUse("KIL_CHROMA_URL must look like http://chroma:8000.")
    secure = address["scheme"] == "https"
    return chromadb.HttpClient(
        host=address["host"],
        port=int(address["port"] or (443 if secure else 8000)),
        ssl=secure,
        settings=Settings(anonymized_telemetry=False),
    )


def _name(generation: str, level: str) -> str:
    return f"kil-{generation}-{level}"


def _where(principles: Collection[int], kinds: Collection[str]) -> Any:
    chosen: list[Any] = [{"principle": {"$in": list(principles)}}] if principles else []
    chosen += [{"kind": {"$in": list(kinds)}}] if kinds else []
    return {"$and": chosen} if len(chosen) > 1 else next(iter(chosen), None)
