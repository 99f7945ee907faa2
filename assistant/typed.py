"""Makes questions of what was typed at a terminal, by the same rules as the server."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import WrongUse
from assistant.vocabulary import Question, Turn
from assistant.web.schema import AskRequest

Model = TypeVar("Model", bound=BaseModel)


def to_question(
    text: str, history: Sequence[Turn] = (), principles: Sequence[int] = (), kinds: Sequence[str] = ()
) -> Question:
    """Make a question by the same rules as the server."""
    turns = [{"role": turn.role, "text": turn.text} for turn in history]
    asked = {
        "question": typed_text(text),
        "history": turns,
        "principles": list(principles),
        "kinds": list(kinds),
    }
    return checked(AskRequest, asked).to_question()


def checked(model: type[Model], fields: dict[str, Any]) -> Model:
    """Hold what was typed against the interface's own rules."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        wrong = "; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors())
        raise WrongUse(f"This can't be asked. {wrong}.") from error


def typed_text(text: str) -> str:
    """Bytes that are no text in the terminal's encoding arrive as lone surrogates, which nothing can read."""
    return text.encode(errors="replace").decode()
