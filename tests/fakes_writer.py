"""A language model without a model: says what it is told to, and remembers what it was asked."""

from collections.abc import Sequence

from assistant.errors import ModelUnavailable
from assistant.llm import Message, Reply

Said = str | ModelUnavailable


class FakeWriter:
    """Gives replies in order, the last again and again; a reply is pieces, a failure among them the last.

    `closed` counts the replies that were not read to their end.
    """

    def __init__(self, *replies: str | Sequence[Said], name: str = "fake:writer") -> None:
        self.name = name
        self.asked: list[tuple[Message, ...]] = []
        self.closed = 0
        self._replies = list(replies)

    def stream(self, messages: Sequence[Message]) -> Reply:
        self.asked.append(tuple(messages))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        try:
            yield from reply
        except GeneratorExit:
            self.closed += 1
            raise


DOWN = ModelUnavailable("The language model is out of reach.")
