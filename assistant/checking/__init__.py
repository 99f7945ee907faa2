"""Does this passage support this sentence, and with which exact words?"""

from collections.abc import Callable, Sequence

from assistant.vocabulary import Draft, Evidence, Passage

Checker = Callable[[Draft, Sequence[Passage]], tuple[Evidence, ...]]
