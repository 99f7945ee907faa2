"""The packaged model in int8: it agrees with the original, and its export is whole or made anew."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant import compact
from assistant.compact import ENOUGH, CompactEmbedder
from assistant.embedding import PACKAGED, Remembering
from assistant.errors import ModelUnavailable
from assistant.original import SentenceTransformerEmbedder

pytestmark = pytest.mark.models

# Neither the ranges were measured on these nor does the package hold them.
TEXTS = (
    "Who repairs the lifeboat?",
    "How did the parish of Little Snoring pay for its new swing bridge in 1987, and who opened it?",
    "A committee of nine elders meets on the first Tuesday; its minutes go to the registrar. " * 5,
    "Je voudrais savoir combien coûte un billet.",
    "co-production & £1.25m [SEP] (see p. 4)",
    "word " * 1000,
    "x",
    "",
)


@pytest.fixture(scope="module")
def original() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(PACKAGED)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def model(folder: Path) -> CompactEmbedder:
    return CompactEmbedder(folder, deep=True)


def test_it_agrees_with_the_original(model: CompactEmbedder, original: SentenceTransformerEmbedder) -> None:
    likeness = np.sum(model.embed(TEXTS) * original.embed(TEXTS), axis=1)
    assert likeness.mean() > ENOUGH
    assert likeness.min() > 0.97


def test_it_reads_the_same_pieces_as_the_original(
    model: CompactEmbedder, original: SentenceTransformerEmbedder
) -> None:
    assert [model.count(text) for text in TEXTS] == [original.count(text) for text in TEXTS]
    ours, theirs = model.tokens(TEXTS), original.tokens(TEXTS)
    assert [one.spans for one in ours] == [one.spans for one in theirs]
    for one, other in zip(ours, theirs, strict=True):
        if len(one.spans):
            assert np.sum(one.vectors * other.vectors, axis=1).mean() > 0.97


def test_a_text_is_read_alike_alone_and_with_others(model: CompactEmbedder) -> None:
    together = model.embed(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert model.embed([text])[0] == pytest.approx(vector, abs=1e-3)


def test_the_states_on_the_way_are_those_of_the_original(
    model: CompactEmbedder, original: SentenceTransformerEmbedder
) -> None:
    bert = original._model[0].auto_model
    for text, read in zip(TEXTS, model.tokens(TEXTS), strict=True):
        fed = original._model.tokenizer(text, truncation=True, max_length=256, return_tensors="pt")
        hidden = bert(**fed, output_hidden_states=True).hidden_states
        for layer, told in ((2, read.shallow), (4, read.deep)):
            states = hidden[layer][0].detach().numpy()
            assert told is not None
            assert told.shape == states.shape
            lengths = np.linalg.norm(told, axis=1) * np.linalg.norm(states, axis=1)
            assert (np.sum(told * states, axis=1) / lengths).mean() > 0.98


def test_they_are_left_out_unless_asked_for(folder: Path, model: CompactEmbedder) -> None:
    (read,) = CompactEmbedder(folder).tokens(["hello"])
    assert (read.shallow, read.deep) == (None, None)


def test_the_export_is_made_once_and_is_the_same_everywhere(
    folder: Path, model: CompactEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept,) = folder.iterdir()
    CompactEmbedder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]
    monkeypatch.setattr("sys.path", [])  # the package it was made from is not needed any more
    assert CompactEmbedder(folder).embed(TEXTS) == pytest.approx(model.embed(TEXTS))


@pytest.mark.parametrize("damage", ["cut short", "changed", "emptied"])
def test_a_damaged_export_is_not_loaded_but_made_anew(
    damage: str, folder: Path, model: CompactEmbedder, tmp_path: Path
) -> None:
    (kept,) = folder.iterdir()
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = {"cut short": content[:-100], "changed": content, "emptied": bytearray()}[damage]
    (tmp_path / kept.name).write_bytes(damaged)

    assert CompactEmbedder(tmp_path).embed(TEXTS) == pytest.approx(model.embed(TEXTS))
    assert (tmp_path / kept.name).read_bytes() == kept.read_bytes()
    assert len(list(tmp_path.iterdir())) == 1


def test_an_export_that_does_not_agree_with_the_original_is_refused(
    folder: Path, model: CompactEmbedder, tmp_path: Path
) -> None:
    """Its checksum is right: somebody, or an earlier version of ours, wrote another model there."""
    (kept,) = folder.iterdir()
    weights = compact._measured().ranges
    wrong = {name: (scale, low / 8, high / 8) for name, (scale, low, high) in weights.items()}
    content = compact._export(compact._Measured(wrong, [], np.zeros((0, 384), dtype=np.float32)))
    name = kept.name.replace(kept.stem.rpartition("-")[2], compact._checksum(content))
    (tmp_path / name).write_bytes(content)

    with pytest.raises(ModelUnavailable, match="does not agree with the original"):
        CompactEmbedder(tmp_path)


def test_two_that_export_at_once_keep_one_and_the_same(folder: Path, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from assistant.compact import CompactEmbedder as E\n"
    code += "print(float(E(Path(sys.argv[1])).embed(['Keep it local.'])[0, 0]))"
    command = [sys.executable, "-c", code, str(tmp_path)]
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda _: subprocess.check_output(command, text=True), range(2)))
    assert done[0] == done[1]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path, model: CompactEmbedder) -> None:
    (tmp_path / "models").write_text("a file where the folder would be")
    assert CompactEmbedder(tmp_path / "models").embed(["hi"]) == pytest.approx(model.embed(["hi"]))


def test_a_question_is_read_once_with_all_that_is_known_of_it(model: CompactEmbedder) -> None:
    remembering = Remembering(model)
    assert remembering.tokens(["hi"])[0] is remembering.tokens(["hi"])[0]


def test_neither_exporting_nor_reading_imports_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.opening import open_embedder\n"
        f"open_embedder({PACKAGED!r}, 2, Path(sys.argv[1])).tokens(['Keep it local.'])\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code, str(tmp_path)], text=True)
    assert "onnxruntime" in loaded
    for name in ("torch", "transformers", "sentence_transformers"):
        assert f"'{name}'" not in loaded
