"""Our assistant as the command line has it, for comparison with others."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.peer_working import Found, Material, Search, work

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.vocabulary import Passage


def prepare(folder: Path) -> Callable[[Material], int]:
    """Load what ingesting needs; the first time, the model is made smaller and kept."""
    from app import _calm_libraries  # noqa: PLC0415 - part of what is measured

    _calm_libraries()
    from assistant.index import open_index  # noqa: PLC0415 - likewise
    from assistant.opening import open_embedder  # noqa: PLC0415 - likewise
    from assistant.packaged import PACKAGED  # noqa: PLC0415 - likewise
    from assistant.retrieval.tokens import load_tokens  # noqa: PLC0415 - likewise
    from ingest.building import build  # noqa: PLC0415 - likewise

    index, embedder = open_index(folder), open_embedder(PACKAGED, 2, folder)

    def ingest(material: Material) -> int:
        build(Path(material["corpus"]), index, embedder)
        passages = index.load(embedder.name).passages
        load_tokens(folder, passages, embedder)  # otherwise made at the first start
        return len(passages)

    return ingest


def opened(folder: Path) -> "Assistant":
    """Open the assistant over what was made."""
    from app import _calm_libraries  # noqa: PLC0415 - part of what is measured

    _calm_libraries()
    from assistant.assembly import build_assistant  # noqa: PLC0415 - likewise
    from assistant.settings import Settings  # noqa: PLC0415 - likewise

    return build_assistant(Settings(data=folder))


def searching(folder: Path) -> Search:
    """Find passages, as `keep-it-local search` does."""
    return _search(opened(folder))


def without_questions(folder: Path) -> Search:
    """Find passages without the readers' questions that are written beside our sections."""
    from assistant.retrieval.meaning import NearestQuestion  # noqa: PLC0415 - imports numpy

    assistant = opened(folder)
    steps = tuple(step for step in assistant.weighing.steps if not isinstance(step, NearestQuestion))
    return _search(replace(assistant, weighing=replace(assistant.weighing, steps=steps)))


def asking(folder: Path) -> Search:
    """Answer, as `keep-it-local ask` does; what is found is what the answer cites."""
    from assistant.vocabulary import Question  # noqa: PLC0415 - likewise

    assistant = opened(folder)

    def ask(text: str, limit: int) -> list[Found]:
        return _found(one.passage for one in assistant.answer(Question(text)).citations[:limit])

    return ask


def _search(assistant: "Assistant") -> Search:
    from assistant.vocabulary import Question  # noqa: PLC0415 - likewise

    def search(text: str, limit: int) -> list[Found]:
        return _found(hit.passage for hit in assistant.search(Question(text), limit))

    return search


def _found(passages: "Iterable[Passage]") -> list[Found]:
    return [(passage.document.id, passage.section, None) for passage in passages]


if __name__ == "__main__":
    work(prepare, {"search": searching, "without": without_questions, "ask": asking})
