"""What is counted adds up, and belongs to its days."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records import Record
from assistant.staff import counting
from assistant.staff.health import standing
from assistant.vocabulary import Entry
from tests import fakes
from tests.fakes import FakeAssistant

TODAY = date(2026, 11, 30)
SAMPLE = Record(
    id="a", asked_at="2026-11-30T10:00:00+00:00", question="How deep is the harbour?", outcome="answered",
    cited=("hollinbrook-gardens",), nearest=(), took_ms=400, retrieve_ms=240, compose_ms=40, check_ms=120,
    missing=None, note=None, rating=None, reason=None, given_at=None,
)  # fmt: skip
ENTRIES = FakeAssistant().documents()


def record(days_ago: int = 0, **fields: object) -> Record:
    """Make a record of so many days ago; any field can be set."""
    day = (TODAY - timedelta(days=days_ago)).isoformat()
    return replace(SAMPLE, **{"asked_at": f"{day}T10:00:00+00:00", **fields})  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(counting.OUTCOMES))),
    st.sampled_from([7, 30, 90, None]),
)
def test_every_record_of_the_time_is_counted_once(asked: list[tuple[int, str]], days: int | None) -> None:
    records = [record(ago, outcome=outcome) for ago, outcome in asked]
    chosen = counting.within(records, days, TODAY)
    slots = counting.over_time(chosen, days, TODAY)

    assert len(chosen) == sum(days is None or ago < days for ago, _ in asked)
    assert sum(slot.asked for slot in slots) == len(chosen)
    assert sum(counting.by_outcome(chosen).values()) == len(chosen)
    assert slots[-1].last == TODAY
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(slots))


@pytest.mark.parametrize(
    ("days", "oldest", "slots", "long"), [(7, 0, 7, 1), (30, 0, 30, 1), (90, 0, 13, 7), (None, 20, 21, 1),
                                          (None, 150, 22, 7), (None, 360, 13, 28)],
)  # fmt: skip
def test_longer_times_are_shown_in_longer_steps(days: int | None, oldest: int, slots: int, long: int) -> None:
    made = counting.over_time([record(oldest)], days, TODAY)

    assert len(made) == slots
    assert {(slot.last - slot.first).days + 1 for slot in made} == {long}


def test_documents_and_principles_are_counted_once_for_each_answer() -> None:
    both = ("hollinbrook-gardens", "saltmere-essay")
    records = [record(cited=both), record(), record(cited=(), nearest=("saltmere-essay", "gone"))]

    assert [(one.name, one.cited, one.nearest) for one in counting.by_document(records, ENTRIES)] == [
        ("hollinbrook-gardens", 2, 0), ("saltmere-essay", 1, 1), ("gone", 0, 1),
    ]  # fmt: skip
    assert counting.by_principle(records, ENTRIES) == (
        (1, 0, 0), (2, 1, 1), (3, 0, 0), (4, 2, 0), (5, 0, 0), (6, 0, 0), (None, 0, 0),
    )  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.integers(0, 20_000), min_size=1))
def test_answer_times_are_all_in_one_column(took: list[int]) -> None:
    times = counting.answer_times([record(took_ms=one) for one in took])

    assert times
    assert sum(number for _, number in times.counts) == len(took)
    assert times.middle <= times.most <= times.longest == max(took)


def test_greetings_are_no_answers_and_old_records_lack_steps() -> None:
    greeting = record(outcome="conversation", took_ms=9_999)
    old = record(retrieve_ms=None, compose_ms=None, check_ms=None)
    times = counting.answer_times([greeting, old, replace(old, took_ms=600)])

    assert times
    assert (times.middle, times.longest) == (500, 600)
    assert counting.answer_times([greeting]) is None


def test_what_needs_somebody_comes_first() -> None:
    gone = Entry(
        replace(fakes.SALTMERE, page_changed=True, fetched_on="2026-11-01"), "original", 2, "2026-11-20"
    )
    fresh = Entry(fakes.document("fresh"), "digest", 2, "2026-11-20")
    all_ = standing((ENTRIES[0], fresh, gone), [record(), record(cited=("saltmere-essay",))])

    assert [(one.entry.document.id, one.is_gone, one.is_unused) for one in all_] == [
        ("saltmere-essay", True, False), ("fresh", False, True), ("hollinbrook-gardens", False, False),
    ]  # fmt: skip
