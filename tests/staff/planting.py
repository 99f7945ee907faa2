"""Plants records as a busy year would leave them, with questions that people might ask."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.records import Rating, Records
from assistant.vocabulary import Answer, Citation, Material, Outcome, Passage, Question, Sentence, Took

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)

ANSWERED = (
    "How can a council use reserved contracts to help communities?",
    "What is the Oldham Model?",
    "How did Leeds merge its contracts and keep small providers?",
    "What should a commissioner ask procurement colleagues?",
    "What does Keep it Local mean by whole systems?",
    "Why does early intervention save money?",
)
REASONS = (
    None,
    "It left out the figure that I was looking for.",
    "This is about another council.",
    "Out of date, I think.",
    "Too general to use in a paper.",
    "The second sentence has nothing to do with my question.",
)


@dataclass
class Clock:
    """Says what time it is: the one that was set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def paraphrases() -> list[list[str]]:
    """Read the twenty questions, each in its ten wordings."""
    topics: list[list[str]] = []
    for line in _lines("paraphrases.txt"):
        if line.startswith("="):
            topics.append([])
        else:
            topics[-1].append(line)
    return topics


def others() -> list[str]:
    """Read the questions that were each asked once."""
    return _lines("others.txt")


def _lines(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def answer(id: str, outcome: Outcome, cited: Sequence[Passage], took: float = 400.0) -> Answer:
    """Make an answer with this outcome; what it says is of no matter here."""
    citations = tuple(
        Citation(number, passage, passage.text, passage.document.url, 0.8)
        for number, passage in enumerate(cited, 1)
    )
    given = outcome in (Outcome.ANSWERED, Outcome.PARTLY_ANSWERED)
    numbers = tuple(range(1, len(citations) + 1))
    return Answer(
        id=id,
        outcome=outcome,
        question_used="",
        answer="",
        answered_by="quotes",
        material=Material("2026-11-20", 2),
        took=Took(took, took * 0.6, took * 0.1, took * 0.3),
        sentences=(Sentence("It is so.", numbers, 0.9),) if given else (),
        missing="The material here does not say: “who pays”" if outcome is Outcome.PARTLY_ANSWERED else None,
        citations=citations if given else (),
        nearest=citations if outcome is Outcome.NOT_IN_MATERIAL else (),
    )


def plant(folder: Path, passages: Sequence[Passage], number: int, seed: int = 7, days: int = 90) -> Records:
    """Keep so many answers, over the last days, as the server would have kept them one after another."""
    chance = random.Random(seed)
    clock = Clock()
    records = Records(folder, keep_days=days, now=clock, busy_seconds=30)
    gaps = [text for topic in paraphrases() for text in topic] * 3 + others()
    moments = sorted(NOW - timedelta(days=chance.random() ** 1.3 * days) for _ in range(number))
    for at, moment in enumerate(moments):
        clock.now = moment
        outcome = chance.choices(list(Outcome), weights=(62, 12, 19, 7))[0]
        asked = chance.choice(gaps if outcome.value in ("partly_answered", "not_in_material") else ANSWERED)
        cited = chance.sample(list(passages), k=min(len(passages), 1 + int(chance.random() * 3)))
        took = chance.lognormvariate(6, 0.6)
        records.keep(Question(asked), answer(f"planted-{seed}-{at}", outcome, cited, took))
        if outcome is not Outcome.CONVERSATION and chance.random() < 0.08:
            rating: Rating = "down" if chance.random() < 0.35 else "up"
            reason = chance.choice(REASONS) if rating == "down" else None
            records.rate(f"planted-{seed}-{at}", rating, reason)
    clock.now = NOW
    return records
