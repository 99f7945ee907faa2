"""An ingest in a process of its own, to be killed or to be in the way: prints how far it is."""

import sys
from pathlib import Path

from assistant.index import open_index
from ingest.building import build
from tests.fakes_embedding import FakeEmbedder


def main(corpus: str, data: str, seconds: str, chroma_url: str = "") -> None:
    index = open_index(Path(data), chroma_url)
    build(Path(corpus), index, FakeEmbedder(seconds=float(seconds)), lambda done, _: print(done, flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
