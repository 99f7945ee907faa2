"""BM25 as others compute it."""

from typing import Any

import bm25s
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.retrieval.words import Lucene

TEXTS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), min_size=1, max_size=8).filter(any)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_scores_are_those_of_bm25s_to_the_last_bit(texts: list[list[str]]) -> None:
    theirs: Any = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    theirs.index(texts, show_progress=False)
    words = sorted({word for text in texts for word in text})
    ours = Lucene(texts)
    assert np.array_equal(ours.scores(words), theirs.get_scores(words))
    assert all(np.array_equal(ours.scores([word]), theirs.get_scores([word])) for word in words)


def test_a_word_that_no_text_has_is_not_there() -> None:
    lucene = Lucene([["a"], []])
    assert ("a" in lucene, "b" in lucene) == (True, False)
    assert lucene.scores([]).tolist() == [0, 0]


def test_without_any_text_there_is_nothing_to_score() -> None:
    assert Lucene([]).scores([]).tolist() == []
