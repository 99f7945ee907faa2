"""What is kept of the originals: whole, or not at all."""

from pathlib import Path

import pytest

from assistant.errors import IndexBusy, MaterialInvalid, StorageFailed, WrongUse
from ingest.originals import Original, Originals
from tests import fakes
from tests.ingest.originals import original


@pytest.fixture
def store(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "originals")


def test_what_is_saved_is_read_back(store: Originals) -> None:
    kept = (original("alpha"), original("beta", document=fakes.document("beta"), moved_to="https://x.org/"))
    for one in kept:
        store.save(one)

    assert store.all() == kept
    assert store.get("beta") == kept[1]
    assert store.get("gamma") is None


def test_saving_again_replaces(store: Originals, tmp_path: Path) -> None:
    store.save(original("alpha"))
    store.save(original("alpha", trouble="It is gone."))

    assert [one.trouble for one in store.all()] == ["It is gone."]
    assert [path.name for path in (tmp_path / "originals").iterdir()] == ["alpha.json"]


def test_what_a_killed_process_left_half_written_is_not_read(store: Originals, tmp_path: Path) -> None:
    store.save(original("alpha"))
    (tmp_path / "originals" / "beta.tmp").write_text('{"id": "be')

    assert [one.id for one in store.all()] == ["alpha"]


def test_a_damaged_file_is_named_with_what_to_do(store: Originals, tmp_path: Path) -> None:
    store.save(original("alpha"))
    (tmp_path / "originals" / "alpha.json").write_text('{"id": "al')

    with pytest.raises(MaterialInvalid, match=r"alpha\.json: damaged.*ingest remove alpha"):
        store.all()
    assert store.remove("alpha")
    assert store.all() == ()


def test_removing_says_whether_it_was_there(store: Originals) -> None:
    store.save(original("alpha"))
    assert (store.remove("alpha"), store.remove("alpha")) == (True, False)


@pytest.mark.parametrize("id", ["../alpha", "a/b", "", ".", "Alpha", "a--b", "x" * 101, "alpha\n"])
def test_an_id_cannot_lead_out_of_the_folder(store: Originals, id: str) -> None:
    with pytest.raises(WrongUse, match="is no id"):
        store.save(original(id))


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "originals").write_text("a file")
    with pytest.raises(StorageFailed, match="KIL_DATA"):
        Originals(tmp_path / "originals").save(original())


def test_two_at_once_are_kept_apart(store: Originals, tmp_path: Path) -> None:
    other = Originals(tmp_path / "originals")
    with store.alone(), pytest.raises(IndexBusy), other.alone():
        pass
    with other.alone():
        pass


def test_readers_see_a_files_name_and_not_its_folders() -> None:
    assert original(address="/drive/Report 1.pdf").shown_address == "Report 1.pdf"
    assert original().shown_address == "https://example.org/alpha"


def test_whoever_reads_while_another_writes_has_the_old_one_whole(store: Originals, tmp_path: Path) -> None:
    store.save(original("alpha"))
    with (tmp_path / "originals" / "alpha.json").open(encoding="utf-8") as reading:
        store.save(original("alpha", trouble="It is gone."))
        assert Original.model_validate_json(reading.read()) == original("alpha")
