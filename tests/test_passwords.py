"""The staff's password: kept as a hash that gives nothing away, and made without being shown."""

import os
import pty
import subprocess
import sys
import time
from hashlib import scrypt
from pathlib import Path

import pytest

from assistant.errors import WrongUse
from assistant.passwords import Hashed, hashed, setting
from assistant.settings import Settings, load_settings

PASSWORD = "quiet meadow lantern rye"
ROOT = Path(__file__).parents[1]


def test_the_line_admits_its_password_and_no_other() -> None:
    read = Hashed.read(hashed(PASSWORD).write())

    assert read.fits(PASSWORD)
    assert [
        wrong for wrong in ("", PASSWORD[:-1], f"{PASSWORD} ", PASSWORD.upper()) if read.fits(wrong)
    ] == []


def test_the_same_password_makes_another_line_each_time() -> None:
    assert hashed(PASSWORD).write() != hashed(PASSWORD).write()


def test_it_is_scrypt_as_the_standard_library_has_it() -> None:
    made = hashed(PASSWORD)

    assert made.hash == scrypt(PASSWORD.encode(), salt=made.salt, n=2**14, r=8, p=5, dklen=32)


def test_letters_typed_in_two_ways_are_one_password() -> None:
    assert Hashed.read(hashed("Zoë’s café by the sea").write()).fits("Zoe\u0308’s cafe\u0301 by the sea")


def test_the_line_can_stand_in_an_env_file_and_a_shell_as_it_is() -> None:
    name, _, value = setting(PASSWORD).partition("=")

    assert name == "KIL_STAFF_PASSWORD"
    assert not set(value) & set("$`\"'\\ #!;&|<>(){}*?")
    assert PASSWORD not in value


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 1_001])
def test_a_password_that_is_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(WrongUse, match="12 to 1,000 characters"):
        hashed(password)


GOOD = hashed(PASSWORD).write().split(":")


@pytest.mark.parametrize(
    "line",
    [
        PASSWORD,
        "correct:horse:battery:staple:and:more",
        ":".join(["argon2", *GOOD[1:]]),
        ":".join(GOOD[:5]),
        ":".join([GOOD[0], "1024", *GOOD[2:]]),
        ":".join([GOOD[0], "16383", *GOOD[2:]]),
        ":".join([GOOD[0], "1073741824", *GOOD[2:]]),
        ":".join([*GOOD[:3], "1", *GOOD[4:]]),
        ":".join([*GOOD[:5], "AAAA"]),
        ":".join([*GOOD[:5], "?"]),
    ],
)
def test_what_is_no_such_line_is_wrong_use_and_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIL_STAFF_PASSWORD", line)

    with pytest.raises(WrongUse, match=r"KIL_STAFF_PASSWORD: .*keep-it-local staff-password") as caught:
        load_settings()
    assert line not in str(caught.value)


def test_the_setting_is_taken_from_an_env_file_and_shown_in_no_print_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KIL_STAFF_PASSWORD", raising=False)
    line = setting(PASSWORD)
    (tmp_path / ".env").write_text(f"{line}\n", encoding="utf-8")
    settings = load_settings()

    assert f"KIL_STAFF_PASSWORD={settings.staff_password.get_secret_value()}" == line
    assert "scrypt" not in repr(settings)
    assert Settings.model_fields["staff_password"].default.get_secret_value() == ""


def _command(**how: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, str(ROOT / "app.py"), "staff-password"]
    return subprocess.Popen(command, cwd=ROOT, **how)  # type: ignore[call-overload,no-any-return]


def test_a_script_sends_the_password_as_one_line() -> None:
    pipe = subprocess.PIPE
    made, error = _command(stdin=pipe, stdout=pipe, stderr=pipe).communicate(f"{PASSWORD}\r\n".encode())
    _, _, line = made.decode().strip().partition("=")

    assert Hashed.read(line).fits(PASSWORD)
    assert error == b""


def test_a_script_is_told_in_one_sentence_what_is_wrong() -> None:
    pipe = subprocess.PIPE
    process = _command(stdin=pipe, stdout=pipe, stderr=pipe)
    made, error = process.communicate(b"too short\n")

    assert (process.returncode, made) == (2, b"")
    assert error.startswith(b"The password has to have 12")
    assert b"too short" not in error


@pytest.mark.parametrize(("again", "status"), [(PASSWORD, 0), ("quiet meadow lantern barley", 2)])
def test_a_person_is_asked_twice_and_nothing_is_shown(again: str, status: int) -> None:
    pid, terminal = pty.fork()
    if pid == 0:  # the command, with a terminal of its own
        os.execv(sys.executable, [sys.executable, str(ROOT / "app.py"), "staff-password"])
    said = b""
    for asked, typed in ((b"New password", PASSWORD), (b"The same again", again)):
        said += _until(terminal, asked)
        time.sleep(0.3)  # the terminal stops showing what is typed just before it is asked
        os.write(terminal, f"{typed}\n".encode())
    said += _until(terminal, b"\x00")
    _, ended = os.waitpid(pid, 0)
    os.close(terminal)

    assert os.waitstatus_to_exitcode(ended) == status
    assert PASSWORD.encode() not in said
    assert again.encode() not in said
    assert (b"KIL_STAFF_PASSWORD=scrypt:" in said) is (status == 0)
    assert (b"not the same" in said) is (status == 2)


def _until(terminal: int, words: bytes) -> bytes:
    said = b""
    while words not in said:
        try:
            read = os.read(terminal, 1_024)
        except OSError:  # Linux says so when the other end is closed
            break
        if not read:
            break
        said += read
    return said
