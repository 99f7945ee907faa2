"""Words and their stems: what search by words, composing and checking count."""

import re
import threading
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[a-z0-9£%]+(?:[.,]\d+)*(?:'[a-z]+)?")
_CURLY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_LOCAL = threading.local()

# Words that carry no subject. Question words are among them: what kind of answer
# they ask for is `understanding.wanted`'s matter.
STOP_WORDS = frozenset(
    """a about all also an and any are as at be been being but by can could did do does for from get give
    got had has have he her him his how i if in into is it it's its just like me more my no not of on one
    ones or our out please put say says she should so some than that that's the their them then there these
    they this those to up us very was we we're we've were what what's when where which who who's whom whose
    why will with would you you're your i'm i've don't doesn't isn't can't won't""".split()
)


def tokens(text: str) -> list[str]:
    """Lower-case words and figures of `text`, in order."""
    return _WORD.findall(text.translate(_CURLY).lower())


def stems(text: str) -> list[str]:
    """Stems of the words that carry a subject, in order, repeats kept."""
    return list(_stems(text))


@lru_cache(maxsize=8_192)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(token) for token in tokens(text) if token not in STOP_WORDS)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Snowball stem of one lower-case word (Porter, 2001, https://snowballstem.org)."""
    # PyStemmer's objects keep state, so each thread has its own.
    if not hasattr(_LOCAL, "stemmer"):
        _LOCAL.stemmer = Stemmer.Stemmer("english")
    return str(_LOCAL.stemmer.stemWord(word.removesuffix("'s")))
