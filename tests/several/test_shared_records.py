"""Records in a PostgreSQL database keep what those in a file promise, for several servers."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import app
from assistant.errors import NotFound, StorageFailed, WrongUse
from assistant.records import Records
from assistant.vocabulary import Answer, Question, Turn
from tests import fakes
from tests.several.postgres import PASSWORD, Server

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


Make = Callable[..., Records]


@pytest.fixture
def make(url: str, tmp_path: Path) -> Iterator[Make]:
    """Make the records of one more server, with patience for a busy machine."""
    made: list[Records] = []

    def another(url: str = url, *, now: datetime = NOON, record: bool = True) -> Records:
        made.append(Records(tmp_path / "data", 30, lambda: now, 30.0, record=record, url=url))
        return made[-1]

    yield another
    for one in made:
        one.close()


@pytest.fixture
def records(make: Make) -> Records:
    return make()


def _question(text: str = fakes.ANSWERED) -> Question:
    return Question(text, history=(Turn("reader", "I am Ada Field."),))


def _answer(id: str = "answer-1") -> Answer:
    return replace(fakes.answered(), id=id)


def test_what_is_kept_is_what_a_file_keeps(records: Records, tmp_path: Path) -> None:
    in_a_file = Records(tmp_path / "other", 30, now=lambda: NOON)
    for kept in (records, in_a_file):
        kept.keep(_question("May my mum Ada Field, 07700 900123, dig?"), _answer())
        kept.keep(_question(fakes.NOT_IN_MATERIAL), replace(fakes.not_in_material(), id="answer-0"))
        kept.keep(_question(), replace(fakes.partly_answered(), id="answer-2", note="It broke off."))
        kept.rate("answer-1", "up", "Good.")
        kept.rate("answer-1", "down", "Write to ada@example.org.")

    assert records.all() == in_a_file.all()
    assert [one.id for one in records.all()] == ["answer-0", "answer-1", "answer-2"]
    assert (records.all()[1].question, records.all()[1].reason) == (
        "May my mum [name], [phone number], dig?", "Write to [e-mail]."
    )  # fmt: skip
    assert not (tmp_path / "data").exists()  # nothing is left on the machine that answered


def test_what_one_server_answered_another_takes_feedback_on(make: Make) -> None:
    records, other = make(), make()
    records.keep(_question(), _answer())
    other.rate("answer-1", "down", None)

    assert [(one.id, one.rating) for one in records.all()] == [("answer-1", "down")]


def test_servers_that_start_together_make_the_tables_once(make: Make) -> None:
    servers = [make() for _ in range(6)]
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda n: servers[n % 6].keep(_question(), _answer(f"answer-{n}")), range(36)))

    assert servers[0].count() == 36


def test_an_answer_that_is_kept_twice_is_there_once_and_keeps_its_feedback(records: Records) -> None:
    records.keep(_question(), _answer())
    records.rate("answer-1", "up", None)
    records.keep(_question(), _answer())

    assert [one.rating for one in records.all()] == ["up"]


def test_feedback_on_an_unknown_answer_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound, match="30 days"):
        records.rate("answer-1", "up", None)


def test_what_is_older_than_the_set_time_is_deleted_with_its_feedback(make: Make) -> None:
    records = make()
    records.keep(_question(), _answer("old"))
    records.rate("old", "down", "An old reason.")
    make(now=NOON + timedelta(days=30, seconds=1)).keep(_question(), _answer("young"))

    assert [one.id for one in records.all()] == ["young"]


def test_looking_for_records_makes_no_table(records: Records, url: str, server: Server) -> None:
    assert (records.all(), records.count(), records.purge()) == ((), 0, 0)
    assert server.run(url.rpartition("/")[2], "SELECT * FROM pg_tables WHERE schemaname = 'public'") == []


def test_nothing_is_written_while_recording_is_off(make: Make, url: str, server: Server) -> None:
    off = make(record=False)
    off.keep_or_warn(_question(), _answer())
    with pytest.raises(NotFound, match="switched off"):
        off.rate("answer-1", "up", None)

    assert server.run(url.rpartition("/")[2], "SELECT * FROM pg_tables WHERE schemaname = 'public'") == []


def test_a_purge_leaves_nothing_in_the_tables_files(records: Records, url: str, server: Server) -> None:
    for n in range(300):
        records.keep(_question(f"Which question is number {n}?"), _answer(f"answer-{n}"))
        records.rate(f"answer-{n}", "down", "A reason to be gone.")
    size = "SELECT pg_table_size('answers'), pg_table_size('feedback')"
    [before] = server.run(url.rpartition("/")[2], size)
    assert (records.count(), records.purge(), records.count()) == (300, 300, 0)
    [after] = server.run(url.rpartition("/")[2], size)

    assert min(before) > 16_384
    assert max(after) <= 8_192  # an empty table, and the one page beside it


def test_a_character_that_a_database_has_no_place_for_loses_no_record(records: Records) -> None:
    records.keep(_question("What is\0 it?"), _answer())
    records.rate("answer-1", "down", "It is\0 wrong.")

    [kept] = records.all()
    assert (kept.question, kept.reason) == ("What is� it?", "It is� wrong.")
    with pytest.raises(NotFound):
        records.rate("answer\0", "up", None)


def test_the_commands_read_and_delete_what_is_in_the_database(
    records: Records,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIL_DATABASE_URL", url)
    records.keep(_question(), _answer())

    assert app.main(("records", "export")) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "answer-1"
    assert app.main(("records", "purge", "--yes")) == 0
    assert records.count() == 0


# --- when it fails ---


def test_a_restarted_server_loses_nothing_and_is_used_again(
    records: Records, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    records.keep(_question(), _answer("before"))
    server.stop()
    try:
        with pytest.raises(StorageFailed, match="database of KIL_DATABASE_URL can't be used"):
            records.rate("before", "up", None)
        records.keep_or_warn(_question(), _answer("during"))
        records.keep_or_warn(_question(), _answer("during"))
    finally:
        server.start()
    records.keep(_question(), _answer("after"))

    assert [one.id for one in records.all()] == ["after", "before"]
    assert len(caplog.records) == 1
    assert PASSWORD not in caplog.text
    assert fakes.ANSWERED not in caplog.text


def test_tables_that_are_gone_are_made_again(records: Records, url: str, server: Server) -> None:
    records.keep(_question(), _answer())
    server.run(url.rpartition("/")[2], "DROP TABLE feedback, answers")
    with pytest.raises(StorageFailed):
        records.keep(_question(), _answer())
    records.keep(_question(), _answer("later"))

    assert [one.id for one in records.all()] == ["later"]


def test_a_wrong_password_is_one_sentence_without_it(make: Make, url: str) -> None:
    records = make(url.replace(PASSWORD, "also-not-to-be-seen"))
    with pytest.raises(StorageFailed) as caught:
        records.keep(_question(), _answer())

    assert "password authentication failed" in str(caught.value)
    assert "also-not" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "mysql://kil:not-to-be-seen@db/records", "postgresql://kil:not-to-be-seen@db:port/records",
        "postgresql://kil:not-to-be-seen@db", "not-to-be-seen", "sqlite:///not-to-be-seen.sqlite3",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_wrong_use_and_not_repeated(wrong: str) -> None:
    with pytest.raises(WrongUse, match="KIL_DATABASE_URL must look like") as caught:
        Records(Path(), 30, url=wrong)

    assert "not-to-be-seen" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_way_of_writing_the_address_is_understood(make: Make, url: str, scheme: str) -> None:
    records = make(url.replace("postgresql", scheme, 1))
    records.keep(_question(), _answer())
    assert records.count() == 1
