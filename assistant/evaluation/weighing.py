"""Trains what weighs a claim against its quote: the network, the trees over it, and the threshold.

Run `python -m assistant.evaluation.weighing PUBLIC.jsonl`, about a quarter of an hour on two quiet cores.
Each line of PUBLIC is an object with `claim`, `evidence`, `title` (may be empty) and `supported`. The weights
that ship were trained on 22,600 of them, none of which is part of this project:

- VitaminC, the real revisions (Schuster et al., 2021; CC BY-SA 3.0): `static/vitaminc_real.zip` of the
  repository TalSchuster/talschuster.github.io, the pages whose title has an even SHA-256. That file is
  VitaminC's test part, the only one at hand: whoever measures this checker on VitaminC should do so on the
  other pages;
- FEVER Symmetric, development part, twice (Schuster et al., 2019; CC BY-SA 3.0): TalSchuster/FeverSymmetric;
- WiCE (Kamoi et al., 2023; ODC-BY): ryokamoi/wice, `data/non_supported_tokens/train.jsonl`;
- ConjNLI, 4,000 of its training pairs (Saha et al., 2020; MIT): swarnaHub/ConjNLI.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.checking.features import Told, measure, opposed
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
FOLDS = 5
# What one written claim counts in comparison with one that was made, and with one of the public ones.
WRITTEN, PUBLIC = 4.0, 0.1


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
    if opposed(measured):
        return None
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
    nodes = [stage[0].nodes for stage in trees._predictors]  # noqa: SLF001 - there is no other way to them
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


def main(public: Path) -> int:
    """Train the network on the public claims, the trees on those of the material that are not kept aside."""
    settings = load_settings()
    name = embedder_name(settings.embedding_model)
    passages = open_index(settings.data, settings.chroma_url).load(name).passages
    reader = Reader(load_lexicon(), size=100_000)
    others = list(read_public(public, reader))
    network = train(others, seed=0, epochs=3, rate=3e-3)
    sample = others[:: max(1, len(others) // 3000)]
    claims = [claim for claim in read_claims(passages) if _teaches(claim)]
    paired = [
        (claim, pair) for claim, pair in zip(claims, pair_up(claims, reader), strict=True) if pair is not None
    ]
    said = logits(network, [pair for _, pair in paired])
    seen = [(logit, claim, pair) for logit, (claim, pair) in zip(said, paired, strict=True)]
    trees, threshold = settle(seen, sample, logits(network, sample))
    write([network], trees, threshold)
    return 0


def _teaches(claim: Claim) -> bool:
    """Exact words never come before the trees, and words that chance has exchanged teach nothing but that."""
    return not claim.kept and claim.kind != "verbatim" and not (claim.made and claim.kind == "role")


def settle(
    seen: Sequence[tuple[float, Claim, Pair]], sample: Sequence[Pair], said: Sequence[float]
) -> tuple[HistGradientBoostingClassifier, float]:
    """Fit the trees, choose the threshold on written claims of sections that they did not see."""
    probabilities, supported = [], []
    for fold in range(FOLDS):
        left = [each for each in seen if fold_of(each[1].passages[0]) == fold and not each[1].made]
        trees = _grow([each for each in seen if fold_of(each[1].passages[0]) != fold], sample, said)
        rows = np.array([[*pair.measured.tolist(), logit] for logit, _, pair in left])
        probabilities += trees.predict_proba(rows)[:, 1].tolist()
        supported += [claim.supported for _, claim, _ in left]
    return _grow(seen, sample, said), choose_threshold(probabilities, supported)


def _grow(
    seen: Sequence[tuple[float, Claim, Pair]], sample: Sequence[Pair], said: Sequence[float]
) -> HistGradientBoostingClassifier:
    pairs = [*(pair for _, _, pair in seen), *sample]
    weights = [*(pair.weight for _, _, pair in seen), *(PUBLIC for _ in sample)]
    return fit_trees(pairs, [*(logit for logit, _, _ in seen), *said], weights)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
