"""Keeps free memory from staying with the process; does nothing where the C library is not glibc."""

import ctypes
from typing import Any

_ARENAS = -8  # M_ARENA_MAX of malloc.h


def share() -> None:
    """Let threads take memory from two places: by itself each has one, and what it frees stays there."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_ARENAS, 2)


def give_back() -> None:
    """Return to the system what was only needed for a while: to read everything in, or for an answer.

    To do so every few seconds costs less than to map each large piece anew, which takes half as long again
    as what is reckoned with it.
    """
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> Any:
    try:
        libc = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows
        return None
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
