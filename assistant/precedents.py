"""Questions that were answered from the material before, with the sentences that a reader would quote.

Whoever asks is seldom the first. The nearest of thousands of questions that somebody has read the whole
material for say where to look and what to quote, and of a question that it does not answer, that it lacks
the answer. None of them is ever shown, and an answer rests on its quotes alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, Self
from zlib import crc32

import numpy as np

from assistant.alike import Alike
from assistant.postings import Numbers, Postings
from assistant.retrieval.interaction import Vector
from assistant.retrieval.merging import merge
from assistant.vocabulary import Hit, Passage, Query

NEAREST = 30
# How fast a precedent's say falls with its distance: one this much nearer has e times as much.
SHARPNESS = 0.1
# What having all words in common adds to the cosine. Of 0 to 0.8 it told best what has an answer.
WORDS = 0.5
REMEMBERED = 256  # questions
SAME = 1 + WORDS - 0.03  # nearer than this it is the same question


@dataclass(frozen=True, eq=False)
class Labelled:
    """Questions, and what somebody who read all the material said of each.

    `vectors` (n, d) have length 1, and `words` says which words the questions have.
    `answered` (n,) is 1 where it is answered, 0.5 where in part, 0 where it is not. Vote v, of `worth` 1 for
    what a good answer quotes and less for what would do as well, is for sentence `at[v]` of passage
    `passages[of[v]]`; question n has those from `starts[n]` to `starts[n + 1]`.
    """

    vectors: Vector
    words: Postings
    answered: Vector
    starts: Numbers
    of: Numbers
    at: Numbers
    worth: Vector
    passages: Sequence[str]


@dataclass(frozen=True, slots=True)
class Precedent:
    """What the nearest labelled questions say of another one.

    `nearness` is that of the nearest (-1..1.5), `answered` the share of them (0..1, by weight) that the
    material answers, and `votes` the share that would quote a sentence, by passage id and place in it.
    """

    nearness: float = 0.0
    answered: float = 0.0
    votes: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    def of_passage(self, passage: Passage) -> float:
        """Return how much (0..1) speaks for the passage."""
        return min(1.0, sum(self.votes.get(passage.id, {}).values()))


NONE = Precedent()


class Precedents:
    """Finds the nearest labelled questions (Cover and Hart, 1967, IEEE Transactions on Information Theory).

    They are compared by the vectors that `embed` makes (texts, d), and by the words that they share. They
    speak only for passages that still have the text in which they were read; `known` are those.
    With `unseen`, as training needs it, a question is no precedent for itself.
    """

    def __init__(
        self,
        embed: Callable[[Sequence[str]], Vector],
        labelled: Labelled | None = None,
        known: frozenset[str] = frozenset(),
        *,
        unseen: bool = False,
    ) -> None:
        self.embed, self._labelled, self.known, self._unseen = embed, labelled, known, unseen
        self._found = lru_cache(maxsize=REMEMBERED)(self._find)

    def unseen(self) -> Self:
        """Return the same for questions that are among the precedents."""
        return type(self)(self.embed, self._labelled, self.known, unseen=True)

    def __call__(self, text: str) -> Precedent:
        """Return what is known of questions like this one."""
        return self._found(text)

    def of(self, query: Query) -> Precedent:
        """Return what is known of a query; of a follow-up, alone and behind its context, the mean of both."""
        alone = self(query.text)
        if not query.follow_up:
            return alone
        behind = self(f"{query.context} {query.text}")
        passages = {*alone.votes, *behind.votes}
        return Precedent(
            (alone.nearness + behind.nearness) / 2,
            (alone.answered + behind.answered) / 2,
            {each: _mean(alone.votes.get(each, {}), behind.votes.get(each, {})) for each in passages},
        )

    def _find(self, text: str) -> Precedent:
        held = self._labelled
        if held is None:
            return NONE
        nearness = held.vectors @ self.embed([text])[0] + WORDS * held.words.in_common(text)
        if self._unseen:
            nearness[nearness > SAME] = -1.0
        near = np.argsort(-nearness, kind="stable")[:NEAREST]
        best = float(nearness[near[0]])
        says = np.exp((nearness[near] - best) / SHARPNESS)
        says /= says.sum()
        votes: dict[str, dict[int, float]] = {}
        for question, weight in zip(near, says, strict=True):
            for vote in range(held.starts[question], held.starts[question + 1]):
                if (passage := held.passages[held.of[vote]]) in self.known:
                    places = votes.setdefault(passage, {})
                    at = int(held.at[vote])
                    places[at] = places.get(at, 0.0) + float(weight * held.worth[vote])
        return Precedent(best, float(says @ held.answered[near]), votes)


def _mean(votes: Mapping[int, float], others: Mapping[int, float]) -> dict[int, float]:
    return {at: (votes.get(at, 0.0) + others.get(at, 0.0)) / 2 for at in {*votes, *others}}


@dataclass(frozen=True)
class ByPrecedent:
    """Adds `precedent`, how much speaks for a passage (0..1). Times `weight` it counts in the score.

    Scores are brought back to 0..1 by dividing by 1 + weight. A passage that the precedents do not know, such
    as material of one's own, keeps its score.
    """

    precedents: Precedents
    passages: Mapping[str, Passage]
    weight: float = 1.5

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Reorder; passages that only precedents name are added."""
        precedent = self.precedents(query.text)
        named = (self.passages[each] for each in precedent.votes)
        spoken_for = {each: precedent.of_passage(each) for each in named if query.admits(each.document)}
        scored = (replace(hit, score=self._score(hit)) for hit in merge(hits, "precedent", spoken_for))
        return tuple(sorted(scored, key=lambda hit: -hit.score))

    def _score(self, hit: Hit) -> float:
        if hit.passage.id not in self.precedents.known:
            return hit.score
        return (hit.score + self.weight * hit.parts.get("precedent", 0.0)) / (1 + self.weight)


def load_precedents(alike: Alike, passages: Sequence[Passage]) -> Precedents:
    """Read those that ship with the package; none where their vectors were made by something else.

    The file holds what `Labelled` does, the vectors in int8 with `steps`, what one is worth in each, the
    passages' checksums in `texts`, the words in `stems` and what goes with them, and `model`.
    `assistant.evaluation.labelling` writes it.
    """
    with (files("assistant") / "precedents.npz").open("rb") as file, np.load(file) as held:
        if str(held["model"]) != alike.name:
            return Precedents(alike)
        texts = dict(zip(held["passages"].tolist(), held["texts"].tolist(), strict=True))
        labelled = Labelled(
            held["vectors"] * held["steps"][:, np.newaxis],
            Postings(
                {stem: at for at, stem in enumerate(held["stems"].tolist())},
                held["stem_starts"],
                held["stem_questions"],
                len(held["vectors"]),
            ),
            held["answered"].astype(np.float32),
            held["starts"],
            held["of"],
            held["at"],
            held["worth"].astype(np.float32),
            tuple(texts),
        )
    known = frozenset(each.id for each in passages if texts.get(each.id) == checksum(each))
    return Precedents(alike, labelled, known)


def rounded(vectors: Vector) -> tuple[np.ndarray[Any, np.dtype[np.int8]], Vector]:
    """Return vectors in int8, and what one is worth in each of them."""
    steps = np.abs(vectors).max(axis=1) / np.float32(127)
    return np.rint(vectors / steps[:, np.newaxis]).astype(np.int8), steps


def checksum(passage: Passage) -> int:
    """Return a number that says whether the passage still has the text that was read."""
    return crc32(passage.text.encode())
