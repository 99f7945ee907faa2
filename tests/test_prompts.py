"""Prompts are filled exactly: a value that is missing or not asked for is an error."""

from importlib.resources import files

import pytest

from assistant import prompts
from assistant.prompts import fill

VALUES = {
    "answer": {"passages": "<passage>", "question": "Who pays?"},
    "understand": {"conversation": "Reader: Hello", "message": "Why so?"},
}


def test_each_prompt_is_known_here() -> None:
    written = {path.name for path in files(prompts).iterdir() if path.name.endswith(".md")}
    assert written == {f"{name}.md" for name in VALUES}


@pytest.mark.parametrize("name", VALUES)
def test_the_readers_part_has_every_value_and_the_systems_part_none(name: str) -> None:
    system, user = fill(name, **VALUES[name])
    assert all(value in user and value not in system for value in VALUES[name].values())
    assert "$" not in system + user


@pytest.mark.parametrize("name", VALUES)
def test_a_missing_or_a_needless_value_is_an_error(name: str) -> None:
    first, *_ = VALUES[name]
    with pytest.raises(ValueError, match=first):
        fill(name, **{key: value for key, value in VALUES[name].items() if key != first})
    with pytest.raises(ValueError, match="more"):
        fill(name, **VALUES[name], more="x")


def test_a_value_is_never_read_as_a_prompt() -> None:
    _, user = fill("answer", passages="$question ${question} =====", question="Who pays?")
    assert "$question ${question} =====" in user
