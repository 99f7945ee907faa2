"""How a digest is cut into passages: nothing lost, nothing too long, ids that stay."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.embedding import passage_text
from assistant.errors import MaterialInvalid
from assistant.sentences import split_sentences
from assistant.vocabulary import RECORD, Document, Passage, Source
from ingest.chunking import about, passages_of
from ingest.front_matter import Digest, Section
from tests.fakes_embedding import FakeEmbedder

DOCUMENT = Document(
    id="alpha",
    title="Gardens first",
    kind="essay",
    authors=("Ada Field",),
    organisation="Marlow Council",
    url="https://example.org/alpha",
    not_covered="Zebras.",
)
# Small, so that the generated sections have to be cut at paragraphs, at sentences and inside sentences; the
# catalogue record fits.
LIMIT = 40

# Where a test takes long on a busy machine is no finding.
unhurried = settings(deadline=None, max_examples=60)

words = st.text(alphabet="abcdeé£19", min_size=1, max_size=9)
sentences = st.builds(
    lambda first, rest, end: f"{first.upper()} {' '.join(rest)}{end}",
    words,
    st.lists(words, min_size=1, max_size=30),
    st.sampled_from([".", "?", "!", "; and more.", ""]),
)
prose = st.lists(sentences, min_size=1, max_size=3).map(" ".join)
listed = st.lists(words, min_size=1, max_size=20).map(
    lambda items: "These:\n" + "\n".join(f"- {i}" for i in items)
)
texts = st.lists(prose | listed, min_size=1, max_size=3).map("\n\n".join)
headings = st.lists(
    st.sampled_from(["Why?", "Why!", "why", "About", "Who paid?", "¿¿", "…", "Why 2"]),
    min_size=1,
    max_size=5,
    unique=True,
)


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    return Digest(DOCUMENT, "partial", tuple(Section(heading, draw(texts)) for heading in draw(headings)))


def cut(*sections: Section, limit: int = 256) -> tuple[Passage, ...]:
    """Return the passages behind the catalogue record."""
    passages = passages_of(Digest(DOCUMENT, "partial", sections), FakeEmbedder(limit=limit))
    return tuple(passage for passage in passages if passage.section != RECORD)


def of_section(passages: Sequence[Passage], heading: str) -> list[Passage]:
    return [passage for passage in passages if passage.section == heading]


@unhurried
@given(digests())
def test_no_word_is_lost_or_added_and_none_changes_its_section(digest: Digest) -> None:
    passages = passages_of(digest, FakeEmbedder(limit=LIMIT))

    for section in digest.sections:
        cut_text = "".join(passage.text for passage in of_section(passages, section.heading))
        assert "".join(cut_text.split()) == "".join(section.text.split())


@unhurried
@given(digests())
def test_a_passage_is_exact_words_of_its_one_section(digest: Digest) -> None:
    texts_of = {section.heading: section.text for section in digest.sections}

    for passage in passages_of(digest, FakeEmbedder(limit=LIMIT))[1:]:
        assert passage.text
        assert passage.text in texts_of[passage.section]


@unhurried
@given(digests())
def test_what_is_embedded_fits_the_model(digest: Digest) -> None:
    embedder = FakeEmbedder(limit=LIMIT)

    for passage in passages_of(digest, embedder)[1:]:
        assert embedder.count(passage_text(DOCUMENT.title, passage.section, passage.text)) <= LIMIT


@unhurried
@given(digests())
def test_ids_are_unique_and_positions_count_up(digest: Digest) -> None:
    passages = passages_of(digest, FakeEmbedder(limit=LIMIT))

    assert len({passage.id for passage in passages}) == len(passages)
    assert [passage.position for passage in passages] == list(range(len(passages)))
    assert all(passage.id.startswith("alpha/") for passage in passages)


@unhurried
@given(digests(), texts)
def test_an_id_stays_when_another_section_is_rewritten(digest: Digest, text: str) -> None:
    first, *rest = digest.sections
    changed = Digest(DOCUMENT, "partial", (Section(first.heading, text), *rest))
    embedder = FakeEmbedder(limit=LIMIT)
    before, after = passages_of(digest, embedder), passages_of(changed, embedder)

    for section in rest:
        assert [(p.id, p.text) for p in of_section(after, section.heading)] == [
            (p.id, p.text) for p in of_section(before, section.heading)
        ]


@pytest.mark.parametrize(
    ("authors", "organisation", "by"),
    [((), "", ""), ((), "Marlow Council", " by Marlow Council"), (("Ada Field",), "", " by Ada Field")],
)
def test_a_record_says_only_whom_it_knows(authors: tuple[str, ...], organisation: str, by: str) -> None:
    document = replace(DOCUMENT, authors=authors, organisation=organisation)
    assert about(document).startswith(f"“Gardens first” is an essay{by}. ")


def test_the_paragraphs_of_a_section_stay_together_while_they_fit() -> None:
    (passage,) = cut(Section("Why now?", "One reason.\n\nAnother reason.", Source("BBC")))

    assert passage == Passage(
        id="alpha/why-now/0",
        document=DOCUMENT,
        section="Why now?",
        text="One reason.\n\nAnother reason.",
        position=1,
        text_from="digest",
        source=Source("BBC"),
    )


def test_a_section_is_split_at_paragraphs_then_sentences_then_words() -> None:
    long = "It " + "goes on and on, " * 9 + "to here."
    section = Section("Why?", f"Short one.\n\nFirst sentence of five words. Second one.\n\n{long}")

    pieces = [passage.text for passage in cut(section, limit=18)]

    assert pieces[0] == "Short one."
    assert pieces[1] == "First sentence of five words. Second one."
    assert len(pieces) > 3
    assert " ".join(pieces[2:]) == long


def test_a_list_that_is_too_long_is_split_at_its_lines() -> None:
    items = [f"- item {n} of the list" for n in range(10)]

    pieces = [passage.text for passage in cut(Section("Why?", "\n".join(items)), limit=30)]

    assert len(pieces) > 1
    assert "\n".join(pieces).splitlines() == items


def test_headings_that_differ_only_in_punctuation_have_ids_of_their_own() -> None:
    passages = cut(Section("Why?", "A."), Section("Why!", "B."), Section("About", "C."), Section("¿?", "D."))

    assert [p.id for p in passages] == ["alpha/why/0", "alpha/why-2/0", "alpha/about-2/0", "alpha/section/0"]


def test_an_apostrophe_or_an_accent_does_not_break_an_id() -> None:
    (passage,) = cut(Section("What is Oldham's café?", "A."))

    assert passage.id == "alpha/what-is-oldhams-cafe/0"


def test_a_heading_that_leaves_no_room_for_text_is_refused() -> None:
    with pytest.raises(MaterialInvalid, match=r"heading “why why .* too long\. Shorten them"):
        cut(Section("why " * 60, "Because."), limit=60)


def test_the_first_passage_says_what_the_document_is() -> None:
    first = passages_of(Digest(DOCUMENT, "partial", (Section("Why?", "A."),)), FakeEmbedder())[0]

    assert (first.id, first.position, first.section) == ("alpha/about/0", 0, RECORD)
    assert first.text == (
        "“Gardens first” is an essay by Ada Field (Marlow Council). The date of “Gardens first” is not known."
    )


def test_what_a_digest_does_not_cover_is_never_text() -> None:
    passages = passages_of(Digest(DOCUMENT, "partial", (Section("Why?", "A."),)), FakeEmbedder())

    assert not any("Zebras" in passage.text for passage in passages)


def described(**fields: object) -> str:
    facts: dict[str, object] = {
        "id": "x",
        "title": "T",
        "kind": "essay",
        "authors": ("Ada Field",),
        "organisation": "Ada Field",
        "url": "https://example.org",
    }
    return about(Document(**(facts | fields)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"principle": 4}, "“T” is an essay on Keep it Local principle 4, by Ada Field."),
        (
            {"principle": 6, "kind": "case-study"},
            "“T” is a case study for Keep it Local principle 6, by Ada Field.",
        ),
        ({"kind": "introduction"}, "“T” is an introduction to Keep it Local, by Ada Field."),
        (
            {"kind": "network"},
            "“T” is material about the Keep it Local campaign and its network, by Ada Field.",
        ),
        ({"kind": "press"}, "“T” is a press item by Ada Field."),
        ({"authors": ("A", "B", "C"), "organisation": "O; P"}, "“T” is an essay by A, B and C (O and P)."),
        ({"authors": ("A", "B"), "organisation": "A; P"}, "“T” is an essay by A and B (P)."),
        ({"place": "Wakefield"}, "“T” is about Wakefield."),
        ({"place": "Bradford; Bristol"}, "“T” is about Bradford and Bristol."),
        ({"published": "2022-09-19"}, "The page of “T” is dated 19 September 2022."),
        ({"published": "2020-03-03"}, "The page of “T” is dated 3 March 2020."),
        ({"published": "2020-03"}, "The page of “T” is dated March 2020."),
        ({"published": "2017"}, "The page of “T” is dated 2017."),
        ({}, "The date of “T” is not known."),
    ],
)
def test_the_catalogue_record_puts_the_front_matter_in_words(
    fields: dict[str, object], sentence: str
) -> None:
    assert sentence in split_sentences(described(**fields))
