"""A fetch and an ingest in a process of its own, to be killed: prints what it has begun."""

import sys
from pathlib import Path

from assistant.index import open_index
from ingest.building import build
from ingest.commands import Place, fetch
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.originals import read_simply
from tests.ingest.test_fetching import HURRIED


def main(corpus: str, data: str) -> None:
    originals = Path(data) / "originals"
    index = open_index(Path(data))
    print("fetching", flush=True)
    list(fetch(Place(Path(corpus), originals, "me@example.org", True, HURRIED, read_simply)))
    print("indexing", flush=True)
    build(Path(corpus), index, FakeEmbedder(seconds=0.005), originals=originals)
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
