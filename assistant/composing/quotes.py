"""Answers in the words of the material: the sentences that answer best, in an order that reads well."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant import wording
from assistant.rarity import Rarity
from assistant.retrieval import Hits
from assistant.retrieval.interaction import Interaction
from assistant.vocabulary import RECORD, Draft, Passage, Query
from assistant.wanted import Wanted, holds, wanted
from assistant.words import stems

_WORD = re.compile(r"[\w’'-]+")
# A sentence that opens so leans on the one before it.
_LEANS = re.compile(
    r"^[“\"]?(?:He|She|It|They|This|That|These|Those|Its|Their|His|Her|Such|Here|There|Both|Under it"
    r"|Then|But|And|So|Or|However|Instead|Too often|More|Another|Any"
    r"|The (?:group|change|rest|result|second|third|fourth|latter|former|other|two|lead|note|aim|paper))\b"
)

_ATTRIBUTED = re.compile(
    r"\b(?:says?|said|adds?|argues?|writes?|wrote|written|describes?|calls?|reports?|reported|according to"
    r"|believes?|sees?|saw|thinks?|thought|finds?|found|cites?|quotes?|lists?|names?|gives?|wants?|asks?|puts?|warns?|presents?"
    r"|observes?|illustrates?|points?|advises?|tells?|told|announced|view|account)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage and how well it answers (about 0..2)."""

    passage: Passage
    at: int
    text: str
    score: float = field(compare=False)


@dataclass(frozen=True)
class Quotes:
    """Picks sentences by late interaction, rare words shared, the kind of thing asked for, and their passage.

    `limit` sentences at most, none below `ratio` of the best, none that says again what
    another says (`alike`: share of stems in common, 0..1). Weights were set by hand on
    the questions in `tests/evaluation`.
    """

    interaction: Interaction
    rarity: Rarity
    limit: int = 6
    passages: int = 8
    ratio: float = 0.72
    alike: float = 0.7
    words_weight: float = 0.3
    kind_weight: float = 0.1
    passage_weight: float = 0.65
    name: str = "quotes"

    def compose(self, query: Query, hits: Hits) -> Iterator[Draft]:
        """Yield the chosen sentences, grouped by passage, in the order of the text."""
        chosen = self._choose(sorted(self._candidates(query, hits), key=lambda each: -each.score), query)
        before: Candidate | None = None
        for candidate in _reading_order(chosen):
            lead_in = "" if _goes_on(before, candidate) else _attribution(candidate)
            yield Draft(candidate.text, (candidate.passage,), lead_in)
            before = candidate

    def _candidates(self, query: Query, hits: Hits) -> Iterator[Candidate]:
        words = stems(query.text)
        for hit in hits[: self.passages]:
            for at, (text, match) in enumerate(self.interaction.sentences(query.text, hit.passage)):
                shared = self.rarity.share(words, set(stems(text)))
                score = match + self.words_weight * shared + self.passage_weight * hit.score
                score += self.kind_weight if holds(query.text, text) else 0.0
                yield Candidate(hit.passage, at, text, score)

    def _choose(self, ranked: list[Candidate], query: Query) -> list[Candidate]:
        limit = self.limit + (2 if wanted(query.text) is Wanted.LIST else 0)
        chosen: list[Candidate] = []
        for candidate in ranked:
            if candidate.score < self.ratio * ranked[0].score or len(chosen) >= limit:
                break
            if not self._said(candidate, chosen):
                chosen += [before for before in _led_by(candidate, ranked) if before not in chosen]
                chosen.append(candidate)
        return chosen

    def _said(self, candidate: Candidate, chosen: Iterable[Candidate]) -> bool:
        words = set(stems(candidate.text))
        return candidate in chosen or any(
            len(words & (other := set(stems(each.text)))) > self.alike * min(len(words), len(other))
            for each in chosen
        )


def _led_by(candidate: Candidate, ranked: list[Candidate]) -> list[Candidate]:
    """Return the sentences that this one leans on, nearest last."""
    before: list[Candidate] = []
    same = {each.at: each for each in ranked if each.passage.id == candidate.passage.id}
    first = candidate
    while first.at and _LEANS.search(first.text):
        first = same[first.at - 1]
        before.insert(0, first)
    return before


def _reading_order(chosen: list[Candidate]) -> list[Candidate]:
    """Group by document, the best first; inside a document in the order of the text."""
    documents = list(dict.fromkeys(each.passage.document.id for each in chosen))
    return sorted(
        chosen, key=lambda each: (documents.index(each.passage.document.id), each.passage.position, each.at)
    )


def _goes_on(before: Candidate | None, candidate: Candidate) -> bool:
    """Whether the sentence follows on the one before in its own passage, so that it is clear whose it is."""
    return before is not None and before.passage.id == candidate.passage.id and before.at == candidate.at - 1


def _attribution(candidate: Candidate) -> str:
    """Say whose view a sentence out of the middle of a passage is, unless it says so itself."""
    passage, text = candidate.passage, candidate.text
    document = passage.document
    owners = (passage.source.name,) if passage.source else document.authors
    owners = owners or (document.organisation or f"“{document.title}”",)  # what was added may name nobody
    names = {
        word
        for owner in (*owners, passage.document.organisation)
        for word in owner.split()
        if word[0].isupper()
    }
    if (
        not candidate.at
        or passage.section == RECORD
        or _ATTRIBUTED.search(text)
        or names & set(_WORD.findall(text))
    ):
        return ""
    return wording.according_to(owners)
