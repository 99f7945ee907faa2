"""A clock that jumps deletes nothing and locks nobody out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import HTTPException

from assistant.records import Records
from assistant.steadiness import PROBATION, Steadiness
from assistant.vocabulary import Question
from assistant.web import limits
from assistant.web.limits import RateLimit
from tests import fakes

DAY = 86_400.0


@dataclass
class Clock:
    """Two clocks: one that can be set, and one that cannot."""

    wall: float = 1_800_000_000.0
    even: float = 0.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.even += seconds

    def steadiness(self) -> Steadiness:
        return Steadiness(lambda: self.wall, lambda: self.even)

    def date(self) -> datetime:
        return datetime.fromtimestamp(self.wall, UTC)


def _kept(tmp_path: Path, clock: Clock) -> tuple[Records, Steadiness]:
    steadiness = clock.steadiness()
    return Records(tmp_path, 30, now=clock.date, may_forget=steadiness.may_forget), steadiness


def _ask(records: Records, id: str) -> None:
    answer = fakes.answered()
    object.__setattr__(answer, "id", id)
    records.keep(Question(fakes.ANSWERED), answer)


def test_a_clock_that_runs_is_steady() -> None:
    clock = Clock()
    steadiness = clock.steadiness()
    for _ in range(100):
        clock.passes(DAY)
        clock.wall += 1  # it is kept right a little
        assert not steadiness.jumped() or clock.even > 25 * DAY


def test_what_is_old_goes_while_the_clock_is_steady(tmp_path: Path) -> None:
    clock = Clock()
    records, _ = _kept(tmp_path, clock)
    _ask(records, "old")
    clock.passes(20 * DAY)
    _ask(records, "younger")
    clock.passes(20 * DAY)
    _ask(records, "new")
    assert [record.id for record in records.all()] == ["younger", "new"]


def test_a_jump_forward_deletes_nothing_and_being_set_back_saves_everything(tmp_path: Path) -> None:
    clock = Clock()
    records, _ = _kept(tmp_path, clock)
    _ask(records, "before")
    clock.wall += 3_650 * DAY
    _ask(records, "in ten years")
    clock.wall -= 3_650 * DAY
    clock.passes(PROBATION + 1)
    _ask(records, "afterwards")
    assert {record.id for record in records.all()} == {"before", "in ten years", "afterwards"}


def test_a_jump_that_was_right_deletes_what_is_old_an_hour_later(tmp_path: Path) -> None:
    clock = Clock()
    records, _ = _kept(tmp_path, clock)
    _ask(records, "from when the clock was wrong")
    clock.wall += 365 * DAY
    _ask(records, "now")
    assert len(records.all()) == 2
    clock.passes(PROBATION)
    _ask(records, "an hour later")
    assert [record.id for record in records.all()] == ["now", "an hour later"]


def test_a_start_with_a_wrong_date_does_not_delete_everything(tmp_path: Path) -> None:
    clock = Clock()
    _ask(_kept(tmp_path, clock)[0], "before the start")
    clock.wall += 365 * DAY
    records, _ = _kept(tmp_path, clock)
    _ask(records, "just after it")
    assert len(records.all()) == 2


def test_a_clock_that_is_set_back_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("time.time", lambda: clock.wall)
    monkeypatch.setattr(limits, "Steadiness", clock.steadiness)
    limit = RateLimit(2)
    for _ in range(2):
        limit.admit("192.0.2.1")
    with pytest.raises(HTTPException):
        limit.admit("192.0.2.1")
    clock.wall -= 3_600
    limit.admit("192.0.2.1")


def test_sleeping_is_no_jump() -> None:
    assert timedelta(seconds=PROBATION) == timedelta(hours=1)
