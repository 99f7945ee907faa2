"""From digests on disk to an index: safe when killed, and nothing embedded twice."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import IndexBusy, MaterialInvalid, NotReady
from assistant.index import Index, open_index
from ingest.building import build, status
from tests.fakes_embedding import FakeEmbedder, PowerCutError
from tests.ingest.material import write_corpus, write_digest

ROOT = Path(__file__).parents[2]
MANY = [f"place{number:02}" for number in range(12)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "digests", "alpha", "beta")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def index(data: Path) -> Iterator[Index]:
    opened = open_index(data)
    yield opened
    opened.close()


@contextmanager
def ingest_at_work(corpus: Path, data: Path, until: int) -> Iterator[subprocess.Popen[str]]:
    """Start a slow ingest in another process and go on when it has written `until` rows."""
    command = [sys.executable, "-m", "tests.ingest.slow_ingest", str(corpus), str(data), "0.05"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            assert any(int(line) >= until for line in process.stdout), "it ended before"
            yield process
        finally:
            process.kill()


def texts(index: Index, model: str = "fake") -> list[str]:
    return [passage.text for passage in index.load(model).passages]


def test_the_first_ingest_indexes_everything(corpus: Path, index: Index) -> None:
    embedder = FakeEmbedder()

    report = build(corpus, index, embedder)

    # Two documents: each a catalogue record of three sentences, and two sections of two and two sentences.
    assert (report.documents, report.added, report.embedded) == (2, 6, 6 + 14)
    assert (report.changed, report.unchanged, report.removed) == (True, 0, 0)
    assert report.seconds > 0
    assert len(texts(index)) == 6


def test_an_ingest_of_unchanged_material_embeds_and_changes_nothing(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    before = index.state()
    embedder = FakeEmbedder()

    report = build(corpus, index, embedder)

    assert embedder.embedded == []
    assert (report.changed, report.added, report.unchanged, report.removed, report.embedded) == (
        False,
        0,
        6,
        0,
        0,
    )
    assert index.state() == before


def test_only_what_is_new_is_embedded(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    write_digest(corpus, "beta", "Marlow council buys from its neighbours. It stopped in 2020.")
    embedder = FakeEmbedder()

    report = build(corpus, index, embedder)

    assert sorted(embedder.embedded) == [
        "Report on beta. What did beta change? Marlow council buys from its neighbours. It stopped in 2020.",
        "What did beta change? It stopped in 2020.",
    ]
    assert (report.added, report.unchanged, report.removed, report.embedded) == (1, 5, 1, 2)
    assert "Marlow council buys from its neighbours. It stopped in 2020." in texts(index)


def test_a_vector_that_was_kept_is_that_of_its_own_text(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    write_digest(corpus, "aardvark", "It comes before all others.")
    build(corpus, index, FakeEmbedder())

    held = index.load("fake")

    fresh = FakeEmbedder().embed([f"{one.passage.section} {one.text}" for one in held.sentences])
    assert held.sentence_vectors == pytest.approx(fresh, abs=1e-6)


def test_a_removed_document_is_gone(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    (corpus / "beta.md").unlink()

    report = build(corpus, index, FakeEmbedder())

    assert (report.documents, report.added, report.unchanged, report.removed) == (1, 0, 3, 3)
    assert {passage.document.id for passage in index.load("fake").passages} == {"alpha"}


def test_changed_front_matter_reaches_the_index_without_embedding(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    path = corpus / "alpha.md"
    path.write_text(path.read_text(encoding="utf-8").replace("example.org/alpha", "example.org/new"), "utf-8")

    report = build(corpus, index, FakeEmbedder())

    assert (report.changed, report.embedded) == (True, 0)
    assert index.load("fake").passages[0].document.url == "https://example.org/new"


def test_another_model_makes_the_index_anew(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())

    report = build(corpus, index, FakeEmbedder("other", dimension=16))

    assert report.embedded == 20
    assert index.load("other").passage_vectors.shape == (6, 16)


def test_invalid_material_changes_nothing(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    before = texts(index)
    (corpus / "beta.md").write_text("no front matter", encoding="utf-8")
    embedder = FakeEmbedder()

    with pytest.raises(MaterialInvalid, match=r"beta\.md:1: no front matter"):
        build(corpus, index, embedder)

    assert embedder.embedded == []
    assert texts(index) == before


def test_an_empty_folder_does_not_empty_the_index(corpus: Path, index: Index, tmp_path: Path) -> None:
    build(corpus, index, FakeEmbedder())

    with pytest.raises(MaterialInvalid, match="no digests"):
        build(tmp_path / "nowhere", index, FakeEmbedder())

    assert len(texts(index)) == 6


def test_progress_counts_up_to_all_rows(corpus: Path, index: Index) -> None:
    write_corpus(corpus, *MANY)
    seen: list[tuple[int, int]] = []

    build(corpus, index, FakeEmbedder(), lambda done, total: seen.append((done, total)))

    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {14 * 10}
    assert seen[-1] == (140, 140)


def test_a_run_that_broke_off_leaves_the_old_index_and_the_next_does_only_the_rest(
    corpus: Path, index: Index
) -> None:
    build(corpus, index, FakeEmbedder())
    before = texts(index)
    write_corpus(corpus, *MANY)
    with pytest.raises(PowerCutError):
        build(corpus, index, FakeEmbedder(breaks_after=70))
    assert texts(index) == before

    report = build(corpus, index, FakeEmbedder())

    assert 0 < report.embedded <= 120 - 70 + 32
    assert len(texts(index)) == 42


def test_work_of_a_broken_run_is_used_even_if_the_material_changed_since(corpus: Path, index: Index) -> None:
    write_corpus(corpus, *MANY)
    with pytest.raises(PowerCutError):
        build(corpus, index, FakeEmbedder(breaks_after=100))
    write_digest(corpus, "late", "One more.")

    report = build(corpus, index, FakeEmbedder())

    assert report.embedded < 100
    assert "One more." in texts(index)


def test_a_first_run_that_broke_off_is_no_index(corpus: Path, index: Index) -> None:
    with pytest.raises(PowerCutError):
        build(corpus, index, FakeEmbedder(breaks_after=3))

    with pytest.raises(NotReady, match="There is no index yet"):
        index.load("fake")


def test_a_killed_ingest_leaves_the_old_index_and_the_next_does_only_the_rest(
    corpus: Path, data: Path
) -> None:
    index = open_index(data)
    build(corpus, index, FakeEmbedder())
    before = texts(index)
    write_corpus(corpus, *MANY)

    with ingest_at_work(corpus, data, until=64) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert texts(index) == before
    index.close()

    reopened = open_index(data)
    assert texts(reopened) == before
    report = build(corpus, reopened, FakeEmbedder())
    assert 0 < report.embedded < 120 - 32
    assert len(texts(reopened)) == 42
    reopened.close()


def test_a_second_ingest_is_told_to_wait_while_readers_go_on(corpus: Path, data: Path) -> None:
    index = open_index(data)
    build(corpus, index, FakeEmbedder())
    write_corpus(corpus, *MANY)

    with ingest_at_work(corpus, data, until=32):
        with pytest.raises(IndexBusy, match="Another ingest is at work on this index"):
            build(corpus, index, FakeEmbedder())
        assert len(texts(index)) == 6
    index.close()


def test_a_server_sees_what_an_ingest_in_another_process_wrote(corpus: Path, data: Path) -> None:
    index = open_index(data)
    build(corpus, index, FakeEmbedder())
    held = index.load("fake")
    write_digest(corpus, "gamma")

    command = [sys.executable, "-m", "tests.ingest.slow_ingest", str(corpus), str(data), "0"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    assert len(texts(index)) == 9
    assert len(held.nearest(held.passage_vectors[0], 50)) == 6  # what is loaded goes on answering
    index.close()


def test_status_before_the_first_ingest_says_all_is_new(corpus: Path, index: Index) -> None:
    found = status(corpus, index, "fake")

    assert (found.state, found.new, found.changed, found.removed) == (None, ("alpha", "beta"), (), ())
    assert not found.is_current


def test_status_after_an_ingest_says_what_is_indexed(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())

    found = status(corpus, index, "fake")

    assert found.is_current
    assert found.state is not None
    assert [document.id for document in found.state.documents] == ["alpha", "beta"]
    assert (found.state.embedder, found.state.passages, found.state.sentences) == ("fake", 6, 14)
    assert not status(corpus, index, "other").is_current


def test_status_names_what_changed_on_disk_since(corpus: Path, index: Index) -> None:
    build(corpus, index, FakeEmbedder())
    write_digest(corpus, "alpha", "Something else.")
    (corpus / "beta.md").unlink()
    write_digest(corpus, "gamma")

    found = status(corpus, index, "fake")

    assert (found.new, found.changed, found.removed) == (("gamma",), ("alpha",), ("beta",))
    assert not found.is_current
