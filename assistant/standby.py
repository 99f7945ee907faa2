"""Gets the assistant ready while the server already serves, and swaps in a newer index without a restart."""

import logging
import threading
import traceback
from collections.abc import Callable
from typing import Generic, TypeVar

from assistant import wording
from assistant.errors import AssistantError, NotReady

_log = logging.getLogger(__name__)

Ready = TypeVar("Ready")
Tell = Callable[[str], None]


class Standby(Generic[Ready]):
    """Call it for the assistant; until there is one it raises `NotReady` with the reason.

    `prepare` sees to it that there is an index and tells how far it is. `generation` names the index that is
    active and has to be cheap: it is asked every few seconds, and another name means that `build` is due.
    `settle` does with what was built whatever can wait until it serves.
    """

    def __init__(
        self,
        *,
        prepare: Callable[[Tell], None],
        generation: Callable[[], str | None],
        build: Callable[[], Ready],
        settle: Callable[[Ready], object] = lambda _: None,
        look_every: float = 3.0,
        retry_every: float = 15.0,
    ) -> None:
        self._prepare = prepare
        self._generation = generation
        self._build = build
        self._settle = settle
        self._look_every = look_every
        self._retry_every = retry_every
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._ready: Ready | None = None
        self._built_from: str | None = None
        self._reason = wording.STARTING
        self._logged = ""

    def __call__(self) -> Ready:
        """Return the newest assistant there is."""
        with self._lock:
            if self._ready is None:
                raise NotReady(self._reason)
            return self._ready

    def start(self) -> None:
        """Begin in the background. A daemon, so that it never keeps a stopped server alive."""
        threading.Thread(target=self._keep_ready, name="standby", daemon=True).start()

    def stop(self) -> None:
        """Look no further; the assistant that is there stays."""
        self._stopped.set()

    def _keep_ready(self) -> None:
        while not self._stopped.is_set():
            self._stopped.wait(self._look_every if self._renewed() else self._retry_every)

    def _renewed(self) -> bool:
        """Bring the assistant up to the active index; report whether that went well."""
        try:
            self._renew()
        except AssistantError as error:
            self._fail(error, str(error))
        except Exception as error:  # noqa: BLE001 (a dead thread would say "starting" for ever)
            self._fail(error, traceback.format_exc())
        else:
            return True
        return False

    def _renew(self) -> None:
        if self._ready is None:
            self._prepare(self._tell)
        generation = self._generation()
        if self._ready is not None and generation == self._built_from:
            return
        self._tell(wording.LOADING)
        ready = self._build()
        self._logged = ""
        with self._lock:
            self._ready, self._built_from = ready, generation
        _log.info("ready to answer questions from index %s", generation)
        self._settle(ready)

    def _fail(self, error: Exception, details: str) -> None:
        """Keep a reason for readers, and log the details once: a retry mostly fails in the same way."""
        if details != self._logged:
            _log.warning("%s", details)
        self._logged = details
        plain = type(error) is NotReady
        self._tell(str(error) if plain else wording.not_started(type(error).__name__))

    def _tell(self, reason: str) -> None:
        with self._lock:
            self._reason = reason
