"""Names, acronyms and quotations of a sentence, and whether a passage has them."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.sentences import split_sentences
from assistant.words import STOP_WORDS, stem

_WORD = re.compile(r"[A-Za-z][\w&]*(?:[’'-][A-Za-z]\w*)*")
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_LINKING = frozenset("of the and for in de la von upon &".split())
_SPOKEN = re.compile(
    r"(?:sa(?:ys|id)|argue[sd]?|describe[sd]?|believe[sd]?|point(?:s|ed) (?:out|to)|add(?:s|ed)|wr(?:ites"
    r"|ote)|call(?:s|ed)"
    r"|think[s]?|thought|explain(?:s|ed)|warn(?:s|ed)|claim(?:s|ed)|report(?:s|ed)|suggest(?:s|ed)"
    r"|note[sd]|observe[sd]"
    r"|advise[sd]|hold[s]|see[s]|saw|expect(?:s|ed)|want(?:s|ed)|accept(?:s|ed)|takes|praise[sd]"
    r"|quote[sd]|told)\b"
)
# The same thing by two names, in lower case; each line is one thing.
_SAME = (
    "uk britain british kingdom", "eu europe european", "us usa american america", "england english",
    "scotland scottish", "wales welsh", "councils’ innovation network ccin",
)  # fmt: skip
_ALIASES = {name: frozenset(line.split()) for line in _SAME for name in line.split()}
_SMALL = 3


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    """Return the words of a sentence that name somebody or something, as they are written there.

    A capital at the start of the sentence, or of a quotation, tells nothing; there only a word that is
    never written small counts: two capitals in a row, a figure in it, or a capital word behind it.
    """
    found = list(_WORD.finditer(text))
    return tuple(
        match[0]
        for at, match in enumerate(found)
        if _is_name(match[0]) and (not _opens(text, match.start()) or _told(found, at))
    )


def _is_name(word: str) -> bool:
    return (word[0].isupper() and word.lower() not in STOP_WORDS and word != "I") or bool(
        re.search(r"[A-Z&\d]", word[1:])
    )


def _opens(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before[-1] in '.!?:;“"(‘•-'


def _told(found: list[re.Match[str]], at: int) -> bool:
    word = found[at][0]
    follows = found[at + 1] if at + 1 < len(found) else None
    behind = follows is not None and follows[0][0].isupper() and follows.start() - found[at].end() == 1
    return bool(re.search(r"[A-Z&\d]", word[1:])) or behind or bool(follows and _SPOKEN.match(follows[0]))


def missing_names(text: str, said: str) -> tuple[str, ...]:
    """Return the names of `text` that `said` does not have, not even in short or at full length."""
    held = _held(said)
    opener = _OPENER.match(text)
    opening = (opener[1],) if opener and opener[1].lower() not in STOP_WORDS else ()
    return tuple(name for name in dict.fromkeys((*opening, *names(text))) if not _has(name, held, said))


_NAMED_THING = re.compile(r"\b([A-Z][\w’'-]+) (?=([a-z]\w+(?: [a-z]\w+)?))")


def replaced_names(text: str, quote: str) -> bool:
    """Whether `text` has a name in the place of another: "Alpha council was" for "Beta council was"."""
    for name, what in _NAMED_THING.findall(text):
        theirs = re.findall(rf"\b([A-Z][\w’'-]+) {re.escape(what)}\b", quote)
        if name.lower() in STOP_WORDS or name in theirs:
            continue
        if any(other.lower() not in STOP_WORDS and _plain(other) not in _held(text) for other in theirs):
            return True
    return False


_COUPLE = re.compile(r"(?<![.!?:] )\b([A-Z][\w’&-]*[a-z]) (?:it )?(?=([A-Z][\w&-]*[a-z]))")
# A word that opens a sentence and does something is a name, or at least has to be in the passage.
_OPENER = re.compile(r"^([A-Z][\w-]+) (?:is|was|has|had|does|did|became|joined|took|wants|commission\w*)\b")
_OPENERS = frozenset(
    """although besides since under whether both because despite unlike within between among after before
    during through while until against without across like neither according only even whereas
    instead""".split()
)
_TITLES = frozenset(
    """mr mrs ms dr sir dame professor mayor leader deputy chief director head councillor cllr minister
    president king queen lord lady chair""".split()
)


def parted_names(text: str, said: str) -> tuple[str, ...]:
    """Return the names of two words whose words `said` has, but nowhere together."""
    flat = f" {_flat(said)} "
    couples = [(match[1], match[2]) for match in _COUPLE.finditer(text)]
    return tuple(
        f"{first} {last}"
        for first, last in couples
        if first.lower() not in _TITLES | _OPENERS | STOP_WORDS
        and last.lower() not in _TITLES
        and not re.search(rf" {_flat(first)}s? (?:\w+ )?{_flat(last)}s? ", flat)
    )


@lru_cache(maxsize=4096)
def _held(text: str) -> frozenset[str]:
    words = [match[0] for match in _WORD.finditer(text)]
    parts = [part for word in words for part in re.split(r"[’'-]", word)]
    return frozenset(_plain(word) for word in (*words, *parts))


def _plain(word: str) -> str:
    return re.sub(r"[’']s?$", "", word).replace("’", "'").lower()


def _has(name: str, held: frozenset[str], said: str) -> bool:
    plain = _plain(name)
    parts = [part for part in re.split(r"-", plain) if part not in _LINKING]
    return (
        plain in held
        or all(part in held for part in parts)
        or bool(_ALIASES.get(plain, frozenset()) & held)
        or (
            name[0].isupper()
            and stem(plain) in {stem(word) for word in held if word[:_SMALL] == plain[:_SMALL]}
        )
        or (name.isupper() and name in _initials(said))
    )


@lru_cache(maxsize=4096)
def _initials(text: str) -> frozenset[str]:
    """Return what the names of a text are in short: LGIU for the Local Government Information Unit."""
    runs = re.findall(
        r"[A-Z][\w’'-]*(?:\s+(?:of|the|and|for|in)\b)*(?:\s+[A-Z][\w’'-]*(?:\s+(?:of|the|and|for|in)\b)*)+",
        text,
    )
    return frozenset(
        "".join(letters[first:last])
        for run in runs
        for letters in [re.findall(r"\b[A-Z]", run)]
        for first in range(len(letters))
        for last in range(first + 2, len(letters) + 1)
    )


def missing_quotations(text: str, said: str) -> tuple[str, ...]:
    """Return what stands in quotation marks in `text` and is not, word for word, in `said`."""
    plain = _flat(said)
    return tuple(quoted for quoted in _QUOTED.findall(text) if _flat(quoted) not in plain)


def _flat(text: str) -> str:
    return re.sub(r"[^a-z0-9£%]+", " ", text.replace("’", "").replace("'", "").lower()).strip()


_RANK = re.compile(r"\b(Deputy|Assistant|Vice|Acting|Former|former) (?=([A-Z]\w+))")


def promoted(text: str, said: str) -> bool:
    """Whether `text` makes a leader of a deputy, or the other way round."""
    (mine, theirs) = (frozenset(match.groups() for match in _RANK.finditer(each)) for each in (text, said))
    return any(
        title in text and (rank, title) not in mine and not re.search(rf"(?<!{rank} )\b{title}\b", said)
        for rank, title in theirs
    )


_SPEAKER = re.compile(
    r"(?:^|[,;:—–] |\b(?:that|and|while|but) )(?:the |The )?(?P<name>(?:[A-Z][\w’'&-]*)(?: (?:(?:of|the"
    r"|and|for) )?[A-Z][\w’'&-]*){0,6})"
    r"(?:,[^,]{2,80},)? (?:also |then )?" + _SPOKEN.pattern
)
_ACCORDING = re.compile(
    r"(?:[Aa]ccording to |[Ii]n (?=[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*[’']s? (?:view|account|words|image"
    r"|opinion)))"
    r"(?:the )?(?P<name>[A-Z][\w’'&-]*(?: (?:of |the |and )?[A-Z][\w’'&-]*){0,6})"
)
_TRAILING = re.compile(
    r", (?:sa(?:ys|id)|argue[sd]|believe[sd]|add(?:s|ed)|writes"
    r"|wrote) (?:the )?(?P<name>[A-Z][\w’'&-]*(?: [A-Z][\w’'&-]*){0,3})"
    r"|, (?P<name2>[A-Z][\w’'&-]*(?: [A-Z][\w’'&-]*){0,3}) (?:sa(?:ys|id)|argue[sd]|believe[sd]|add(?:s"
    r"|ed)|writes|wrote)\b"
)


_TELLS = re.compile(
    _SPOKEN.pattern + r"|\b(?:according to|quoted|view|account|words|speech|names?|finds?|found)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def speakers(text: str) -> tuple[str, ...]:
    """Return whose view a text gives, by the names it gives them."""
    return tuple(_spoken(text))


def _spoken(text: str) -> Iterator[str]:
    for pattern in (_SPEAKER, _ACCORDING, _TRAILING):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            yield groups.get("name") or groups.get("name2") or ""


def misattributed(text: str, said: str, owners: Sequence[str]) -> bool:
    """Whether `text` gives a view to somebody whose view it is not.

    It has to be somebody named in a sentence of the passage in which somebody speaks; where nobody does,
    one of its owners: authors, organisation, source.
    """
    claimed = [named for speaker in speakers(text) if (named := _names_of(speaker))]
    if not claimed:
        return False
    known = _known(said) or frozenset(name for owner in owners for name in _names_of(owner))
    return bool(known) and any(not named & known for named in claimed)


@lru_cache(maxsize=4096)
def _known(said: str) -> frozenset[str]:
    """Return the names in the sentences of a passage that tell what somebody says or thinks."""
    telling = (sentence for sentence in split_sentences(said) if _TELLS.search(sentence))
    return frozenset(name for sentence in telling for name in _names_of(sentence))


def _names_of(text: str) -> frozenset[str]:
    return frozenset(
        part for word in _WORD.findall(text) if word[0].isupper() for part in (_plain(word),)
    ) - {"the", "council", "city", "blog", "network", "report", "page"}
