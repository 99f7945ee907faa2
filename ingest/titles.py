"""Says whether two titles name the same document, although people write them a little differently."""

import re
import unicodedata
from difflib import SequenceMatcher

ALIKE = 0.6  # this share of the shorter title's telling words stands in the other one

_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W_]+")
# Words of nearly every title here, which tell none from another.
_EVERYWHERE = frozenset(
    """keep keeping it local locality principle case study report essay blog article news guide the a an of to
    and or in for on with how what is are by from at our your""".split()
)


def alike(title: str, other: str) -> bool:
    """Whether both can be titles of one document."""
    one, two = _plain(title), _plain(other)
    if not one or not two:
        return False
    if one == two or SequenceMatcher(None, one, two).ratio() > 0.9:
        return True
    telling, others = _telling(one), _telling(two)
    fewer = min(len(telling), len(others))
    return fewer > 1 and len(telling & others) >= ALIKE * fewer


def equal(title: str, other: str) -> bool:
    """Whether both are the same words."""
    return bool(_plain(title)) and _plain(title) == _plain(other)


def stands_in(title: str, text: str) -> bool:
    """Whether nearly all telling words of a title stand in a text, such as the first page of a report."""
    telling = _telling(_plain(title))
    return len(telling) > 1 and len(telling & _telling(_plain(text))) >= 0.8 * len(telling)


def _plain(title: str) -> str:
    plain = unicodedata.normalize("NFKD", _BRACKETS.sub(" ", title)).replace("'", "").replace("’", "")
    return " ".join(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c)).casefold()))


def _telling(plain: str) -> set[str]:
    return {
        word.removesuffix("s") for word in plain.split() if word not in _EVERYWHERE and not word.isdigit()
    }
