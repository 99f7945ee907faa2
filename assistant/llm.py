"""Language models, for those who have one: the one place that knows LangChain."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from assistant.errors import ModelUnavailable, WrongUse

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

TEMPERATURE = 0.1
MOST_TOKENS = 1_500  # an answer has about 300; the rest is for models that think before they write
RETRIES = 2  # with back-off, by each provider's own client
WHOLE = 3  # a whole reply may take this many times as long as a model may be silent
TICK_SECONDS = 0.25

# A server of one's own asks for no key, but OpenAI's client does; and no key that was meant for another
# service is sent to it.
_NO_KEY = "none"

_REFUSED = "refuses the request, as it does when that is longer than its context"
_WRONG_KEY = "refuses the key: look at KIL_MODEL_KEY"
_FAULTS = {
    400: _REFUSED,
    401: _WRONG_KEY,
    403: _WRONG_KEY,
    404: "is not there: look at KIL_MODEL and KIL_MODEL_URL",
    413: _REFUSED,
    422: _REFUSED,
    429: "is asked too much, or its quota is used up",
}

Reply = Generator[str | ModelUnavailable, None, None]
Put = Callable[["str | ModelUnavailable | None"], None]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model."""

    role: Literal["system", "user"]
    text: str


class Writer(Protocol):
    """Writes a reply to messages."""

    @property
    def name(self) -> str:
        """What `answered_by` says."""

    def stream(self, messages: Sequence[Message]) -> Reply:
        """Yield the reply piece by piece, and "" a few times a second while none comes.

        A failure is a value, the last one. Closing it ends the call and its connection.
        """


@dataclass(frozen=True)
class LangChainWriter:
    """Any chat model that LangChain knows. `timeout` is the seconds that it may be silent."""

    name: str
    timeout: float
    model: "BaseChatModel" = field(repr=False)

    def stream(self, messages: Sequence[Message]) -> Reply:
        """Read the model's stream on a loop of its own, so that it can be ended while it is silent."""
        pieces: SimpleQueue[str | ModelUnavailable | None] = SimpleQueue()
        left = threading.Event()
        call = asyncio.run_coroutine_threadsafe(self._call(messages, pieces.put, left), _loop())
        try:
            while (piece := pieces.get()) is not None:
                yield piece
        finally:
            left.set()
            call.cancel()

    async def _call(self, messages: Sequence[Message], put: Put, left: threading.Event) -> None:
        ticking = asyncio.create_task(_tick(put))
        try:
            await self._write(messages, put, left)
        except Exception as error:  # noqa: BLE001  each provider raises kinds of its own
            put(_unavailable(error, self.timeout))
        finally:
            ticking.cancel()
            put(None)

    async def _write(self, messages: Sequence[Message], put: Put, left: threading.Event) -> None:
        """Pass on each piece of text. Silence and the whole have limits here, whatever the provider's are.

        Python 3.11's `wait_for`, which providers use, swallows a cancellation that comes together with
        a piece (https://github.com/python/cpython/issues/86296), so each piece looks whether it is wanted.
        """
        spoken = [(message.role, message.text) for message in messages]
        whole, silence = asyncio.timeout(self.timeout * WHOLE), asyncio.timeout(self.timeout)
        chunks = cast("AsyncGenerator[AIMessageChunk, None]", self.model.astream(spoken))
        async with whole, silence, aclosing(chunks):
            async for chunk in chunks:
                if left.is_set():
                    return
                if whole.expired() or silence.expired():
                    raise TimeoutError
                silence.reschedule(asyncio.get_running_loop().time() + self.timeout)
                if chunk.text:
                    put(str(chunk.text))


def open_writer(model: str, url: str, key: str, timeout: float) -> Writer:
    """Make the writer that `KIL_MODEL` names; nothing is sent before the first question."""
    provider, _, name = model.partition(":")
    if not provider or not name:
        raise WrongUse(f"KIL_MODEL has to be PROVIDER:NAME, such as ollama:qwen3:8b, and not {model!r}.")
    if url and not key and provider == "openai":
        key = _NO_KEY
    chosen = {name: value for name, value in {"base_url": url, "api_key": key}.items() if value}
    return LangChainWriter(model, timeout, _chat_model(provider, name, timeout, chosen))


def _chat_model(provider: str, name: str, timeout: float, chosen: dict[str, str]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model  # noqa: PLC0415  a second, for those with a model

    settings: dict[str, Any] = {"temperature": TEMPERATURE, "max_tokens": MOST_TOKENS, **chosen}
    settings |= {"timeout": timeout, "max_retries": RETRIES}
    try:
        made: BaseChatModel = init_chat_model(name, model_provider=provider, **settings)
    except ImportError:
        raise WrongUse(
            f"KIL_MODEL={provider}:… needs the package that joins LangChain to it, such as "
            f"langchain-{provider}. The README says how to install it."
        ) from None
    except Exception as error:  # noqa: BLE001  no key, no such provider: each package has kinds of its own
        raise WrongUse(
            f"The language model {provider}:{name} can't be set up ({type(error).__name__}). Look at "
            "KIL_MODEL, KIL_MODEL_URL, and KIL_MODEL_KEY or the provider's own variable for the key."
        ) from None  # the message may hold the key
    return made


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Start the loop on which all models are read. One, because clients keep their connections on it."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language model", daemon=True).start()
    return loop


async def _tick(put: Put) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        put("")


def _unavailable(error: Exception, timeout: float) -> ModelUnavailable:
    """Say what is wrong without the provider's own words, which may hold the key or the question."""
    status = _status(error)
    kind = f"{type(error).__name__}{f', status {status}' if status else ''}"
    return ModelUnavailable(f"The language model {_fault(error, status, timeout)} ({kind}).")


def _fault(error: Exception, status: int | None, timeout: float) -> str:
    if "Timeout" in type(error).__name__:
        limits = f"silent for {timeout:g} seconds, and write for {timeout * WHOLE:g}"
        return f"took too long: KIL_MODEL_TIMEOUT lets it be {limits}"
    if status is None:
        return "is out of reach, or broke off: look at KIL_MODEL_URL and whether it runs"
    return _FAULTS.get(status, "has a fault of its own")


def _status(error: Exception) -> int | None:
    """Find the HTTP status, which each provider's package keeps in another place."""
    response = getattr(error, "response", None)
    for holder, name in ((error, "status_code"), (response, "status_code"), (error, "code")):
        status = getattr(holder, name, None)
        if isinstance(status, int) and status > 0:
            return status
    return None
