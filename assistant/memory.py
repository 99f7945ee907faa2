"""Keeps free memory from staying with the process; does nothing where the C library is not glibc."""

import ctypes
from typing import Any

_TRIM, _MAP, _ARENAS = -1, -3, -8  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD and M_ARENA_MAX of malloc.h
_LARGE = 64 * 1024 * 1024


def share() -> None:
    """Let threads take memory from two places: by itself each has one, and what it frees stays there.

    Large pieces are taken from there too: mapped anew each time, they made reading a passage a third slower.
    """
    libc = _glibc()
    if libc is not None:
        for option, value in {_ARENAS: 2, _MAP: _LARGE, _TRIM: 2 * _LARGE}.items():
            libc.mallopt(option, value)


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
