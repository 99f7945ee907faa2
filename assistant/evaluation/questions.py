"""Read a file of questions: what to ask, and what a right answer holds."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import WrongUse
from assistant.vocabulary import Outcome, Question, Role, Turn

Part = Literal["tune", "kept"]


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is right about it; the README beside the questions says what each field means."""

    id: str
    type: str
    question: Question
    outcomes: tuple[Outcome, ...]
    documents: tuple[str, ...] = ()
    all_documents: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()

    @property
    def must_be_refused(self) -> bool:
        """Whether refusing is the only right outcome."""
        return set(self.outcomes) == {Outcome.NOT_IN_MATERIAL}

    @property
    def must_be_answered(self) -> bool:
        """Whether the material answers at least a part, so that refusing is wrong."""
        answers = {Outcome.ANSWERED, Outcome.PARTLY_ANSWERED}
        return bool(answers & set(self.outcomes)) and Outcome.NOT_IN_MATERIAL not in self.outcomes

    @property
    def part(self) -> Part:
        """A third is kept from tuning. The id decides, so that a question never changes sides."""
        return "kept" if int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 3 == 0 else "tune"


def read_questions(paths: Sequence[Path]) -> tuple[Case, ...]:
    """Read all the files; `WrongUse` names the file and line of the first fault."""
    cases: dict[str, Case] = {}
    for path in paths:
        for number, line in enumerate(_lines(path), 1):
            if not line.strip():
                continue
            case = _case(line, f"{path}:{number}")
            if case.id in cases:
                raise WrongUse(
                    f"{path}:{number}: the id {case.id!r} is used twice. Give the question its own."
                )
            cases[case.id] = case
    if not cases:
        raise WrongUse("There are no questions in the file.")
    return tuple(cases.values())


def choose(cases: Sequence[Case], *, only: str | None, part: Part | None) -> tuple[Case, ...]:
    """Return the questions of one type or one part."""
    types = sorted({case.type for case in cases})
    if only is not None and only not in types:
        raise WrongUse(f"No question is of type {only!r}. The types are {', '.join(types)}.")
    chosen = tuple(case for case in cases if only in (None, case.type) and part in (None, case.part))
    if not chosen:
        raise WrongUse("No question is left to ask. Choose another type or part.")
    return chosen


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"The questions in {path} can't be read: {error}.") from error


def _case(line: str, where: str) -> Case:
    try:
        return _Line.model_validate_json(line).to_case()
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "the line"
        raise WrongUse(f"{where}: {field}: {problem['msg']}.") from error


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    return pattern


_Pattern = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]
_Alternatives = Annotated[tuple[_Pattern, ...], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Turn(_Strict):
    role: Role
    text: str


class _Line(_Strict):
    id: str = Field(min_length=1)
    type: str = Field(min_length=1)
    question: str = Field(min_length=1, max_length=1000)
    history: tuple[_Turn, ...] = ()
    outcome: tuple[Outcome, ...] = Field(min_length=1)
    documents: tuple[str, ...] = ()
    all_documents: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    facts: tuple[_Alternatives, ...] = ()
    forbidden: tuple[_Pattern, ...] = ()
    note: str = ""

    def to_case(self) -> Case:
        return Case(
            id=self.id,
            type=self.type,
            question=Question(self.question, tuple(Turn(turn.role, turn.text) for turn in self.history)),
            outcomes=self.outcome,
            documents=self.documents,
            all_documents=self.all_documents,
            sections=self.sections,
            facts=self.facts,
            forbidden=self.forbidden,
        )
