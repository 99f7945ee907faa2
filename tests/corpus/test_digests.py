"""The material that is shipped: every file valid, the catalogue complete, nothing lost in passages."""

from pathlib import Path

import pytest

from assistant.embedding import passage_text
from assistant.original import SentenceTransformerEmbedder
from assistant.sentences import split_sentences
from ingest.catalogue import catalogue
from ingest.chunking import about, passages_of
from ingest.front_matter import Digest, read_corpus
from tests.fakes_embedding import FakeEmbedder

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def digests() -> tuple[Digest, ...]:
    return read_corpus(CORPUS / "digests")


def test_every_digest_is_valid(digests: tuple[Digest, ...]) -> None:
    assert len(digests) == len(list((CORPUS / "digests").glob("*.md")))


def test_the_corpus_has_the_introduction_an_essay_for_each_principle_and_two_case_studies(
    digests: tuple[Digest, ...],
) -> None:
    held = {(one.document.kind, one.document.principle) for one in digests}

    assert held >= {("introduction", None), ("case-study", 3), ("case-study", 6)}
    assert held >= {("essay", principle) for principle in range(1, 7)}


def test_the_catalogue_is_up_to_date(digests: tuple[Digest, ...]) -> None:
    """If this fails: `python -m ingest.catalogue`."""
    assert (CORPUS / "README.md").read_text(encoding="utf-8") == catalogue(digests)


def test_every_paragraph_of_every_digest_is_in_a_passage(digests: tuple[Digest, ...]) -> None:
    embedder = FakeEmbedder()

    for digest in digests:
        passages = passages_of(digest, embedder)
        for section in digest.sections:
            for paragraph in section.text.split("\n\n"):
                held = [one for one in passages if paragraph in one.text]
                assert [(one.section, one.source) for one in held] == [(section.heading, section.source)]


def test_no_passage_tells_what_a_digest_does_not_cover_or_shows_a_source_line(
    digests: tuple[Digest, ...],
) -> None:
    for digest in digests:
        for passage in passages_of(digest, FakeEmbedder()):
            assert str(digest.document.not_covered) not in passage.text
            assert "Source:" not in passage.text


@pytest.mark.models
def test_the_packaged_model_reads_every_passage_whole(digests: tuple[Digest, ...]) -> None:
    model = SentenceTransformerEmbedder()

    for digest in digests:
        for passage in passages_of(digest, model):
            embedded = passage_text(passage.document.title, passage.section, passage.text)
            assert model.count(embedded) <= model.limit == 256


def test_each_sentence_about_a_document_names_it(digests: tuple[Digest, ...]) -> None:
    for digest in digests:
        for sentence in split_sentences(about(digest.document)):
            assert f"“{digest.document.title}”" in sentence


def test_every_section_has_questions_in_readers_words_and_none_stands_twice(
    digests: tuple[Digest, ...],
) -> None:
    """They belong to the sections, by their headings: `read_corpus` refuses any other."""
    for digest in digests:
        assert {heading for heading, _ in digest.asked} == {section.heading for section in digest.sections}
    asked = [
        question.lower() for digest in digests for _, questions in digest.asked for question in questions
    ]
    assert len(asked) == len(set(asked)) > 1500
