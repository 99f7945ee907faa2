"""Gets the assistant ready while the server already serves, and swaps in a newer index without a restart."""

import logging
import threading
import traceback
from collections.abc import Callable
from typing import Generic, TypeVar

from assistant import notices
from assistant.errors import AssistantError, NotReady

_log = logging.getLogger(__name__)

Ready = TypeVar("Ready")
Tell = Callable[[str], None]


class Standby(Generic[Ready]):
    """Call it for the assistant; until there is one it raises `NotReady` with the reason.

    `prepare` sees to it that there is an index and tells how far it is. `generation` names the index that is
    active and has to be cheap: it is asked every few seconds, and another name means that `build` is due.
    `tidy` is called after each look. What `is_self_sufficient` answers on while the index can't even be asked
    for its name, as when a server that holds it is away.
    """

    def __init__(
        self,
        *,
        prepare: Callable[[Tell], None],
        generation: Callable[[], str | None],
        build: Callable[[], Ready],
        tidy: Callable[[], object] = lambda: None,
        is_self_sufficient: bool = False,
        look_every: float = 3.0,
        retry_every: float = 15.0,
    ) -> None:
        self._prepare = prepare
        self._generation = generation
        self._build = build
        self._tidy = tidy
        self._is_self_sufficient = is_self_sufficient
        self._look_every = look_every
        self._retry_every = retry_every
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._ready: Ready | None = None
        self._built_from: str | None = None
        self.is_out_of_reach = False
        self._reason = notices.STARTING
        self._logged = ""

    def __call__(self) -> Ready:
        """Return the newest assistant there is."""
        with self._lock:
            if self._ready is None:
                raise NotReady(self._reason)
            if self.is_out_of_reach and not self._is_self_sufficient:
                raise NotReady(notices.INDEX_OUT_OF_REACH)
            return self._ready

    def built_from(self) -> str | None:
        """Name the index that the assistant was built from."""
        with self._lock:
            return self._built_from

    def start(self) -> None:
        """Begin in the background. A daemon, so that it never keeps a stopped server alive."""
        threading.Thread(target=self._keep_ready, name="standby", daemon=True).start()

    def stop(self) -> None:
        """Look no further; the assistant that is there stays."""
        self._stopped.set()

    def _keep_ready(self) -> None:
        while not self._stopped.is_set():
            went_well = self._renewed()
            self._tidy()
            is_quick = went_well or self.is_out_of_reach  # to look whether it is there again costs little
            self._stopped.wait(self._look_every if is_quick else self._retry_every)

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
        generation = self._look()
        if generation is None or self._ready is None:
            self._prepare(self._tell)
            generation = self._look()
            _log.info("index %s is there", generation)
        if self._ready is not None and generation == self._built_from:
            self._logged = ""
            return
        self._tell(notices.LOADING)
        ready = self._build()
        self._logged = ""
        with self._lock:
            self._ready, self._built_from = ready, generation
        _log.info("ready to answer questions from index %s", generation)

    def _look(self) -> str | None:
        """Name the active index. What can't even be asked for its name answers no questions either."""
        is_there = False
        try:
            generation = self._generation()
            is_there = True
        finally:
            self.is_out_of_reach = not is_there
        return generation

    def _fail(self, error: Exception, details: str) -> None:
        """Keep a reason for readers, and log the details once: a retry mostly fails in the same way."""
        if details != self._logged:
            _log.warning("%s", details)
        self._logged = details
        plain = type(error) is NotReady
        self._tell(str(error) if plain else notices.not_started(type(error).__name__))

    def _tell(self, reason: str) -> None:
        with self._lock:
            self._reason = reason
