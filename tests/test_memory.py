"""Free memory goes back to the system where that can be done, and elsewhere nothing happens."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant import memory

CODE = """
import re
from pathlib import Path
from assistant import memory

def anonymous():
    return int(re.search(r"^RssAnon:\\s+(\\d+)", Path("/proc/self/status").read_text(), re.MULTILINE)[1])

memory.share()
held = [bytearray(50_000) for _ in range(2_000)]
last = bytearray(50_000)
del held
before = anonymous()
memory.give_back()
print(before - anonymous())
"""


@pytest.mark.skipif(
    memory._glibc() is None or not Path("/proc/self/status").exists(), reason="the C library is another one"
)
def test_what_was_freed_goes_back_to_the_system() -> None:
    freed = int(subprocess.check_output([sys.executable, "-c", CODE], text=True))
    assert freed > 50_000  # kilobytes, of 100,000


def test_with_another_c_library_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    memory.share()
    memory.give_back()


def test_on_windows_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> object:
        raise TypeError

    monkeypatch.setattr("ctypes.CDLL", refuse)
    memory.share()
    memory.give_back()
