"""The browser chat at "/": puts the screens of `chatting` on a Gradio page.

Only here is Gradio known. It takes seconds to import, so this module is imported by the server alone.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.types import ASGIApp

from assistant import wording
from assistant.records import Records
from assistant.vocabulary import PRINCIPLES
from assistant.web import frame, labels
from assistant.web.chatting import MOST_LETTERS, Asked, Chat, Exchanges, Screen, stopped
from assistant.web.limits import RateLimit
from assistant.web.page import Page, head
from assistant.web.rendering import conversation, turn
from assistant.web.routes import Assistant, Parts
from assistant.web.shelf import FOLDER, STATIC, version
from assistant.web.watching import observed

ASKED_AT_ONCE = 8
WAITING = 200
LOOK_AGAIN_SECONDS = 3
CALLS_FOR_A_QUESTION = 20  # of the page to Gradio, at the most: it also looks whether the index is ready

# chat.js knows the page, Gradio knows `trigger`: these lines are all that joins them.
_LISTENS = """
document.addEventListener("chat:tell", (event) => trigger(event.detail.name, event.detail.data));
"""
_TELLS = 'watch("value", () => document.dispatchEvent(new CustomEvent("chat:shown")));'


@dataclass(frozen=True, slots=True)
class _Parts:
    """What stands on the page, from top to bottom."""

    exchanges: gr.State
    lead: gr.HTML
    past: gr.HTML
    current: gr.HTML
    notice: gr.HTML
    box: gr.Textbox
    ask: gr.Button
    principles: gr.CheckboxGroup
    kinds: gr.CheckboxGroup
    start_over: gr.Button
    examples: gr.HTML
    foot: gr.HTML
    timer: gr.Timer

    def screen(self) -> list[Any]:
        """Return what `_show` fills, in its order."""
        return [
            self.exchanges,
            self.lead,
            self.past,
            self.current,
            self.notice,
            self.box,
            self.start_over,
            self.examples,
        ]


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
    heading = head(FOLDER, version("chat.*"))
    app.mount("/", Page(_taken_off(app), heading, parts.framed_by, len(blocks.fns), calls.admit))
    return app


def _taken_off(app: FastAPI) -> ASGIApp:
    """Take Gradio off the app that it has just mounted itself on: `Page` is to stand before it."""
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)
    return mounted.app


def _blocks(chat: Chat) -> gr.Blocks:
    blocks = gr.Blocks(title=wording.NAME, analytics_enabled=False, fill_width=True)
    with blocks, gr.Column(elem_id="page"):
        parts = _layout()
        _wire_conversation(parts, chat)
        _wire_page(parts, chat, blocks)
    blocks.queue(default_concurrency_limit=ASKED_AT_ONCE, max_size=WAITING, api_open=False)
    # Gradio 6.31 sums its last 10,000 events up after each one, for a monitoring page that is switched off.
    blocks._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize  # noqa: SLF001
    return blocks


def _layout() -> _Parts:
    exchanges = gr.State(())
    _html(str(frame.top(f"{FOLDER}/favicon.svg")), "top")
    lead = _html(str(frame.lead()), "lead")
    past, current = _html("", "past", _TELLS), _html("", "current", _LISTENS + _TELLS)
    with gr.Column(elem_id="ask"):
        notice = _html("", "notice", _TELLS)
        with gr.Row(elem_id="question"):
            box = gr.Textbox(
                label=labels.QUESTION,
                placeholder=labels.PLACEHOLDER,
                max_lines=8,
                max_length=MOST_LETTERS,
                scale=1,
                html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
            )
            ask = gr.Button(labels.ASK, variant="primary", scale=0)
        with gr.Row(elem_id="under"):
            _html(str(frame.below_the_box()), "below")
            with gr.Accordion(labels.NARROW, open=False, elem_id="narrow"):
                principles = gr.CheckboxGroup(
                    [(labels.principle(number), number) for number in PRINCIPLES],
                    label=labels.NARROW_PRINCIPLES,
                )
                kinds = gr.CheckboxGroup(
                    [(words, kind) for kind, words in wording.KINDS_IN_WORDS.items()],
                    label=labels.NARROW_KINDS,
                )
            start_over = gr.Button(labels.START_OVER, elem_id="start-over", scale=0, visible=False)
    examples = _html(str(frame.examples()), "examples")
    foot = _html(str(frame.foot(None, ())), "foot", _TELLS)
    timer = gr.Timer(LOOK_AGAIN_SECONDS, active=False)
    return _Parts(
        exchanges, lead, past, current, notice, box, ask, principles, kinds, start_over, examples, foot, timer
    )


def _html(value: str, name: str, js: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=js, apply_default_css=False)


def _wire_conversation(parts: _Parts, chat: Chat) -> None:
    def ask(
        text: str,
        exchanges: Exchanges,
        principles: Sequence[int],
        kinds: Sequence[str],
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        chosen = event._data  # noqa: SLF001  a suggestion's words; None when the box itself was sent
        asked = Asked(str(chosen["text"]) if chosen else text or "", tuple(principles), tuple(kinds))
        yield from map(_show, chat.ask(asked, exchanges, _address(request)))

    def stop(exchanges: Exchanges) -> tuple[Any, ...]:
        return _show(stopped(exchanges))

    def start_over() -> tuple[Any, ...]:
        return (*_show(Screen((), box="")), [], [])

    quietly: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    asking = gr.on(
        [parts.box.submit, parts.ask.click, parts.current.submit],
        ask,
        [parts.box, parts.exchanges, parts.principles, parts.kinds],
        parts.screen(),
        trigger_mode="multiple",  # "once" drops, without a word, what is asked a moment too early
        concurrency_limit=ASKED_AT_ONCE,
        **quietly,
    )
    parts.current.stop(stop, parts.exchanges, parts.screen(), cancels=[asking], **quietly)
    afresh = [*parts.screen(), parts.principles, parts.kinds]
    parts.start_over.click(start_over, None, afresh, cancels=[asking], **quietly)


def _wire_page(parts: _Parts, chat: Chat, blocks: gr.Blocks) -> None:
    def welcome() -> tuple[Any, ...]:
        now = chat.welcome()
        return str(now.notice), str(now.foot), gr.Timer(active=not now.is_ready)

    def rate(event: gr.EventData, request: gr.Request) -> str:
        return str(chat.rate(event._data, _address(request)))  # noqa: SLF001  the whole of it is checked there

    quietly: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    around = [parts.notice, parts.foot, parts.timer]
    blocks.load(welcome, None, around, **quietly)
    parts.timer.tick(welcome, None, around, **quietly)
    parts.current.like(rate, None, parts.notice, **quietly)
    parts.current.apply(lambda: None, None, None, **quietly)  # chat.js says what for


def _address(request: gr.Request) -> str:
    return request.client.host if request.client else ""


def _show(screen: Screen) -> tuple[Any, ...]:
    """Turn a screen into values for `_Parts.screen`."""
    if screen.exchanges is None:
        return (*[gr.skip()] * 4, str(screen.notice), *[gr.skip()] * 3)
    begun = bool(screen.exchanges)
    return (
        screen.exchanges,
        "" if begun else str(frame.lead()),
        str(conversation(screen.exchanges[:-1])),
        str(turn(len(screen.exchanges), screen.exchanges[-1])) if begun else "",
        str(screen.notice),
        gr.skip() if screen.box is None else screen.box,
        gr.update(visible=begun),
        "" if begun else str(frame.examples()),
    )
