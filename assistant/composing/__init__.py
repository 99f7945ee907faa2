"""Who writes the answer: sentences of the material (`quotes`), or a language model."""

from collections.abc import Iterator
from typing import Protocol

from assistant.retrieval import Hits
from assistant.vocabulary import Draft, Query


class Composer(Protocol):
    """Proposes sentences; what is shown is decided by the checker."""

    @property
    def name(self) -> str:
        """What `answered_by` says."""

    def compose(self, query: Query, hits: Hits) -> Iterator[Draft]:
        """Yield drafts in reading order, each with the passages that it claims to rest on."""
