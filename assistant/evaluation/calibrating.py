"""Trains the judge: the answerability networks, then the weights of the evidence.

Run `python -m assistant.evaluation.calibrating` after a change to what is found or measured. It takes
about twenty minutes on two cores, and prints how well the judge does on questions held out.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
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

Values = np.ndarray[Any, Any]

TRAINING = Path("tests/evaluation/training")
WEIGHTS = Path("assistant/judging.json")
NETWORKS = Path("assistant/answerability.npz")
SEEDS = (10, 11, 12)
FOLDS = 4
# Passages looked at for each question in training, beside those that answer it.
CANDIDATES = 5
# The joint layer never learned from these files, so what it says of their questions is what it says of any.
LEFT_OUT = ("a", "b", "g")
JOINT = ("joint_first", "joint_best")

# Nearness alone tells the subject; how the question is put must not.
SUBJECT = (
    "meaning_best", "sentence_best", "interaction_best", "match_mean", "match_worst", "covered_first",
    "covered_shown", "unknown", "sentence_match",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A training question with what was found for it; `near` if the material only seems to answer it.

    Questions of the same `section` are never on both sides of a fold; `file` is where the question stands.
    """

    query: Query
    tokens: Vector
    hits: Hits
    gold: frozenset[str]
    answerable: bool
    near: bool = False
    section: str = ""
    file: str = ""

    @property
    def fold(self) -> int:
        """The fold in which it is held out."""
        return crc32(self.section.encode()) % FOLDS


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
                yield replace(
                    _case(assistant, steps, query, gold),
                    answerable=bool(item["answerable"]),
                    near=item["kind"] == "near-miss",
                    section=_section(item),
                    file=path.stem,
                )


def asked_cases(assistant: Assistant, answering: Answering) -> Iterator[Case]:
    """Make cases for the networks of the questions that stand beside the sections."""
    steps = [step for step in assistant.weighing.steps if step is not answering]
    (nearest,) = (step for step in steps if isinstance(step, NearestQuestion))
    answers: dict[str, set[str]] = {}
    for each in nearest.indexed.asked:
        answers.setdefault(each.text, set()).add(each.passage.id)
    for text, gold in answers.items():
        yield _case(assistant, steps, Query(text), frozenset(gold))


def _case(assistant: Assistant, steps: Sequence[Step], query: Query, gold: frozenset[str]) -> Case:
    vectors = assistant.weighing.judge.interaction.read(query.text).vectors
    return Case(query, vectors, retrieve(steps, query), gold, answerable=True)


def _section(item: Mapping[str, Any]) -> str:
    """Return which section the question was written from, or its id where nobody has noted it."""
    written = item.get("about") or [*item["documents"][:1], *item["sections"][:1]]
    return "/".join(written or [item["id"]])


def _is_gold(passage: Passage, item: Mapping[str, Any]) -> bool:
    return passage.document.id in item["documents"] and passage.section in item["sections"]


def pairs_of(case: Case, vectors: Mapping[str, Vector]) -> Iterator[Pair]:
    """Pair the question with what was found first and with what answers it."""
    found = (hit.passage.id for hit in case.hits[:CANDIDATES])
    for passage in dict.fromkeys((*found, *sorted(case.gold))):
        yield make_pair(case.tokens, vectors[passage], answers=passage in case.gold)


def fit(
    rows: Sequence[Mapping[str, float]], cases: Sequence[Case], names: Sequence[str]
) -> tuple[dict[str, float], Values]:
    """Return weights for the raw features, and the logit of each question from a fold without its section.

    Prints the ROC area of these, of all questions and of those that are answered or only seem to be.
    """
    x = np.array([[row[name] for name in names] for row in rows])
    y, near = np.array([case.answerable for case in cases]), np.array([case.near for case in cases])
    counts = _counts(rows, y)
    held_out = np.zeros(len(y))
    for kept, left in GroupKFold(8).split(x, y, [case.section for case in cases]):
        held_out[left] = _line(x[kept], y[kept], counts[kept]).decision_function(x[left])
    areas = area(held_out[y], held_out[~y]), area(held_out[y], held_out[near]) if near.any() else 1.0
    print(f"{len(y)} questions, {y.sum()} answerable, AUC {areas[0]:.3f}, of near misses {areas[1]:.3f}")
    scaler, regression = (step for _, step in _line(x, y, counts).steps)
    slopes = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - slopes @ scaler.mean_)
    return {"bias": bias} | {name: float(slope) for name, slope in zip(names, slopes, strict=True)}, held_out


def _line(x: Values, y: Values, counts: Values) -> Any:
    line = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=3000))
    return line.fit(x, y, logisticregression__sample_weight=counts)


def _counts(rows: Sequence[Mapping[str, float]], answerable: Values) -> Values:
    """Return what each question counts, half way to as much for as against in each kind of question.

    Those who write near misses like to ask for sums of money, and that is not how readers differ.
    """
    kinds = np.array([next((name for name in row if name[:6] == "wants_" and row[name]), "") for row in rows])
    counts = np.zeros(len(rows))
    for kind in np.unique(kinds):
        here = kinds == kind
        for side in (answerable, ~answerable):
            counts[here & side] = 1 / np.sqrt(max(1, side.sum()) * max(1, (here & side).sum()))
        counts[here] *= here.sum() / counts[here].sum()
    return counts


def add_joint(
    weights: Mapping[str, float],
    held_out: Values,
    rows: Sequence[Mapping[str, float]],
    cases: Sequence[Case],
) -> dict[str, float]:
    """Weigh what the joint layer says against all the rest, on questions that it never learned from.

    It says less of some kinds of question than of others, which is evened out.
    """
    names = (*JOINT, *(name for name in rows[0] if name.startswith("wants_")))
    unread = [at for at, case in enumerate(cases) if case.file in LEFT_OUT]
    x = np.array([[held_out[at], *(rows[at][name] for name in names)] for at in unread])
    model = LogisticRegression(C=0.15)
    rest, *slopes = (float(each) for each in model.fit(x, [cases[at].answerable for at in unread]).coef_[0])
    added = dict(zip(names, slopes, strict=True)) | {"bias": float(model.intercept_[0])}
    return {name: rest * weights.get(name, 0.0) + added.get(name, 0.0) for name in (*weights, *JOINT)}


def area(yes: Values, no: Values) -> float:
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
    for fold in range(FOLDS):
        kept = (pairs[at] for at, case in enumerate(cases) if case.fold != fold)
        network = weights_of(train([*always, *chain.from_iterable(kept)], seed=fold))
        unseen = replace(answering, answerability=answering.answerability.having((network,)))
        left = (at for at, case in enumerate(cases) if case.fold == fold)
        rows |= {at: measure(assistant, unseen, cases[at]) for at in left}
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
    write_weights([rows[at] for at in range(len(cases))], cases)


def write_weights(rows: Sequence[Mapping[str, float]], cases: Sequence[Case]) -> None:
    """Fit all weights on what was measured, and write them."""
    far = [at for at, case in enumerate(cases) if not case.near]
    of_subject = [rows[at] for at in far], [cases[at] for at in far]
    weights: dict[str, dict[str, dict[str, float]]] = {}
    measured, level = _without("joint", rows[0]), None
    for asked, names in {"asked": measured, "unasked": _without("asked", measured)}.items():
        subject, _ = fit(*of_subject, [name for name in (*SUBJECT, "asked_best") if name in names])
        answer = add_joint(*fit(rows, cases, names), rows, cases)
        alone, _ = fit(rows, cases, _without("answers", names))
        level = _level(answer, rows, cases) if level is None else level
        for each in (answer, alone):
            each["bias"] += level - _level(each, rows, cases)
        weights[asked] = {"subject": subject, "answer": answer, "answer_alone": alone}
    rounded = {
        asked: {name: {key: round(value, 4) for key, value in each.items()} for name, each in three.items()}
        for asked, three in weights.items()
    }
    WEIGHTS.write_text(json.dumps(rounded, indent=2) + "\n", "utf-8")


def _level(weights: Mapping[str, float], rows: Sequence[Mapping[str, float]], cases: Sequence[Case]) -> float:
    """Return a logit that most are above that should be answered: one threshold serves all weights."""
    logits = [
        weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in row.items())
        for row, case in zip(rows, cases, strict=True)
        if case.answerable and case.file in LEFT_OUT
    ]
    return float(np.quantile(logits, 0.3))


def _without(part: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.startswith(part))


if __name__ == "__main__":
    sys.exit(main())
