"""Finding by words: BM25 over stems, with the everyday words for what the material says."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.retrieval.everyday import Everyday
from assistant.retrieval.merging import merge
from assistant.vocabulary import Hit, Passage, Query
from assistant.words import stems


class Words:
    """Adds `words`, a passage's BM25 score (0 and up; Lucene's form, by bm25s).

    Heading, title, authors, organisation and place count as words of the passage.
    A word that only the thesaurus suggests counts `everyday_weight` of one the reader wrote.
    """

    def __init__(
        self, passages: Sequence[Passage], everyday: Everyday, everyday_weight: float = 0.6, limit: int = 100
    ) -> None:
        import bm25s  # noqa: PLC0415 - only this file needs it, and only once a question is asked

        self._passages = tuple(passages)
        self._everyday, self._everyday_weight, self._limit = everyday, everyday_weight, limit
        corpus = [searchable_stems(passage) for passage in self._passages]
        self._vocabulary = frozenset(word for words in corpus for word in words)
        self._bm25: Any = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self._bm25.index(corpus, show_progress=False)

    def __call__(self, query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Score every passage that the filters admit; those without a word in common stay out."""
        scores = self._scores(query.text)
        measured = {
            self._passages[at]: float(scores[at])
            for at in np.argsort(-scores, kind="stable")
            if scores[at] > 0 and query.admits(self._passages[at].document)
        }
        return merge(hits, "words", dict(list(measured.items())[: self._limit]))

    def _scores(self, text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        written = set(stems(text)) & self._vocabulary
        meant = (self._everyday.meant_by(text) & self._vocabulary) - written
        scores = np.zeros(len(self._passages), dtype=np.float32)
        if written:
            scores += self._bm25.get_scores(sorted(written))
        if meant:
            scores += self._everyday_weight * self._bm25.get_scores(sorted(meant))
        return scores


def searchable_stems(passage: Passage) -> list[str]:
    """Stems of everything that a reader could name a passage by."""
    document = passage.document
    fields = (
        document.title, document.organisation, document.place or "", *document.authors,
        passage.section, passage.text,
    )  # fmt: skip
    return stems(" ".join(fields))
