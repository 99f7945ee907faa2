"""Fits the judge's weights on what was measured of the training questions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.evaluation.cases import Case

Values = np.ndarray[Any, Any]
Row = Mapping[str, float]

WEIGHTS = Path("assistant/judging.json")

# What a network says of questions that it learned from is no guide to what it says of others. It has never
# learned from these files.
UNREAD = {"joint": ("a", "b", "g", "i", "j", "k"), "answers": ("i", "j", "k")}
# What a question counts that such a network learned from: what it says there is only reckoned.
RECKONED = 0.3
# Questions that people make up who don't know the material; the others were written from it.
NATURAL = ("i", "j")

# Nearness alone tells the subject; how the question is put must not.
SUBJECT = (
    "meaning_best", "sentence_best", "interaction_best", "match_mean", "match_worst", "covered_first",
    "covered_shown", "unknown", "sentence_match",
)  # fmt: skip


def reckon(rows: Sequence[Row], cases: Sequence[Case]) -> list[Row]:
    """Return the rows; what a network says of questions that it learned from is reckoned from the rest."""
    names = [name for name in rows[0] if not name.startswith(tuple(UNREAD))]
    rest = np.array([[row[name] for name in names] for row in rows])
    made = [dict(row) for row in rows]
    for part, files in UNREAD.items():
        unread = np.array([case.file in files for case in cases])
        if not unread.any() or unread.all():
            continue
        for name in (each for each in rows[0] if each.startswith(part)):
            known = np.array([row[name] for row in rows])
            line = make_pipeline(StandardScaler(), Ridge(10.0)).fit(rest[unread], known[unread])
            for at, value in zip(np.flatnonzero(~unread), line.predict(rest[~unread]), strict=True):
                made[at][name] = float(value)
    return list(made)


def fit(rows: Sequence[Row], cases: Sequence[Case], names: Sequence[str]) -> dict[str, float]:
    """Return weights for the raw features.

    Prints the ROC area on folds whose sections the weights have not seen: of all questions, of those that are
    answered or only seem to be, and of those that people made up.
    """
    x = np.array([[row[name] for name in names] for row in rows])
    y = np.array([case.answerable for case in cases])
    counts = _counts(rows, y) * [1.0 if case.file in UNREAD["joint"] else RECKONED for case in cases]
    held_out = np.zeros(len(y))
    for kept, left in GroupKFold(8).split(x, y, [case.section for case in cases]):
        held_out[left] = _line(x[kept], y[kept], counts[kept]).decision_function(x[left])
    kinds = {
        "all": np.ones(len(y), dtype=bool),
        "near misses": np.array([case.near or case.answerable for case in cases]),
        "natural": np.array([case.file in NATURAL for case in cases]),
    }
    areas = (
        f"{kind} {area(held_out[here & y], held_out[here & ~y]):.3f}"
        for kind, here in kinds.items()
        if (here & y).any() and (here & ~y).any()
    )
    print(f"{len(y)} questions, {y.sum()} answerable, AUC {', '.join(areas)}")
    scaler, regression = (step for _, step in _line(x, y, counts).steps)
    slopes = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - slopes @ scaler.mean_)
    return {"bias": bias} | {name: float(slope) for name, slope in zip(names, slopes, strict=True)}


def _line(x: Values, y: Values, counts: Values) -> Any:
    line = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=3000))
    return line.fit(x, y, logisticregression__sample_weight=counts)


def _counts(rows: Sequence[Row], answerable: Values) -> Values:
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


def area(yes: Values, no: Values) -> float:
    """Return the share of pairs in which the yes is above the no; a tie is half."""
    return float((yes[:, None] > no[None, :]).mean() + (yes[:, None] == no[None, :]).mean() / 2)


def write_weights(rows: Sequence[Row], cases: Sequence[Case], path: Path = WEIGHTS) -> None:
    """Fit all weights on what was measured, and write them.

    Material of one's own has neither readers' questions beside it nor precedents, and another model's vectors
    fit no network.
    """
    far = [at for at, case in enumerate(cases) if not case.near and case.file not in NATURAL]
    of_subject, evened = ([rows[at] for at in far], [cases[at] for at in far]), reckon(rows, cases)
    weights: dict[str, dict[str, dict[str, float]]] = {}
    level = None
    for asked, names in {"asked": tuple(rows[0]), "unasked": _without(rows[0], "asked", "precedent")}.items():
        subject = fit(*of_subject, [name for name in (*SUBJECT, "asked_best") if name in names])
        answer = fit(evened, cases, names)
        alone = fit(evened, cases, _without(names, "answers", "joint", "precedent"))
        level = _level(answer, rows, cases) if level is None else level
        for each in (answer, alone):
            each["bias"] += level - _level(each, rows, cases)
        weights[asked] = {"subject": subject, "answer": answer, "answer_alone": alone}
    rounded = {
        asked: {name: {key: round(value, 4) for key, value in each.items()} for name, each in three.items()}
        for asked, three in weights.items()
    }
    path.write_text(json.dumps(rounded, indent=2) + "\n", "utf-8")


def _level(weights: Row, rows: Sequence[Row], cases: Sequence[Case]) -> float:
    """Return a logit that most are above that should be answered: one threshold serves all weights."""
    logits = [
        weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in row.items())
        for row, case in zip(rows, cases, strict=True)
        if case.answerable and case.file in UNREAD["joint"]
    ]
    return float(np.quantile(logits, 0.3))


def _without(names: Iterable[str], *parts: str) -> tuple[str, ...]:
    return tuple(name for name in names if not name.startswith(parts))
