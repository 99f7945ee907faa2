"""Makes the precedents: training questions as vectors, with what readers of all the material said of each.

Run `python -m assistant.evaluation.labelling` when a digest, a question or a label changed; it takes a
minute. With `--layers` what makes the vectors is trained anew, after many new questions or for a change of
the embedding model; it takes a quarter of an hour on two cores. `tests/evaluation/README.md` says how a
question is labelled.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from assistant.alike import Alike, load_alike
from assistant.answering import Assistant
from assistant.assembly import build_assistant
from assistant.compact import open_graph
from assistant.errors import MaterialInvalid
from assistant.evaluation.cases import TRAINING
from assistant.evaluation.layers import Layer, weights_of
from assistant.evaluation.likening import Lesson, ranges_of, train
from assistant.exporting import export_layers
from assistant.opening import open_embedder
from assistant.postings import Postings
from assistant.precedents import Labelled, checksum, rounded
from assistant.retrieval.interaction import Vector
from assistant.settings import load_settings
from assistant.vocabulary import Passage, Question
from assistant.weighing import queries

LABELS = TRAINING / "needed" / "read.jsonl"
PRECEDENTS, LAYERS = Path("assistant/precedents.npz"), Path("assistant/alike.onnx")
ANSWERED = {"yes": 1.0, "partly": 0.5, "no": 0.0}
# What a sentence is worth that would do as well, where a good answer would quote another.
ALSO = 0.5
_SOME = 20  # every one of so many questions is read to find the ranges

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


def label(
    texts: Sequence[str], vectors: Vector, labels: Sequence[Sequence[Label]], material: Sequence[Passage]
) -> Labelled:
    """Put questions and their labels together; what several readers said is averaged."""
    passages = tuple(each.id for each in material)
    number = {passage: at for at, passage in enumerate(passages)}
    votes = [_mean(each) for each in labels]
    places = [place for each in votes for place in each]
    return Labelled(
        vectors=vectors,
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


def lesson(states: Sequence[Vector], texts: Sequence[str], labelled: Labelled) -> Lesson:
    """Return what the layers learn: of each question how far it is answered, and from which passages."""
    votes = np.zeros((len(texts), len(labelled.passages)), dtype=np.float32)
    questions = np.repeat(np.arange(len(texts)), np.diff(labelled.starts))
    np.add.at(votes, (questions, labelled.of), labelled.worth)
    return Lesson(texts, states, labelled.answered, np.minimum(votes, 1))


def write_layers(made: Lesson) -> None:
    """Train what makes the vectors, and write it; some of the questions tell the ranges for int8."""
    network = train(made, seed=0)
    layers = [each for each in network.layers if isinstance(each, Layer)]
    ranges = ranges_of(network, made.states[::_SOME])
    LAYERS.write_bytes(export_layers(weights_of(layers), ranges, len(layers)))


def write(labelled: Labelled, model: str, passages: Sequence[Passage], path: Path = PRECEDENTS) -> None:
    """Write the file that ships with the package."""
    vectors, steps = rounded(labelled.vectors)
    held: dict[str, Any] = {
        "model": np.array(model),
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


def read_labelled(assistant: Assistant, alike: Alike) -> tuple[Labelled, Lesson]:
    """Read every training question that somebody has read the material for; `alike` makes the vectors."""
    labels, questions = read_labels(LABELS, assistant.passages), read_questions()
    texts = [as_searched(assistant, questions[id_]) for id_ in labels]
    labelled = label(texts, alike(texts), list(labels.values()), assistant.passages)
    return labelled, lesson(alike.states(texts), texts, labelled)


def main(arguments: Sequence[str]) -> int:
    """Label the questions, with `--layers` after training anew what makes their vectors."""
    settings = load_settings()
    assistant = build_assistant(settings)
    embedder = open_embedder(settings.embedding_model, settings.threads, settings.data)
    if "--layers" in arguments:
        _, made = read_labelled(assistant, Alike(embedder, None))
        write_layers(made)
    alike = load_alike(embedder, partial(open_graph, threads=settings.threads))
    labelled, _ = read_labelled(assistant, alike)
    write(labelled, alike.name, assistant.passages)
    print(f"{len(labelled.answered)} questions, {len(labelled.of)} votes, written to {PRECEDENTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
