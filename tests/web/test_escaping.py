"""Nothing that comes from the material or from a reader becomes markup."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.vocabulary import Citation, Question, Sentence, Source
from assistant.web.cards import marked
from assistant.web.exchange import Exchange
from assistant.web.markup import element, is_web_address, outward
from assistant.web.prose import prose
from assistant.web.rendering import turn
from tests import fakes
from tests.web.reading import Reader, exchange

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea></details></article><h1>",
    "{{constructor}} ${alert(1)}",
    "javascript:alert(1)",
    "<!-- & &amp; &lt;b&gt;",
)
texts = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1).filter(str.strip))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://", "/docs", "http://a b", "", None],
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert outward(address, "words") == "words"


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_a_link_that_is_not_http(address: str) -> None:
    assert is_web_address(address) == outward(address, "words").startswith('<a href="http')


@settings(deadline=None)
@given(texts, texts)
def test_text_and_attributes_are_always_escaped(said: str, attribute: str) -> None:
    page = Reader(element("p", said, title=attribute))

    assert page.elements == [("p", {"title": page.elements[0][1]["title"]})]
    assert page.open == []


@st.composite
def passages_and_quotes(draw: st.DrawFn) -> tuple[str, list[Citation]]:
    text = draw(texts)
    ends = st.integers(0, len(text))
    quotes = [text[a:b] for a, b in draw(st.lists(st.tuples(ends, ends), max_size=4)) if text[a:b].strip()]
    of = fakes.passage(text)
    return text, [fakes.citation(number, of, quote) for number, quote in enumerate(quotes, 1)]


@settings(deadline=None)
@given(passages_and_quotes())
def test_marks_change_no_letter_and_hold_every_quote(drawn: tuple[str, list[Citation]]) -> None:
    text, citations = drawn
    pieces = marked(text, citations)
    plain = Reader(pieces.replace("\r", "¶").replace("\0", "¶")).text

    assert plain == text.replace("\r", "¶").replace("\0", "¶")
    for citation in citations:
        lit = [letters for numbers, letters in _pieces(pieces) if str(citation.number) in numbers]
        assert "".join(lit) == citation.quote.replace("\r", "¶").replace("\0", "¶")


def _pieces(markup: str) -> list[tuple[list[str], str]]:
    found: list[tuple[list[str], str]] = []

    class Marks(HTMLParser):
        numbers: list[str] = []  # noqa: RUF012  one reader, one use

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.numbers = str(dict(attrs)["data-numbers"]).split()

        def handle_endtag(self, tag: str) -> None:
            self.numbers = []

        def handle_data(self, data: str) -> None:
            found.append((self.numbers, data))

    reader = Marks()
    reader.feed(markup.replace("\r", "¶").replace("\0", "¶"))
    reader.close()
    return found


def _everything(say: Callable[[str], str]) -> Exchange:
    """Make an exchange in which whatever comes from outside is said by `say`."""
    about = fakes.document(
        title=say("title"),
        authors=(say("author"),),
        organisation=say("organisation"),
        kind=say("kind"),
        published=say("2021"),
        not_covered=say("gap"),
        url=say("https://example.org"),
    )
    source = Source(say("source"), say("https://example.org"))
    of = fakes.passage(say("passage"), of=about, section=say("section"), source=source)
    citation = Citation(1, of, of.text, say("https://example.org"), 0.5)
    answer = replace(
        fakes.partly_answered(),
        sentences=(Sentence(say("sentence"), (1,), 1.0),),
        citations=(citation,),
        answer=say("answer"),
        answered_by=say("model"),
        follow_ups=(say("next"),),
        id=say("id"),
        question_used=say("used"),
    )
    return replace(exchange(answer), question=Question(say("question")))


@settings(deadline=None)
@given(texts)
def test_nothing_from_material_or_reader_changes_what_the_page_is_made_of(hostile: str) -> None:
    harmless = Reader(turn(1, _everything(lambda word: word)))
    page = Reader(turn(1, _everything(lambda word: word if word.startswith("http") else f"{word} {hostile}")))

    shape = [(tag, sorted(has)) for tag, has in harmless.elements]
    assert [(tag, sorted(has)) for tag, has in page.elements] == shape
    assert page.open == []


@settings(deadline=None)
@given(texts)
def test_a_hostile_address_is_never_a_link(hostile: str) -> None:
    page = Reader(turn(1, _everything(lambda word: hostile if word.startswith("http") else word)))

    for has in page.all("a"):
        assert str(has["href"]).startswith(("#", "http://", "https://"))


@settings(deadline=None)
@given(texts)
def test_prose_lets_nothing_through(markdown: str) -> None:
    page = Reader(prose(markdown))

    assert {tag for tag, _ in page.elements} <= {"p", "ul", "li", "a", "strong"}
    assert page.open == []
