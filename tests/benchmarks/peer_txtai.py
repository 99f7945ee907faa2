"""The txtai library with its hybrid search, meaning and BM25 together, over the same passages as ours."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.peer_working import Found, Material, Search, work


def prepare(folder: Path) -> Callable[[Material], int]:
    """Load what ingesting needs."""
    from txtai import Embeddings  # noqa: PLC0415 - part of what is measured

    embeddings = Embeddings(path=os.environ["PEER_MODEL"], content=True, hybrid=True)

    def ingest(material: Material) -> int:
        embeddings.index([(one["id"], one["text"], None) for one in material["passages"]])
        embeddings.save(str(folder / "index"))
        return len(material["passages"])

    return ingest


def hybrid(folder: Path) -> Search:
    """Open what was made."""
    from txtai import Embeddings  # noqa: PLC0415 - part of what is measured

    embeddings = Embeddings()
    embeddings.load(str(folder / "index"))

    def search(text: str, limit: int) -> list[Found]:
        # Ids are DOCUMENT/SECTION/NUMBER; the sections' headings are looked up by whoever scores.
        return [(one["id"], None, None) for one in embeddings.search(text, limit)]

    return search


if __name__ == "__main__":
    work(prepare, {"search": hybrid})
