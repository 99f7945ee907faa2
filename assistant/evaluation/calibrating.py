"""Fits the weights of the judge on training questions, and says how well they do on questions held out."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answering import Assistant
from assistant.assembly import build_assistant
from assistant.retrieval import retrieve
from assistant.settings import load_settings
from assistant.vocabulary import Query, Question

TRAINING = Path("tests/evaluation/training")
WEIGHTS = Path("assistant/judging.json")

# Nearness alone tells the subject; how the question is put must not.
SUBJECT = (
    "meaning_best", "sentence_best", "interaction_best", "match_mean", "match_worst", "covered_first",
    "covered_shown", "unknown", "sentence_match",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A training question, measured. `near` marks one that the material only seems to answer."""

    features: Mapping[str, float]
    answerable: bool
    near: bool


def measure(assistant: Assistant, lines: Sequence[str]) -> Iterator[Case]:
    """Find and draft as the assistant does, and keep what the judge sees."""
    for line in lines:
        item = json.loads(line)
        understood = assistant.understand(Question(item["question"]))
        if understood.talk is not None:
            continue
        query = Query(" ".join(understood.parts))
        hits = retrieve(assistant.steps, query)
        drafts = tuple(assistant.composer.compose(query, assistant.choose(query, hits)))
        features = assistant.judge.features(query, hits, drafts)
        yield Case(features, bool(item["answerable"]), item["kind"] == "near-miss")


def fit(cases: Sequence[Case], names: Sequence[str]) -> tuple[dict[str, float], float]:
    """Return weights for the raw features, and the area under the ROC curve in eightfold cross-validation."""
    x = np.array([[case.features[name] for name in names] for case in cases])
    y = np.array([case.answerable for case in cases])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=3000, class_weight="balanced"))
    folds = StratifiedKFold(8, shuffle=True, random_state=1)
    held_out = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    scaler, regression = (step for _, step in model.fit(x, y).steps)
    slopes = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - slopes @ scaler.mean_)
    weights = {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)}
    return {"bias": round(bias, 4), **weights}, _area(held_out[y], held_out[~y])


def _area(yes: np.ndarray, no: np.ndarray) -> float:
    return float((yes[:, None] > no[None, :]).mean() + (yes[:, None] == no[None, :]).mean() / 2)


def main() -> int:
    """Fit both regressions, write them, print how they do."""
    assistant = build_assistant(load_settings())
    lines = [
        line for path in sorted(TRAINING.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    cases = list(measure(assistant, lines))
    subject, on_subject = fit([case for case in cases if not case.near], SUBJECT)
    answer, on_answer = fit(
        [case for case in cases if case.answerable or case.near], tuple(cases[0].features)
    )
    WEIGHTS.write_text(json.dumps({"subject": subject, "answer": answer}, indent=2) + "\n", "utf-8")
    print(f"{len(cases)} questions; held out: subject AUC {on_subject:.3f}, answer AUC {on_answer:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
