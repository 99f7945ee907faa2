"""The chat page as the server has it, for tests with and without a browser."""

import asyncio
from collections.abc import Callable

from fastapi import FastAPI

from assistant.records import Records
from assistant.web.chat import mount_chat
from assistant.web.server import build_app
from tests.fakes import FakeAssistant


def mounted(
    ready: Callable[[], FakeAssistant], records: Records, rate_per_minute: int = 0, allowed_origins: str = ""
) -> FastAPI:
    """Build the interface with the chat on it."""
    app = build_app(ready, records, rate_per_minute=rate_per_minute, allowed_origins=allowed_origins)
    return mount_chat(app, ready, records)


def chat_app(ready: Callable[[], FakeAssistant], records: Records, allowed_origins: str = "") -> FastAPI:
    """Build it in a loop that runs: elsewhere Gradio 6.31 makes loops of its own and never closes them."""

    async def build() -> FastAPI:
        return mounted(ready, records, allowed_origins=allowed_origins)

    return asyncio.run(build())
