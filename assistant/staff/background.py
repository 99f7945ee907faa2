"""Does slow work in a thread of its own and remembers what came of it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """What was made of texts, up to `most` of them: those asked for longest ago are forgotten first.

    Texts are worked on `batch` at a time, so that a reader's question never waits long for the model.
    """

    def __init__(self, most: int, batch: int = 8) -> None:
        self._most = most
        self._batch = batch
        self._held: OrderedDict[str, Value] = OrderedDict()
        self._changed = threading.Condition()
        self._is_busy = False

    def get(
        self, texts: Sequence[str], make: Callable[[Sequence[str]], Sequence[Value]], seconds: float
    ) -> dict[str, Value]:
        """Return what is known of these texts after at most so many seconds; the rest is worked on."""
        with self._changed:
            missing = [text for text in texts if text not in self._held]
            if missing and not self._is_busy:
                self._is_busy = True
                arguments = (missing, make)
                threading.Thread(target=self._work, args=arguments, name="staff", daemon=True).start()
            if missing:
                self._changed.wait_for(
                    lambda: not self._is_busy or all(text in self._held for text in missing), seconds
                )
            known = [text for text in texts if text in self._held]
            for text in known:
                self._held.move_to_end(text)
            return {text: self._held[text] for text in known}

    def keep_only(self, texts: Collection[str]) -> None:
        """Forget all others."""
        with self._changed:
            for text in [text for text in self._held if text not in texts]:
                del self._held[text]

    def _work(self, texts: Sequence[str], make: Callable[[Sequence[str]], Sequence[Value]]) -> None:
        try:
            for start in range(0, len(texts), self._batch):
                batch = texts[start : start + self._batch]
                made = make(batch)
                with self._changed:
                    self._held.update(zip(batch, made, strict=True))
                    while len(self._held) > self._most:
                        self._held.popitem(last=False)
                    self._changed.notify_all()
        finally:
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()
