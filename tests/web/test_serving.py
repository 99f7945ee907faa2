"""The interface over real connections."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.records import Records
from assistant.vocabulary import Event, Question
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import STREAM, read_events, serving

ASK = {"question": fakes.ANSWERED}
TEN_MIB = 10 * 1_024**2


class LongWindedAssistant(FakeAssistant):
    """Takes ten seconds for an answer, in a thousand events."""

    def events(self, question: Question) -> Iterator[Event]:
        [first, *_] = super().events(question)
        try:
            for _ in range(1_000):
                yield first
                time.sleep(0.01)
        except GeneratorExit:
            self.stopped.set()
            raise


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path, keep_days=30)


def test_events_arrive_while_the_answer_is_made(records: Records) -> None:
    assistant = FakeAssistant(hold=True)
    with (
        serving(build_app(lambda: assistant, records, rate_per_minute=0)) as address,
        httpx.stream("POST", f"{address}/api/ask", json=ASK, headers=STREAM, timeout=10) as response,
    ):
        pieces = response.iter_text()
        first = next(pieces)
        assert [name for name, _ in read_events(first)] == ["retrieved"]  # and the rest is still held
        assistant.go_on.set()
        names = [name for name, _ in read_events(first + "".join(pieces))]

    assert names == ["retrieved", "sentence", "sentence", "done"]


def test_a_reader_who_leaves_stops_the_answering(records: Records) -> None:
    assistant = LongWindedAssistant()
    with serving(build_app(lambda: assistant, records, rate_per_minute=0)) as address:
        with httpx.stream("POST", f"{address}/api/ask", json=ASK, headers=STREAM, timeout=10) as response:
            next(response.iter_text())
            assert not assistant.stopped.is_set()
        assert assistant.stopped.wait(10)
        assert httpx.get(f"{address}/healthz", timeout=10).status_code == 200


def test_a_body_of_ten_mib_is_refused_at_once(records: Records) -> None:
    with serving(build_app(FakeAssistant, records, rate_per_minute=0)) as address:
        started = time.monotonic()
        for content in (b"x" * TEN_MIB, iter([b"x" * 65_536] * 160)):  # with a length, and in chunks
            with httpx.Client(timeout=10) as client:
                response = client.post(f"{address}/api/ask", content=content)
                assert (response.status_code, response.json()["status"]) == (413, 413)
                assert client.get(f"{address}/healthz").status_code == 200
        assert time.monotonic() - started < 10


def test_a_body_that_is_announced_and_never_comes_is_refused_too(records: Records) -> None:
    with serving(build_app(FakeAssistant, records, rate_per_minute=0)) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
            connection.sendall(
                b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: 10485760\r\n\r\n"
            )
            assert connection.recv(4_096).startswith(b"HTTP/1.1 413 ")


def test_the_process_stays_responsive_while_every_thread_answers(records: Records) -> None:
    assistant = FakeAssistant(hold=True)
    with (
        serving(build_app(lambda: assistant, records, rate_per_minute=0)) as address,
        ThreadPoolExecutor(45) as readers,
    ):
        asked = [readers.submit(httpx.post, f"{address}/api/ask", json=ASK, timeout=30) for _ in range(45)]
        try:
            _wait_until(lambda: len(assistant.asked) >= 40)  # as many as the pool has threads
            started = time.monotonic()
            healthy = httpx.get(f"{address}/healthz", timeout=10)
            took = time.monotonic() - started
        finally:
            assistant.go_on.set()
        answers = [future.result() for future in asked]

    assert (healthy.status_code, took < 2) == (200, True)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 45


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()
