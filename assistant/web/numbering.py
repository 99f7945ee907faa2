"""Counts the references of several answers as one list."""

from dataclasses import replace

from assistant.vocabulary import Citation


class Numbers:
    """Numbers run through the whole paper; the same words of a passage keep theirs."""

    def __init__(self) -> None:
        self._cited: dict[tuple[str, str], Citation] = {}

    def of(self, citation: Citation) -> int:
        """Return the number of a citation in the paper."""
        key = (citation.passage.id, citation.quote)
        return self._cited.setdefault(key, replace(citation, number=len(self._cited) + 1)).number

    def cited(self) -> tuple[Citation, ...]:
        """Return what was cited, in order, each with its number in the paper."""
        return tuple(self._cited.values())
