"""The editor's list: complete, in order, bounded, and quick to open."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from assistant.embedding import TokenVectors
from assistant.records import Record
from assistant.staff.background import Remembered
from assistant.staff.gaps import GapReport, Gaps
from assistant.vocabulary import Hit, Question
from assistant.web import desk
from tests.fakes import FakeAssistant
from tests.fakes_embedding import FakeEmbedder
from tests.staff.planting import ANSWERED, others, paraphrases
from tests.staff.test_counting import ENTRIES, TODAY, record

LONG = 30.0


class Reader:
    """Reads with the fake embedder and remembers what; waits for `go_on` first, if it is told to."""

    def __init__(self, *, waits: bool = False) -> None:
        self.read: list[str] = []
        self.searched: list[str] = []
        self.go_on = Event()
        if not waits:
            self.go_on.set()

    def __call__(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.go_on.wait(LONG)
        self.read += texts
        return FakeEmbedder().tokens(texts)

    def search(self, text: str) -> tuple[Hit, ...]:
        self.searched.append(text)
        return FakeAssistant().search(Question(text), 10)


def _gap(question: str, days_ago: int = 0, **fields: object) -> Record:
    return record(days_ago, question=question, **{"outcome": "not_in_material", "cited": (), **fields})


def _report(gaps: Gaps, records: Sequence[Record], reader: Reader, seconds: float = LONG) -> GapReport:
    return gaps.report(records, reader, reader.search, of=reader, seconds=seconds)


def test_only_what_was_not_answered_is_a_gap_and_each_is_in_one_group() -> None:
    records = [
        _gap("How deep is the harbour at Saltmere?"),
        _gap("how deep is the harbour at saltmere", 3),
        _gap("How deep is the harbour of Saltmere?", 1, nearest=("saltmere-essay",)),
        _gap(
            "Who pays for ferries?",
            2,
            outcome="partly_answered",
            missing="who pays",
            cited=("hollinbrook-gardens",),
        ),
        record(question="What is the Oldham Model?"),
        record(question="Hello", outcome="conversation"),
    ]
    report = _report(Gaps(), records, Reader())
    harbour, ferries = report.gaps

    assert (harbour.asked, harbour.refused, harbour.partly) == (3, 3, 0)
    assert [(one.text, one.asked) for one in harbour.wordings] == [
        ("How deep is the harbour at Saltmere?", 2),
        ("How deep is the harbour of Saltmere?", 1),
    ]
    assert harbour.last == TODAY
    assert harbour.nearest == (("saltmere-essay", 1),)
    assert (ferries.asked, ferries.partly, ferries.missing) == (1, 1, ("who pays",))
    assert ferries.nearest == (("hollinbrook-gardens", 1),)
    assert report.is_complete
    assert all(gap.hits for gap in report.gaps)


def test_nothing_is_read_or_searched_twice() -> None:
    gaps, reader = Gaps(), Reader()
    records = [_gap(text) for text in others()[:20]]
    first = _report(gaps, records, reader)
    second = _report(gaps, [*records, _gap("One that is new?")], reader)

    assert len(reader.read) == 21
    assert len(reader.searched) == len(set(reader.searched))
    assert len(second.gaps) >= len(first.gaps)


def test_another_index_is_searched_anew() -> None:
    gaps, reader = Gaps(), Reader()
    records = [_gap("How deep is the harbour?")]
    gaps.report(records, reader, reader.search, of="one", seconds=LONG)
    gaps.report(records, reader, reader.search, of="another", seconds=LONG)

    assert len(reader.searched) == 2
    assert len(reader.read) == 1


def test_a_slow_model_does_not_hold_the_page_up() -> None:
    gaps, reader = Gaps(), Reader(waits=True)
    records = [_gap(text) for text in others()[:20]]
    started = time.monotonic()
    early = _report(gaps, records, reader, seconds=0.1)

    assert time.monotonic() - started < LONG / 2
    assert (early.read, early.wordings, early.is_complete) == (0, 20, False)
    reader.go_on.set()
    assert _report(gaps, records, reader).is_complete


def test_at_most_so_many_are_grouped_and_the_latest_are() -> None:
    records = [_gap(f"Question number {number}?", days_ago=number) for number in range(30)]
    report = _report(Gaps(most=10), records, Reader())
    grouped = {wording.text for gap in report.gaps for wording in gap.wordings}

    assert (report.wordings, report.left_out) == (10, 20)
    assert grouped == {f"Question number {number}?" for number in range(10)}


def test_what_is_on_record_no_more_is_forgotten() -> None:
    gaps, reader = Gaps(), Reader()
    records = [_gap("How deep is the harbour?"), _gap("Who pays for ferries?")]
    _report(gaps, records, reader)
    gaps.keep_only(records[:1])

    held = repr([vars(one) for one in (gaps._tokens, gaps._hits)] + [gaps._made])
    assert "harbour" in held
    assert "ferries" not in held


def test_the_memory_is_bounded_and_what_fails_is_tried_again() -> None:
    remembered: Remembered[str] = Remembered(most=10)
    texts = [str(number) for number in range(40)]
    remembered.get(texts, lambda batch: [text * 2 for text in batch], LONG)

    assert len(remembered._held) == 10
    assert remembered.get(["39"], lambda _: pytest.fail("it is known"), LONG) == {"39": "3939"}


def _ten_thousand() -> list[Record]:
    gaps = [text for topic in paraphrases() for text in topic] + others()
    more = [f"{text.rstrip('?')} in {place}?" for place in ("Kent", "York") for text in gaps]
    questions = gaps + more
    records = []
    for number in range(10_000):
        gap = number % 3 == 0
        question = questions[number // 3 % len(questions)] if gap else ANSWERED[number % len(ANSWERED)]
        moment = TODAY - timedelta(days=number % 90)
        records.append(
            record(
                id=f"a{number}",
                asked_at=f"{moment.isoformat()}T10:00:00+00:00",
                question=question,
                outcome="not_in_material" if gap else "answered",
                cited=() if gap else ("hollinbrook-gardens",),
                nearest=("saltmere-essay",) if gap else (),
                rating="down" if number % 50 == 0 else None,
            )
        )
    return records


def test_ten_thousand_records_are_drawn_in_less_than_two_seconds() -> None:
    """The processor's time, because the clock also counts what else this machine does."""
    records, gaps, reader = _ten_thousand(), Gaps(), Reader()
    spent = []
    for _ in range(2):
        started = time.process_time()
        report = _report(gaps, records, reader)
        view = desk.View(
            None, TODAY, tuple(records), ENTRIES, report, "", 90, keeps_records=True, form_token="x"
        )
        page = desk.desk_sheet(view)
        spent.append(time.process_time() - started)

    assert "10,000" in page
    assert (report.wordings, report.left_out > 0) == (1_000, True)
    assert spent[0] < 8  # with 1,000 wordings to be read first, and to be grouped
    assert spent[1] < 2
    assert replace(report, gaps=()).is_complete
