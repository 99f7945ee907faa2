"""Makes the precedents: training questions as vectors, with what readers of all the material said of each.

Run `python -m assistant.evaluation.labelling` when the embedding model, a digest, a question or a label
changed; it takes a minute. `tests/evaluation/README.md` says how a question is labelled.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from assistant.answering import Assistant
from assistant.assembly import build_assistant
from assistant.embedding import PACKAGED, embedder_name
from assistant.errors import MaterialInvalid
from assistant.evaluation.cases import TRAINING
from assistant.postings import Postings
from assistant.precedents import Labelled, checksum, rounded
from assistant.settings import load_settings
from assistant.vocabulary import Passage, Question
from assistant.weighing import queries

LABELS = TRAINING / "needed" / "read.jsonl"
PRECEDENTS = Path("assistant/precedents.npz")
ANSWERED = {"yes": 1.0, "partly": 0.5, "no": 0.0}
# What a sentence is worth that would do as well, where a good answer would quote another.
ALSO = 0.5

Place = tuple[str, int]  # a passage's id, and a sentence's number in it, from 0


@dataclass(frozen=True, slots=True)
class Label:
    """What one reader said of a question: how far it is answered (0..1), and what each sentence is worth."""

    answered: float
    worth: Mapping[Place, float]


def read_labels(path: Path, passages: Sequence[Passage]) -> dict[str, list[Label]]:
    """Return the labels of each question by its id; of several readers' each counts.

    Raises `MaterialInvalid`, with the line, where one names a section or an answer that does not exist.
    """
    ids = {f"{each.document.id}#{each.section}": each.id for each in passages}
    found: dict[str, list[Label]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        item = json.loads(line)
        try:
            worth = dict(chain(_places(item.get("also", {}), ids, ALSO), _places(item["best"], ids, 1.0)))
            found.setdefault(item["id"], []).append(Label(ANSWERED[item["answered"]], worth))
        except KeyError as error:
            raise MaterialInvalid(f"{path}:{number}: there is no {error}") from error
    return found


def _places(
    named: Mapping[str, Sequence[int]], ids: Mapping[str, str], worth: float
) -> Iterator[tuple[Place, float]]:
    for section, numbers in named.items():
        yield from (((ids[section], number - 1), worth) for number in numbers)


def label(texts: Sequence[str], labels: Sequence[Sequence[Label]], assistant: Assistant) -> Labelled:
    """Put questions and their labels together; what several readers said is averaged."""
    passages = tuple(each.id for each in assistant.passages)
    number = {passage: at for at, passage in enumerate(passages)}
    votes = [_mean(each) for each in labels]
    places = [place for each in votes for place in each]
    return Labelled(
        vectors=assistant.weighing.judge.precedents.embed(texts),
        words=Postings.of(texts),
        answered=np.array([fmean(one.answered for one in each) for each in labels], dtype=np.float32),
        starts=np.cumsum([0, *map(len, votes)]),
        of=np.array([number[passage] for passage, _ in places], dtype=np.int32),
        at=np.array([at for _, at in places], dtype=np.int16),
        worth=np.array([worth for each in votes for worth in each.values()], dtype=np.float32),
        passages=passages,
    )


def _mean(labels: Sequence[Label]) -> dict[Place, float]:
    places = sorted({place for each in labels for place in each.worth})
    return {place: fmean(each.worth.get(place, 0.0) for each in labels) for place in places}


def read_questions() -> dict[str, str]:
    """Return all training questions by their ids."""
    lines = chain.from_iterable(
        path.read_text("utf-8").splitlines() for path in sorted(TRAINING.glob("*.jsonl"))
    )
    return {item["id"]: item["question"] for item in map(json.loads, lines)}


def as_searched(assistant: Assistant, text: str) -> str:
    """Return the question as it is searched for, with its spelling corrected."""
    question = Question(text)
    return queries(question, assistant.understand(question))[0].text


def write(labelled: Labelled, passages: Sequence[Passage], path: Path = PRECEDENTS) -> None:
    """Write the file that ships with the package."""
    vectors, steps = rounded(labelled.vectors)
    held: dict[str, Any] = {
        "model": np.array(embedder_name(PACKAGED)),
        "vectors": vectors,
        "steps": steps,
        "stems": np.array(list(labelled.words.stems)),
        "stem_starts": labelled.words.starts,
        "stem_questions": labelled.words.texts,
        "answered": labelled.answered.astype(np.float16),
        "starts": labelled.starts,
        "of": labelled.of,
        "at": labelled.at,
        "worth": labelled.worth.astype(np.float16),
        "passages": np.array(labelled.passages),
        "texts": np.array([checksum(each) for each in passages]),
    }
    np.savez_compressed(path, **held)


def main() -> int:
    """Label every training question that somebody has read the material for."""
    assistant = build_assistant(load_settings())
    labels, questions = read_labels(LABELS, assistant.passages), read_questions()
    texts = [as_searched(assistant, questions[id_]) for id_ in labels]
    labelled = label(texts, list(labels.values()), assistant)
    write(labelled, assistant.passages)
    print(f"{len(texts)} questions, {len(labelled.of)} votes, written to {PRECEDENTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
