"""A cross-encoder's second opinion."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.errors import ModelUnavailable
from assistant.original import CrossEncoderScorer
from assistant.retrieval.reading import Reading
from assistant.vocabulary import Hit, Query
from tests.fakes import passage

BEES = passage("Bees make honey.", position=0)
APPLES = passage("Apples grow on trees.", position=1)
WASPS = passage("Wasps mind nobody.", position=2)
HITS = (Hit(APPLES, 0.6), Hit(BEES, 0.5), Hit(WASPS, 0.4))


def test_what_reads_best_comes_first_and_the_rest_keeps_its_place() -> None:
    read: list[str] = []

    def score(question: str, texts: Sequence[str]) -> list[float]:
        read.extend(texts)
        return [float("honey" in text) for text in texts]

    hits = Reading(score, limit=2)(Query("honey?"), HITS)
    assert [hit.passage for hit in hits] == [BEES, APPLES, WASPS]
    assert [hit.parts.get("cross") for hit in hits] == [1.0, 0.0, None]
    assert len(read) == 2
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_nothing_found_is_nothing_to_read() -> None:
    assert Reading(lambda _question, texts: [0.5] * len(texts))(Query("honey?"), ()) == ()


@pytest.mark.models
def test_a_cross_encoder_from_a_folder_scores_each_pair(tmp_path: Path) -> None:
    """A tiny one with random weights: what it says means nothing, that it can be used does."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer  # noqa: PLC0415 - slow

    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nbees\nmake\nhoney\n")
    config = BertConfig(
        vocab_size=8,
        max_position_embeddings=32,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    BertTokenizer(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    score = CrossEncoderScorer(str(tmp_path))
    assert score("bees?", []) == []
    first, second = score("bees?", ["Bees make honey.", "Honey."])
    assert 0 < first < 1
    assert 0 < second < 1


@pytest.mark.models
def test_a_cross_encoder_that_is_not_there_says_which_setting_to_check() -> None:
    with pytest.raises(ModelUnavailable, match="KIL_CROSS_ENCODER"):
        CrossEncoderScorer("no/such-model")
