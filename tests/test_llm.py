"""Real calls to a server of ours: what a model says, when it fails, and that it can be stopped."""

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from time import perf_counter

import pytest

from assistant import llm
from assistant.errors import ModelUnavailable, WrongUse
from assistant.llm import Message, open_writer
from tests.modelserver import ModelServer, Script, model_server

KEY = "sk-planted-4711"
ASKED = (Message("system", "Answer."), Message("user", "Who keeps bees?"))
WORDS = ("Beta ", "keeps ", "bees. ", "[1]")


@pytest.fixture(autouse=True)
def _no_waiting_between_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "RETRIES", 0)


def replies(server: ModelServer, timeout: float = 5, key: str = KEY) -> Iterator[str | ModelUnavailable]:
    return (
        piece for piece in open_writer("openai:test", server.address, key, timeout).stream(ASKED) if piece
    )


def failure(server: ModelServer, timeout: float = 5) -> str:
    *_, last = replies(server, timeout)
    assert isinstance(last, ModelUnavailable)
    return str(last)


def test_a_reply_comes_piece_by_piece() -> None:
    with model_server(Script(WORDS)) as server:
        assert tuple(replies(server)) == WORDS


def test_the_model_is_told_to_be_calm_and_brief() -> None:
    with model_server(Script(WORDS)) as server:
        list(replies(server))
    (body,) = server.bodies
    assert body["messages"] == [
        {"role": "system", "content": "Answer."},
        {"role": "user", "content": "Who keeps bees?"},
    ]
    assert body["temperature"] == llm.TEMPERATURE
    assert body.get("max_completion_tokens", body.get("max_tokens")) == llm.MOST_TOKENS
    assert server.keys == [f"Bearer {KEY}"]


def test_a_key_for_another_service_is_not_sent_to_a_server_of_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai-alone")
    with model_server(Script(WORDS)) as server:
        list(replies(server, key=""))
    assert server.keys == ["Bearer none"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "refuses the key"),
        (403, "refuses the key"),
        (404, "is not there"),
        (429, "asked too much"),
        (400, "longer than its context"),
        (500, "fault of its own"),
        (503, "fault of its own"),
    ],
)
def test_each_refusal_says_what_to_look_at(status: int, said: str) -> None:
    with model_server(Script(status=status)) as server:
        found = failure(server)
    assert said in found
    assert str(status) in found


def test_a_context_that_is_too_small_is_named() -> None:
    body = {"error": {"message": "Input tokens exceed", "code": "context_length_exceeded", "type": "invalid"}}
    with model_server(Script(status=400, body=body)) as server:
        assert "context" in failure(server)


def test_a_busy_server_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "RETRIES", 1)
    with model_server(Script(status=503), Script(WORDS)) as server:
        assert tuple(replies(server)) == WORDS
    assert len(server.bodies) == 2


def test_nobody_at_the_address_is_a_failure_and_no_exception() -> None:
    with model_server(Script(WORDS)) as server:
        pass
    assert "out of reach" in failure(server)


def test_what_was_said_before_the_connection_broke_is_there() -> None:
    with model_server(Script(WORDS, breaks=True)) as server:
        *said, last = replies(server)
    assert tuple(said) == WORDS
    assert isinstance(last, ModelUnavailable)


def test_silence_before_the_first_word_has_a_limit() -> None:
    with model_server(Script(stalls=True)) as server:
        assert "took too long" in failure(server, timeout=0.3)
        assert server.left.wait(5)


def test_silence_in_the_middle_has_the_same_limit() -> None:
    with model_server(Script(WORDS, stalls=True)) as server:
        *said, last = replies(server, timeout=0.5)
        assert server.left.wait(5)
    assert tuple(said) == WORDS
    assert isinstance(last, ModelUnavailable)


def test_a_reply_without_end_has_a_limit_as_a_whole() -> None:
    with model_server(Script(("again ",), endless=True)) as server:
        assert "took too long" in failure(server, timeout=0.2)
        assert server.left.wait(5)


def test_closing_ends_the_call_while_the_model_is_silent() -> None:
    with model_server(Script(WORDS, stalls=True)) as server:
        with closing(open_writer("openai:test", server.address, KEY, 60).stream(ASKED)) as pieces:
            assert next(pieces) == WORDS[0]
            assert server.stalled.wait(5)
        assert server.left.wait(5)


def test_silence_is_told_so_that_somebody_can_stop() -> None:
    with model_server(Script(stalls=True)) as server:
        begun = perf_counter()
        with closing(open_writer("openai:test", server.address, KEY, 60).stream(ASKED)) as pieces:
            assert next(pieces) == ""
        assert perf_counter() - begun < 5


def test_the_key_is_in_no_message_no_log_and_no_name(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    writer = open_writer("openai:test", "http://127.0.0.1:1/v1", KEY, 5)
    told = [repr(writer), str(writer.stream(ASKED)), *map(repr, writer.stream(ASKED))]
    for status in (400, 401, 500):
        body = {"error": {"message": f"Incorrect API key provided: {KEY}", "type": "invalid"}}
        with model_server(Script(status=status, body=body)) as server:
            *_, last = replies(server)
            told += [repr(last), repr(getattr(last, "__cause__", None))]
    assert KEY not in " ".join(told) + caplog.text


@pytest.mark.parametrize("model", ["gpt", ":gpt", "openai:"])
def test_a_model_without_its_provider_is_wrong_use(model: str) -> None:
    with pytest.raises(WrongUse, match="PROVIDER:NAME"):
        open_writer(model, "", "", 5)


def test_a_provider_whose_package_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongUse, match="langchain-cohere"):
        open_writer("cohere:command", "", KEY, 5)


def test_a_provider_that_there_is_not_is_wrong_use_and_hides_the_key() -> None:
    with pytest.raises(WrongUse) as raised:
        open_writer("nobody:model", "", KEY, 5)
    assert KEY not in str(raised.value)
    assert re.search("nobody", str(raised.value))


def test_a_missing_key_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(WrongUse, match="KIL_MODEL_KEY"):
        open_writer("openai:gpt-x", "", "", 5)
