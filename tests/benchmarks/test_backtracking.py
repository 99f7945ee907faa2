"""No question and no history makes our own expressions run away: time grows with length, and stays short."""

import time
from collections.abc import Callable

import pytest

from assistant.answering import Assistant
from assistant.assembly import assemble
from assistant.index import open_index
from assistant.masking import mask
from assistant.settings import Settings
from assistant.vocabulary import Question, Turn
from ingest.building import build
from tests.benchmarks.attacks import UNICODE
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_digest

MOST_SECONDS = 1.0  # of processor time; a usual question takes some hundredths
UNITS = (
    "a", " ", "\n", ".", ". ", "a.", "a. ", "?", "! ", "(", ")", "[", "[1]", "a ", "ab ", "A ", "A. B. ", "1", "1,", "1.", "£1", "£1,000 ",
    "-", "a-", "'", "’s ", "“", '"', ",", ", ", "and ", "or ", "and, or ", "what is ", "who wrote ", "@", "a@", "a@a.", "+44 ", "07 ", "07700 ",
    "https://", "www.", "a/", "\\", "*", "**", "_", "`", "|", "<", "<a ", "&", "&#", "%", "it is a myth that ", "not ", "n't ", "Mr ", "Mrs. A",
    "I am ", "my name is ", "my mum ", "SW1A 1AA ", "2022 ", "12/12/", "January ", "more than ", "per cent ", "councils and ",
    "have you got anything from ", "\u0301", "\u200b", "\u202e", "😀", "é", "ß", "İ", ";", ":", " :", "- ", "\t", "\r\n", "\u00a0", "…", "...",
)  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("backtracking")
    write_digest(
        folder / "digests", "alpha", "Alpha council grows apples on the green. They cost £40,000 a year."
    )
    write_digest(
        folder / "digests", "beta", "Beta council keeps bees behind the library. Volunteers sell honey."
    )
    index = open_index(folder / "data")
    build(folder / "digests", index, FakeEmbedder())
    index.close()
    return assemble(Settings(data=folder / "data", _env_file=None), FakeEmbedder())


def _seconds(what: Callable[[], object]) -> float:
    began = time.thread_time()
    what()
    return time.thread_time() - began


def _long(unit: str, length: int = 1_000) -> str:
    return (unit * length)[:length].strip() or "x"


def test_no_question_takes_long(assistant: Assistant) -> None:
    questions = [
        *map(_long, UNITS),
        *(_long(unit) + "!" for unit in UNITS),
        *(text[:1_000] for text in UNICODE.values()),
    ]
    took = {text[:20]: _seconds(lambda: assistant.answer(Question(text))) for text in questions}  # noqa: B023
    assert {text: round(seconds, 2) for text, seconds in took.items() if seconds > MOST_SECONDS} == {}


def test_no_history_takes_long(assistant: Assistant) -> None:
    took = {}
    for unit in UNITS[::3]:
        said = tuple(
            Turn("assistant" if number % 2 else "reader", _long(unit, 4_000)) for number in range(20)
        )
        took[unit] = _seconds(lambda: assistant.answer(Question("And what does it cost?", said)))  # noqa: B023
    assert {text: round(seconds, 2) for text, seconds in took.items() if seconds > MOST_SECONDS} == {}


def test_masking_takes_no_longer_than_reading(assistant: Assistant) -> None:
    took = {unit: _seconds(lambda: mask(_long(unit))) for unit in UNITS}  # noqa: B023
    assert {text: round(seconds, 2) for text, seconds in took.items() if seconds > MOST_SECONDS / 4} == {}
