"""Trains what tells whether the material answers: the layer that reads both, then the judge's weights.

Run `python -m assistant.evaluation.calibrating` after a change to what is found or measured; it takes most of
an hour on two cores. With `--judge` only the judge's weights are fitted, in some minutes: that is enough
unless the embedding model or the training questions changed. Both print how well they do on questions that
they did not learn from.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answerability import Answering, end_of
from assistant.answering import Assistant
from assistant.assembly import build_assistant
from assistant.evaluation.learning import Joint, Pair, heads_of, ranges_of, train, weights_of
from assistant.exporting import DEEP, export_layer
from assistant.retrieval import Hits, retrieve
from assistant.retrieval.interaction import Vector
from assistant.retrieval.meaning import NearestQuestion
from assistant.retrieval.tokens import PassageTokens
from assistant.settings import load_settings
from assistant.vocabulary import Passage, Query, Question
from assistant.weighing import queries

TRAINING = Path("tests/evaluation/training")
NEEDED = TRAINING / "needed" / "sentences.jsonl"
WEIGHTS = Path("assistant/judging.json")
LAYER, HEADS = Path("assistant/answerability.onnx"), Path("assistant/answerability.npz")
# The judge sees what the layer says of questions that are new to it: of these files it never learns.
JUDGED = ("a", "b", "g")
# Passages that don't answer, for each question in training: the two nearest, others near, one by chance.
NEAREST, OTHERS = 2, 1

# Nearness alone tells the subject; how the question is put must not.
SUBJECT = (
    "meaning_best", "sentence_best", "interaction_best", "match_mean", "match_worst", "covered_first",
    "covered_shown", "unknown", "sentence_match",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A training question with what was found for it; `near` if the material only seems to answer it."""

    query: Query
    hits: Hits
    gold: frozenset[str]
    answerable: bool
    near: bool


def read_cases(assistant: Assistant, files: Iterable[Path], *, learned: bool) -> Iterator[Case]:
    """Find passages for every training question; with `learned`, as ranked by the layer that there is."""
    steps = assistant.weighing.steps if learned else _unlearned(assistant)
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line)
            question = Question(item["question"])
            understood = assistant.understand(question)
            if understood.talk is None:
                query, *_ = queries(question, understood)
                hits = assistant.weighing.choose(query, retrieve(steps, query))
                gold = frozenset(passage.id for passage in assistant.passages if _is_gold(passage, item))
                yield Case(query, hits, gold, bool(item["answerable"]), item["kind"] == "near-miss")


def asked_cases(assistant: Assistant) -> Iterator[Case]:
    """Make cases of the questions that stand beside the sections."""
    steps = _unlearned(assistant)
    (nearest,) = (step for step in steps if isinstance(step, NearestQuestion))
    answers: dict[str, set[str]] = {}
    for each in nearest.indexed.asked:
        answers.setdefault(each.text, set()).add(each.passage.id)
    for text, gold in answers.items():
        query = Query(text)
        yield Case(query, retrieve(steps, query), frozenset(gold), answerable=True, near=False)


def _unlearned(assistant: Assistant) -> list[Any]:
    return [step for step in assistant.weighing.steps if not isinstance(step, Answering)]


def _is_gold(passage: Passage, item: Mapping[str, Any]) -> bool:
    return passage.document.id in item["documents"] and passage.section in item["sections"]


class Pairing:
    """Makes pairs to learn from: a question with what answers it, and with passages that don't."""

    def __init__(self, assistant: Assistant) -> None:
        judge = assistant.weighing.judge
        self._read = judge.interaction.read
        self._passages = assistant.passages
        self._held = judge.answerability.held
        self._needed = dict(_read_needed(assistant.passages))
        self._chance = np.random.default_rng(1)

    def __call__(self, case: Case) -> tuple[Pair, ...]:
        """Return the pairs of a question; of passages nobody has called wrong, some may answer as well."""
        wrong = [hit.passage.id for hit in case.hits if hit.passage.id not in case.gold]
        others = wrong[NEAREST:12]
        chosen = wrong[:NEAREST] + [str(each) for each in self._chance.permutation(others)[:OTHERS]]
        chosen.append(self._passages[self._chance.integers(len(self._passages))].id)
        certain = 0.6 if case.gold else 1.0
        yes = (self._pair(case, each, answers=True) for each in sorted(case.gold))
        no = (self._pair(case, each, answers=False, weight=certain) for each in chosen)
        return (*yes, *no)

    def _pair(self, case: Case, passage: str, *, answers: bool, weight: float = 1.0) -> Pair:
        held: PassageTokens = self._held[passage]
        assert held.deep is not None
        question = self._read(case.query.text).deep
        assert question is not None
        chosen = self._needed.get((passage, case.query.text)) if answers else None
        needed = None if chosen is None else tuple(at in chosen for at in range(1, len(held.places) + 1))
        return Pair(end_of(question), held.deep, held.places, answers, needed, weight)


def _read_needed(passages: Sequence[Passage]) -> Iterator[tuple[tuple[str, str], frozenset[int]]]:
    """Yield which sentences, counted from 1, of a passage a question needs."""
    ids = {(passage.document.id, passage.section): passage.id for passage in passages}
    for line in NEEDED.read_text("utf-8").splitlines():
        item = json.loads(line)
        if (item["document"], item["section"]) in ids:
            where = ids[item["document"], item["section"]]
            yield (where, item["question"]), frozenset(item["sentences"])


def learn_layer(assistant: Assistant) -> None:
    """Train the layer on all questions but those that the judge learns from, and write it."""
    files = [path for path in sorted(TRAINING.glob("*.jsonl")) if path.stem not in JUDGED]
    pairing = Pairing(assistant)
    cases = chain(read_cases(assistant, files, learned=False), asked_cases(assistant))
    questions = [pairing(case) for case in cases]
    print(f"{len(questions)} questions, {sum(map(len, questions))} pairs")
    write_layer(train(questions, seed=0, layer=_next_layer()), [pairs[0] for pairs in questions[::20]])


def _next_layer() -> Mapping[str, Any]:
    from safetensors.torch import load_file  # noqa: PLC0415 - only for training

    from assistant.packaged import WEIGHTS as MODEL  # noqa: PLC0415 - likewise
    from assistant.packaged import packaged_folder  # noqa: PLC0415 - likewise

    start = f"encoder.layer.{DEEP}."
    held = load_file(packaged_folder() / MODEL)
    return {name.removeprefix(start): value for name, value in held.items() if name.startswith(start)}


def write_layer(network: Joint, sample: Sequence[Pair]) -> None:
    """Write both files; the ranges for int8 are taken from the sample."""
    from assistant.embedding import PACKAGED, embedder_name  # noqa: PLC0415 - only for training

    LAYER.write_bytes(export_layer(weights_of(network), ranges_of(network, sample)))
    np.savez_compressed(HEADS, model=np.array(embedder_name(PACKAGED)), **heads_of(network))


def fit_judge(assistant: Assistant) -> None:
    """Fit the judge's weights, with and without what an index or a model may lack."""
    cases = list(read_cases(assistant, [TRAINING / f"{name}.jsonl" for name in JUDGED], learned=True))
    rows = [measure(assistant, case) for case in cases]
    answerable = [case.answerable for case in cases]
    subject = [at for at, case in enumerate(cases) if not case.near]
    of_subject = [rows[at] for at in subject], [answerable[at] for at in subject]
    weights = {}
    for asked, names in {"asked": tuple(rows[0]), "unasked": _without("asked", rows[0])}.items():
        weights[asked] = {
            "subject": fit(*of_subject, [name for name in (*SUBJECT, "asked_best") if name in names]),
            "answer": fit(rows, answerable, names),
            "answer_alone": fit(rows, answerable, _without("answers", names)),
        }
    WEIGHTS.write_text(json.dumps(weights, indent=2) + "\n", "utf-8")


def measure(assistant: Assistant, case: Case) -> dict[str, float]:
    """Return what the judge sees of the question."""
    drafts = tuple(assistant.weighing.composer.compose(case.query, case.hits))
    return assistant.weighing.judge.features(case.query, case.hits, drafts)


def fit(
    rows: Sequence[Mapping[str, float]], answerable: Sequence[bool], names: Sequence[str]
) -> dict[str, float]:
    """Return weights for the raw features; print the ROC area in eightfold cross-validation."""
    x = np.array([[row[name] for name in names] for row in rows])
    y = np.array(answerable)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=3000, class_weight="balanced"))
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


def _without(part: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.startswith(part))


def main(arguments: Sequence[str]) -> int:
    """Train the layer, unless only the judge is asked for; then fit the judge on what it now says."""
    build = partial(build_assistant, load_settings())
    if "--judge" not in arguments:
        learn_layer(build())
    fit_judge(build())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
