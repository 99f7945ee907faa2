"""The chat page as the server has it, for tests with and without a browser."""

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from assistant.records import Records
from assistant.web.chat import mount_chat
from assistant.web.server import build_app
from tests.fakes import FakeAssistant


def mounted(ready: Callable[[], FakeAssistant], records: Records, **knobs: Any) -> FastAPI:
    """Build the interface with the chat on it; without a limit unless `knobs` set one."""
    return mount_chat(build_app(ready, records, **{"rate_per_minute": 0, **knobs}), ready, records)


def chat_app(ready: Callable[[], FakeAssistant], records: Records, **knobs: Any) -> FastAPI:
    """Build it in a loop that runs: elsewhere Gradio 6.31 makes loops of its own and never closes them."""

    async def build() -> FastAPI:
        return mounted(ready, records, **knobs)

    return asyncio.run(build())
