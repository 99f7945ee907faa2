"""What turns a sentence round without changing its words: no, all, must, more, because."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_NO = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|rarely|seldom|instead of|rather than"
    r"|fail(?:s|ed|ing)? to|unable|refus(?:es|ed|ing)|lacks?|\w+n[’']t)\b",
    re.IGNORECASE,
)
# Each kind of word that claims more than most passages do, and what in the passage allows it.
_CLAIMS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    name: (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), re.compile(rf"\b(?:{allowed})\b", re.IGNORECASE))
    for name, (said, allowed) in {
        "all": (
            r"(?<!above )(?<!at )(?<!of )all(?! over| but| of)|every(?:one|body|thing|where)?|entire(?:ly)?|complete(?:ly)?|total(?:ly)?|wholly",
            r"all|every\w*|each|entire\w*|whol\w+|complete\w*|total\w*|both|any|always|across|uniform|same|in full|no|nobody|solely|one size",
        ),
        "always": (
            r"always|invariably|in every case|without exception|constantly",
            r"always|every|never|all|invariably|constant\w*|again and again|each",
        ),
        "never": (r"never|at no time|not once", r"never|ever|not?|cannot|none|hardly|rarely|nobody"),
        "only": (
            r"(?<!not )only|solely|exclusively|nothing but|merely|alone",
            r"only|solely|exclusive\w*|just|merely|alone|except|nobody else|nothing|by (?:itself|themselves)|rather than|enough|main\w*|one part",
        ),
        "must": (
            r"must|(?:ha(?:ve|s|d)|needs?) to|required to|obliged to|forced to|compulsory|mandatory",
            r"must|ha(?:ve|s|d) to|needs?|needed|requir\w+|obliged|forced|made to|compulsory|mandatory|essential|crucial|cannot|should|only|depends?",
        ),
        "proved": (
            r"prove[sdn]?|proven|proof|guarantee[sd]?|certain(?:ly)?|undoubtedly|definitely|undeniabl[ey]|ensure[sd]?",
            r"prove\w*|proof|guarantee\w*|certain\w*|undoubted\w*|definite\w*|shown|ensure\w*|make sure|clear\w*|was|hard to dispute",
        ),
        "unique": (
            r"unique(?:ly)?|the (?:best|worst|most|largest|biggest|greatest|highest|lowest|only|fastest|leading)",
            r"unique\w*|best|worst|most|largest|biggest|greatest|highest|lowest|only|fastest|leading|nobody else|top|first|main\w*|chief\w*|above all|heaviest",
        ),
        "none": (r"none of|nobody|no one|no (?:councils?|members?)", r"none|nobody|no|not|never|neither|cannot|few"),
    }.items()
}
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|caused?|causes|led to|leads to|resulted in|as a result|thanks to|therefore|in order to"
    r"|so that|since|why|reason|result|hence|thus|bring[s]?|produces?|made|makes|means|so|therefore|prevent\w*|bas\w+|rests?|lets?)\b",
    re.IGNORECASE,
)
_CLAIMED_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|caused by|caused|led (?:\w+ ){0,3}to|resulted in|as a result|thanks to)\b", re.IGNORECASE
)
_MAY = re.compile(
    r"\b(?:may|might|could|would|should|can|expect(?:s|ed)?|likely|possib\w+|perhaps|suggest(?:s|ed)?|propose[sd]?|recommend(?:s|ed)?"
    r"|plan(?:s|ned)?|aim(?:s|ed)?|intend(?:s|ed)?|hope[sd]?|due to (?=go|be|start|begin)|want(?:s|ed)?|ask(?:s|ed)?|will|future|meant)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:some|many|most|often|several|usually|sometimes|generally|mostly|mainly|partly|a few|certain|too many|nearly all|almost all)\b",
    re.IGNORECASE,
)
_FEW = re.compile(r"\b(?:few|little|hardly|rarely|seldom|minority)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more|most|majority|nearly all|almost all)\b", re.IGNORECASE)
_SCOPE = 5
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
        for word in _WORD.findall(re.split(r"[,;:.]| but | and ", text[match.end() :], maxsplit=1)[0])[:_SCOPE]
    )


def overclaims(text: str, quote: str) -> Iterator[str]:
    """Yield each way in which `text` claims more than `quote` allows."""
    for name, (said, allowed) in _CLAIMS.items():
        if said.search(text) and not allowed.search(quote):
            yield name
    if _CLAIMED_CAUSE.search(text) and not _CAUSE.search(quote):
        yield "cause"


def hedges(text: str) -> tuple[int, int, int, int]:
    """Count the words for what may be, for some of many, for few and for most."""
    return tuple(len(pattern.findall(text)) for pattern in (_MAY, _SOME, _FEW, _MORE))  # type: ignore[return-value]
