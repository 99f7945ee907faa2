"""A later run is compared with an earlier one: what got better, what got worse."""

from pathlib import Path
from typing import Any

import pytest

from assistant.errors import StorageFailed, WrongUse
from assistant.evaluation.comparing import compare
from assistant.evaluation.results import About, Results, read, results, write
from assistant.evaluation.scoring import Score
from assistant.vocabulary import Outcome
from tests.evaluation.samples import case, scored

ABOUT = About(
    measured_on="2026-11-20",
    files=("questions.jsonl",),
    only=None,
    part=None,
    answered_by="quotes",
    indexed_on="2026-11-20",
    documents=38,
)
FACTS: dict[str, Any] = {"facts": (("x",), ("y",))}


def _run(*scores: Score) -> Results:
    return results(ABOUT, scores)


def test_results_that_were_written_are_read_back_the_same(tmp_path: Path) -> None:
    run = _run(scored(case("a", **FACTS), missed=("y",)), scored(case("b", Outcome.NOT_IN_MATERIAL)))
    write(run, tmp_path / "new" / "run.json")
    assert read(tmp_path / "new" / "run.json") == run


@pytest.mark.parametrize("content", ["{}", "no", '{"about": {}}'])
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(WrongUse, match=r"run\.json"):
        read(tmp_path / "run.json")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match="file"):
        write(_run(scored(case())), tmp_path / "file" / "run.json")


def test_questions_with_fewer_faults_are_better_and_with_more_worse() -> None:
    a, b, c, d = (case(letter, **FACTS) for letter in "abcd")
    before = _run(scored(a, missed=("x", "y")), scored(b), scored(c, missed=("x",)), scored(d, missed=("x",)))
    after = _run(
        scored(a, missed=("x",)), scored(b, missed=("x",)), scored(c, missed=("y",)), scored(d, missed=("x",))
    )
    found = {change.after.id: change.direction for change in compare(before, after).questions}
    assert found == {"a": "better", "b": "worse", "c": "changed"}


def test_figures_know_which_way_is_better() -> None:
    answer, refusal = case("a"), case("b", Outcome.NOT_IN_MATERIAL)
    before = _run(scored(answer, outcome="not_in_material"), scored(refusal))
    after = _run(scored(answer), scored(refusal, outcome="answered"))
    found = {
        change.measure: change.direction
        for change in compare(before, after).figures
        if change.group == "in all"
    }
    assert found == {"refused rightly": "worse", "refused wrongly": "better"}


def test_other_questions_are_named_and_not_compared() -> None:
    found = compare(_run(scored(case("a"))), _run(scored(case("b"), broken=("p",))))
    assert (found.only_before, found.only_after, found.questions) == (("a",), ("b",), ())


def test_the_same_run_has_no_differences() -> None:
    run = _run(scored(case("a", **FACTS), missed=("x",)))
    found = compare(run, run)
    assert (found.figures, found.questions) == ((), ())
