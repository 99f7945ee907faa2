"""What is asked in a minute is counted together by several servers, and alone while the database fails."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from assistant.counts import Counts
from assistant.records import Records
from assistant.vocabulary import Question
from assistant.web.limits import RateLimit
from assistant.web.server import build_app
from tests import fakes
from tests.fakes import FakeAssistant
from tests.several.postgres import PASSWORD, Server
from tests.several.processes import wait_until

ADDRESS = "192.0.2.77"

Make = Callable[..., Counts]


@pytest.fixture
def make(url: str) -> Iterator[Make]:
    """Make the counts of one more server."""
    made: list[Counts] = []

    def another(seconds: float = 5.0) -> Counts:
        made.append(Counts(url, seconds, rest=0.2))
        return made[-1]

    yield another
    for one in made:
        one.close()


def _is_admitted(rate: RateLimit, address: str = ADDRESS) -> bool:
    try:
        rate.admit(address)
    except HTTPException as error:
        refused = error
    else:
        return True
    assert refused.status_code == 429
    assert refused.headers
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    return False


def test_two_servers_count_together(make: Make) -> None:
    one, other = (RateLimit(3, shared=make()) for _ in range(2))

    assert [_is_admitted(rate) for rate in (one, other, one, other, one)] == [True, True, True, False, False]
    assert _is_admitted(other, "192.0.2.78")


def test_both_tell_when_to_come_back_alike(make: Make) -> None:
    servers = [RateLimit(1, shared=make()) for _ in range(2)]
    assert _is_admitted(servers[0])
    waits = []
    for rate in servers:
        with pytest.raises(HTTPException) as caught:
            rate.admit(ADDRESS)
        assert caught.value.headers
        waits.append(int(caught.value.headers["Retry-After"]))

    assert max(waits) - min(waits) <= 1


def test_of_many_at_once_exactly_as_many_are_admitted_as_may_be(make: Make) -> None:
    servers = [RateLimit(30, shared=make(20)) for _ in range(3)]
    with ThreadPoolExecutor(12) as threads:
        admitted = list(threads.map(lambda n: _is_admitted(servers[n % 3]), range(90)))

    assert sum(admitted) == 30


def test_after_a_minute_there_are_questions_again(make: Make, url: str, server: Server) -> None:
    assert [_is_admitted(RateLimit(1, shared=make())) for _ in range(2)] == [True, False]
    server.run(url.rpartition("/")[2], "UPDATE counts SET started = started - interval '60 seconds'")

    assert [_is_admitted(RateLimit(1, shared=make())) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("jump", ["1 hour", "-1 hour"])
def test_a_clock_that_jumps_locks_nobody_out(make: Make, url: str, server: Server, jump: str) -> None:
    assert [_is_admitted(RateLimit(1, shared=make())) for _ in range(2)] == [True, False]
    server.run(url.rpartition("/")[2], f"UPDATE counts SET started = started + interval '{jump}'")

    assert [_is_admitted(RateLimit(1, shared=make())) for _ in range(2)] == [True, False]


def test_who_asks_too_much_uses_up_nothing_of_the_others(make: Make) -> None:
    one, other = (RateLimit(1, 2, shared=make()) for _ in range(2))

    assert [_is_admitted(rate) for rate in (one, other, one, other)] == [True, False, False, False]
    assert _is_admitted(other, "192.0.2.78")
    assert not _is_admitted(one, "192.0.2.79")  # all together asked twice


def test_questions_and_feedback_are_counted_apart(make: Make) -> None:
    counts = make()
    assert _is_admitted(RateLimit(1, shared=counts))
    assert _is_admitted(RateLimit(1, shared=counts, kind="feedback"))


def test_who_is_refused_and_asks_on_does_not_reach_the_database(make: Make, url: str, server: Server) -> None:
    rate = RateLimit(1, shared=make())
    asked = [_is_admitted(rate) for _ in range(50)]

    assert asked == [True, *[False] * 49]
    assert server.run(url.rpartition("/")[2], "SELECT asked FROM counts") == [(2,)]


def test_no_address_is_written_down_and_none_can_be_guessed_without_the_password(
    make: Make, url: str, server: Server
) -> None:
    RateLimit(1, shared=make()).admit(ADDRESS)
    [(name,)] = server.run(url.rpartition("/")[2], "SELECT name FROM counts")

    assert ADDRESS not in name
    assert PASSWORD not in name
    assert len(name.removeprefix("questions ")) == 32
    server.run("postgres", f"CREATE ROLE other LOGIN SUPERUSER PASSWORD '{PASSWORD}x'")
    other = Counts(url.replace(f"kil:{PASSWORD}", f"other:{PASSWORD}x"), 5.0)
    RateLimit(1, shared=other).admit(ADDRESS)
    other.close()
    assert len({*server.run(url.rpartition("/")[2], "SELECT name FROM counts")}) == 2


def test_counts_are_deleted_when_their_minute_is_over(make: Make, url: str, server: Server) -> None:
    counts = make()
    for number in range(20):
        RateLimit(1, shared=counts).admit(f"192.0.2.{number}")
    server.run(url.rpartition("/")[2], "UPDATE counts SET started = started - interval '61 seconds'")
    counts._cleaned -= 10
    RateLimit(1, shared=counts).admit(ADDRESS)

    assert server.run(url.rpartition("/")[2], "SELECT count(*) FROM counts") == [(1,)]


def test_the_interface_refuses_on_one_server_what_was_asked_of_another(make: Make, tmp_path: Path) -> None:
    def client() -> TestClient:
        records = Records(tmp_path, 30)
        app = build_app(FakeAssistant, records, rate_per_minute=2, counts=make())
        return TestClient(app, client=(ADDRESS, 50_000))

    one, other = client(), client()
    asked = [each.post("/api/ask", json={"question": fakes.ANSWERED}) for each in (one, other, one)]
    page = other.post("/ask", data={"q": fakes.ANSWERED})

    assert [response.status_code for response in (*asked, page)] == [200, 200, 429, 429]
    assert abs(int(asked[2].headers["retry-after"]) - int(page.headers["retry-after"])) <= 1


# --- when the database fails ---


def test_while_the_database_is_gone_each_server_counts_for_itself(
    make: Make, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    one, other = (RateLimit(2, shared=make()) for _ in range(2))
    assert _is_admitted(one)
    server.stop()
    try:
        # What this server admitted before is known to it, so an outage gives nobody a new minute there.
        assert [_is_admitted(one) for _ in range(3)] == [True, False, False]
        assert [_is_admitted(other) for _ in range(3)] == [True, True, False]
    finally:
        server.start()
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 2  # one of each server
    assert all("counted on this server alone" in warning for warning in warnings)
    assert PASSWORD not in caplog.text

    third = RateLimit(2, shared=make())
    assert [_is_admitted(third, "192.0.2.9") for _ in range(2)] == [True, True]
    wait_until(lambda: not _is_admitted(one, "192.0.2.9"), "counting together again", 5)
    assert "counted together with the other servers again" in caplog.text


def test_a_database_that_hangs_holds_nobody_up_for_long(make: Make, server: Server, url: str) -> None:
    rate = RateLimit(2, shared=make(0.3))
    records = Records(Path(), 30, url=url, busy_seconds=0.3)
    _is_admitted(rate, "192.0.2.1")
    records.keep(Question(fakes.ANSWERED), fakes.answered())
    with server.silent():
        started = time.monotonic()
        assert [_is_admitted(rate) for _ in range(20)] == [True, True, *[False] * 18]
        records.keep_or_warn(Question(fakes.ANSWERED), fakes.not_in_material())
        took = time.monotonic() - started
    records.close()

    assert took < 3
