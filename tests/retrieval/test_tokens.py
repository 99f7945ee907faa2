"""Token vectors are computed once, stay in their file, and are never taken from a damaged one."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding import TokenVectors, passage_text
from assistant.retrieval.tokens import PassageTokens, load_tokens
from tests.fakes import passage
from tests.fakes_embedding import FakeEmbedder

PASSAGES = (
    passage("Leeds merged four contracts into one. It took a year.", position=0),
    passage("Kent used the model first.", position=1),
)


class Counting(FakeEmbedder):
    """Tells how many texts were read, and gives them states on the way as the packaged model does."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[int] = []

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.read.append(len(texts))
        return [
            replace(each, deep=np.full((len(each.vectors) + 2, 3), at, dtype=np.float32))
            for at, each in enumerate(super().tokens(texts))
        ]


def _load(folder: Path, embedder: FakeEmbedder) -> list[PassageTokens]:
    held = load_tokens(folder, PASSAGES, embedder)
    return [held[each.id] for each in PASSAGES]


def test_they_are_computed_once_and_read_from_their_file_afterwards(tmp_path: Path) -> None:
    embedder = Counting()
    first, again = _load(tmp_path, embedder), _load(tmp_path, embedder)
    assert embedder.read == [2]
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.vectors, other.vectors)
        assert one.deep is not None
        assert other.deep is not None
        assert np.array_equal(one.deep, other.deep)
        assert one.sentences == other.sentences
    assert [len(each.sentences) for each in again] == [2, 1]
    assert [float(each.deep[0, 0]) for each in again if each.deep is not None] == [0.0, 1.0]


def test_in_int8_they_are_nearly_what_the_model_said(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    texts = [passage_text(each.document.title, each.section, each.text) for each in PASSAGES]
    for held, said in zip(_load(tmp_path, embedder), embedder.tokens(texts), strict=True):
        assert held.rounded.dtype == np.int8
        assert np.abs(held.vectors - said.vectors).max() <= np.abs(said.vectors).max() / 250
        assert held.near(said.vectors) == pytest.approx(said.vectors @ held.vectors.T, abs=1e-5)


def test_they_take_no_memory_until_they_are_looked_at(tmp_path: Path) -> None:
    for held in _load(tmp_path, Counting()):
        assert isinstance(_owner(held.rounded), np.memmap)
        assert held.deep is not None
        assert isinstance(_owner(held.deep), np.memmap)


def test_nobody_cuts_the_file_short_by_accident_while_it_is_mapped(tmp_path: Path) -> None:
    _load(tmp_path, Counting())
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o222 == 0


def _owner(held: object) -> object:
    while isinstance(held, np.ndarray) and not isinstance(held, np.memmap):
        held = held.base
    return held


def test_a_model_that_tells_no_states_on_the_way_has_none_kept(tmp_path: Path) -> None:
    assert [each.deep for each in _load(tmp_path, FakeEmbedder())] == [None, None]
    assert [each.deep for each in _load(tmp_path, FakeEmbedder())] == [None, None]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:100],
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        lambda _: b"",
    ],
    ids=["cut short", "without its end", "longer", "changed", "emptied"],
)
def test_a_damaged_file_is_told_of_and_made_anew(
    damage: Callable[[bytes], bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    embedder = Counting()
    _load(tmp_path, embedder)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.chmod(0o600)
    kept.write_bytes(damage(whole))
    with caplog.at_level(logging.WARNING):
        _load(tmp_path, embedder)
    assert embedder.read == [2, 2]
    assert kept.name in caplog.text
    assert kept.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [kept]


def test_those_of_earlier_texts_and_formats_and_what_was_left_behind_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "tokens-2f08faa420f6e553.npz").write_bytes(b"of an earlier format")
    (tmp_path / "tokens-0123456789abcdef.part").write_bytes(b"of one that was killed")
    load_tokens(tmp_path, PASSAGES[:1], FakeEmbedder())
    (earlier,) = tmp_path.iterdir()
    load_tokens(tmp_path, PASSAGES, FakeEmbedder())
    assert len(list(tmp_path.iterdir())) == 1
    assert not earlier.exists()
