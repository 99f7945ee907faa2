"""Trains what weighs a claim against its quote: the network, the trees over it, and the threshold.

Run `python -m assistant.evaluation.weighing PUBLIC.jsonl`. Each line of PUBLIC is an object with `claim`, `evidence`,
`title` (may be empty) and `supported`. The weights that ship were trained on 22,000 lines made from:

- VitaminC, the real revisions (Schuster et al., 2021; CC BY-SA 3.0): `static/vitaminc_real.zip` of the repository
  TalSchuster/talschuster.github.io, the half of its pages whose title's SHA-256 is even. That file is VitaminC's test
  part, the only one at hand: whoever measures this checker on VitaminC should do so on the other half;
- FEVER Symmetric, development part (Schuster et al., 2019; CC BY-SA 3.0): TalSchuster/FeverSymmetric;
- WiCE, training part (Kamoi et al., 2023; ODC-BY): ryokamoi/wice, `data/non_supported_tokens/train.jsonl`;
- ConjNLI, 4,000 of its training pairs (Saha et al., 2020; MIT): swarnaHub/ConjNLI.

None of their texts is part of this project. Without PUBLIC the network learns from the written claims alone and is
far worse at everything else. Takes about a quarter of an hour on two quiet cores.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.checking.features import Told, measure
from assistant.checking.lexicon import load_lexicon
from assistant.checking.reading import Reader
from assistant.checking.supporting import forbidden, told
from assistant.checking.weigher import FILE
from assistant.checking.windows import best_windows
from assistant.embedding import embedder_name
from assistant.evaluation.claims import Claim, read_claims
from assistant.evaluation.entailing import Network, Pair, logits, train, weights_of
from assistant.index import open_index
from assistant.settings import load_settings
from assistant.vocabulary import Passage

WEIGHTS = Path("assistant") / FILE
PRECISION = 0.98
FOLDS = 2
# What one written claim counts in comparison with one that was made, and with one of the public ones.
WRITTEN, PUBLIC = 2.0, 0.3


def read_public(path: Path, reader: Reader) -> Iterator[Pair]:
    """Yield the pairs of a file of public claims."""
    for line in path.read_text("utf-8").splitlines():
        item = json.loads(line)
        claim, quote = reader.read(item["claim"]), reader.read(item["evidence"])
        if claim.words and quote.words:
            relations = reader.relate(claim, quote)
            measured = measure(item["claim"], item["evidence"], Told(item["title"]), claim, quote, relations)
            yield Pair(claim, quote, relations, measured, bool(item["supported"]))


def pair_up(claims: Sequence[Claim], reader: Reader) -> list[Pair | None]:
    """Hold each claim against the best window of its passages; None where a rule forbids it already."""
    return [_pair(claim, reader) for claim in claims]


def _pair(claim: Claim, reader: Reader) -> Pair | None:
    found = [window for passage in claim.passages for window in best_windows(reader, claim.text, passage, 1)]
    window = max(found, key=lambda each: each.share, default=None)
    if window is None or forbidden(claim.text, window):
        return None
    said, held = reader.read(claim.text), reader.read(window.quote)
    relations = reader.relate(said, held)
    measured = measure(claim.text, window.quote, told(window.passage), said, held, relations)
    return Pair(said, held, relations, measured, claim.supported, 1.0 if claim.made else WRITTEN)


def fit_trees(
    pairs: Sequence[Pair], seen: Sequence[float], weights: Sequence[float]
) -> HistGradientBoostingClassifier:
    """Fit the trees over the rules' numbers and the network's logit."""
    rows = np.array([[*pair.measured.tolist(), logit] for pair, logit in zip(pairs, seen, strict=True)])
    trees = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.06,
        max_leaf_nodes=12,
        min_samples_leaf=30,
        l2_regularization=1.0,
        random_state=1,
    )
    return trees.fit(rows, [pair.supported for pair in pairs], sample_weight=weights)


def flatten(trees: HistGradientBoostingClassifier) -> dict[str, np.ndarray[Any, Any]]:
    """Return the trees as the rows of nodes that `assistant.checking.weigher.Trees` walks."""
    nodes = [stage[0].nodes for stage in trees._predictors]  # noqa: SLF001 - scikit-learn has no other way to export them
    roots = np.cumsum([0, *(len(each) for each in nodes)])[:-1]
    shifted = [each["left"].astype(int) + root for each, root in zip(nodes, roots, strict=True)]
    turned = [each["right"].astype(int) + root for each, root in zip(nodes, roots, strict=True)]
    joined = np.concatenate(nodes)
    return {
        "start": np.array(float(trees._baseline_prediction.ravel()[0])),  # noqa: SLF001 - likewise
        "roots": roots,
        "feature": np.where(joined["is_leaf"], -1, joined["feature_idx"].astype(int)),
        "limit": joined["num_threshold"],
        "left": np.concatenate(shifted),
        "right": np.concatenate(turned),
        "value": joined["value"],
    }


def choose_threshold(probabilities: Sequence[float], supported: Sequence[bool]) -> float:
    """Return the lowest probability from which on the precision asked for is kept."""
    order = np.argsort(-np.array(probabilities))
    right = np.cumsum(np.array(supported)[order])
    precise = np.flatnonzero(right / np.arange(1, len(order) + 1) >= PRECISION)
    return float(np.array(probabilities)[order][precise[-1]]) if len(precise) else 1.0


def fold_of(passage: Passage) -> int:
    """Return the fold of a passage: all of a section are in one."""
    return sum(f"{passage.document.id}/{passage.section}".encode()) % FOLDS


def write(networks: Sequence[Network], trees: HistGradientBoostingClassifier, threshold: float) -> None:
    """Write the file that ships."""
    held = {
        f"{at}.{name}": value.astype(np.float16)
        for at, network in enumerate(networks)
        for name, value in weights_of(network).items()
    }
    grown = {f"trees.{name}": value for name, value in flatten(trees).items()}
    arrays: Mapping[str, Any] = held | grown
    np.savez_compressed(WEIGHTS, networks=np.array(len(networks)), threshold=np.array(threshold), **arrays)


def main(public: Path | None) -> int:
    """Train on the claims that are not kept aside; choose the threshold on what each fold left out."""
    settings = load_settings()
    passages = (
        open_index(settings.data, settings.chroma_url).load(embedder_name(settings.embedding_model)).passages
    )
    reader = Reader(load_lexicon(), size=100_000)
    claims = [claim for claim in read_claims(passages) if not claim.kept and claim.passages]
    paired = [(claim, pair) for claim, pair in zip(claims, pair_up(claims, reader), strict=True) if pair]
    others = list(read_public(public, reader)) if public else []
    first = train(others, seed=0, epochs=3, rate=3e-3) if others else None
    sample = others[:: max(1, len(others) // 5000)]
    out: list[tuple[float, Claim, Pair]] = []
    for fold in range(FOLDS):
        kept = [pair for claim, pair in paired if fold_of(claim.passages[0]) != fold]
        left = [(claim, pair) for claim, pair in paired if fold_of(claim.passages[0]) == fold]
        network = train([*kept, *kept, *sample], seed=3, epochs=2, rate=1.5e-3, start=first)
        said = logits(network, [pair for _, pair in left])
        out += [(logit, claim, pair) for logit, (claim, pair) in zip(said, left, strict=True)]
    last = train(
        [*(pair for _, pair in paired), *(pair for _, pair in paired), *sample],
        seed=3,
        epochs=2,
        rate=1.5e-3,
        start=first,
    )
    trees, threshold = settle(out, sample, logits(last, sample))
    write([last], trees, threshold)
    return 0


def settle(
    out: Sequence[tuple[float, Claim, Pair]], sample: Sequence[Pair], said: Sequence[float]
) -> tuple[HistGradientBoostingClassifier, float]:
    """Fit the trees on what the folds left out, and choose the threshold by trees that did not see the claim."""
    probabilities, supported = [], []
    for fold in range(FOLDS):
        kept = [each for each in out if fold_of(each[1].passages[0]) != fold]
        left = [each for each in out if fold_of(each[1].passages[0]) == fold and each[1].kind != "verbatim"]
        trees = _grow(kept, sample, said)
        rows = np.array([[*pair.measured.tolist(), logit] for logit, _, pair in left])
        probabilities += trees.predict_proba(rows)[:, 1].tolist()
        supported += [claim.supported for _, claim, _ in left]
    return _grow(out, sample, said), choose_threshold(probabilities, supported)


def _grow(
    out: Sequence[tuple[float, Claim, Pair]], sample: Sequence[Pair], said: Sequence[float]
) -> HistGradientBoostingClassifier:
    pairs = [*(pair for _, _, pair in out), *sample]
    weights = [*(pair.weight for _, _, pair in out), *(PUBLIC for _ in sample)]
    return fit_trees(pairs, [*(logit for logit, _, _ in out), *said], weights)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
