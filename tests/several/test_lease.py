"""One ingest at a time on a Chroma server, and none that was killed is in the way for long."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from assistant.embedding import Progress, Vectors
from assistant.errors import IndexBusy, NotReady, StorageFailed
from assistant.index import Index, open_index
from assistant.lease import Lease
from assistant.store import on_server
from ingest.building import build
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_corpus

ROOT = Path(__file__).parents[2]
IDS = [f"place{number}" for number in range(6)]

Machine = Callable[..., Index]


@pytest.fixture
def machine(chroma_url: str, tmp_path: Path) -> Iterator[Machine]:
    """Be another machine, with a data folder of its own, that shares the Chroma server."""
    made: list[Index] = []

    def another(beat: float = 0.1, patience: float = 1.0, at_once: int | None = None) -> Index:
        client = on_server(chroma_url)
        folder = tmp_path / f"machine{len(made)}"
        folder.mkdir()
        made.append(Index(client, folder, Lease(client, beat, patience), at_once))
        return made[-1]

    yield another
    for one in made:
        one.close()


def test_an_ingest_on_another_machine_has_to_wait(machine: Machine, tmp_path: Path) -> None:
    one, other = machine(), machine(patience=20)
    corpus = write_corpus(tmp_path / "digests", *IDS)
    with one.alone(), pytest.raises(IndexBusy, match="Another ingest is at work"):
        build(corpus, other, FakeEmbedder())

    assert build(corpus, other, FakeEmbedder()).changed
    assert not build(corpus, one, FakeEmbedder()).changed


def test_of_many_machines_that_start_at_once_one_ingests(machine: Machine) -> None:
    machines, together = [machine(patience=20) for _ in range(6)], Barrier(6)

    def holds(index: Index) -> bool:
        together.wait()
        try:
            with index.alone():
                time.sleep(0.5)
        except IndexBusy:
            return False
        return True

    for _ in range(3):
        with ThreadPoolExecutor(6) as threads:
            assert sum(threads.map(holds, machines)) == 1


def test_a_killed_ingest_is_not_in_the_way_for_long_and_no_reader_sees_what_it_left(
    machine: Machine, chroma_url: str, tmp_path: Path
) -> None:
    index = machine(patience=4)
    corpus = write_corpus(tmp_path / "digests", *IDS[:3])
    build(corpus, index, FakeEmbedder())
    before = index.state()
    write_corpus(corpus, *IDS)
    command = [sys.executable, "-m", "tests.ingest.slow_ingest", str(corpus), str(tmp_path / "data"), "0.5"]
    with subprocess.Popen([*command, chroma_url], cwd=ROOT, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        killed.stdout.readline()  # a first batch is written
        with pytest.raises(IndexBusy):
            build(corpus, index, FakeEmbedder())
        killed.kill()
    assert index.state() == before
    assert len(index.load("fake").documents) == 3

    started = time.monotonic()
    report = build(corpus, index, FakeEmbedder())
    took = time.monotonic() - started

    assert 3 < took < 30
    assert report.documents == 6
    assert len(index.load("fake").documents) == 6


def test_an_ingest_that_was_taken_for_dead_does_not_change_what_is_read(
    machine: Machine, tmp_path: Path
) -> None:
    asleep, awake = machine(beat=60), machine(patience=0.3)
    corpus = write_corpus(tmp_path / "digests", "alpha")

    class Sleeping(FakeEmbedder):
        """While it is at work its machine sleeps, and another ingests other material."""

        def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
            if awake.state() is None:
                build(write_corpus(tmp_path / "other", "beta"), awake, FakeEmbedder())
            return super().embed(texts, on_progress)

    with pytest.raises(IndexBusy, match="Another ingest took over"):
        build(corpus, asleep, Sleeping())

    assert [document.id for document in awake.load("fake").documents] == ["beta"]


def test_rows_come_and_go_in_parts_that_any_server_takes(machine: Machine, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "digests", *IDS)
    remote, here = machine(at_once=7), open_index(tmp_path / "here")
    for index in (remote, here):
        build(corpus, index, FakeEmbedder())
    there, local = remote.load("fake"), here.load("fake")
    here.close()

    assert len(there.passages) == 18
    assert (there.passages, there.sentences) == (local.passages, local.sentences)
    assert (there.passage_vectors == local.passage_vectors).all()


def test_an_index_that_lost_rows_while_it_was_written_is_not_shown(machine: Machine, tmp_path: Path) -> None:
    index, corpus = machine(), write_corpus(tmp_path / "digests", "alpha")
    build(corpus, index, FakeEmbedder())
    before = index.state()
    write_corpus(corpus, *IDS)

    class Losing(FakeEmbedder):
        """Another program deletes what was written, in the middle of the work."""

        def embed(self, texts: Sequence[str], on_progress: Progress | None = None) -> Vectors:
            assert before
            names = [stored.name for stored in index._client.list_collections()]
            for name in (name for name in names if name.endswith("-passages")):
                if before.generation not in name:
                    index._client.delete_collection(name)
            return super().embed(texts, on_progress)

    with pytest.raises((StorageFailed, NotReady)):
        build(corpus, index, Losing())
    assert index.state() == before
    assert build(corpus, index, FakeEmbedder()).documents == 7


def test_after_many_ingests_one_lease_is_left(machine: Machine) -> None:
    index = machine()
    for _ in range(4):
        with index.alone():
            pass
    names = [one.name for one in index._client.list_collections()]

    assert names == ["keep-it-local-lease-00000004"]
