"""Opens the embedding model that the settings name; what it needs is imported only then."""

from pathlib import Path

from assistant.embedding import PACKAGED, Embedder


def open_embedder(model: str, threads: int, data: Path) -> Embedder:
    """Return the packaged model in int8, kept in the data folder, or any other as it was published."""
    if model == PACKAGED:
        from assistant.compact import CompactEmbedder  # noqa: PLC0415 - not needed for other models

        return CompactEmbedder(data / "models", threads, deep=True)
    from assistant.original import SentenceTransformerEmbedder  # noqa: PLC0415 - takes seconds to import

    return SentenceTransformerEmbedder(model, threads)
