"""The chain of LangChain's tutorials: characters split at 1,000 with 200 in common, MiniLM, Chroma."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.peer_working import Found, Material, Search, work


def store(folder: Path) -> Any:
    """Open the vector store."""
    from langchain_chroma import Chroma  # noqa: PLC0415 - part of what is measured
    from langchain_huggingface import HuggingFaceEmbeddings  # noqa: PLC0415 - part of what is measured

    embeddings = HuggingFaceEmbeddings(model_name=os.environ["PEER_MODEL"])
    return Chroma(embedding_function=embeddings, persist_directory=str(folder))


def prepare(folder: Path) -> Callable[[Material], int]:
    """Load what ingesting needs."""
    from langchain_core.documents import Document  # noqa: PLC0415 - part of what is measured
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415 - likewise

    opened = store(folder)
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)

    def ingest(material: Material) -> int:
        documents = [
            Document(page_content=one["text"], metadata={"source": one["id"]})
            for one in material["documents"]
        ]
        splits = splitter.split_documents(documents)
        opened.add_documents(splits)
        return len(splits)

    return ingest


def similar(folder: Path) -> Search:
    """Open what was made."""
    opened = store(folder)

    def search(text: str, limit: int) -> list[Found]:
        return [
            (
                one.metadata["source"],
                None,
                (one.metadata["start_index"], one.metadata["start_index"] + len(one.page_content)),
            )
            for one in opened.similarity_search(text, k=limit)
        ]

    return search


if __name__ == "__main__":
    work(prepare, {"search": similar})
