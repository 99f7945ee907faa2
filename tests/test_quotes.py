"""Answers in the words of the material."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.composing.quotes import Quotes
from assistant.joint import Joint, Network
from assistant.precedents import Labelled, Precedents
from assistant.rarity import Rarity
from assistant.retrieval.interaction import Interaction, Vector
from assistant.retrieval.tokens import load_tokens
from assistant.retrieval.words import searchable_stems
from assistant.vocabulary import Draft, Hit, Passage, Query, Source
from tests.fakes import document, labelled, passage
from tests.fakes_embedding import FakeEmbedder

APPLES = passage(
    "Ada Field says that Marlow grows apples. They are sold at the market for £30,000. "
    "Nobody minds the wasps.",
    of=document("apples", authors=("Ada Field", "Ben Shore")),
)
BEES = passage(
    "Saltmere keeps bees. Honey goes to the library in autumn. Apples are pollinated by the bees.",
    position=1,
    of=document("bees", authors=("Cora Lane",)),
    source=Source("Saltmere Courier"),
)
TWICE = passage("Marlow grows apples, Ada Field says.", position=2, of=document("twice"))


def compose(
    folder: Path,
    text: str,
    *passages: Passage,
    network: Network | None = None,
    precedents: Labelled | None = None,
    **knobs: float,
) -> list[Draft]:
    embedder = FakeEmbedder(deep=True)
    tokens = load_tokens(folder, passages, embedder)
    interaction = Interaction(embedder, tokens)
    rarity = Rarity([searchable_stems(each) for each in (APPLES, BEES, TWICE)])
    joint = Joint(embedder, tokens, network)
    held = Precedents(embedder.embed, precedents, frozenset({BEES.id}))
    quotes = Quotes(interaction, rarity, joint, held, **knobs)  # type: ignore[arg-type]
    return list(quotes.compose(Query(text), tuple(Hit(each, 0.2) for each in passages)))


def test_every_draft_is_words_of_the_passage_it_claims(tmp_path: Path) -> None:
    for draft in compose(tmp_path, "Who grows apples and keeps bees?", APPLES, BEES):
        assert draft.text in draft.claimed[0].text


def test_the_sentence_with_the_kind_of_thing_asked_for_is_there(tmp_path: Path) -> None:
    texts = [draft.text for draft in compose(tmp_path, "How much are apples sold for?", APPLES, BEES)]
    assert any("£30,000" in text for text in texts)
    assert "Nobody minds the wasps." not in texts


def test_what_was_quoted_for_questions_like_it_is_quoted_again(tmp_path: Path) -> None:
    known = labelled(("What happens to Honey in Saltmere?", 1.0, {(BEES, 1): 1.0}))
    without, with_it = (
        [draft.text for draft in compose(tmp_path, "What happens to it in Saltmere?", BEES, precedents=each)]
        for each in (None, known)
    )
    assert without[0] == "Saltmere keeps bees."
    assert with_it == ["Honey goes to the library in autumn."]


def test_a_sentence_that_leans_on_the_one_before_brings_it_along(tmp_path: Path) -> None:
    texts = [draft.text for draft in compose(tmp_path, "sold at the market", APPLES, ratio=0.95)]
    assert texts == ["Ada Field says that Marlow grows apples.", "They are sold at the market for £30,000."]


@pytest.mark.parametrize(
    "leaning", ["The first is pears.", "Marlow Council also sells pears.", "They sell pears."]
)
def test_it_does_so_however_it_leans(leaning: str, tmp_path: Path) -> None:
    held = passage(f"Marlow has two crops. {leaning}", of=document("crops"))
    texts = [draft.text for draft in compose(tmp_path, "pears", held, ratio=0.95)]
    assert texts == ["Marlow has two crops.", leaning]


def test_no_hole_is_left_between_two_sentences(tmp_path: Path) -> None:
    held = passage(
        "Marlow sells pears. Ada left. Marlow sells plums. Ben left. Cora left.", of=document("crops")
    )
    texts = [draft.text for draft in compose(tmp_path, "What does Marlow sell?", held, ratio=0.9)]
    assert texts == ["Marlow sells pears.", "Ada left.", "Marlow sells plums."]


@pytest.mark.parametrize(
    ("text", "parted", "read"),
    [
        ("Who grows pears?", False, 2),
        ("Which councils grow pears?", False, 3),
        ("What kinds of fruit grow here?", False, 3),
        ("Who grows pears? Who sells them?", True, 0),
    ],
)
def test_only_as_many_passages_are_read_as_the_question_needs(
    text: str, parted: bool, read: int, tmp_path: Path
) -> None:
    held = [
        passage(f"Marlow grows {each}.", position=at) for at, each in enumerate(("pears", "plums", "figs"))
    ]
    embedder, seen = FakeEmbedder(deep=True), list[int]()
    tokens = load_tokens(tmp_path, held, embedder)

    class Watched(Network):
        def all_logits(self, question: Vector, passages: Any) -> list[tuple[float, Vector]]:
            seen.append(len(passages))
            return [(0.0, np.zeros(len(where), dtype=np.float32)) for _, where in passages]

    network = Watched(lambda states: states, np.zeros((2, 64), dtype=np.float32), {})
    rarity = Rarity([searchable_stems(each) for each in held])
    joint = Joint(embedder, tokens, network)
    quotes = Quotes(Interaction(embedder, tokens), rarity, joint, Precedents(embedder.embed), read=2)
    assert list(quotes.compose(Query(text, parted=parted), tuple(Hit(each, 0.5) for each in held)))
    assert sum(seen) == read


def test_whose_view_it_is_stands_before_what_anybody_may_do(tmp_path: Path) -> None:
    held = passage("Ada Field lists three ways. A council can give small grants.", of=APPLES.document)
    (first,) = compose(tmp_path, "small grants", held, ratio=0.95)
    assert "Ada Field" in first.lead_in
    told = passage("Ada Field lists three ways. She gives small grants as one.", of=APPLES.document)
    assert not compose(tmp_path, "small grants", told, ratio=0.95)[-1].lead_in


def test_what_is_counted_out_is_told_to_the_end(tmp_path: Path) -> None:
    fruit = "The first is pears. The second is plums. The third is pears and plums. The last is medlars."
    held = passage(f"Marlow sells four kinds of fruit. {fruit}", of=document("crops"))
    texts = [draft.text for draft in compose(tmp_path, "pears or plums", held, ratio=0.9)]
    assert texts[-1] == "The last is medlars."
    alone = passage("The first is pears. The second is figs. The third is dates.", of=document("crops"))
    assert len(compose(tmp_path, "pears", alone, ratio=0.95)) == 1


def test_nothing_is_said_twice(tmp_path: Path) -> None:
    texts = [draft.text for draft in compose(tmp_path, "Marlow grows apples", APPLES, TWICE, ratio=0.6)]
    assert sum("grows apples" in text for text in texts) == 1


def test_a_sentence_out_of_the_middle_says_whose_view_it_is(tmp_path: Path) -> None:
    (draft,) = compose(tmp_path, "honey goes to the library in autumn", BEES, ratio=0.95)
    assert draft.lead_in == "According to Saltmere Courier: "
    (wasps,) = compose(tmp_path, "nobody minds wasps", APPLES, ratio=0.95)
    assert wasps.lead_in == "According to Ada Field and Ben Shore: "


def test_where_no_author_is_known_the_document_is_named(tmp_path: Path) -> None:
    for organisation, owner in {"Marlow Council": "Marlow Council", "": "“Plots”"}.items():
        nobodys = document("plots", title="Plots", authors=(), organisation=organisation)
        of_nobody = replace(APPLES, document=nobodys)
        (wasps,) = compose(tmp_path, "nobody minds wasps", of_nobody, ratio=0.95)
        assert wasps.lead_in == f"According to {owner}: "


def test_a_sentence_that_says_so_itself_or_goes_on_needs_no_lead_in(tmp_path: Path) -> None:
    drafts = compose(tmp_path, "sold at the market", APPLES, ratio=0.95)
    assert [draft.lead_in for draft in drafts] == ["", ""]


def test_there_are_six_sentences_at_most_and_the_best_come_first_by_document(tmp_path: Path) -> None:
    drafts = compose(tmp_path, "honey for the library from bees and apples", APPLES, BEES, ratio=0.0, limit=3)
    assert len(drafts) <= 4
    documents = [draft.claimed[0].document.id for draft in drafts]
    assert documents == sorted(documents, key=documents.index)
    assert documents[0] == "bees"


MARKET = passage(
    "Marlow changed its ways. Small traders won £40,000 of work there. In 2019 they won £10,000.",
    position=4,
    of=document("market", authors=("Ada Field",), published="2021-05"),
)


def test_a_figure_without_a_year_stands_with_the_date_of_its_page(tmp_path: Path) -> None:
    (draft,) = compose(tmp_path, "how much work did small traders win there", MARKET, ratio=0.97)
    assert draft.text == "Small traders won £40,000 of work there."
    assert draft.lead_in == "According to Ada Field (page dated May 2021): "
    (dated,) = compose(tmp_path, "what did they win in 2019", MARKET, ratio=0.97, limit=1)[-1:]
    assert dated.text == "In 2019 they won £10,000."
    assert "page dated" not in dated.lead_in


def test_where_several_documents_are_wanted_one_does_not_speak_alone(tmp_path: Path) -> None:
    def documents(again: float) -> set[str]:
        drafts = compose(
            tmp_path, "what evidence on bees, honey and apples", BEES, APPLES, ratio=0.2, limit=2, again=again
        )
        return {draft.claimed[0].document.id for draft in drafts}

    assert len(documents(0.0)) == 1
    assert documents(2.0) == {"bees", "apples"}


def test_each_of_two_who_are_named_is_heard(tmp_path: Path) -> None:
    """Though one answers much better than the other; and whoever says nothing like it stays silent."""
    asked = "Ada Field says that Marlow grows apples: what does {} say of apples and wasps?"
    both, one = (compose(tmp_path, asked.format(name), APPLES, BEES) for name in ("Cora Lane", "she"))
    assert {draft.claimed[0].document.id for draft in one} == {"apples"}
    assert {draft.claimed[0].document.id for draft in both} == {"apples", "bees"}
    silent = compose(tmp_path, asked.format("Cora Lane"), APPLES, BEES, floor=0.99)
    assert {draft.claimed[0].document.id for draft in silent} == {"apples"}


def test_what_is_read_together_with_the_question_decides_between_like_sentences(tmp_path: Path) -> None:
    text = "Ada sells pears. Ben sells plums. Cora sells figs."
    held = passage(text, position=4, of=document("fruit"))
    drafts = [
        [draft.text for draft in compose(tmp_path, "What is sold?", held, network=_wanting(at), limit=1)]
        for at in range(3)
    ]
    assert drafts == [["Ada sells pears."], ["Ben sells plums."], ["Cora sells figs."]]


def _wanting(sentence: int) -> Network:
    """Return a network to which one sentence, counted from 0, answers and no other does."""

    class Wanting(Network):
        def all_logits(self, question: Vector, passages: Any) -> list[tuple[float, Vector]]:
            return [
                (0.0, np.array([9.0 if at == sentence else -9.0 for at in range(len(where))]))
                for _, where in passages
            ]

    return Wanting(lambda states: states, np.zeros((2, 64), dtype=np.float32), {})
