"""Cuts a model's stream into sentences with their markers, each as soon as it is whole."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.composing.plain import plain_text
from assistant.sentences import split_sentences

# [1], [1, 2], [1][2], [^1], [Passage 1], 【1†source】. While a sentence is cut, each number is one letter
# of a private area of Unicode, which no text has: so no cut can go through a marker.
_MARKER = re.compile(
    r"[\[【]\s*\^?(?:(?:passages?|sources?)\s*)?(\d{1,3}(?:\s*(?:,|;|and|&|-|–)\s*(?:passages?\s*)?\d{1,3})*)"
    r"\s*(?:[†:][^\]】\d]{0,20})?[\]】]",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_FIRST = 0xE000
_MOST = 99
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_MARKERS = r"[\ue000-\uf8ff]+"
_ONLY_MARKERS = re.compile(rf"(?:\s|{_MARKERS})*")
_BEHIND = re.compile(rf"([.!?]+[\"'”’)]*)[ \t]*({_MARKERS})")
_ALONE = re.compile(rf"\n\s*({_MARKERS})[ \t]*(?=\n)")

# What may be the beginning of markup and has to wait for its end: a marker, link, image, tag, entity,
# address, or what stands before the words of a line.
_UNFINISHED = re.compile(
    r"(?:!?\[[^\]\n]{0,300}\]?|!?\[[^\]\n]{0,300}\]\([^)\n]{0,500}|【[^】\n]{0,60}|<[^<>\n]{0,300}"
    r"|&[#\w]{0,8}|[!\\]|[*_`~]+|[\w+.-]*:\S*|(?i:www\.)\S*|\b[a-z]{1,10}"
    r"|(?:^|(?<=\n))[ \t>]*(?:[-*•+–#=]+|\d{1,2}[.)]?)?[ \t]*)$"
)
_LONGEST_MARKUP = 1_000
_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|$)", re.IGNORECASE | re.DOTALL)
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.IGNORECASE | re.DOTALL)
_OPEN_THOUGHT = re.compile(r"<(think|thinking|reasoning)>(?!.*</\1>)", re.IGNORECASE | re.DOTALL)
_BULLET = re.compile(r"^[ \t]*(?:>[ \t]*)*(?:[-*•+–]|\d{1,2}[.)])[ \t]+")
# Small models repeat how the passages are laid out.
_LABEL = re.compile(r"^[ \t]*(?:Answer|Text)[ \t]*:[ \t]+", re.IGNORECASE)
_HEADING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|={3,}|-{3,}|```|~~~|(?:Title|By|Date|Heading|Text from): )")
_ENDED = re.compile(r"[.!?][\"'”’)]*$")
_BRACKETS = str.maketrans("[]【】", "()()")
_SHORTEST = 3  # words; "Yes." and "Sure!" claim nothing


@dataclass(frozen=True, slots=True)
class Written:
    """A whole sentence as plain words, and the numbers that stood with it."""

    text: str
    numbers: tuple[int, ...]


class Cutter:
    """Takes a reply piece by piece. The last sentence waits until the next begins: a marker may follow it."""

    def __init__(self) -> None:
        self._raw = ""
        self._told = 0

    def feed(self, piece: str) -> Iterator[Written]:
        """Take a piece; yield the sentences that are whole now."""
        # Whole thoughts go at once: a line break in one must not part its end from its beginning.
        self._raw = _THOUGHT.sub("", self._raw + _PRIVATE.sub("", piece))
        tail = max(0, len(self._raw) - _LONGEST_MARKUP)
        found = _OPEN_THOUGHT.search(self._raw) or _UNFINISHED.search(self._raw, tail)
        finished = self._raw[: found.start()] if found else self._raw
        sentences = _sentences(finished)
        yield from self._tell(sentences[:-1])
        self._forget(finished, len(sentences))

    def end(self) -> Iterator[Written]:
        """Yield what is left when the reply is complete."""
        yield from self._tell(_sentences(f"{self._raw}\n"))

    def _tell(self, sentences: Sequence[str]) -> Iterator[Written]:
        new = sentences[self._told :]
        self._told += len(new)
        yield from filter(None, map(_written, new))

    def _forget(self, finished: str, sentences: int) -> None:
        """Let go of the lines before the last, if that has begun a sentence: they can't change any more."""
        before, _, _ = finished.rpartition("\n")
        told = len(_sentences(before))
        if before and told < sentences:
            self._raw = self._raw[len(before) + 1 :]
            self._told -= told


def _sentences(raw: str) -> list[str]:
    """Return the sentences of a reply as plain words and markers, the last perhaps not whole."""
    lines = _THOUGHTS.sub("", raw).split("\n")
    text = _ALONE.sub(r"\1", "\n".join(map(_line, lines)))
    text = _BEHIND.sub(r"\2\1", text)
    found = (sentence for line in text.split("\n") for sentence in split_sentences(line))
    return [sentence for sentence in found if not _ONLY_MARKERS.fullmatch(sentence)]


def _line(line: str) -> str:
    """Make one line plain; a heading is no sentence, so nothing of it stays."""
    if _HEADING.match(line):
        return ""
    return _MARKER.sub(_private, plain_text(_LABEL.sub("", _BULLET.sub("", line)))).replace("|", " ")


def _written(text: str) -> Written | None:
    """Return the sentence; None for a heading, an introduction or a fragment, which claim nothing."""
    numbers = tuple(dict.fromkeys(ord(letter) - _FIRST for letter in _PRIVATE.findall(text)))
    words = " ".join(re.sub(rf"\s*{_MARKERS}", "", text).translate(_BRACKETS).split())
    ended = bool(_ENDED.search(words)) or bool(_PRIVATE.match(text[-1]))
    if len(words.split()) < _SHORTEST or words.endswith(":") or not ended:
        return None
    return Written(words if _ENDED.search(words) else f"{words.rstrip(' ,;–-')}.", numbers)


def _private(marker: re.Match[str]) -> str:
    numbers: list[int] = []
    for part in re.split(r"[,;&]|and", marker[1]):
        span = _RANGE.search(part)
        first, last = (int(span[1]), int(span[2])) if span else (int(re.sub(r"\D", "", part)),) * 2
        numbers += range(first, min(last, _MOST) + 1)
    return "".join(chr(_FIRST + number) for number in numbers if 0 < number <= _MOST)
