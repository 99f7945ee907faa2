"""Answers in the words of the material: the sentences that answer best, in an order that reads well."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat

from assistant import wording
from assistant.joint import UNREAD, Joint
from assistant.precedents import Precedents
from assistant.rarity import Rarity
from assistant.retrieval import Hits
from assistant.retrieval.choosing import OF_EACH
from assistant.retrieval.interaction import Interaction
from assistant.retrieval.owners import asked_of
from assistant.vocabulary import RECORD, Draft, Passage, Query
from assistant.wanted import Wanted, holds, wanted
from assistant.words import stems

_WORD = re.compile(r"[\w’'-]+")
# A sentence that opens so leans on the one before it.
_LEANS = re.compile(
    r"^[“\"]?(?:He|She|It|They|This|That|These|Those|Its|Their|His|Her|Such|Here|There|Both|Under it"
    r"|Then|But|And|So|Or|However|Instead|Too often|More|Another|Any"
    r"|The first (?:is|was|of|one|says)"
    r"|The (?:group|change|rest|result|second|third|fourth|latter|former|other|two|lead|note|aim|paper)"
    r"|(?:[\w’'-]+ ){1,6}also)\b"
)

# Counts out several things one by one, a sentence each.
_ORDINAL = re.compile(r"^(?:The )?(?:first|second|third|fourth|fifth|sixth|last)\b", re.IGNORECASE)

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Money, shares, thresholds and law: what a reader must know the date of.
_CHANGES = re.compile(
    r"£|%|\bper ?cent\b|\b(?:the law|legislation|regulations?|statutory|thresholds?|green paper|Bill)\b"
    r"|\b[A-Z]\w+ Act\b"
)
# What several documents should answer.
_SEVERAL = re.compile(
    r"\b(?:(?:which|what) (?:councils|documents|reports|case studies|places|areas|organisations|examples)"
    r"|evidence|examples|everything|anything|show me|compare|both|each|different (?:views|figures|values)"
    r"|next to|beside|alongside|trace|how many (?:councils|places|documents|organisations))\b",
    re.IGNORECASE,
)
# What asks for several things of one kind: "what practical steps", "which barriers".
_PLURAL = re.compile(
    r"\b(?:what|which) (?:\w+ ){0,2}(?!does\b|was\b|is\b|has\b|this\b)\w+[^s\W]s\b", re.IGNORECASE
)
# Somebody is said to say it. The plain forms would be found in what anybody does ("give small grants").
_ATTRIBUTED = re.compile(
    r"\b(?:says|said|adds|added|argues|argued|writes|wrote|written|describes|described|calls|called|reports"
    r"|reported|according to|believes|believed|sees|saw|thinks|thought|finds|found|cites|cited|quotes|quoted"
    r"|lists|listed|names|named|gives|gave|wants|wanted|asks|asked|puts|warns|warned|presents|presented"
    r"|observes|observed|illustrates|illustrated|points|pointed|advises|advised|tells|told|announced|view"
    r"|account)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage, how well it answers (about 0..3), and whether it tells what is asked for."""

    passage: Passage
    at: int
    text: str
    score: float = field(compare=False)
    tells: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Quotes:
    """Picks sentences by late interaction, rare words shared, the kind of thing asked for, and their passage.

    What the joint layer says of a sentence, read together with the question, weighs `answer_weight`. Of the
    `passages` it reads the first `read`, which decide; for several things or documents it reads all.

    `limit` sentences at most, none below `ratio` of the best, none that says again what
    another says (`alike`: share of stems in common, 0..1). What the question asks and nothing chosen
    says yet weighs `new_weight`; where several documents are wanted, one that has spoken loses `again`
    a sentence (after maximal marginal relevance, Carbonell and Goldstein, 1998, SIGIR). Of authors or places
    that are named together each is heard, if what it says has `floor` of the best score.
    Weights were set by hand on the questions in `tests/evaluation`.
    """

    interaction: Interaction
    rarity: Rarity
    joint: Joint
    precedents: Precedents
    limit: int = 6
    passages: int = 8
    read: int = 5
    ratio: float = 0.72
    alike: float = 0.7
    words_weight: float = 0.5
    kind_weight: float = 0.1
    passage_weight: float = 3.0
    answer_weight: float = 1.0
    precedent_weight: float = 2.0
    new_weight: float = 1.0
    again: float = 0.2
    floor: float = 0.5
    name: str = "quotes"

    def compose(self, query: Query, hits: Hits) -> Iterator[Draft]:
        """Yield the chosen sentences, grouped by passage, in the order of the text."""
        chosen = self._choose(sorted(self._candidates(query, hits), key=lambda each: -each.score), query)
        before: Candidate | None = None
        for candidate in _reading_order(chosen):
            lead_in = "" if _goes_on(before, candidate) else _lead_in(candidate)
            yield Draft(candidate.text, (candidate.passage,), lead_in)
            before = candidate

    def _candidates(self, query: Query, hits: Hits) -> Iterator[Candidate]:
        words, near = stems(query.text), _near(query, hits, self.passages)
        votes = self.precedents.of(query).votes
        read = len(near) if len(near) > self.passages else self._read(query)
        readings = self.joint(query.text, [hit.passage for hit in near[:read]])
        for hit, reading in zip(near, chain(readings, repeat(UNREAD)), strict=False):
            for at, (text, match) in enumerate(self.interaction.sentences(query.text, hit.passage)):
                shared = self.rarity.share(words, set(stems(text)))
                score = match + self.words_weight * shared + self.passage_weight * hit.score
                score += self.answer_weight * (reading.sentences[at] if reading.sentences else 0.0)
                score += self.precedent_weight * votes.get(hit.passage.id, {}).get(at, 0.0)
                tells = holds(query.text, text) is True
                yield Candidate(hit.passage, at, text, score + self.kind_weight * tells, tells)

    def _read(self, query: Query) -> int:
        """Return how many passages are to be read with the question, which takes most of the time."""
        if query.parted:
            return 0
        wide = wanted(query.text) is Wanted.LIST or _SEVERAL.search(query.text) or _PLURAL.search(query.text)
        return self.passages if wide else self.read

    def _choose(self, ranked: list[Candidate], query: Query) -> list[Candidate]:
        """Take the best one by one, and what is still open of the question before what repeats."""
        limit = self.limit + (2 if wanted(query.text) is Wanted.LIST else 0)
        again = self.again if _SEVERAL.search(query.text) else 0.0
        left = [each for each in ranked if each.score >= self.ratio * ranked[0].score]
        words, chosen = stems(query.text), list[Candidate]()
        while left and len(chosen) < limit:
            open_ = [word for word in words if not any(word in self._held(each) for each in chosen)]
            best = max(left, key=lambda each: self._gain(each, chosen, open_, len(words), again))
            left.remove(best)
            if not self._said(best, chosen):
                chosen += [before for before in _led_by(best, ranked) if before not in chosen]
                chosen.append(best)
        chosen += _of_others(query, chosen, ranked, self.floor)
        chosen += _counted(chosen, ranked)
        return [*chosen, *_between(chosen, ranked)]

    def _gain(
        self, candidate: Candidate, chosen: list[Candidate], open_: list[str], asked: int, again: float
    ) -> float:
        """Return the score, more for what is still open, less for a document that has spoken already."""
        held = self._held(candidate)
        new = self.rarity.share(open_, held) * len(open_) / max(asked, 1) if chosen and open_ else 0.0
        spoken = sum(each.passage.document.id == candidate.passage.document.id for each in chosen)
        return candidate.score + self.new_weight * new - again * spoken

    @staticmethod
    def _held(candidate: Candidate) -> set[str]:
        return set(stems(f"{candidate.passage.document.title} {candidate.passage.section} {candidate.text}"))

    def _said(self, candidate: Candidate, chosen: Iterable[Candidate]) -> bool:
        words = set(stems(candidate.text))
        return candidate in chosen or any(
            len(words & (other := set(stems(each.text)))) > self.alike * min(len(words), len(other))
            for each in chosen
        )


def _near(query: Query, hits: Hits, limit: int) -> Hits:
    """Return the first hits, and the first of each author or place that is named beside another."""
    named = asked_of(query, (hit.passage.document for hit in hits))
    left = [
        [hit for hit in hits[limit:] if hit.passage.document.id in ids]
        for ids in named
        if not any(hit.passage.document.id in ids for hit in hits[:limit])
    ]
    return (*hits[:limit], *(hit for each in left for hit in each[:OF_EACH]))


def _of_others(
    query: Query, chosen: list[Candidate], ranked: list[Candidate], floor: float
) -> Iterator[Candidate]:
    """Yield the best sentences of each author or place that is named beside another and has none chosen."""
    for ids in asked_of(query, (each.passage.document for each in ranked)):
        of_it = [each for each in ranked if each.passage.document.id in ids]
        if of_it and not any(each in chosen for each in of_it):
            enough = [each for each in of_it if each.score >= floor * ranked[0].score]
            found = list(chain.from_iterable((*_led_by(each, ranked), each) for each in enough[:OF_EACH]))
            yield from dict.fromkeys(found)


def _led_by(candidate: Candidate, ranked: list[Candidate]) -> list[Candidate]:
    """Return the sentences that this one leans on, nearest last."""
    before: list[Candidate] = []
    same = {each.at: each for each in ranked if each.passage.id == candidate.passage.id}
    first = candidate
    while first.at and _LEANS.search(first.text):
        first = same[first.at - 1]
        before.insert(0, first)
    return before


def _counted(chosen: list[Candidate], ranked: list[Candidate]) -> list[Candidate]:
    """Return the rest of what is counted out, first to last, where more than half of it is chosen."""
    rest: list[Candidate] = []
    for passage in dict.fromkeys(each.passage.id for each in chosen):
        counted = [each for each in ranked if each.passage.id == passage and _ORDINAL.search(each.text)]
        left = [each for each in counted if each not in chosen]
        rest += left if len(left) < len(counted) / 2 else []
    return rest


def _between(chosen: list[Candidate], ranked: list[Candidate]) -> list[Candidate]:
    """Return each sentence that stands alone between two chosen ones: without it they are read as one."""
    places = {(each.passage.id, each.at) for each in chosen}
    return [
        each
        for each in ranked
        if {(each.passage.id, each.at - 1), (each.passage.id, each.at + 1)} <= places
        and (each.passage.id, each.at) not in places
    ]


def _reading_order(chosen: list[Candidate]) -> list[Candidate]:
    """Group by document, first those that tell what is asked for; inside one in the order of the text."""
    telling = [each.passage.document.id for each in chosen if each.tells]
    documents = list(dict.fromkeys((*telling, *(each.passage.document.id for each in chosen))))
    return sorted(
        chosen, key=lambda each: (documents.index(each.passage.document.id), each.passage.position, each.at)
    )


def _goes_on(before: Candidate | None, candidate: Candidate) -> bool:
    """Whether the sentence follows on the one before in its own passage, so that it is clear whose it is."""
    return before is not None and before.passage.id == candidate.passage.id and before.at == candidate.at - 1


def _lead_in(candidate: Candidate) -> str:
    """Say whose view it is, and from when where a figure or a law may have changed since."""
    return wording.lead_in(_owners(candidate), _page_date(candidate))


def _owners(candidate: Candidate) -> tuple[str, ...]:
    """Return whose view a sentence out of the middle of a passage is, unless it says so itself."""
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
    said = _ATTRIBUTED.search(text) or names & set(_WORD.findall(text))
    return () if not candidate.at or passage.section == RECORD or said else owners


def _page_date(candidate: Candidate) -> str | None:
    """Return the date of the page, for what may be out of date and has no year of its own."""
    passage, text = candidate.passage, candidate.text
    if passage.source or passage.section == RECORD or _YEAR.search(text) or not _CHANGES.search(text):
        return None
    return passage.document.published
