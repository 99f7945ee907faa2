"""Is there an answer here? The gate before anything is shown, on evidence and not on one threshold."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from assistant.joint import Joint
from assistant.precedents import Precedents
from assistant.rarity import Rarity
from assistant.retrieval import Hits
from assistant.retrieval.everyday import Everyday
from assistant.retrieval.interaction import Interaction
from assistant.retrieval.words import searchable_stems
from assistant.vocabulary import Document, Draft, Query
from assistant.wanted import Wanted, holds, wanted
from assistant.words import STOP_WORDS, stem, stems

_NAME = re.compile(r"(?<!^)(?<![.!?:] )\b[A-Z][\w’'-]*[a-z][\w’'-]*")
_ACRONYM = re.compile(r"\b[A-Z]{2,}[A-Z0-9]*\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WEAK = 0.45
# A word matched no better than this may be lost, the more so the rarer it is.
_LOST = 0.6
# What a word weighs (`Rarity.weight`) that few passages have.
_RARE = 5.5
# What an abbreviation costs that the near passages neither have nor spell out, in logits: a question turns on
# it ("our TUPE duties"). Set by hand, as too few questions for training have one.
_ABBREVIATED = 1.5
_SHORT = 8  # letters; what is longer is a word, and would make a long pattern
_BETWEEN = r"[\w’'-]*\W+(?:(?:and|of|for|the|in)\W+)?"
# Fewer words than this say nothing about a gap: any of them may be in it.
_TELLING = 3
_KINDS = (Wanted.MONEY, Wanted.COUNT, Wanted.SHARE, Wanted.DATE, Wanted.PERSON, Wanted.REASON, Wanted.MANNER)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely (0..1) the drafts answer, how likely the question is on the subject, the gap it is in."""

    confidence: float
    subject: float
    gap: Document | None
    gap_share: float


@dataclass(frozen=True)
class Judge:
    """Two logistic regressions on what finding and composing measured.

    `subject` tells questions on the subject from all others, `confidence` tells those that the
    material answers from those that only look like it. One alone does worse at both: a near miss
    shares more words with the material than most questions that it answers.
    `asked` has the stems of the questions that each passage is known to answer, by its id.
    `python -m assistant.evaluation.calibrating` fits the weights on `tests/evaluation/training`.
    """

    interaction: Interaction
    joint: Joint
    precedents: Precedents
    rarity: Rarity
    everyday: Everyday
    asked: Mapping[str, frozenset[str]]
    weights: Mapping[str, Mapping[str, Mapping[str, float]]]

    def judge(self, query: Query, hits: Hits, drafts: Sequence[Draft]) -> Judgement:
        """Return the confidence that these drafts answer the query."""
        gap, share = self._gap(query, hits)
        if not hits or not drafts:
            return Judgement(0.0, 0.0, gap, share)
        features = self.features(query, hits, drafts)
        # Material of one's own has no readers' questions beside it, and must not be doubted for that.
        weights = self.weights["asked" if "asked" in hits[0].parts else "unasked"]
        lost = _ABBREVIATED * any(self._is_strange(each, hits) for each in _abbreviations(query.text))
        subject = _logistic(weights["subject"], features)
        return Judgement(_logistic(weights["answer"], features, -lost), subject, gap, share)

    def _is_strange(self, abbreviation: str, hits: Hits) -> bool:
        """Whether the material never has it, and no near passage has the words that it stands for."""
        if stem(abbreviation.lower()) in self.rarity or self.everyday.meant_by(abbreviation):
            return False
        spelt_out = re.compile(rf"\b{_BETWEEN.join(abbreviation)}", re.IGNORECASE)
        return not any(
            spelt_out.search(f"{hit.passage.document.title}. {hit.passage.section} {hit.passage.text}")
            for hit in hits
        )

    def features(self, query: Query, hits: Hits, drafts: Sequence[Draft]) -> dict[str, float]:
        """Return what the confidence is computed from, by name; each is about 0..1."""
        return dict(
            (
                *self._nearness(hits),
                *self._coverage(query, hits, drafts),
                *self._matches(query, hits),
                *self._read(query, hits),
                *self._preceded(query, hits),
                *self._kind(query, drafts),
            )
        )

    def _nearness(self, hits: Hits) -> Iterator[tuple[str, float]]:
        """How near the best passages are, and how far they stand out."""
        for part in ("meaning", "sentence", "asked", "interaction"):
            values = sorted((hit.parts[part] for hit in hits if part in hit.parts), reverse=True) or [0.0]
            yield f"{part}_best", values[0]
            yield f"{part}_lead", values[0] - values[min(5, len(values) - 1)]
        answers = sorted((hit.parts["answers"] for hit in hits if "answers" in hit.parts), reverse=True)[
            :5
        ] or [0.0]
        yield "answers_best", answers[0]
        yield "answers_logit", _logit(answers[0], 1e-6)
        yield "answers_first", hits[0].parts.get("answers", 0.0)
        yield "answers_others", sum(answers[1:]) / 4
        yield "agreement", float(_first(hits, "words") == _first(hits, "sentence"))
        yield "score_lead", hits[0].score - hits[min(3, len(hits) - 1)].score

    def _coverage(self, query: Query, hits: Hits, drafts: Sequence[Draft]) -> Iterator[tuple[str, float]]:
        """How much of what the question says is there, word for word."""
        words = stems(query.text)
        first = set(searchable_stems(hits[0].passage))
        shown = {
            stem_ for draft in drafts for passage in draft.claimed for stem_ in searchable_stems(passage)
        }
        known = [word for word in words if word in self.rarity]
        explained = {stem_ for word in words for stem_ in self._explained(word)}
        yield "covered_first", self.rarity.share(words, first)
        yield "covered_shown", self.rarity.share(words, shown)
        yield "unknown", 1 - self.rarity.share(words, {*known, *explained})
        yield "names_missing", min(3, len(_missing_names(query.text, first))) / 3
        yield "names_unknown", min(3, len(_missing_names(query.text, shown))) / 3
        lacking = max((self.rarity.weight(word) for word in words if word not in shown), default=0.0)
        yield "worst_word", 1 - min(1.0, lacking / _RARE)
        yield "years_missing", float(any(year not in first for year in _YEAR.findall(query.text)))
        asked = self.asked.get(hits[0].passage.id, frozenset())
        yield "asked_or_covered", self.rarity.share(words, first | asked)
        gap, share = self._gap(query, hits)
        yield "gap", share
        yield "gap_first", share * float(gap == hits[0].passage.document)

    def _explained(self, word: str) -> frozenset[str]:
        """Return the word itself if the thesaurus knows what it stands for in the material."""
        return frozenset({word}) if self.everyday.meant_by(word) else frozenset()

    def _matches(self, query: Query, hits: Hits) -> Iterator[tuple[str, float]]:
        """How well each word of the question is matched by meaning, the worst ones above all."""
        first = self.interaction.words(query.text, hits[0].passage)
        ranked = sorted(float(value) for value in first)
        yield "match_mean", sum(ranked) / len(ranked)
        yield "match_worst", sum(ranked[:2]) / len(ranked[:2])
        yield "match_weak", sum(value < _WEAK for value in ranked) / len(ranked)
        lost = zip(self.interaction.query(query.text).words, first, strict=False)
        yield (
            "match_lost",
            max((self._weight(word) * max(0.0, _LOST - float(value)) for word, value in lost), default=0.0),
        )

    def _weight(self, word: str) -> float:
        """Return what one word, which may have several stems or none, weighs, about 0..1."""
        return max((self.rarity.weight(stem_) for stem_ in stems(word)), default=0.5) / _RARE

    def _read(self, query: Query, hits: Hits) -> Iterator[tuple[str, float]]:
        """Whether the best passages answer, for the layer that reads them together with the question.

        A whole whose parts are read is not read itself: it takes time, and of it only the subject counts.
        """
        near = [] if query.parted else [hit.passage for hit in hits[:5]]
        logits = [_logit(reading.answers, 1e-4) for reading in self.joint(query.text, near)] or [0.0]
        yield "joint_first", logits[0]
        yield "joint_best", max(logits)

    def _preceded(self, query: Query, hits: Hits) -> Iterator[tuple[str, float]]:
        """Tell what became of the questions most like this one."""
        precedent = self.precedents.of(query)
        yield "precedent_nearness", precedent.nearness
        yield "precedent_answered", precedent.answered
        yield "precedent_logit", _logit(precedent.answered, 0.02)
        yield "precedent_first", precedent.of_passage(hits[0].passage)
        yield "precedent_shown", sum(precedent.of_passage(hit.passage) for hit in hits[:5]) / 5
        yield (
            "precedent_sentence",
            max((max(votes.values()) for votes in precedent.votes.values()), default=0.0),
        )

    def _kind(self, query: Query, drafts: Sequence[Draft]) -> Iterator[tuple[str, float]]:
        """Whether what is asked for is there, in a sentence about the rest of the question."""
        kind, words = wanted(query.text), stems(query.text)
        matches = {
            sentence: value
            for passage in {draft.claimed[0].id: draft.claimed[0] for draft in drafts}.values()
            for sentence, value in self.interaction.sentences(query.text, passage)
        }
        found = {draft.text: holds(query.text, draft.text) for draft in drafts}
        telling = [text for text, there in found.items() if there]
        best = max((matches.get(text, 0.0) for text in found), default=0.0)
        asked = None not in found.values()
        yield "kind_missing", float(asked and not telling)
        yield "kind_match", max((matches.get(text, 0.0) for text in telling), default=0.0) if asked else best
        yield (
            "kind_covered",
            max((self.rarity.share(words, set(stems(text))) for text in telling), default=0.0),
        )
        yield "sentence_match", best
        yield "length", min(1.0, len(words) / 20)
        for each in _KINDS:
            yield f"wants_{each}", float(kind is each)

    def _gap(self, query: Query, hits: Hits) -> tuple[Document | None, float]:
        """Return the near document whose `not_covered` says most of the question, and how much (0..1)."""
        words = stems(query.text)
        if len(set(words)) < _TELLING:
            return None, 0.0
        near = {hit.passage.document.id: hit.passage.document for hit in hits[:5]}.values()
        shares = [
            (self.rarity.share(words, set(stems(document.not_covered))), document)
            for document in near
            if document.not_covered
        ]
        share, gap = max(shares, key=lambda each: each[0], default=(0.0, None))
        return gap, share


def load_weights(*, networks: bool) -> dict[str, dict[str, dict[str, float]]]:
    """Read the weights that ship with the package: with readers' questions, and without."""
    weights: dict[str, dict[str, dict[str, float]]] = json.loads(
        (files("assistant") / "judging.json").read_text(encoding="utf-8")
    )
    answer = "answer" if networks else "answer_alone"
    return {name: {"subject": held["subject"], "answer": held[answer]} for name, held in weights.items()}


def _logistic(weights: Mapping[str, float], features: Mapping[str, float], more: float = 0.0) -> float:
    total = weights["bias"] + more
    total += sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-total))


def _logit(probability: float, least: float) -> float:
    """Return the logit, cut to -1..1 at six either way."""
    return max(-6.0, min(6.0, math.log((probability + least) / (1 - probability + least)))) / 6


def _first(hits: Hits, part: str) -> str:
    best = max(hits, key=lambda hit: hit.parts.get(part, -1.0))
    return best.passage.id


def _abbreviations(text: str) -> list[str]:
    """Return short words in capitals, but none of a text all in capitals and none that is only stressed."""
    found = [] if text.isupper() else _ACRONYM.findall(text)
    return [each for each in found if len(each) <= _SHORT and each.lower() not in STOP_WORDS]


def _missing_names(text: str, held: set[str]) -> list[str]:
    names = [*_NAME.findall(text), *_ACRONYM.findall(text)]
    return [
        name
        for name in names
        if name.lower() not in STOP_WORDS and stem(name.lower().removesuffix("’s")) not in held
    ]
