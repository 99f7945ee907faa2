"""Keeps the index open, and opens it again where its folder was deleted and made anew."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from assistant.index import Index, open_index


@dataclass(slots=True)
class Opening:
    """Call it for the index."""

    folder: Path
    chroma_url: str = ""
    _opened: dict[object, Index] = field(default_factory=dict)

    def __call__(self) -> Index:
        """Return the index that is there now; raises `StorageFailed`."""
        if self._identity() not in self._opened:
            index = open_index(self.folder, self.chroma_url, anew=bool(self._opened))
            self._opened = {self._identity(): index}
        return next(iter(self._opened.values()))

    def _identity(self) -> object:
        """Tell the folder from another of the same name."""
        with contextlib.suppress(OSError):
            if not self.chroma_url:
                there = (self.folder / "index").stat()
                return there.st_dev, there.st_ino
        return self.chroma_url
