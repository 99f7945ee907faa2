"""Whether a passage supports a sentence, and with which exact words."""

from collections.abc import Callable, Sequence

from assistant.checking.overlap import WordChecker
from assistant.vocabulary import Draft, Evidence, Passage

__all__ = ["Checker", "WordChecker"]

Checker = Callable[[Draft, Sequence[Passage]], tuple[Evidence, ...]]
