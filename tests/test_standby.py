"""The server is up before the assistant is, says why, and takes a newer index without a restart."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from assistant import notices
from assistant.errors import ModelUnavailable, NotReady, StorageFailed
from assistant.standby import Standby, Tell


class Parts:
    """Stands in for the index and the model: says what is active, fails on demand, counts what is built."""

    def __init__(self) -> None:
        self.active: str | None = "one"
        self.fails: Exception | None = None
        self.unreadable: Exception | None = None
        self.prepared = 0
        self.may_build = threading.Event()
        self.may_build.set()

    def prepare(self, tell: Tell) -> None:
        self.prepared += 1
        tell("Document 1 of 2.")
        if self.fails:
            raise self.fails

    def generation(self) -> str | None:
        if self.unreadable:
            raise self.unreadable
        return self.active

    def build(self) -> str:
        assert self.may_build.wait(5)
        if self.fails:
            raise self.fails
        return f"answers from {self.active}"


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def standby(parts: Parts) -> Iterator[Standby[str]]:
    made = Standby(
        prepare=parts.prepare,
        generation=parts.generation,
        build=parts.build,
        look_every=0.01,
        retry_every=0.01,
    )
    yield made
    parts.may_build.set()
    made.stop()


def _reason(standby: Standby[str]) -> str:
    with pytest.raises(NotReady) as raised:
        standby()
    return str(raised.value)


def _comes_true(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def _answers(standby: Standby[str], expected: str) -> bool:
    try:
        return standby() == expected
    except NotReady:
        return False


def test_before_the_start_it_says_that_it_is_starting(standby: Standby[str]) -> None:
    assert _reason(standby) == notices.STARTING


def test_starting_does_not_wait_for_the_assistant(standby: Standby[str], parts: Parts) -> None:
    parts.may_build.clear()
    standby.start()
    assert _comes_true(lambda: _reason(standby) == notices.LOADING)
    parts.may_build.set()
    assert _comes_true(lambda: _answers(standby, "answers from one"))


def test_a_failure_is_told_without_its_details_and_tried_again(standby: Standby[str], parts: Parts) -> None:
    parts.fails = ModelUnavailable("KIL_EMBEDDING_MODEL is wrong.")
    standby.start()
    assert _comes_true(lambda: _reason(standby) == notices.not_started("ModelUnavailable"))
    parts.fails = None
    assert _comes_true(lambda: _answers(standby, "answers from one"))


def test_a_reason_that_is_made_for_readers_is_told_as_it_is(standby: Standby[str], parts: Parts) -> None:
    parts.fails = NotReady("There is no index yet.")
    standby.start()
    assert _comes_true(lambda: _reason(standby) == "There is no index yet.")


def test_an_unexpected_fault_is_told_without_its_details_and_tried_again(
    standby: Standby[str], parts: Parts
) -> None:
    parts.fails = KeyError("/secret/place")
    standby.start()
    assert _comes_true(lambda: _reason(standby) == notices.not_started("KeyError"))
    parts.fails = None
    assert _comes_true(lambda: _answers(standby, "answers from one"))


def test_a_newer_index_is_taken_without_a_restart(standby: Standby[str], parts: Parts) -> None:
    standby.start()
    assert _comes_true(lambda: _answers(standby, "answers from one"))
    parts.active = "two"
    assert _comes_true(lambda: _answers(standby, "answers from two"))
    assert parts.prepared == 1


def test_while_a_newer_index_loads_or_fails_the_earlier_one_answers(
    standby: Standby[str], parts: Parts
) -> None:
    standby.start()
    assert _comes_true(lambda: _answers(standby, "answers from one"))
    parts.fails = ModelUnavailable("KIL_EMBEDDING_MODEL is wrong.")
    parts.active = "two"
    time.sleep(0.05)
    assert standby() == "answers from one"
    parts.fails = None
    assert _comes_true(lambda: _answers(standby, "answers from two"))


def test_a_reason_that_stays_is_logged_once(
    standby: Standby[str], parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    parts.fails = ModelUnavailable("KIL_EMBEDDING_MODEL is wrong.")
    with caplog.at_level(logging.WARNING):
        standby.start()
        assert _comes_true(lambda: parts.prepared > 3)
    assert [record.getMessage() for record in caplog.records] == ["KIL_EMBEDDING_MODEL is wrong."]


def test_after_a_stop_nothing_is_tried(standby: Standby[str], parts: Parts) -> None:
    standby.start()
    assert _comes_true(lambda: _answers(standby, "answers from one"))
    standby.stop()
    time.sleep(0.05)
    parts.active = "two"
    time.sleep(0.05)
    assert standby() == "answers from one"


def test_it_tidies_up_after_each_look_whatever_that_found(parts: Parts) -> None:
    tidied: list[str] = []

    def tidy() -> None:
        with suppress(NotReady):
            tidied.append(standby())

    standby: Standby[str] = Standby(
        prepare=parts.prepare, generation=parts.generation, build=parts.build, tidy=tidy, look_every=0.01
    )
    standby.start()
    try:
        assert _comes_true(lambda: len(tidied) > 3)
        parts.active = "two"
        assert _comes_true(lambda: tidied[-1] == "answers from two")
        parts.unreadable = StorageFailed("The server is away.")
        assert _comes_true(lambda: standby.is_out_of_reach)
        parts.unreadable = None
        assert _comes_true(lambda: not standby.is_out_of_reach)
        before = len(tidied)
        assert _comes_true(lambda: len(tidied) > before)
    finally:
        standby.stop()
    assert tidied[0] == "answers from one"


def test_an_assistant_that_needs_its_store_no_more_answers_while_that_is_away(parts: Parts) -> None:
    standby: Standby[str] = Standby(
        prepare=parts.prepare,
        generation=parts.generation,
        build=parts.build,
        is_self_sufficient=True,
        look_every=0.01,
        retry_every=0.01,
    )
    standby.start()
    try:
        assert _comes_true(lambda: _answers(standby, "answers from one"))
        parts.unreadable = StorageFailed("The server is away.")
        assert _comes_true(lambda: standby.is_out_of_reach)
        assert standby() == "answers from one"
    finally:
        standby.stop()


def test_an_index_that_can_not_even_be_named_answers_nothing_until_it_can(
    standby: Standby[str], parts: Parts
) -> None:
    standby.start()
    assert _comes_true(lambda: _answers(standby, "answers from one"))
    parts.unreadable = StorageFailed("/secret/place is damaged.")
    assert _comes_true(lambda: not _answers(standby, "answers from one"))
    assert _reason(standby) == notices.INDEX_OUT_OF_REACH
    parts.unreadable = None
    assert _comes_true(lambda: _answers(standby, "answers from one"))


def test_an_index_that_is_gone_is_made_anew_while_the_earlier_one_answers(
    standby: Standby[str], parts: Parts
) -> None:
    standby.start()
    assert _comes_true(lambda: _answers(standby, "answers from one"))
    parts.may_build.clear()
    parts.active = None
    assert _comes_true(lambda: parts.prepared > 1)
    assert standby() == "answers from one"
    parts.active = "two"
    parts.may_build.set()
    assert _comes_true(lambda: _answers(standby, "answers from two"))
