"""A language model's answers scored beside quotes: what it wrote, what was shown, what was dropped."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evaluation.results import read
from assistant.evaluation.running import Run
from assistant.evaluation.written import compare_model
from assistant.vocabulary import Answer, Checked, Draft
from assistant.web.schema import answer_json
from tests.evaluation.samples import FakeAssistant, answered, case, hit, refused

FACT = case("a", facts=(("four contracts",),), documents=("leeds",))


def by_model() -> Answer:
    shown = answered()
    dropped = (Draft("Leeds is bankrupt.", ()), Draft("It sold its trams.", ()))
    checked = Checked(written=3, corrected=1, shown=shown.sentences, dropped=dropped)
    return replace(shown, answered_by="fake:writer", checked=checked, note="Told.")


def test_sentences_are_counted_and_both_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run((Path("questions.jsonl"),), json=tmp_path / "model.json", failures=True)
    quotes, model = (FakeAssistant(answer, hits=(hit(),)) for answer in (refused(), by_model()))
    compare_model(run, quotes, model, answer_json, [FACT])
    printed = capsys.readouterr().out
    assert "wrote 3 sentences for 1 answers: 1 were shown, 1 of them with a corrected citation" in printed
    assert "2 were dropped" in printed
    assert "dropped Leeds is bankrupt." in printed
    assert f"shown {answered().sentences[0].text}" in printed
    (recall,) = (line.split() for line in printed.splitlines() if line.strip().startswith("fact recall  "))
    assert recall == ["fact", "recall", "0.000", "of", "1", "1.000", "of", "1"]
    counts = read(tmp_path / "model.json").sentences
    assert counts is not None
    assert (counts.written, counts.shown, counts.corrected, counts.dropped) == (3, 1, 1, 2)
