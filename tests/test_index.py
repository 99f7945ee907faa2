"""The index: two levels, generations, filters, and plain sentences when the store fails."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import IndexMismatch, NotReady, StorageFailed, WrongUse
from assistant.index import Index, Indexed, open_index
from assistant.rows import Row
from assistant.sentences import split_sentences
from ingest.building import build
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_corpus, write_digest

IDS = [f"place{number:02}" for number in range(12)]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return _write_mixed_corpus(tmp_path / "digests")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    """Return an index that tests read and leave as it is."""
    folder = tmp_path_factory.mktemp("read-only")
    opened = open_index(folder / "data")
    build(_write_mixed_corpus(folder / "digests"), opened, FakeEmbedder())
    yield opened.load("fake")
    opened.close()


def _write_mixed_corpus(folder: Path) -> Path:
    """Write digests of several kinds and principles, some without a principle."""
    write_corpus(folder, *IDS)
    for number, id_ in enumerate(IDS):
        path = folder / f"{id_}.md"
        principle, kind = number % 6 + 1, ("essay", "case-study", "report")[number % 3]
        text = path.read_text(encoding="utf-8").replace("principle: 4", f"principle: {principle}")
        text = text if number % 5 else text.replace(f"principle: {principle}\n", "")
        path.write_text(text.replace("kind: case-study", f"kind: {kind}"), encoding="utf-8")
    return folder


def test_passages_come_back_as_they_were_in_the_order_of_the_corpus(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    held = index.load("fake")
    state = index.state()

    assert state
    assert held.documents == state.documents
    ids = [document.id for document in held.documents]
    order = [(ids.index(passage.document.id), passage.position) for passage in held.passages]
    assert order == sorted(order)
    report = next(passage for passage in held.passages if passage.id == "place03/who-reported-on-place03/0")
    assert report.section == "Who reported on place03?"
    assert report.text == (
        "The Courier reported that place03 spent £30,000.\n\nSmall providers won six of ten contracts."
    )
    assert report.source
    assert (report.source.name, report.source.url) == ("Marlow Courier", "https://example.org/courier")
    assert (report.position, report.text_from, report.page) == (2, "digest", None)
    assert (report.document.authors, report.document.principle) == (("Ada Field", "Ben Shore"), 4)


def test_every_sentence_of_every_passage_is_there_in_order(indexed: Indexed) -> None:
    wanted = [(p.id, sentence) for p in indexed.passages for sentence in split_sentences(p.text)]

    assert [(one.passage.id, one.text) for one in indexed.sentences] == wanted


def test_rows_of_vectors_belong_to_their_texts(indexed: Indexed) -> None:
    embedder = FakeEmbedder()
    passages = embedder.embed([f"{p.document.title}. {p.section} {p.text}" for p in indexed.passages])
    sentences = embedder.embed([f"{one.passage.section} {one.text}" for one in indexed.sentences])

    assert indexed.passage_vectors.dtype == np.float32
    assert indexed.passage_vectors == pytest.approx(passages, abs=1e-6)
    assert indexed.sentence_vectors == pytest.approx(sentences, abs=1e-6)


def test_the_nearest_passages_are_the_nearest(indexed: Indexed) -> None:
    vector = FakeEmbedder().embed(["Who reported how much place07 spent?"])[0]
    cosines = indexed.passage_vectors @ vector
    best = [indexed.passages[i].id for i in np.argsort(-cosines)[:10]]

    found = indexed.nearest(vector, 10)

    assert [id_ for id_, _ in found] == best
    assert [cosine for _, cosine in found] == pytest.approx(sorted(cosines, reverse=True)[:10], abs=1e-5)


@pytest.mark.parametrize(
    ("principles", "kinds"),
    [({4}, ()), ({1, 2}, ()), ((), {"essay"}), ({2, 5}, {"case-study", "report"}), ((), ())],
)
def test_filters_admit_what_the_reader_chose(indexed: Indexed, principles: set[int], kinds: set[str]) -> None:
    admitted = {
        passage.id
        for passage in indexed.passages
        if (not principles or passage.document.principle in principles)
        and (not kinds or passage.document.kind in kinds)
    }

    found = indexed.nearest(indexed.passage_vectors[0], len(indexed.passages), principles, kinds)

    assert {id_ for id_, _ in found} == admitted


def test_a_filter_that_admits_nothing_finds_nothing(indexed: Indexed) -> None:
    assert indexed.nearest(indexed.passage_vectors[0], 5, kinds={"press"}) == []


def test_the_material_says_when_and_how_much(indexed: Indexed) -> None:
    assert indexed.material.documents == 12
    assert indexed.material.indexed_on.startswith("20")


def test_without_an_index_the_command_that_builds_it_is_named(index: Index) -> None:
    assert index.state() is None
    with pytest.raises(NotReady, match=r"There is no index yet\. Build it with `keep-it-local ingest`"):
        index.load("fake")


def test_an_index_of_another_model_is_not_searched(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    with pytest.raises(
        IndexMismatch, match=r"made with the embedding model fake, but .* other.*keep-it-local"
    ):
        index.load("other")


def test_what_is_loaded_answers_through_any_ingest_and_when_the_store_is_gone(
    tmp_path: Path, index: Index
) -> None:
    folder = write_corpus(tmp_path / "digests", "alpha")
    build(folder, index, FakeEmbedder())
    held = index.load("fake")

    write_digest(folder, "beta")
    build(folder, index, FakeEmbedder())
    assert len(held.nearest(held.passage_vectors[0], 10)) == 3

    write_digest(folder, "gamma")
    build(folder, index, FakeEmbedder())
    index.close()
    assert len(held.nearest(held.passage_vectors[0], 10)) == 3


def test_going_back_to_earlier_material_brings_the_earlier_index_back(tmp_path: Path, index: Index) -> None:
    folder = write_corpus(tmp_path / "digests", "alpha")
    build(folder, index, FakeEmbedder())
    first = index.state()
    write_digest(folder, "beta")
    build(folder, index, FakeEmbedder())
    (folder / "beta.md").unlink()

    report = build(folder, index, FakeEmbedder())

    again = index.state()
    assert first
    assert again
    assert (report.embedded, again.generation) == (0, first.generation)
    assert len(index.load("fake").passages) == 3


def test_an_index_that_lost_rows_is_not_read_and_the_next_ingest_mends_it(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    indexed = index.load("fake")
    _passages_of(index).delete(ids=[indexed.passages[0].id])
    with pytest.raises(NotReady, match=r"not whole.*keep-it-local ingest"):
        index.load("fake")

    report = build(corpus, index, FakeEmbedder())

    assert report.changed
    assert index.load("fake").passages == indexed.passages


def test_the_next_ingest_mends_an_index_that_lost_a_collection(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    indexed = index.load("fake")
    index._client.delete_collection(_passages_of(index).name)
    with pytest.raises(NotReady, match="not whole"):
        index.load("fake")

    assert build(corpus, index, FakeEmbedder()).changed
    assert index.load("fake").passages == indexed.passages


@pytest.mark.parametrize("place", ["/proc/keep-it-local", "/sys/keep-it-local"])
def test_a_folder_that_cannot_be_made_is_a_plain_sentence(place: str) -> None:
    if not Path(place).parent.exists():
        pytest.skip("only on Linux")
    with pytest.raises(StorageFailed, match=r"The index can't be opened: .*KIL_DATA"):
        open_index(Path(place))


def test_a_data_folder_under_a_file_is_a_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")

    with pytest.raises(StorageFailed, match="The index can't be opened: Not a directory") as caught:
        open_index(tmp_path / "file" / "data")

    assert str(tmp_path) not in str(caught.value)


def test_a_data_folder_that_cannot_be_written_is_a_plain_sentence(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    tmp_path.chmod(0o500)
    with pytest.raises(StorageFailed, match="The index can't be opened"):
        open_index(tmp_path)


def test_a_file_that_is_no_index_is_a_plain_sentence_and_can_be_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with pytest.raises(StorageFailed, match="deleting the folder `index` in KIL_DATA and running"):
        open_index(tmp_path)

    (folder / "chroma.sqlite3").unlink()
    opened = open_index(tmp_path)
    assert opened.state() is None
    opened.close()


def test_a_damaged_index_is_a_plain_sentence(corpus: Path, tmp_path: Path) -> None:
    opened = open_index(tmp_path)
    build(corpus, opened, FakeEmbedder())
    opened.close()
    store = tmp_path / "index" / "chroma.sqlite3"
    damaged = bytearray(store.read_bytes())
    for page in range(4096, len(damaged), 4096):
        damaged[page : page + 2000] = b"\xff" * 2000
    store.write_bytes(damaged)

    with pytest.raises(StorageFailed, match="KIL_DATA"):
        open_index(tmp_path).load("fake")


@pytest.mark.parametrize(
    "url", ["chroma:8000", "ftp://chroma", "http://", "file:///etc/passwd", "http://a:b"]
)
def test_an_address_that_is_none_is_wrong_use(tmp_path: Path, url: str) -> None:
    with pytest.raises(WrongUse, match="KIL_CHROMA_URL must look like"):
        open_index(tmp_path, url)


def test_a_server_that_does_not_answer_is_a_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="KIL_CHROMA_URL"):
        open_index(tmp_path, f"http://127.0.0.1:{_free_port()}")


def test_an_index_on_a_chroma_server_is_the_same_index(
    tmp_path: Path, corpus: Path, indexed: Indexed
) -> None:
    port = _free_port()
    command = "from chromadb.cli.cli import app; app()"
    where = ["run", "--path", str(tmp_path / "server"), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(
        [sys.executable, "-c", command, *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/v2/heartbeat")
            remote = open_index(tmp_path / "here", f"http://127.0.0.1:{port}")
            build(corpus, remote, FakeEmbedder())
            held = remote.load("fake")
            assert held.passages == indexed.passages
            assert held.sentences == indexed.sentences
            assert held.sentence_vectors == pytest.approx(indexed.sentence_vectors, abs=1e-6)
            here, there = (one.nearest(held.passage_vectors[3], 5, {4}) for one in (indexed, held))
            assert [id_ for id_, _ in there] == [id_ for id_, _ in here]
            assert [cosine for _, cosine in there] == pytest.approx([cosine for _, cosine in here], abs=1e-6)
            remote.close()
        finally:
            server.kill()


def _passages_of(index: Index) -> Any:
    state = index.state()
    assert state
    return index._stored(f"kil-{state.generation}-passages")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} never answered")


def test_more_rows_than_sqlite_takes_in_one_question_are_read(tmp_path: Path) -> None:
    rows = [Row(str(number), "", "", {"key": str(number), "order": str(number)}) for number in range(33_000)]
    with closing(open_index(tmp_path / "data")) as index:
        for start in range(0, len(rows), 5_000):
            part = rows[start : start + 5_000]
            index.put("g", "passages", "fake", part, np.ones((len(part), 2), dtype=np.float32))
        assert len(index.keys("g")) == 33_000
