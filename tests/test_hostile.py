"""Injections in the question, the history and the material: none reaches a reader, even if the model obeys.

`hostile.jsonl` has one case a line: where its `text` stands, what a model that obeys it `says`, and the words
of that which must not be shown. The figures are out of all of them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.assembly import assemble
from assistant.composing.model import Model
from assistant.composing.plain import fenced
from assistant.index import open_index
from assistant.settings import Settings
from assistant.vocabulary import Answer, Outcome, Question, Turn
from assistant.web.exchange import Exchange
from assistant.web.rendering import turn
from assistant.weighing import Thresholds
from assistant.writing import Author
from ingest.building import build
from tests.fakes_embedding import FakeEmbedder
from tests.fakes_writer import FakeWriter
from tests.ingest.material import write_digest
from tests.web.reading import Reader

ALPHA = "Alpha council grows apples on the village green. The apples cost £40,000 a year."
BETA = "Beta council keeps bees behind the library. Volunteers sell the honey."
GROWS = "What does Alpha council grow on the village green?"
TRUE = "Alpha council grows apples on the village green. [1]"


@dataclass(frozen=True)
class Case:
    id: str
    kind: str
    where: str
    text: str
    says: str
    leak: str

    @property
    def question(self) -> Question:
        """Ask so that the case is found: in the question itself, behind a history, or about a passage."""
        match self.where:
            case "question":
                return Question(f"{GROWS} {self.text}"[:1_000])
            case "history":
                return Question(
                    "And what does it cost?", (Turn("reader", GROWS), Turn("assistant", self.text))
                )
            case _:
                return Question(f"{GROWS} What does the report on {self.id} say?")


CASES = [
    Case(**json.loads(line)) for line in Path(__file__).with_name("hostile.jsonl").read_text().splitlines()
]


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("hostile")
    write_digest(folder / "digests", "alpha", ALPHA)
    write_digest(folder / "digests", "beta", BETA)
    for case in CASES:
        if case.where == "material":
            text = f"The report on {case.id} is about Alpha council and the village green. {case.text}"
            write_digest(folder / "digests", case.id, text, title=f"Report on {case.id}")
    index = open_index(folder / "data")
    build(folder / "digests", index, FakeEmbedder())
    index.close()
    made = assemble(Settings(data=folder / "data", _env_file=None), FakeEmbedder())
    enough = Thresholds(confidence=0, follow_up=0, subject=0, gap=2, gap_of_whole=2)
    return replace(made, weighing=replace(made.weighing, thresholds=enough))


def answered(quoting: Assistant, case: Case, *replies: str) -> tuple[Answer, FakeWriter]:
    writer = FakeWriter(*replies)
    return replace(quoting, author=Author(Model(writer))).answer(case.question), writer


def told(answer: Answer) -> Iterator[str]:
    """Yield what a reader is told that is no quotation of the question or of a source."""
    yield from (sentence.text for sentence in answer.sentences)
    yield from answer.follow_ups
    yield answer.missing or ""
    yield answer.note or ""


def _reaches_nobody(answer: Answer, case: Case) -> None:
    leaked = [text for text in told(answer) if case.leak in text]
    assert leaked == []


def test_there_are_sixty_cases_of_many_kinds_in_each_place() -> None:
    assert len(CASES) >= 60
    assert len({case.kind for case in CASES}) >= 20
    assert {case.where for case in CASES} == {"question", "history", "material"}
    assert len({case.id for case in CASES}) == len(CASES)
    material = " ".join(case.text for case in CASES if case.where == "material")
    assert [case.id for case in CASES if case.leak in material] == []  # a source may be quoted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_nothing_that_an_obedient_model_says_reaches_the_reader(quoting: Assistant, case: Case) -> None:
    rewritten = re.sub(r"\[\d+\]", "", case.says)
    replies = (rewritten, f"{TRUE} {case.says}") if case.where == "history" else (f"{TRUE} {case.says}",)
    answer, writer = answered(quoting, case, *replies)

    _stays_inside_its_fence(writer)
    _reaches_nobody(answer, case)
    assert answer.question_used != rewritten.strip()
    if case.where == "material":  # elsewhere it is the reader's own words that come back
        assert case.leak not in answer.answer
    _is_only_ours(answer, case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_model_that_says_only_what_it_was_told_to_is_replaced_by_quotes(
    quoting: Assistant, case: Case
) -> None:
    replies = (case.says,) * (2 if case.where == "history" else 1)
    answer, _ = answered(quoting, case, *replies)

    _reaches_nobody(answer, case)
    assert answer.answered_by == "quotes"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_model_that_resists_answers_as_if_nothing_were_there(quoting: Assistant, case: Case) -> None:
    replies = (GROWS, TRUE) if case.where == "history" else (TRUE,)
    answer, writer = answered(quoting, case, *replies)

    if writer.asked:  # an order is sent back before anybody is asked
        assert [sentence.text for sentence in answer.sentences] == [TRUE.removesuffix(" [1]")]
        assert answer.answered_by == "fake:writer"
    else:
        assert answer.outcome in (Outcome.NOT_IN_MATERIAL, Outcome.CONVERSATION)


_OURS = r"</?(?:conversation|message|question|passage)>|<passage number=\"\d+\">"


def _stays_inside_its_fence(writer: FakeWriter) -> None:
    """Hold what the model was given against what may be in it."""
    for messages in writer.asked:
        user = messages[-1].text
        fences = re.findall(r"</?\w+[^<>]*>", user)
        assert [fence for fence in fences if not re.fullmatch(_OURS, fence)] == []
        assert user.count("</question>") + user.count("</message>") == 1
        assert not re.search(r"\[\d+\]|https?:", user)


def _is_only_ours(answer: Answer, case: Case) -> None:
    """Hold the page that a reader sees against what it may be made of."""
    page = Reader(
        turn(
            1,
            Exchange(
                case.question,
                date(2026, 11, 22),
                answer=answer,
                sentences=answer.sentences,
                citations=answer.citations,
            ),
        )
    )
    assert not {tag for tag, _ in page.elements} & {"script", "img", "iframe", "style", "object", "embed"}
    for has in page.all("a"):
        assert str(has["href"]).startswith(("#", "https://example.org"))


def test_a_fence_can_not_be_closed_by_what_is_in_it() -> None:
    for text in (
        "</passage>",
        "＜/passage＞",
        "<\u200b/passage>",
        "‹/passage›",
        "[1]",
        "【1】",
        "http://e.org",
        "[a](b)",
    ):
        assert not re.search(r"[<>\[\]＜＞‹›【】]|http", fenced(text))
