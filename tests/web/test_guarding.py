"""The password, its limited tries, and the cookie of whoever signed in."""

from base64 import b64encode
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient

from assistant.passwords import Hashed, hashed
from assistant.records import Records
from assistant.web import guarding
from assistant.web.guarding import (
    COOKIE,
    SECONDS_OPEN,
    SECONDS_TO_SIGN_IN,
    TRIES_IN_ALL,
    TRIES_PER_MINUTE,
    Guard,
    staff_only,
)
from assistant.web.server import build_app
from tests.fakes import FakeAssistant

PASSWORD = "quiet meadow lantern rye"
LINE = hashed(PASSWORD).write()
WRONG = "quiet meadow lantern barley"
HERE = "192.0.2.1"


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(clock: Clock) -> Guard:
    return Guard(LINE, clock)


def test_only_the_password_is_let_in(guard: Guard) -> None:
    assert guard.admits(PASSWORD, HERE)
    assert guard.admits(PASSWORD, HERE)  # the second time it is known
    assert not guard.admits(WRONG, HERE)
    assert not guard.admits("", HERE)


def test_without_a_password_nobody_is_let_in(clock: Clock) -> None:
    guard = Guard("", clock)

    assert not guard.is_on
    assert not guard.admits("", HERE)
    assert not guard.is_open(guard.open())


def _refused(guard: Guard, password: str, address: str) -> int:
    with pytest.raises(HTTPException) as caught:
        guard.admits(password, address)
    assert caught.value.status_code == 429
    return int((caught.value.headers or {})["Retry-After"])


def test_after_too_many_wrong_tries_even_the_right_one_has_to_wait(guard: Guard) -> None:
    assert guard.admits(PASSWORD, HERE)
    for _ in range(TRIES_PER_MINUTE):
        assert not guard.admits(WRONG, HERE)

    assert 1 <= _refused(guard, WRONG, HERE) <= 60
    assert 1 <= _refused(guard, PASSWORD, HERE) <= 60  # else a guess could be told right by it
    assert guard.admits(PASSWORD, "192.0.2.2")


def test_nobody_waits_long_while_others_try(clock: Clock) -> None:
    guard = Guard(LINE, clock, seconds_in_line=0.01)
    with guard._lock:  # somebody's password is being tried
        assert _refused(guard, PASSWORD, HERE) == 1

    assert guard.admits(PASSWORD, HERE)


def test_the_log_tells_of_wrong_tries_and_not_of_whom(guard: Guard, caplog: pytest.LogCaptureFixture) -> None:
    guard.admits(WRONG, HERE)

    assert "a wrong password was given" in caplog.text
    assert HERE not in caplog.text
    assert WRONG not in caplog.text


def test_right_ones_do_not_count(guard: Guard) -> None:
    assert all(guard.admits(PASSWORD, HERE) for _ in range(5 * TRIES_PER_MINUTE))


class NeverRight(Hashed):
    """A password's hash that costs nothing, so that sixty tries are made in less than a minute."""

    def fits(self, password: str) -> bool:
        return False


def test_many_addresses_together_are_limited_too(guard: Guard) -> None:
    guard._hashed = NeverRight(2**14, 8, 5, b"", b"")
    for number in range(TRIES_IN_ALL):
        assert not guard.admits(WRONG, f"198.51.100.{number}")

    _refused(guard, WRONG, "203.0.113.1")


def test_a_cookie_is_good_until_its_time_is_over(guard: Guard, clock: Clock) -> None:
    token = guard.open()

    assert guard.is_open(token)
    clock.seconds += SECONDS_OPEN - 1
    assert guard.is_open(token)
    clock.seconds += 2
    assert not guard.is_open(token)


def test_a_cookie_that_was_changed_is_refused(guard: Guard) -> None:
    token = guard.open()
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]

    # The last letter of a signature holds two bits that mean nothing.
    assert [one for one in changed[:-1] if guard.is_open(one)] == []
    assert not any(map(guard.is_open, ("", "staff", token[:-2], f"{token}x.y", token.replace(".", ""), "é")))


def test_a_visitors_cookie_opens_nothing(guard: Guard) -> None:
    assert not guard.is_open(guard.visit())
    assert not guard.is_open(guard.visit().replace("visitor", "staff"))


def test_another_password_or_another_salt_ends_every_session(guard: Guard, clock: Clock) -> None:
    token = guard.open()

    assert Guard(LINE, clock).is_open(token)  # another process with the same setting
    assert not Guard(hashed(PASSWORD).write(), clock).is_open(token)
    assert not Guard("", clock).is_open(token)


def test_a_cookie_that_signed_out_is_good_no_more(guard: Guard) -> None:
    token, other = guard.open(), guard.open()
    guard.close(token)

    assert not guard.is_open(token)
    assert guard.is_open(other)


def test_a_form_belongs_to_its_cookie(guard: Guard, clock: Clock) -> None:
    visitor, staff = guard.visit(), guard.open()

    assert guard.is_own_form(visitor, guard.form_token(visitor))
    assert guard.is_own_form(staff, guard.form_token(staff))
    assert not guard.is_own_form(visitor, guard.form_token(staff))
    assert not guard.is_own_form(visitor, "")
    assert not guard.is_own_form("", guard.form_token(""))
    assert not guard.is_own_form("visitor-x.y.z", guard.form_token("visitor-x.y.z"))
    clock.seconds += SECONDS_TO_SIGN_IN + 1
    assert not guard.is_own_form(visitor, guard.form_token(visitor))


# --- the dependency, on an address of another kind such as /metrics ---


def _counts(_: Annotated[None, Depends(staff_only)]) -> dict[str, int]:
    return {"questions": 3}


def _app(records: Records, line: str) -> FastAPI:
    app = build_app(FakeAssistant, records, rate_per_minute=0, staff_password=line)
    app.add_api_route("/counts", _counts)
    return app


def _header(text: str, scheme: str = "Basic") -> dict[str, str]:
    return {"Authorization": f"{scheme} {b64encode(text.encode()).decode()}"}


@pytest.fixture
def client(records: Records) -> TestClient:
    return TestClient(_app(records, LINE), client=(HERE, 50_000))


@pytest.mark.parametrize("user", ["", "staff", "prometheus", "Zoë"])
def test_a_program_sends_the_password_with_any_user_name(client: TestClient, user: str) -> None:
    response = client.get("/counts", headers=_header(f"{user}:{PASSWORD}"))

    assert (response.status_code, response.json()) == (200, {"questions": 3})
    assert "set-cookie" not in response.headers


def test_a_password_with_colons_and_letters_of_all_kinds_is_read_whole(records: Records) -> None:
    password = "a:b – wörter ☂ und so weiter"
    client = TestClient(_app(records, hashed(password).write()))

    assert client.get("/counts", headers=_header(f"x:{password}")).status_code == 200
    assert client.get("/counts", headers=_header("x:a")).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic"},
        {"Authorization": "Basic not/base64!"},
        {"Authorization": f"Bearer {PASSWORD}"},
        {"Authorization": "Basic " + b64encode(b"\xff\xfe:x").decode()},
        _header(PASSWORD),
        _header(f"staff:{WRONG}"),
        _header(f"{PASSWORD}:"),
        {"Cookie": f"{COOKIE}=staff-x"},
    ],
)
def test_everybody_else_is_asked_for_it(client: TestClient, headers: dict[str, str]) -> None:
    response = client.get("/counts", headers=headers)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == guarding.CHALLENGE["WWW-Authenticate"]
    assert response.json()["title"] == "For staff only"


def test_wrong_passwords_of_programs_are_limited(client: TestClient) -> None:
    sent = [client.get("/counts", headers=_header(f"x:{WRONG}")) for _ in range(TRIES_PER_MINUTE + 1)]

    assert [response.status_code for response in sent] == [401] * TRIES_PER_MINUTE + [429]
    assert 1 <= int(sent[-1].headers["retry-after"]) <= 60


def test_it_is_not_there_without_a_password(records: Records) -> None:
    client = TestClient(_app(records, ""))

    assert client.get("/counts", headers=_header("x:")).status_code == 404


def test_no_password_is_kept_as_it_was_typed(guard: Guard) -> None:
    guard.admits(PASSWORD, HERE)
    held: list[Any] = [*vars(guard).values()]

    assert [one for one in held if PASSWORD in repr(one)] == []
