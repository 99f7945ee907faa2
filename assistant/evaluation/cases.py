"""Training questions, with what is found for each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.answerability import Answering
from assistant.answering import Assistant
from assistant.precedents import ByPrecedent
from assistant.retrieval import Hits, Step, retrieve
from assistant.retrieval.interaction import Vector
from assistant.retrieval.meaning import NearestQuestion
from assistant.vocabulary import Passage, Query, Question
from assistant.weighing import queries

TRAINING = Path("tests/evaluation/training")


@dataclass(frozen=True)
class Case:
    """A training question with what was found for it; `near` if the material only seems to answer it.

    `section` is what it was written from; `file` is where the question stands.
    """

    query: Query
    tokens: Vector
    hits: Hits
    gold: frozenset[str]
    answerable: bool
    near: bool = False
    section: str = ""
    file: str = ""


def read_cases(
    assistant: Assistant, answering: Answering, files: Iterable[Path] | None = None
) -> Iterator[Case]:
    """Find passages for every training question, without the network's own opinion, nor its own label.

    What is answered in part is neither one nor the other and left out.
    """
    steps = steps_without(assistant, answering)
    for path in sorted(TRAINING.glob("*.jsonl")) if files is None else files:
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line)
            question = Question(item["question"])
            understood = assistant.understand(question)
            if understood.talk is None and item["kind"] != "partly":
                query, *_ = queries(question, understood)
                query = replace(query, parted=False)
                gold = frozenset(passage.id for passage in assistant.passages if _is_gold(passage, item))
                yield replace(
                    _case(assistant, steps, query, gold),
                    answerable=bool(item["answerable"]),
                    near=item["kind"] == "near-miss",
                    section=_section(item),
                    file=path.stem,
                )


def asked_cases(assistant: Assistant, answering: Answering) -> Iterator[Case]:
    """Make cases for the networks of the questions that stand beside the sections."""
    steps = steps_without(assistant, answering)
    (nearest,) = (step for step in steps if isinstance(step, NearestQuestion))
    answers: dict[str, set[str]] = {}
    for each in nearest.indexed.asked:
        answers.setdefault(each.text, set()).add(each.passage.id)
    for text, gold in answers.items():
        yield _case(assistant, steps, Query(text), frozenset(gold))


def steps_without(assistant: Assistant, answering: Answering) -> list[Step]:
    """Return how passages are found up to what the networks say of them."""
    steps = (step for step in assistant.weighing.steps if not isinstance(step, ByPrecedent))
    return [step for step in steps if step is not answering]


def _case(assistant: Assistant, steps: Sequence[Step], query: Query, gold: frozenset[str]) -> Case:
    vectors = assistant.weighing.judge.interaction.read(query.text).vectors
    return Case(query, vectors, retrieve(steps, query), gold, answerable=True)


def _section(item: Mapping[str, Any]) -> str:
    """Return which section the question was written from, or its id where nobody has noted it."""
    if item["kind"] == "natural":
        return str(item["id"])
    written = item.get("about") or [*item["documents"][:1], *item["sections"][:1]]
    return "/".join(written or [item["id"]])


def _is_gold(passage: Passage, item: Mapping[str, Any]) -> bool:
    return passage.document.id in item["documents"] and passage.section in item["sections"]
