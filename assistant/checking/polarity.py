"""What turns a sentence round without changing its words: no, all, must, more, because."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.words import STOP_WORDS, stem

_NO = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|rarely|seldom"
    r"|instead of|rather than"
    r"|fail(?:s|ed|ing)? to|unable|refus(?:es|ed|ing)|lacks?|\w+n[’']t)\b",
    re.IGNORECASE,
)
# Each kind of word that claims more than most passages do, and what in the passage allows it.
_CLAIMS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    name: (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), re.compile(rf"\b(?:{allowed})\b", re.IGNORECASE))
    for name, (said, allowed) in {
        "all": (
            (
                r"(?<!above )(?<!at )(?<!of )all(?! over| but| of)|every(?:one|body|thing|where)?"
                r"|entire(?:ly)?|complete(?:ly)?|total(?:ly)?|wholly"
            ),
            (
                r"(?<!at )(?<!above )all|every\w*|each|entire\w*|whol\w+|complete\w*|total\w*|both|any|always"
                r"|across|uniform|same|in full|no|nobody|solely|one size"
            ),
        ),
        "always": (
            r"always|invariably|in every case|without exception|constantly",
            r"always|every|never|all|invariably|constant\w*|again and again|each",
        ),
        "never": (r"never|at no time|not once", r"never|ever|not?|cannot|none|hardly|rarely|nobody"),
        "only": (
            r"(?<!not )only|solely|exclusively|nothing but|merely",
            (
                r"only|solely|exclusive\w*|just|merely|alone|except|nobody else|nothing|by (?:itself"
                r"|themselves)|rather than|enough|main\w*|one part"
            ),
        ),
        "must": (
            r"must|required to|obliged to|forced to|compulsory|mandatory",
            (
                r"must|ha(?:ve|s|d) to|driven|needs?|needed|requir\w+|obliged|forced|made to|compulsory"
                r"|mandatory|essential|crucial|cannot|should|only|depends?"
            ),
        ),
        "proved": (
            (
                r"prove[sdn]?|proven|proof|guarantee[sd]?|certain(?:ly)?|undoubtedly|definitely|undeniabl[ey]"
                r"|ensure[sd]?"
            ),
            (
                r"prove\w*|proof|guarantee\w*|certain\w*|undoubted\w*|definite\w*|shown|ensure\w*|make sure"
                r"|hard to dispute"
            ),
        ),
        "unique": (
            (
                r"unique(?:ly)?|the (?:best|worst|most|largest|biggest|greatest|highest|lowest|only|fastest"
                r"|leading)"
            ),
            (
                r"unique\w*|best|worst|most|largest|biggest|greatest|highest|lowest|only|fastest|leading"
                r"|nobody else|top|first|main\w*|chief\w*|above all|heaviest"
            ),
        ),
        "none": (
            r"none of|nobody|no one|no (?:councils?|members?)",
            r"none|nobody|no|not|never|neither|cannot|few",
        ),
    }.items()
}
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|caused?|causes|led to|leads to|resulted in|as a result|thanks to"
    r"|therefore|in order to"
    r"|so that|since|why|reason|result|hence|thus|bring[s]?|produces?|made|makes|means|so|therefore"
    r"|prevent\w*|bas\w+|rests?|lets?)\b",
    re.IGNORECASE,
)
_CLAIMED_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|caused by|caused|led (?:\w+ ){0,3}to|resulted in|as a result|thanks to)\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:may|might|could|would|should|can|expect(?:s|ed)?|likely|possib\w+|perhaps|suggest(?:s|ed)?"
    r"|propose[sd]?|recommend(?:s|ed)?"
    r"|plan(?:s|ned)?|aim(?:s|ed)?|intend(?:s|ed)?|hope[sd]?|due to (?=go|be|start|begin)|want(?:s|ed)?"
    r"|ask(?:s|ed)?|will|future|meant)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    (
        r"\b(?:some|many|most|often|several|usually|sometimes|generally|mostly|mainly|partly|a few|certain"
        r"|too many|nearly all|almost all)\b"
    ),
    re.IGNORECASE,
)
_FEW = re.compile(r"\b(?:few|little|hardly|rarely|seldom|minority)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more|most|majority|nearly all|almost all)\b", re.IGNORECASE)
_SCOPE = 5
# How many telling words behind a negation are surely denied by it.
_SURELY, _TELLING = 2, 4
_WORD = re.compile(r"[a-z][a-z’'-]*", re.IGNORECASE)


def negations(text: str) -> int:
    """Count the words that deny something."""
    return len(_NO.findall(text))


@lru_cache(maxsize=8192)
def denied(text: str) -> tuple[str, ...]:
    """Return the words that stand close behind a negation, in lower case."""
    return tuple(
        word.lower()
        for match in _NO.finditer(text)
        for word in _WORD.findall(re.split(r"[,;:.]| but | and ", text[match.end() :], maxsplit=1)[0])[
            :_SCOPE
        ]
    )


def reversed_words(text: str, quote: str) -> frozenset[str]:
    """Return the words that one side only denies and the other only says plainly."""
    (said, denied_), (held, other) = _plain_and_denied(text), _plain_and_denied(quote)
    return ((denied_ - said) & (held - other)) | ((other - held) & (said - denied_))


@lru_cache(maxsize=8192)
def _plain_and_denied(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of a text that are said plainly, and those that are denied."""
    surely: list[int] = []
    for match in _NO.finditer(text):
        end = match.end() + re.split(r"[,;:.]| but ", text[match.end() :], maxsplit=1)[0].__len__()
        telling = [word for word in _WORD.finditer(text, match.end(), end) if _tells(word[0])]
        surely += [word.start() for word in telling[:_SURELY]]
    words = [(word.start(), stem(word[0].lower())) for word in _WORD.finditer(text) if _tells(word[0])]
    return frozenset(root for at, root in words if at not in surely), frozenset(
        root for at, root in words if at in surely
    )


def _tells(word: str) -> bool:
    return len(word) >= _TELLING and word.lower() not in STOP_WORDS and not _NO.fullmatch(word)


def overclaims(text: str, quote: str) -> Iterator[str]:
    """Yield each way in which `text` claims more than `quote` allows."""
    for name, (said, allowed) in _CLAIMS.items():
        if said.search(text) and not allowed.search(quote):
            yield name
    if _CLAIMED_CAUSE.search(text) and not _CAUSE.search(quote):
        yield "cause"


_PLANNED = re.compile(
    r"\b(?:(?:was|were|is|are) due to (?:go|be|start|begin)|expected|proposed|recommended|planned to"
    r"|intended to)\b"
)


_WILL, _MIGHT = re.compile(r"\bwill\b"), re.compile(r"\b(?:may|might|could)\b")


def realised(text: str, quote: str) -> bool:
    """Whether what the quote only expects or proposes is told as a fact."""
    certain = _WILL.search(text) and _MIGHT.search(quote) and not _WILL.search(quote)
    return bool(certain) or (bool(_PLANNED.search(quote)) and not _MAY.search(text))


_UNTRUE = re.compile(
    r"\b(?:myths?|untrue|false|wrong|den(?:y|ies|ied)|doubts?|the (?:reverse|opposite) of)\b", re.IGNORECASE
)


def believed(text: str, quote: str) -> bool:
    """Whether what the quote calls untrue is told as true."""
    return bool(_UNTRUE.search(quote)) and not _UNTRUE.search(text) and not _NO.search(text)


def hedges(text: str) -> tuple[int, int, int, int]:
    """Count the words for what may be, for some of many, for few and for most."""
    return tuple(len(pattern.findall(text)) for pattern in (_MAY, _SOME, _FEW, _MORE))  # type: ignore[return-value]
