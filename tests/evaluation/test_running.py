"""A run prints figures with denominators, failing questions with reasons, and writes its results."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evaluation.results import Results, read
from assistant.evaluation.running import Run, evaluate
from assistant.vocabulary import Answer, Outcome, Question, Turn
from assistant.web.schema import answer_json
from tests.evaluation.samples import FakeAssistant, answered, case, hit, refused

FACT = case("a", facts=(("four contracts",),), documents=("leeds",), sections=("What did Leeds do?",))
REFUSAL = case("b", Outcome.NOT_IN_MATERIAL, type="near-miss")
RUN = Run(files=(Path("some.jsonl"),))


def _evaluate(run: Run = RUN, answers: tuple[Answer, ...] | None = None) -> Results:
    assistant = FakeAssistant(*(answers or (answered(), refused())), hits=(hit("kent"), hit()))
    return evaluate(run, assistant, answer_json, (FACT, REFUSAL))


def test_the_figures_are_printed_with_their_denominators(capsys: pytest.CaptureFixture[str]) -> None:
    _evaluate()
    printed = capsys.readouterr().out
    (row,) = (line.split() for line in printed.splitlines() if line.startswith("in all   2") or "2/2" in line)
    assert row[2:] == ["2", "2/2", "100%", "1/1", "100%", "1.000", "of", "1", "–", "1.000", "of", "1"]
    assert "38 documents indexed on 2026-11-20" in printed
    assert "\x1b" not in printed


def test_failing_questions_are_printed_with_answer_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    _evaluate(Run(files=(), failures=True), (refused(), answered("kent", "Kent [b]did[/b] it.")))
    printed = capsys.readouterr().out
    assert "2 of 2 questions have a fault" in printed
    assert "outcome not_in_material, right would be answered" in printed
    assert "cites nothing, needs leeds" in printed
    assert "Kent [b]did[/b] it. [1]" in printed


def test_the_results_are_written_and_compared_with_later_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.json"
    written = _evaluate(Run(files=(Path("some.jsonl"),), json=path))
    assert read(path) == written
    _evaluate(Run(files=(), earlier=read(path)), (refused(), refused()))
    printed = capsys.readouterr().out
    assert "worse    a  right → outcome not_in_material" in printed


def test_retrieval_is_scored_by_what_the_answer_searched_for() -> None:
    asked = Question("And how many?", (Turn("reader", "What did Leeds do?"),))
    follow_up = replace(FACT, question=asked)
    assistant = FakeAssistant(answered(), hits=(hit("kent"), hit()))
    found = evaluate(RUN, assistant, answer_json, [follow_up])
    assert assistant.searched == [Question("How many contracts did Leeds merge?")]
    assert found.questions[0].rank == 2
