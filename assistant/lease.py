"""Keeps ingests on a Chroma server apart, on whichever machines; one that was killed frees the next."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Any

from assistant.errors import AssistantError, IndexBusy
from assistant.store import failing

_PREFIX = "keep-it-local-lease-"
_BUSY = "Another ingest is at work on this index. Try again when it is done."
_LOST = "Another ingest took over this index, because this one was not heard of. Run it again."


class Lease:
    """Held by whoever makes the collection with the next number: of one name a server makes only one.

    Its holder changes it every `beat` seconds. One that stays as it is for `patience` seconds is of a holder
    who is gone, and the next number may be made. No clock is compared, because those of two machines differ.
    """

    def __init__(self, client: Any, beat: float = 2.0, patience: float = 20.0) -> None:
        self._client = client
        self._beat = beat
        self._patience = patience
        self._number = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lease; raises `IndexBusy` while another holds it."""
        with failing("written"):
            self._number = self._take()
        done = Event()
        beating = Thread(target=self._keep_beating, args=(done,), name="lease", daemon=True)
        beating.start()
        try:
            yield
        finally:
            done.set()
            beating.join()
            with suppress(AssistantError), failing("written"):  # who can't be told will see it lie still
                self._stored(self._number).modify(metadata={"beat": 0, "is_free": True})

    def check(self) -> None:
        """Make sure before the last step that nobody has taken over; raises `IndexBusy`."""
        if max(self._leases(), default=0) != self._number:
            raise IndexBusy(_LOST)

    def _take(self) -> int:
        last = self._free()
        try:
            self._client.create_collection(
                _name(last + 1), metadata={"beat": 1, "is_free": False}, embedding_function=None
            )
        except Exception as error:
            if last + 1 in self._leases():
                raise IndexBusy(_BUSY) from error
            raise
        leases = self._leases()
        if max(leases) != last + 1:  # ours was a number that others had done with
            self._client.delete_collection(_name(last + 1))
            raise IndexBusy(_BUSY)
        for number in leases.keys() - {last + 1}:
            self._client.delete_collection(_name(number))
        return last + 1

    def _free(self) -> int:
        """Return the last number, once it is given up or has lain still for long enough."""
        leases = self._leases()
        if not leases:
            return 0
        last = max(leases)
        seen, still_at = leases[last], monotonic() + self._patience
        while not leases[last].get("is_free"):
            if monotonic() > still_at:
                return last
            Event().wait(self._beat / 4)
            leases = self._leases()
            if max(leases, default=0) != last or leases[last] != seen | {"is_free": leases[last]["is_free"]}:
                raise IndexBusy(_BUSY)
        return last

    def _keep_beating(self, done: Event) -> None:
        beat = 1
        while not done.wait(self._beat):
            beat += 1
            with suppress(AssistantError), failing("written"):  # it may be back for the next beat
                self._stored(self._number).modify(metadata={"beat": beat, "is_free": False})

    def _leases(self) -> dict[int, Any]:
        found = [one for one in self._client.list_collections() if one.name.startswith(_PREFIX)]
        return {int(one.name.removeprefix(_PREFIX)): one.metadata for one in found}

    def _stored(self, number: int) -> Any:
        return self._client.get_collection(_name(number), embedding_function=None)


def _name(number: int) -> str:
    return f"{_PREFIX}{number:08}"
