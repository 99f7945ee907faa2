"""Trains the judge: the answerability networks, then the weights of the evidence.

Run `python -m assistant.evaluation.calibrating` after a change to what is found or measured. It takes
about ten minutes on two cores, and prints how well the judge does on questions held out.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answerability import Answering
from assistant.answering import Assistant
from assistant.assembly import build_assistant
from assistant.evaluation.learning import Pair, make_pair, train, weights_of
from assistant.retrieval import Hits, Step, retrieve
from assistant.retrieval.interaction import Vector
from assistant.retrieval.meaning import NearestQuestion
from assistant.settings import load_settings
from assistant.vocabulary import Passage, Query, Question
from assistant.weighing import queries

TRAINING = Path("tests/evaluation/training")
WEIGHTS = Path("assistant/judging.json")
NETWORKS = Path("assistant/answerability.npz")
SEEDS = (10, 11, 12)
FOLDS = 4
# Passages looked at for each question in training, beside those that answer it.
CANDIDATES = 5

# Nearness alone tells the subject; how the question is put must not.
SUBJECT = (
    "meaning_best", "sentence_best", "interaction_best", "match_mean", "match_worst", "covered_first",
    "covered_shown", "unknown", "sentence_match",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A training question with what was found for it; `near` if the material only seems to answer it."""

    query: Query
    tokens: Vector
    hits: Hits
    gold: frozenset[str]
    answerable: bool
    near: bool


def read_cases(
    assistant: Assistant, answering: Answering, files: Iterable[Path] | None = None
) -> Iterator[Case]:
    """Find passages for every training question, without the network's own opinion."""
    steps = [step for step in assistant.weighing.steps if step is not answering]
    for path in sorted(TRAINING.glob("*.jsonl")) if files is None else files:
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line)
            question = Question(item["question"])
            understood = assistant.understand(question)
            if understood.talk is None:
                query, *_ = queries(question, understood)
                gold = frozenset(passage.id for passage in assistant.passages if _is_gold(passage, item))
                near = item["kind"] == "near-miss"
                yield _case(assistant, steps, query, gold, answerable=bool(item["answerable"]), near=near)


def asked_cases(assistant: Assistant, answering: Answering) -> Iterator[Case]:
    """Make cases for the networks of the questions that stand beside the sections."""
    steps = [step for step in assistant.weighing.steps if step is not answering]
    (nearest,) = (step for step in steps if isinstance(step, NearestQuestion))
    answers: dict[str, set[str]] = {}
    for each in nearest.indexed.asked:
        answers.setdefault(each.text, set()).add(each.passage.id)
    for text, gold in answers.items():
        yield _case(assistant, steps, Query(text), frozenset(gold), answerable=True, near=False)


def _case(
    assistant: Assistant,
    steps: Sequence[Step],
    query: Query,
    gold: frozenset[str],
    *,
    answerable: bool,
    near: bool,
) -> Case:
    vectors = assistant.weighing.judge.interaction.read(query.text).vectors
    return Case(query, vectors, retrieve(steps, query), gold, answerable, near)


def _is_gold(passage: Passage, item: Mapping[str, Any]) -> bool:
    return passage.document.id in item["documents"] and passage.section in item["sections"]


def pairs_of(case: Case, vectors: Mapping[str, Vector]) -> Iterator[Pair]:
    """Pair the question with what was found first and with what answers it."""
    found = (hit.passage.id for hit in case.hits[:CANDIDATES])
    for passage in dict.fromkeys((*found, *sorted(case.gold))):
        yield make_pair(case.tokens, vectors[passage], answers=passage in case.gold)


def fit(
    rows: Sequence[Mapping[str, float]], answerable: Sequence[bool], names: Sequence[str]
) -> dict[str, float]:
    """Return weights for the raw features; print the ROC area in eightfold cross-validation."""
    x = np.array([[row[name] for name in names] for row in rows])
    y = np.array(answerable)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=3000, class_weight="balanced"))
    folds = KFold(8, shuffle=True, random_state=1)
    held_out = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    print(f"{len(y)} questions, {y.sum()} answerable, AUC {area(held_out[y], held_out[~y]):.3f}")
    scaler, regression = (step for _, step in model.fit(x, y).steps)
    slopes = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - slopes @ scaler.mean_)
    return {"bias": round(bias, 4)} | {
        name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)
    }


def area(yes: Vector, no: Vector) -> float:
    """Return the share of pairs in which the yes is above the no; a tie is half."""
    return float((yes[:, None] > no[None, :]).mean() + (yes[:, None] == no[None, :]).mean() / 2)


def measure(assistant: Assistant, answering: Answering, case: Case) -> dict[str, float]:
    """Return what the judge sees of the question, with this network's opinion."""
    hits = assistant.weighing.choose(case.query, answering(case.query, case.hits))
    drafts = tuple(assistant.weighing.composer.compose(case.query, hits))
    return assistant.weighing.judge.features(case.query, hits, drafts)


def main() -> int:
    """Train on all, measure on what each fold left out, write both files."""
    assistant = build_assistant(load_settings())
    (answering,) = (step for step in assistant.weighing.steps if isinstance(step, Answering))
    cases = list(read_cases(assistant, answering))
    vectors = {
        passage.id: assistant.weighing.judge.interaction.vectors(passage) for passage in assistant.passages
    }
    pairs = [tuple(pairs_of(case, vectors)) for case in cases]
    always = [pair for case in asked_cases(assistant, answering) for pair in pairs_of(case, vectors)]
    rows: dict[int, dict[str, float]] = {}
    for fold, (kept, left) in enumerate(KFold(FOLDS, shuffle=True, random_state=3).split(cases)):
        network = weights_of(train([*always, *(pair for at in kept for pair in pairs[at])], seed=fold))
        unseen = replace(answering, answerability=answering.answerability.having((network,)))
        rows |= {int(at): measure(assistant, unseen, cases[at]) for at in left}
        print(f"fold {fold + 1} of {FOLDS} done")
    networks = [weights_of(train([*always, *chain.from_iterable(pairs)], seed=seed)) for seed in SEEDS]
    _write(assistant.weighing.judge.interaction.model, networks, rows, cases)
    return 0


def _write(
    model: str,
    networks: Sequence[Mapping[str, Any]],
    rows: Mapping[int, Mapping[str, float]],
    cases: Sequence[Case],
) -> None:
    flat = {
        f"{n}.{name}": value.astype(np.float16)
        for n, each in enumerate(networks)
        for name, value in each.items()
    }
    np.savez_compressed(NETWORKS, model=np.array(model), **flat)
    subject = [at for at, case in enumerate(cases) if not case.near]
    in_order, answerable = [rows[at] for at in range(len(cases))], [case.answerable for case in cases]
    of_subject = [rows[at] for at in subject], [answerable[at] for at in subject]
    weights = {}
    for asked, names in {"asked": tuple(rows[0]), "unasked": _without("asked", rows[0])}.items():
        weights[asked] = {
            "subject": fit(*of_subject, [name for name in (*SUBJECT, "asked_best") if name in names]),
            "answer": fit(in_order, answerable, names),
            "answer_alone": fit(in_order, answerable, _without("answers", names)),
        }
    WEIGHTS.write_text(json.dumps(weights, indent=2) + "\n", "utf-8")


def _without(part: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.startswith(part))


if __name__ == "__main__":
    sys.exit(main())
