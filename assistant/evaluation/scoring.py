"""Score one answer, as the README beside the questions says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.contract import broken_promises
from assistant.evaluation.questions import Case
from assistant.vocabulary import Hit, Outcome

_MARKER = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Score:
    """How one answer did. A mark that does not apply to its question is None.

    `on_point` is the share of its citations that are of a right section.
    """

    case: Case
    outcome: str
    answer: str
    cited: tuple[str, ...]
    document_right: bool | None
    missed: tuple[str, ...]
    said: tuple[str, ...]
    broken: tuple[str, ...]
    rank: int | None
    ms: float
    on_point: float | None = None

    @property
    def outcome_right(self) -> bool:
        """Whether the outcome is one of the right ones."""
        return self.outcome in self.case.outcomes

    @property
    def recall(self) -> float | None:
        """The share of the facts that the answer holds."""
        facts = len(self.case.facts)
        return (facts - len(self.missed)) / facts if facts else None

    @property
    def refused(self) -> bool:
        """Whether the assistant said that the material holds no answer."""
        return self.outcome == Outcome.NOT_IN_MATERIAL

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong with the answer, in words; nothing when it is right."""
        return tuple(self._faults())

    def _faults(self) -> Iterator[str]:
        if not self.outcome_right:
            yield f"outcome {self.outcome}, right would be {' or '.join(self.case.outcomes)}"
        if self.document_right is False:
            needed = self.case.all_documents or self.case.documents
            yield f"cites {', '.join(self.cited) or 'nothing'}, needs {_list(self.case, needed)}"
        yield from (f"lacks the fact {fact}" for fact in self.missed)
        yield from (f"says what is forbidden: {pattern}" for pattern in self.said)
        yield from (f"breaks the contract: {promise}" for promise in self.broken)


def score(case: Case, answer: Mapping[str, Any], hits: Sequence[Hit], ms: float) -> Score:
    """Score the answer's JSON, and where the search put the right section."""
    text = clean(answer["answer"])
    cited = tuple(dict.fromkeys(citation["document"]["id"] for citation in answer["citations"]))
    return Score(
        case=case,
        outcome=answer["outcome"],
        answer=answer["answer"],
        cited=cited,
        document_right=_document_right(case, set(cited)),
        missed=tuple(" | ".join(fact) for fact in case.facts if not any(_says(text, one) for one in fact)),
        said=tuple(pattern for pattern in case.forbidden if _says(text, pattern)),
        broken=broken_promises(answer),
        rank=_rank(case, hits),
        ms=ms,
        on_point=_on_point(case, answer["citations"]),
    )


def clean(answer: str) -> str:
    """Take the markers out, make apostrophes straight, and each run of white space one space."""
    text = _MARKER.sub("", answer).replace("’", "'").replace("‘", "'")
    return " ".join(text.split())


def _says(text: str, pattern: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _document_right(case: Case, cited: set[str]) -> bool | None:
    if not case.documents:
        return None
    return bool(cited & set(case.documents)) and cited >= set(case.all_documents)


def _rank(case: Case, hits: Sequence[Hit]) -> int | None:
    """Return the place of the first passage from a right section; 0 where there is none."""
    if not case.sections:
        return None
    places = (
        place
        for place, hit in enumerate(hits, 1)
        if hit.passage.document.id in case.documents and hit.passage.section in case.sections
    )
    return next(places, 0)


def _on_point(case: Case, citations: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the share of citations that are of right sections. The rest may be true, but off the point."""
    if not case.sections or not citations:
        return None
    documents = {*case.documents, *case.all_documents}
    right = [each["document"]["id"] in documents and each["section"] in case.sections for each in citations]
    return sum(right) / len(right)


def _list(case: Case, needed: Sequence[str]) -> str:
    return (" and " if case.all_documents else " or ").join(needed)
