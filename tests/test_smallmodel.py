"""A real model on a real server, from the question to the checked answer; skipped where there is none."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant import assembly
from assistant.answering import Assistant
from assistant.assembly import assemble
from assistant.evaluation.contract import broken_promises
from assistant.index import open_index
from assistant.settings import Settings
from assistant.vocabulary import Answer, Outcome, Question
from assistant.web.schema import answer_json
from assistant.weighing import Thresholds
from ingest.building import build
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_digest
from tests.smallmodel import small_model

pytestmark = pytest.mark.models

TEXT = "Alpha council grows apples on the village green. The apples cost £40,000 a year."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("smallmodel")
    write_digest(folder / "digests", "alpha", TEXT)
    index = open_index(folder / "data")
    build(folder / "digests", index, FakeEmbedder())
    index.close()
    made = assemble(Settings(data=folder / "data", _env_file=None), FakeEmbedder())
    enough = Thresholds(confidence=0, follow_up=0, subject=0, gap=2, gap_of_whole=2)
    made = replace(made, weighing=replace(made.weighing, thresholds=enough))
    with small_model() as address:
        named = Settings(model="openai:smollm2", model_url=address, model_timeout=300, _env_file=None)
        yield replace(made, author=assembly._author(named))


def test_whatever_it_writes_the_answer_keeps_every_promise(assistant: Assistant) -> None:
    answer: Answer = assistant.answer(Question("What does Alpha council grow on the village green?"))
    assert answer.outcome is Outcome.ANSWERED
    assert broken_promises(answer_json(answer)) == ()
    assert answer.checked is not None
    assert answer.checked.failure is None
    assert answer.checked.written == len(answer.checked.shown) + len(answer.checked.dropped)


def test_a_context_that_is_too_small_is_an_outage_and_answered_in_quotes(
    assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    with small_model(context=256) as address:
        named = Settings(model="openai:smollm2", model_url=address, model_timeout=300, _env_file=None)
        tiny = replace(assistant, author=assembly._author(named))
        answer = tiny.answer(Question("What does Alpha council grow on the village green?"))
    assert answer.answered_by == "quotes"
    assert answer.note
    assert "context" in caplog.text
