"""What a reader takes away from the chat: one paper or one text from several answers."""

import io
from base64 import b64decode

import docx
import pytest

from assistant.vocabulary import Outcome
from assistant.web import labels
from assistant.web.exchange import Exchange
from assistant.web.markup import Html
from assistant.web.references import plain_text, rich_text
from assistant.web.taking import Wanted, taken
from tests import fakes
from tests.web.reading import Reader, exchange

THREE = (exchange(fakes.answered()), exchange(fakes.partly_answered()), exchange(fakes.answered()))


def _content(drawn: Html) -> bytes:
    [span] = Reader(drawn).all("span")
    return b64decode(span["data-content"] or "")


@pytest.mark.parametrize(
    ("sent", "kind", "numbers"),
    [
        ({"kind": "docx", "numbers": [1, 3]}, "docx", (1, 3)),
        ({"kind": "md"}, "md", ()),
        ({"kind": "exe", "numbers": ["1", None, 2]}, "copy", (2,)),
        (None, "copy", ()),
        ({"kind": ["md"], "numbers": "12"}, "copy", ()),
    ],
)
def test_whatever_is_sent_becomes_something_that_there_is(
    sent: object, kind: str, numbers: tuple[int, ...]
) -> None:
    assert Wanted.sent(sent) == Wanted(kind, numbers)


def test_chosen_answers_are_taken_in_their_order_and_unfinished_ones_never() -> None:
    pending = Exchange(THREE[0].question, THREE[0].asked_on)

    assert Wanted("md", (3, 1)).of(THREE) == (THREE[0], THREE[2])
    assert Wanted("md").of((*THREE, pending)) == THREE
    assert Wanted("md", (9,)).of(THREE) == ()


def test_several_answers_have_one_list_of_references_in_word() -> None:
    paper = docx.Document(io.BytesIO(_content(taken("docx", THREE))))
    lines = [line for line in paper.paragraphs if line.style and line.style.name == "List Number"]

    assert len(lines) == 3  # the third answer cites what the first did
    assert "gardens cost £30,000" in lines[2].text
    assert [line.text for line in paper.paragraphs].count(labels.REFERENCES) == 1


def test_several_answers_have_one_list_of_references_in_markdown() -> None:
    text = _content(taken("md", THREE)).decode()

    assert "The gardens cost £30,000 a year. [3]" in text
    assert text.count(f"## {labels.REFERENCES}") == 1
    assert "Asked on 22 November 2026." in text


def test_a_file_is_named_by_its_day() -> None:
    [span] = Reader(taken("docx", THREE)).all("span")

    assert span["data-name"] == "keep-it-local-2026-11-22.docx"


def test_copied_answers_share_their_numbers_and_their_references() -> None:
    text = plain_text(*THREE)

    assert "The gardens cost £30,000 a year.[3]" in text
    assert text.count(labels.REFERENCES) == 1
    assert text.count("\n[3] ") == 1
    assert "\n[4] " not in text
    assert text.count("Asked on 22 November 2026.") == 1


def test_the_rich_copy_says_what_the_plain_one_says() -> None:
    page = Reader(rich_text(*THREE))

    assert page.open == []
    for line in filter(None, plain_text(*THREE).split("\n")):
        assert line in page.text
    assert {has["href"] for has in page.all("a")} == {
        "https://example.org/hollinbrook-gardens",
        "https://example.org/saltmere-essay",
    }


def test_the_rich_copy_has_no_looks_of_its_own_and_no_markup_from_elsewhere() -> None:
    page = Reader(rich_text(exchange(fakes.sourced())))

    assert {tag for tag, _ in page.elements} <= {"p", "strong", "em", "a"}
    assert not any("style" in has or "class" in has for _, has in page.elements)
    assert "<b>one</b>" in page.text


def test_a_refusal_is_copied_as_one() -> None:
    refused = exchange(fakes.not_in_material())
    assert refused.answer
    assert refused.answer.outcome is Outcome.NOT_IN_MATERIAL

    text = plain_text(refused)

    assert "The material does not say." in text
    assert labels.REFERENCES not in text
