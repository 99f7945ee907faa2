"""The figures that the product carries with it: what was measured, when, and out of how many."""

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter

FILE = "measured.json"


class Share(BaseModel):
    """So many, or so much of them on average, of so many."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sum: float
    of: int


class Measured(BaseModel):
    """One run of `evaluate`, without its questions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: str
    measured_on: str
    answered_by: str
    indexed_on: str
    documents: int
    figures: dict[str, Share]


RUNS = TypeAdapter(tuple[Measured, ...])


@cache
def read_measured() -> tuple[Measured, ...]:
    """Read the figures that this version was published with."""
    return RUNS.validate_json((files("assistant") / FILE).read_bytes())
