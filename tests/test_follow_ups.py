"""What the material can answer next."""

from assistant.follow_ups import suggest
from tests.fakes import passage


def sections(*headings: str) -> list[object]:
    return [passage("Text.", position=at, section=heading) for at, heading in enumerate(headings)]


def test_the_next_steps_are_questions_that_were_neither_asked_nor_answered() -> None:
    cited, *others = sections(
        "What did Leeds commission?",
        "About this document",
        "What did Leeds commission in all?",
        "How did Leeds win support inside the council?",
        "What is the Oldham Model?",
    )
    asked = ["How was support won inside the council in Leeds?"]
    assert suggest([cited], others, asked) == ("What is the Oldham Model?",)  # type: ignore[list-item, arg-type]


def test_there_are_three_at_most() -> None:
    headings = sections("What is LM3?", "Who pays tax?", "Where is Kent?", "When was spring?")
    assert len(suggest([], headings, [])) == 3  # type: ignore[arg-type]
