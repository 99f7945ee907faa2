"""A conversation as a paper: one list of references, in Word and in Markdown, whatever the texts hold."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document as Paper
from docx.oxml.ns import qn
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant import wording
from assistant.errors import NotFound
from assistant.records import Records
from assistant.vocabulary import Answer, Done, Outcome, Passage, Question, Sentence, Shown
from assistant.web import labels
from assistant.web.briefing import Briefing, Heading, Link, Mark, Paragraph, briefing_of, clean
from assistant.web.exchange import Exchange
from assistant.web.markdown import markdown
from assistant.web.papers import MEDIA_TYPES, paper
from assistant.web.word import word
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import client_of
from tests.web.reading import Reader, exchange

SNAPSHOT = Path(__file__).parent / "briefing.md"
HOSTILE = (
    "\0\x08\x1b[2J\ud800\ufffe\u202e</w:t></w:r><w:p> ]]> &amp; <script>alert(1)</script> <img src=x> "
    "![x](http://evil.example/x.png) [x](javascript:alert(1)) `a` **b** _c_ # d\n# e\n\n1. f\n- g\n    h | i"
)
CONVERSATION = tuple(exchange(answer()) for answer in fakes.CANNED.values())


def _marks(briefing: Briefing) -> list[int]:
    pieces = [piece for block in briefing.blocks if isinstance(block, Paragraph) for piece in block.pieces]
    return [piece.number for piece in pieces if isinstance(piece, Mark)]


def _opened(file: bytes) -> Paper:
    return docx.Document(BytesIO(file))


def _all_of(briefing: Briefing) -> Paper:
    return _opened(word(briefing))


def _hostile() -> Exchange:
    document = fakes.document(
        title=HOSTILE, authors=(HOSTILE,), organisation=HOSTILE, url='http://x.example/">'
    )
    cited = fakes.citation(1, fakes.passage(HOSTILE, of=document, section=HOSTILE))
    answer = replace(
        fakes.partly_answered(),
        sentences=(Sentence(HOSTILE, (1,), 1.0),),
        citations=(cited,),
        nearest=(cited,),
        missing=HOSTILE,
        note=HOSTILE,
        answered_by=HOSTILE,
    )
    return Exchange(Question(HOSTILE), date(2026, 11, 22)).after(Done(answer))


# --- what is in it ---


def test_numbers_run_through_the_whole_paper_and_the_same_words_keep_theirs() -> None:
    briefing = briefing_of([*CONVERSATION, *CONVERSATION])

    assert [reference.number for reference in briefing.references] == [1, 2, 3, 4]
    assert _marks(briefing) == [1, 2, 1, 3, 4] * 2
    assert briefing.references[3].quote == "The gardens cost £30,000 a year."


@settings(deadline=None)
@given(st.lists(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=3), min_size=1), max_size=5))
def test_every_number_has_its_reference_and_every_reference_its_number(asked: list[list[list[int]]]) -> None:
    passages = [fakes.passage(f"Words {place}.", place) for place in range(6)]
    exchanges = [exchange(_citing(cited, passages)) for cited in asked]
    briefing = briefing_of(exchanges)

    used = list(dict.fromkeys(_marks(briefing)))
    assert used == [reference.number for reference in briefing.references]
    assert used == list(range(1, len(used) + 1))
    quotes = {reference.number: reference.quote for reference in briefing.references}
    meant = [f"Words {place}." for cited in asked for places in cited for place in dict.fromkeys(places)]
    assert [quotes[number] for number in _marks(briefing)] == meant


def _citing(cited: list[list[int]], passages: list[Passage]) -> Answer:
    order = list(dict.fromkeys(place for places in cited for place in places))
    sentences = tuple(
        Sentence("Said.", tuple(dict.fromkeys(order.index(place) + 1 for place in places)), 1.0)
        for places in cited
    )
    citations = tuple(fakes.citation(n, passages[place]) for n, place in enumerate(order, 1))
    return replace(fakes.answered(), sentences=sentences, citations=citations)


def test_a_reference_says_who_when_what_where_in_whose_words_and_the_address() -> None:
    text = markdown(briefing_of(CONVERSATION))

    assert (
        "1. Ada Field, Locality (page dated May 2021), “Hollinbrook: gardens before contracts”, section "
        "“What did the council change?”. Cited from a digest, not in its own words. [https://example.org/holl"
    ) in text
    assert "Ben Shore, Locality (no date), " in text
    assert ", citing Saltmere Courier. Cited from a digest" in text


def test_an_original_opens_at_its_quote_and_shows_its_plain_address() -> None:
    answer = fakes.partly_answered()
    opens = replace(answer.citations[0], link="https://example.org/hollinbrook-gardens#page=3")
    (reference,) = briefing_of([exchange(replace(answer, citations=(opens,)))]).references
    assert reference.pieces[-1] == Link("https://example.org/hollinbrook-gardens", opens.link)

    file = replace(opens, link="report.pdf, page 3")
    (reference,) = briefing_of([exchange(replace(answer, citations=(file,)))]).references
    assert reference.pieces[-1] == Link("report.pdf, page 3", None)


def test_refusals_and_missing_parts_are_in_it_and_closest_passages_have_no_numbers() -> None:
    text = markdown(briefing_of(CONVERSATION))

    assert labels.OUTCOMES["not_in_material"] in text
    assert f"### {labels.MISSING}\n\nThe material does not say who paid." in text
    closest = text[text.index(labels.CLOSEST) : text.index("## Hello")]
    assert labels.CLOSEST_MEANS in closest
    assert "Saltmere" in closest
    assert not re.search(r"\[\d+\]|Cited", closest)
    assert briefing_of([exchange(fakes.not_in_material())]).references == ()


def test_it_says_what_it_is_when_it_was_asked_and_how_old_the_index_is() -> None:
    text = markdown(briefing_of(CONVERSATION))

    for words in (wording.WHAT_IT_IS, wording.WHAT_IT_IS_NOT, "Asked on 22 November 2026."):
        assert words in text
    assert "indexed on 20 November 2026" in text


def test_what_was_narrowed_and_what_a_follow_up_was_taken_for_is_said() -> None:
    asked = Exchange(Question("And that?", (), frozenset({4})), date(2026, 11, 22)).after(
        Done(fakes.answered())
    )
    text = markdown(briefing_of([asked]))

    assert labels.searched_for(fakes.ANSWERED) in text
    assert "Searched only: Principle 4" in text


def test_a_stopped_answer_says_that_it_is_not_whole_and_one_being_made_is_left_out() -> None:
    whole = fakes.answered()
    part = Exchange(Question("What?"), date(2026, 11, 22)).after(
        Shown(whole.sentences[0], whole.citations[:1])
    )

    assert briefing_of([part]).references == ()
    stopped = markdown(briefing_of([part.ended()]))
    assert labels.STOPPED in stopped
    assert f"{whole.sentences[0].text} [1]" in stopped


def test_a_list_stays_a_list() -> None:
    listed = replace(fakes.sourced(), sentences=(Sentence("There are two:\n- One\n- Two", (1,), 1.0),))
    blocks = briefing_of([exchange(listed)]).blocks

    assert [block for block in blocks if isinstance(block, Paragraph) and block.look != "aside"] == [
        Paragraph(("There are two:",)),
        Paragraph(("One",), "item"),
        Paragraph(("Two", Mark(1)), "item"),
    ]


@settings(deadline=None)
@given(st.text())
def test_clean_text_is_one_line_without_what_no_document_may_hold(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert clean(cleaned) == cleaned
    assert clean("Plain words, £30,000 – “quoted”") == "Plain words, £30,000 – “quoted”"


# --- Markdown ---


def test_the_markdown_of_a_conversation_is_as_it_was() -> None:
    assert markdown(briefing_of(CONVERSATION)) == SNAPSHOT.read_text(encoding="utf-8")


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 .)-+=#*_`[]()<>&~|\\!:\n\t“é")) | st.text())
def test_whatever_the_texts_hold_markdown_shows_it_as_words(text: str) -> None:
    words = clean(text)
    for block in (Heading(words or "x"), Paragraph((words or "x",)), Paragraph((words or "x",), "item")):
        (line,) = [
            token.children or []
            for token in MarkdownIt("commonmark").parse(markdown(Briefing("T", "", (block,), ())))
            if token.type == "inline" and token.content != "T"
        ]
        assert {token.type for token in line} <= {"text", "text_special"}
        assert "".join(token.content for token in line) == (words or "x")


# --- Word ---


def test_word_has_real_headings_a_numbered_list_and_our_language() -> None:
    opened = _all_of(briefing_of(CONVERSATION))
    styled = [(line.style.name, line.text) for line in opened.paragraphs if line.style]

    assert styled[0] == ("Title", labels.BRIEFING)
    questions = [text for name, text in styled if name == "Heading 1"]
    assert questions == [*fakes.CANNED, labels.REFERENCES]
    numbered = [text for name, text in styled if name == "List Number"]
    assert len(numbered) == 4
    assert numbered[0].startswith("Ada Field, Locality (page dated May 2021)")
    assert numbered[0].endswith(f"\n“{fakes.answered().citations[0].quote}”")
    assert {one.get(qn("w:val")) for one in opened.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_word_says_title_and_author_and_carries_nothing_from_elsewhere() -> None:
    file = word(briefing_of(CONVERSATION))
    about = _opened(file).core_properties

    assert (about.title, about.author, about.language) == (labels.BRIEFING, wording.NAME, "en-GB")
    assert about.subject == fakes.ANSWERED
    with zipfile.ZipFile(BytesIO(file)) as package:
        assert not [name for name in package.namelist() if re.search(r"vba|\.bin|\.jpe?g|\.png|embed", name)]
        relations = "".join(
            package.read(name).decode() for name in package.namelist() if name.endswith(".rels")
        )
    outside = re.findall(r"<Relationship [^>]*External[^>]*>", relations)
    assert outside
    assert all("/relationships/hyperlink" in one for one in outside)


def test_in_word_every_number_leads_to_its_reference_and_every_address_opens() -> None:
    opened = _all_of(briefing_of(CONVERSATION))
    links = [link for line in opened.paragraphs for link in line.hyperlinks]
    places = {one.get(qn("w:name")) for one in opened.element.iter(qn("w:bookmarkStart"))}

    assert (
        places
        == {link.fragment for link in links if not link.address}
        == {f"reference_{n}" for n in (1, 2, 3, 4)}
    )
    assert {link.address for link in links if link.address} >= {
        "https://example.org/hollinbrook-gardens",
        "https://example.org/courier",
    }


@settings(max_examples=25, deadline=None)  # the first paper waits for python-docx
@given(st.text())
def test_whatever_the_texts_hold_word_opens_and_shows_the_words(text: str) -> None:
    asked = Exchange(Question(text), date(2026, 11, 22)).after(
        Done(replace(fakes.sourced(), note=text or None))
    )
    headings = [
        line.text
        for line in _all_of(briefing_of([asked])).paragraphs
        if line.style and line.style.name == "Heading 1"
    ]
    assert headings == [clean(text), labels.REFERENCES]


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_hostile_text_stays_text(kind: str) -> None:
    file = paper(kind, [_hostile(), *CONVERSATION])

    if kind == "docx":
        opened = _opened(file)
        assert clean(HOSTILE) in [line.text for line in opened.paragraphs]
        targets = {link.address for line in opened.paragraphs for link in line.hyperlinks if link.address}
        assert all(target.startswith(("http://", "https://")) for target in targets)
    else:
        html = MarkdownIt("commonmark").render(file.decode())
        page = Reader(html.replace("<br />", ""))
        assert not re.search("<(script|img|code|strong)", html)
        assert all(str(has["href"]).startswith(("http://", "https://")) for has in page.all("a"))


def test_a_very_long_conversation_is_written_whole() -> None:
    long = replace(fakes.sourced(), sentences=(Sentence("Word. " * 50_000, (1,), 1.0),))
    assert len(_all_of(briefing_of([exchange(long)])).paragraphs) > 5


# --- the page without JavaScript ---


def _form(page: str) -> dict[str, list[str]]:
    """Read the fields of the form for downloads."""
    (form,) = re.findall(r'<form method="post" action="briefing">(.*?)</form>', page, re.DOTALL)
    fields: dict[str, list[str]] = {}
    for has in Reader(form).all("input", type="hidden"):
        fields.setdefault(str(has["name"]), []).append(str(has["value"]))
    return fields


@pytest.mark.parametrize("question", [fakes.ANSWERED, fakes.PARTLY_ANSWERED, fakes.NOT_IN_MATERIAL])
def test_the_page_offers_its_answer_as_word_and_as_markdown(client: TestClient, question: str) -> None:
    page = client.get("/ask", params={"q": question}).text
    assert all(words in page for words in labels.DOWNLOADS.values())

    for kind, media_type in MEDIA_TYPES.items():
        got = client.post("/briefing", data={**_form(page), "format": kind})
        assert got.status_code == 200
        assert got.headers["content-type"] == media_type
        assert got.headers["cache-control"] == "no-store"
        assert re.fullmatch(
            rf'attachment; filename="keep-it-local-[\d-]{{10}}\.{kind}"', got.headers["content-disposition"]
        )
    file = client.post("/briefing", data={**_form(page), "format": "docx"}).content
    lines = [line.text for line in _opened(file).paragraphs]
    assert question in lines
    assert labels.NOT_AS_ON_THE_PAGE not in lines


def test_the_same_is_asked_again_with_what_was_said_and_where_to_look(
    client: TestClient, assistant: FakeAssistant
) -> None:
    said = {
        "q": fakes.ANSWERED,
        "principle": "4",
        "kind": "essay",
        "reader": "Hello",
        "assistant": "Hi\nthere",
    }
    page = client.post("/ask", data=said).text
    client.post("/briefing", data={**_form(page), "format": "md"})

    assert assistant.asked[1] == assistant.asked[0]
    assert len(assistant.asked[0].history) == 2


def test_a_paper_that_differs_from_the_page_says_so(client: TestClient) -> None:
    told = client.post("/briefing", data={"q": fakes.ANSWERED, "format": "md", "shown": "other words"}).text
    assert labels.NOT_AS_ON_THE_PAGE in told


def test_a_greeting_is_no_briefing(client: TestClient) -> None:
    assert 'action="briefing"' not in client.get("/ask", params={"q": fakes.CONVERSATION}).text


def test_a_download_counts_as_a_question_but_is_not_recorded(
    assistant: FakeAssistant, records: Records
) -> None:
    with client_of(lambda: assistant, records, rate_per_minute=1) as client:
        sent = {"q": fakes.ANSWERED, "format": "md"}
        assert client.post("/briefing", data=sent).status_code == 200
        refused = client.post("/briefing", data=sent)
    assert refused.status_code == 429
    assert fakes.ANSWERED in refused.text
    with pytest.raises(NotFound):
        records.rate("answer-1", "up", None)


@pytest.mark.parametrize(
    "sent", [{}, {"q": fakes.ANSWERED}, {"q": fakes.ANSWERED, "format": "exe"}, {"q": "", "format": "md"}]
)
def test_a_form_that_makes_no_sense_gets_a_page_that_says_so(
    client: TestClient, sent: dict[str, str]
) -> None:
    got = client.post("/briefing", data=sent)
    assert got.status_code == 422
    assert got.headers["content-type"].startswith("text/html")


def test_every_outcome_makes_a_paper() -> None:
    assert {exchange.answer.outcome for exchange in CONVERSATION if exchange.answer} == set(Outcome)
    assert all(paper(kind, CONVERSATION) for kind in MEDIA_TYPES)
