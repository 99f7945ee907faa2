"""How a command ends: with its status, and a sentence instead of a traceback."""

import io
import os
import sys
import traceback
from collections.abc import Callable

from assistant import notices
from assistant.errors import AssistantError, WrongUse


def status_of(command: Callable[[], int]) -> int:
    """Run a command and return its exit status, as `API.md` promises it."""
    try:
        status = command()
        sys.stdout.flush()
    except WrongUse as error:
        return _fail(str(error), 2)
    except AssistantError as error:
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        return _fail("Stopped.", 1)
    except BrokenPipeError:
        # Whoever read our output has left, as `| head` does; without this Python complains again at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 (a fault of ours is one sentence too, and says where it is)
        where = traceback.extract_tb(error.__traceback__)[-1]
        return _fail(notices.fault(repr(error), f"{where.filename}:{where.lineno}"), 1)
    return status


def print_anything() -> None:
    """Let a console that lacks a letter show a question mark, and no traceback."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _fail(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
