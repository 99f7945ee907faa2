"""Each step alone, and all of them on a small material."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.index import Indexed, open_index
from assistant.retrieval import retrieve
from assistant.retrieval.choosing import Choosing
from assistant.retrieval.everyday import Everyday
from assistant.retrieval.fusing import Fusing
from assistant.retrieval.interaction import Interaction, Reranking
from assistant.retrieval.meaning import Meaning, NearestQuestion, NearestSentence
from assistant.retrieval.tokens import load_tokens
from assistant.retrieval.words import Words
from assistant.vocabulary import RECORD, Hit, Query
from ingest.building import build
from tests.fakes import document, passage
from tests.fakes_embedding import FakeEmbedder
from tests.ingest.material import write_digest

MERGED = passage("Leeds merged four contracts into one.", position=0, of=document(title="Leeds"))
MODEL = passage(
    "Kent used the model first.", position=1, of=document("kent", title="Kent", principle=2, kind="essay")
)
AGAIN = passage("Leeds merged four contracts into one contract.", position=2, of=MERGED.document)


def test_words_finds_stems_fields_and_everyday_words_and_nothing_else() -> None:
    words = Words((MERGED, MODEL), Everyday("contract = deal\n[texting]\n"))
    assert [hit.passage for hit in words(Query("a merging of contracts"), ())] == [MERGED]
    assert [hit.passage for hit in words(Query("the four deals"), ())] == [MERGED]
    assert [hit.passage for hit in words(Query("deals"), ())] == [MERGED]
    assert {hit.passage.id for hit in words(Query("Hollinbrook"), ())} == {MERGED.id, MODEL.id}
    assert words(Query("zebra"), ()) == ()


def test_words_keeps_to_the_filters() -> None:
    words = Words((MERGED, MODEL), Everyday(""))
    assert [hit.passage for hit in words(Query("Leeds Kent", principles=frozenset({2})), ())] == [MODEL]
    assert [hit.passage for hit in words(Query("Leeds Kent", kinds=frozenset({"case-study"})), ())] == [
        MERGED
    ]


def test_fusing_weighs_lists_brought_to_one_scale() -> None:
    hits = (
        Hit(MERGED, 0.0, {"words": 10.0, "meaning": 0.2}),
        Hit(MODEL, 0.0, {"words": 5.0, "meaning": 0.6}),
        Hit(AGAIN, 0.0, {"meaning": 0.4}),
    )
    fused = Fusing({"words": 0.4, "meaning": 0.6})(Query("?"), hits)
    assert [(hit.passage, round(hit.score, 3)) for hit in fused] == [
        (MODEL, 0.6),
        (MERGED, 0.4),
        (AGAIN, 0.3),
    ]


def test_choosing_leaves_out_what_a_better_hit_says_already() -> None:
    hits = (Hit(AGAIN, 0.9), Hit(MERGED, 0.8), Hit(MODEL, 0.1))
    assert [hit.passage for hit in Choosing()(Query("?"), hits)] == [AGAIN, MODEL]
    assert [hit.passage for hit in Choosing(limit=1)(Query("?"), hits)] == [AGAIN]


@pytest.fixture
def interaction(tmp_path: Path) -> Interaction:
    embedder = FakeEmbedder()
    return Interaction(embedder, load_tokens(tmp_path, (MERGED, MODEL, AGAIN), embedder))


def test_interaction_matches_each_word_with_its_best(interaction: Interaction) -> None:
    assert interaction.passage("merged contracts", MERGED) == pytest.approx(1, abs=0.01)
    assert interaction.passage("merged zebras", MERGED) < 0.9
    assert interaction.words("merged zebras", MERGED)[0] == pytest.approx(1, abs=0.01)
    ((sentence, match),) = interaction.sentences("Kent", MODEL)
    assert (sentence, round(match, 1)) == (MODEL.text, 1.0)


def test_interaction_looks_for_all_words_when_none_carries_a_subject(interaction: Interaction) -> None:
    assert interaction.query("And what of it?").words == ("And", "what", "of", "it")
    assert interaction.passage("", MERGED) == 0


def test_reranking_lifts_what_matches_word_by_word(interaction: Interaction) -> None:
    hits = (Hit(MODEL, 0.50), Hit(MERGED, 0.45))
    reranked = Reranking(interaction)(Query("four contracts merged"), hits)
    assert [hit.passage for hit in reranked] == [MERGED, MODEL]
    assert all(0 <= hit.score <= 1 for hit in reranked)


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Indexed]:
    corpus = tmp_path / "digests"
    write_digest(corpus, "alpha", "Alpha grows apples. It sells them at the market.")
    write_digest(corpus, "beta", "Beta keeps bees. Bees make honey for the whole town.")
    (tmp_path / "asked").mkdir()
    asked = "## What did alpha change?\n- something sweet for my toast\n"
    (tmp_path / "asked" / "alpha.md").write_text(asked, encoding="utf-8")
    index = open_index(tmp_path / "data")
    build(corpus, index, FakeEmbedder())
    yield index.load("fake")
    index.close()


def test_meaning_and_the_nearest_sentence_find_the_passage_that_says_it(indexed: Indexed) -> None:
    steps = (Meaning(indexed, FakeEmbedder()), NearestSentence(indexed, FakeEmbedder()))
    hits = retrieve(steps, Query("bees make honey"))
    for part in ("meaning", "sentence"):
        best = max(hits, key=lambda hit: hit.parts.get(part, -1))
        assert "honey" in best.passage.text


def test_a_question_that_others_asked_finds_the_section_that_answers_it(indexed: Indexed) -> None:
    (hit,) = retrieve(
        (NearestQuestion(indexed, FakeEmbedder()),), Query("is there something sweet for toast")
    )
    assert (hit.passage.document.id, hit.passage.section) == ("alpha", "What did alpha change?")
    assert 0 < hit.parts["asked"] <= 1
    assert (
        retrieve((NearestQuestion(indexed, FakeEmbedder()),), Query("toast", kinds=frozenset({"essay"})))
        == ()
    )


def test_a_part_that_nothing_has_leaves_its_weight_to_the_others() -> None:
    hits = (Hit(MERGED, 0.0, {"words": 2.0}), Hit(MODEL, 0.0, {"words": 1.0}))
    with_it = Fusing({"asked": 0.5, "words": 0.5}, optional=frozenset({"asked"}))(Query("x"), hits)
    assert with_it == Fusing({"words": 1.0})(Query("x"), hits)
    assert with_it[0].score == 1.0


def test_a_passage_without_questions_is_no_worse_than_one_whose_questions_do_not_fit() -> None:
    own, shipped = Hit(MERGED, 0.0, {"words": 2.0}), Hit(MODEL, 0.0, {"words": 1.9, "asked": 0.1})
    best = Hit(passage("Other.", position=9), 0.0, {"words": 0.1, "asked": 0.9})
    first, *_ = Fusing({"asked": 0.5, "words": 0.5}, optional=frozenset({"asked"}))(
        Query("x"), (own, shipped, best)
    )
    assert first.passage == MERGED


def test_filters_hold_for_meaning_and_sentences(indexed: Indexed) -> None:
    steps = (Meaning(indexed, FakeEmbedder()), NearestSentence(indexed, FakeEmbedder()))
    assert retrieve(steps, Query("bees", principles=frozenset({4}))) != ()
    assert retrieve(steps, Query("bees", principles=frozenset({5}))) == ()
    assert retrieve(steps, Query("bees", kinds=frozenset({"essay"}))) == ()


def test_a_context_lends_its_weight_without_drowning_the_message(indexed: Indexed) -> None:
    steps = (
        Meaning(indexed, FakeEmbedder()),
        Words(indexed.passages, Everyday("")),
        Fusing({"words": 0.5, "meaning": 0.5}),
    )
    alone = retrieve(steps, Query("what does it make?"))
    meant = retrieve(steps, Query("what does it make?", context="Who keeps bees? Beta keeps bees."))
    assert "bees" in meant[0].passage.text.lower()
    assert {hit.passage.id for hit in meant} >= {hit.passage.id for hit in alone}


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert load_tokens(blocked, (MERGED,), FakeEmbedder())[MERGED.id].sentences[0][0] == MERGED.text


def test_a_record_of_the_catalogue_answers_only_questions_about_a_document() -> None:
    record = passage("“Hollinbrook” is a case study.", position=3, section=RECORD)
    hits = (Hit(record, 0.9), Hit(MERGED, 0.8))
    assert [hit.passage for hit in Choosing()(Query("What did Hollinbrook do?"), hits)] == [MERGED]
    assert [hit.passage for hit in Choosing()(Query("Who wrote about Hollinbrook?"), hits)] == [
        record,
        MERGED,
    ]
