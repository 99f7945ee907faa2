"""Each attack, on a server process of its own, in little: more of each is a command (README of this folder)."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.benchmarks import attacks
from tests.benchmarks.attacking import ALLOWED, MINUTE, PLANTED, attacked
from tests.benchmarks.attacks import Tried
from tests.benchmarks.served import Served
from tests.benchmarks.target import PATIENCE

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="reads the memory of a process as Linux tells it"
)

ATTACKS: dict[str, Callable[[Served], Tried]] = {
    "unicode": lambda target: attacks.unicode(target, dict(list(attacks.UNICODE.items())[::2])),
    "gradio": lambda target: attacks.gradio(target, 60),
    "slow heads": lambda target: attacks.slow_heads(target, PATIENCE, 100),
    "slow bodies": lambda target: attacks.slow_bodies(target, PATIENCE, 100),
    "slow second request": lambda target: attacks.slow_after_an_answer(target, PATIENCE, 30),
    "half-open streams": lambda target: attacks.half_open_streams(target, 60),
    "a crowd": lambda target: attacks.crowd(target, 1_000),
    "heads": attacks.head_bombs,
    "bodies": attacks.body_bombs,
    "broken HTTP": attacks.broken_http,
    "paths": lambda target: attacks.paths(target, ("/etc/passwd",), 61),
    "methods": attacks.methods,
}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with attacked(tmp_path_factory.mktemp("data")) as target:
        yield target


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_breaks_nothing_and_is_told_nothing(target: Served, name: str) -> None:
    tried = ATTACKS[name](target)
    assert tried.tries
    assert tried.faults == []


def test_after_all_of_them_no_log_and_no_page_holds_a_secret_or_a_question(target: Served) -> None:
    assert attacks.secrets(target, PLANTED.values()).faults == []


def test_nobody_gets_round_the_limit(tmp_path: Path) -> None:
    with attacked(tmp_path, rate=MINUTE) as target:
        began = time.monotonic()
        tried = attacks.limits(target, MINUTE)
        if time.monotonic() - began > 50:
            pytest.skip("too slow here to stay within one minute")
    assert tried.faults == []


def test_other_websites_are_kept_out(target: Served) -> None:
    assert ALLOWED
    tried = attacks.origins(target, ALLOWED)
    assert tried.faults == []
