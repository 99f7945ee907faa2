"""`keep-it-local records`: what is kept can be got out and deleted."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import app
from assistant.records import Records
from assistant.settings import Settings
from assistant.vocabulary import Question
from tests import fakes

Run = Callable[..., tuple[int, str, str]]

LONG_AGO = datetime.now(UTC) - timedelta(days=20)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KIL_{name.upper()}", raising=False)
    monkeypatch.setenv("KIL_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def main(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = app.main(("records", *arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return main


@pytest.fixture
def kept(data: Path) -> Records:
    """Keep one answer of today, with feedback, and one of 20 days ago."""
    Records(data, 90, now=lambda: LONG_AGO).keep(
        _question("=1+1"), replace(fakes.not_in_material(), id="old")
    )
    records = Records(data, 90)
    records.keep(_question("May my mum Ada Field dig?"), replace(fakes.answered(), id="new"))
    records.rate("new", "down", "Wrong,\n“source”.")
    return records


def _question(text: str) -> Question:
    return Question(text)


def test_an_export_is_one_json_object_a_line(run: Run, kept: Records) -> None:
    status, out, err = run("export")
    old, new = (json.loads(line) for line in out.splitlines())

    assert (status, err) == (0, "")
    assert (old["id"], old["outcome"], old["nearest"], old["rating"]) == (
        "old", "not_in_material", ["saltmere-essay"], None
    )  # fmt: skip
    assert (new["question"], new["cited"]) == (
        "May my mum [name] dig?", ["hollinbrook-gardens", "saltmere-essay"]
    )  # fmt: skip
    assert (new["took_ms"], new["retrieve_ms"], new["compose_ms"], new["check_ms"]) == (12, 8, 2, 3)
    assert (new["rating"], new["reason"]) == ("down", "Wrong,\n“source”.")


def test_a_table_for_a_spreadsheet_holds_the_same_and_no_formula(
    run: Run, kept: Records, tmp_path: Path
) -> None:
    file = tmp_path / "records.csv"
    status, out, err = run("export", "--csv", str(file))
    old, new = csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))

    assert (status, out) == (0, "")
    assert "2 answers were written" in err
    assert file.stat().st_mode & 0o077 == 0
    assert old["question"] == "'=1+1"
    assert (new["cited"], new["reason"]) == ("hollinbrook-gardens; saltmere-essay", "Wrong,\n“source”.")


def test_a_file_that_others_could_read_is_theirs_no_more(run: Run, kept: Records, tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.touch(mode=0o644)
    run("export", str(file))

    assert file.stat().st_mode & 0o077 == 0
    assert len(file.read_text("utf-8").splitlines()) == 2


def test_an_export_that_can_not_be_written_is_status_1(run: Run, kept: Records, tmp_path: Path) -> None:
    status, out, err = run("export", str(tmp_path / "nowhere" / "records.csv"))

    assert (status, out, len(err.splitlines())) == (1, "", 1)


def test_where_nothing_is_kept_there_is_nothing_to_export_or_to_delete(run: Run, data: Path) -> None:
    assert run("export") == (0, "", "")
    assert run("purge") == (0, "", "0 answers were deleted.\n")
    assert not data.exists()


@pytest.mark.parametrize(
    ("typed", "status", "left"), [("yes\n", 0, 0), ("no\n", 1, 2), ("\n", 1, 2), ("", 2, 2)]
)
def test_nothing_is_deleted_without_a_yes(
    run: Run, kept: Records, typed: str, status: int, left: int
) -> None:
    done, out, err = run("purge", typed=typed)

    assert (done, out, kept.count()) == (status, "", left)
    assert "Delete 2 answers" in err


def test_with_yes_nobody_is_asked_and_only_what_is_old_goes(run: Run, kept: Records) -> None:
    assert run("purge", "--days", "10", "--yes") == (0, "", "1 answer was deleted.\n")
    assert [record.id for record in kept.all()] == ["new"]


def test_a_negative_age_is_wrong_use(run: Run, kept: Records) -> None:
    assert run("purge", "--days", "-1", "--yes")[0] == 2
    assert kept.count() == 2


@pytest.mark.parametrize("arguments", [(), ("delete",), ("purge", "--days", "many")])
def test_what_is_no_action_is_wrong_use(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as left:
        app.main(("records", *arguments))
    assert left.value.code == 2


def test_records_that_can_not_be_read_are_status_1(run: Run, data: Path) -> None:
    data.mkdir()
    (data / "records.sqlite3").write_bytes(b"this is no database, and never was one" * 100)

    status, out, err = run("export")
    assert (status, out, len(err.splitlines())) == (1, "", 1)
