"""Finds texts that are the same but for small edits: another address, a print view, a second copy."""

import re
from collections import Counter
from collections.abc import Mapping

SHINGLE = 5
# Of the shorter text's runs of five words, this share also stands in the other; and the two are of like
# length, because a chapter is no copy of its book.
SAME = 0.75
LIKE_LENGTH = 0.6

_WORD = re.compile(r"\w+")


def duplicates(texts: Mapping[str, str]) -> dict[str, str]:
    """Name for each text that repeats an earlier one the earlier one; each is compared with what is kept."""
    kept: dict[str, int] = {}
    owners: dict[int, list[str]] = {}
    found: dict[str, str] = {}
    for name, text in texts.items():
        runs = _runs(text)
        shared = Counter(owner for run in runs for owner in owners.get(run, ()))
        twin = next(
            (other for other, count in shared.most_common(3) if _same(count, len(runs), kept[other])), ""
        )
        if twin:
            found[name] = twin
            continue
        kept[name] = len(runs)
        for run in runs:
            owners.setdefault(run, []).append(name)
    return found


def _runs(text: str) -> set[int]:
    """Return every run of five words, as numbers, which take less room."""
    words = _WORD.findall(text.casefold())
    return {hash(tuple(words[at : at + SHINGLE])) for at in range(max(1, len(words) - SHINGLE + 1))}


def _same(shared: int, one: int, other: int) -> bool:
    shorter, longer = sorted((one, other))
    return shared >= SAME * shorter and shorter >= LIKE_LENGTH * longer
