"""The browser chat at "/": puts the screens of `chatting` on a Gradio page.

Only here is Gradio known. It takes seconds to import, so this module is imported by the server alone.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.types import ASGIApp

from assistant import wording
from assistant.records import Records
from assistant.web import shell
from assistant.web.chatting import Asked, Chat, Exchanges, Screen, stopped
from assistant.web.limits import RateLimit
from assistant.web.page import Dress, Page, head, scripts
from assistant.web.rendering import conversation, turn
from assistant.web.routes import Assistant, Parts
from assistant.web.shelf import FOLDER, STATIC, version
from assistant.web.taking import Wanted
from assistant.web.watching import observed

ASKED_AT_ONCE = 8
WAITING = 200
LOOK_AGAIN_SECONDS = 3
CALLS_FOR_A_QUESTION = 20  # of the page to Gradio, at the most: it also looks whether the index is ready

# chat.js knows the page, Gradio knows `trigger`: these lines are all that joins them.
_LISTENS = """
document.addEventListener("chat:tell", (event) => trigger(event.detail.name, event.detail.data));
document.dispatchEvent(new CustomEvent("chat:ready"));
"""
_TELLS = 'watch("value", () => document.dispatchEvent(new CustomEvent("chat:shown", { detail: "%s" })));'


@dataclass(frozen=True, slots=True)
class _Parts:
    """What changes on the page; `shell` draws what does not."""

    exchanges: gr.State
    past: gr.HTML
    current: gr.HTML
    found: gr.HTML
    catalogue: gr.HTML
    notice: gr.HTML
    whole: gr.HTML
    taken: gr.HTML
    timer: gr.Timer

    def screen(self) -> list[Any]:
        """Return what `_show` fills, in its order."""
        return [self.exchanges, self.past, self.current, self.notice]


def mount_chat(app: FastAPI, ready: Callable[[], Assistant], records: Records) -> FastAPI:
    """Put the chat at "/" of an app whose own routes are there already."""
    parts: Parts = app.state.parts
    ready = observed(ready, parts.metrics)
    blocks = _blocks(Chat(ready, records, parts.rate.admit, parts.feedback_rate.admit))
    calls = RateLimit(CALLS_FOR_A_QUESTION * parts.disclosure.rate_per_minute)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,  # it would keep every conversation in the browser
        show_error=False,
        max_file_size="1kb",  # nothing is ever uploaded
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        pwa=False,
        favicon_path=str(STATIC / "favicon.svg"),
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
    )
    state = version("chat*.*")
    dress = Dress(
        head(FOLDER, state), scripts(FOLDER, state), shell.above(f"{FOLDER}/favicon.svg"), shell.below()
    )
    app.mount("/", Page(_taken_off(app), dress, parts.framed_by, len(blocks.fns), calls.admit))
    return app


def _taken_off(app: FastAPI) -> ASGIApp:
    """Take Gradio off the app that it has just mounted itself on: `Page` is to stand before it."""
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)
    return mounted.app


def _blocks(chat: Chat) -> gr.Blocks:
    blocks = gr.Blocks(title=wording.NAME, analytics_enabled=False, fill_width=True)
    with blocks:
        parts = _layout()
        _wire_conversation(parts, chat)
        _wire_page(parts, chat, blocks)
    blocks.queue(default_concurrency_limit=ASKED_AT_ONCE, max_size=WAITING, api_open=False)
    # Gradio 6.31 sums its last 10,000 events up after each one, for a monitoring page that is switched off.
    blocks._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize  # noqa: SLF001
    return blocks


def _layout() -> _Parts:
    return _Parts(
        exchanges=gr.State(()),
        past=_html("past"),
        current=_html("current", _LISTENS),
        found=_html("found"),
        catalogue=_html("catalogue"),
        notice=_html("notice"),
        whole=_html("whole"),
        taken=_html("taken"),
        timer=gr.Timer(LOOK_AGAIN_SECONDS, active=False),
    )


def _html(name: str, js: str = "") -> gr.HTML:
    return gr.HTML("", elem_id=name, js_on_load=js + _TELLS % name, apply_default_css=False)


_QUIETLY: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def _wire_conversation(parts: _Parts, chat: Chat) -> None:
    def ask(exchanges: Exchanges, event: gr.EventData, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        asked = Asked.sent(event._data)  # noqa: SLF001  as in all these: what came is checked where it is read
        past = None
        for screen in chat.ask(asked, exchanges, _address(request)):
            held, before, *growing = _show(screen)
            yield (held, gr.skip() if before == past else before, *growing)
            past = before

    def stop(exchanges: Exchanges) -> tuple[Any, ...]:
        return _show(stopped(exchanges))

    def start_over() -> tuple[Any, ...]:
        return _show(Screen(()))

    def reopen(exchanges: Exchanges, event: gr.EventData) -> tuple[Any, ...]:
        return _show(chat.reopen(event._data, exchanges))  # noqa: SLF001

    def take(exchanges: Exchanges, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        taken, notice = chat.take(Wanted.sent(event._data), exchanges, _address(request))  # noqa: SLF001
        return str(taken), str(notice)

    asking = parts.current.submit(
        ask,
        parts.exchanges,
        parts.screen(),
        trigger_mode="multiple",  # "once" drops, without a word, what is asked a moment too early
        concurrency_limit=ASKED_AT_ONCE,
        **_QUIETLY,
    )
    parts.current.stop(stop, parts.exchanges, parts.screen(), cancels=[asking], **_QUIETLY)
    parts.current.clear(start_over, None, parts.screen(), cancels=[asking], **_QUIETLY)
    parts.current.expand(reopen, parts.exchanges, parts.screen(), cancels=[asking], **_QUIETLY)
    parts.current.download(take, parts.exchanges, [parts.taken, parts.notice], **_QUIETLY)


def _wire_page(parts: _Parts, chat: Chat, blocks: gr.Blocks) -> None:
    def welcome() -> tuple[Any, ...]:
        now = chat.welcome()
        return str(now.notice), str(now.catalogue), gr.Timer(active=not now.is_ready)

    def rate(event: gr.EventData, request: gr.Request) -> str:
        return str(chat.rate(event._data, _address(request)))  # noqa: SLF001

    def search(event: gr.EventData, request: gr.Request) -> str:
        return str(chat.search(Asked.sent(event._data), _address(request)))  # noqa: SLF001

    def read(event: gr.EventData) -> str:
        return str(chat.read(event._data))  # noqa: SLF001

    around = [parts.notice, parts.catalogue, parts.timer]
    blocks.load(welcome, None, around, **_QUIETLY)
    parts.timer.tick(welcome, None, around, **_QUIETLY)
    parts.current.like(rate, None, parts.notice, **_QUIETLY)
    parts.current.select(search, None, parts.found, trigger_mode="always_last", **_QUIETLY)
    parts.current.option_select(read, None, parts.whole, **_QUIETLY)
    parts.current.apply(lambda: None, None, None, **_QUIETLY)  # chat.js says what for


def _address(request: gr.Request) -> str:
    return request.client.host if request.client else ""


def _show(screen: Screen) -> tuple[Any, ...]:
    """Turn a screen into values for `_Parts.screen`."""
    if screen.exchanges is None:
        return (gr.skip(), gr.skip(), gr.skip(), str(screen.notice))
    number = len(screen.exchanges)
    return (
        screen.exchanges,
        str(conversation(screen.exchanges[:-1])),
        str(turn(number, screen.exchanges[-1])) if number else "",
        str(screen.notice),
    )
