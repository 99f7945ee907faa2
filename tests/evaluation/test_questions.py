"""Files of questions are read strictly, and their third that is kept never changes."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import WrongUse
from assistant.evaluation.questions import choose, read_questions
from assistant.vocabulary import Outcome, Turn
from tests.evaluation.samples import case

OPEN = Path(__file__).parent / "questions.jsonl"
LINE: dict[str, Any] = {"id": "t1", "type": "fact", "question": "What?", "outcome": ["answered"]}


def _file(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "some.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def test_the_open_question_set_is_read_whole() -> None:
    cases = read_questions([OPEN])
    assert len(cases) == 90
    assert sum(one.must_be_refused for one in cases) == 15
    assert sum(one.must_be_answered for one in cases) == 72


def test_every_field_arrives(tmp_path: Path) -> None:
    history = [{"role": "reader", "text": "Hello"}]
    line = LINE | {"history": history, "facts": [["a", "b"]], "forbidden": ["c"], "sections": ["S"]}
    (read,) = read_questions([_file(tmp_path, line)])
    assert read.question.history == (Turn("reader", "Hello"),)
    assert (read.facts, read.forbidden, read.sections) == ((("a", "b"),), ("c",), ("S",))
    assert read.outcomes == (Outcome.ANSWERED,)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("{", "the line"),
        (LINE | {"outcome": ["maybe"]}, "outcome.0"),
        (LINE | {"outcome": []}, "outcome"),
        (LINE | {"facts": [["("]]}, "facts.0.0"),
        (LINE | {"facts": [[]]}, "facts.0"),
        (LINE | {"forbidden": ["[a"]}, "forbidden.0"),
        (LINE | {"forbiden": []}, "forbiden"),
        (LINE | {"question": ""}, "question"),
        ({"id": "t1"}, "type"),
    ],
)
def test_a_bad_line_is_named_by_file_line_and_field(
    tmp_path: Path, wrong: dict[str, Any] | str, named: str
) -> None:
    path = _file(tmp_path, LINE | {"id": "t0"}, "", wrong)
    with pytest.raises(WrongUse) as raised:
        read_questions([path])
    assert str(raised.value).startswith(f"{path}:3: {named}: ")


def test_an_id_is_used_once_over_all_files(tmp_path: Path) -> None:
    path = _file(tmp_path, LINE)
    with pytest.raises(WrongUse, match=r"some\.jsonl:1: the id 't1' is used twice"):
        read_questions([path, path])


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\xff"])
def test_a_file_without_questions_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(content)
    with pytest.raises(WrongUse):
        read_questions([path])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="nowhere"):
        read_questions([tmp_path / "nowhere.jsonl"])


def test_one_type_or_one_part_can_be_chosen() -> None:
    cases = read_questions([OPEN])
    assert {one.type for one in choose(cases, only="typo", part=None)} == {"typo"}
    tune, kept = choose(cases, only=None, part="tune"), choose(cases, only=None, part="kept")
    assert set(tune) | set(kept) == set(cases)
    assert not set(tune) & set(kept)


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(WrongUse, match="The types are fact"):
        choose([case()], only="facts", part=None)


def test_the_kept_third_never_changes() -> None:
    kept = [f"q{number:03}" for number in range(1, 31) if case(f"q{number:03}").part == "kept"]
    assert kept == ["q005", "q007", "q009", "q020", "q027"]
    assert 250 < sum(case(str(number)).part == "kept" for number in range(900)) < 350
