"""Numbers and links: what a reader follows from a sentence to its words."""

from collections.abc import Iterable
from urllib.parse import quote as percent_encode

from assistant.vocabulary import Citation, Evidence, Hit, Passage, Sentence, Shown

# Browsers match a text fragment of a few words at each end better than one long one.
_FRAGMENT_WORDS = 5


class Citing:
    """Numbers evidence in the order of its first use; the same words of a passage keep their number."""

    def __init__(self, scores: Iterable[Hit]) -> None:
        self._scores = {hit.passage.id: hit.score for hit in scores}
        self._numbers: dict[tuple[str, str], Citation] = {}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, 1..n."""
        return tuple(self._numbers.values())

    def cite(self, text: str, evidence: tuple[Evidence, ...]) -> Shown:
        """Turn a supported sentence into one that can be shown."""
        before = len(self._numbers)
        numbers = tuple(dict.fromkeys(self._number(each) for each in evidence))
        sentence = Sentence(text, numbers, max(each.support for each in evidence))
        return Shown(sentence, self.citations[before:])

    def _number(self, evidence: Evidence) -> int:
        key = (evidence.passage.id, evidence.quote)
        if key not in self._numbers:
            score = self._scores.get(evidence.passage.id, 0.0)
            number = len(self._numbers) + 1
            self._numbers[key] = cite_passage(number, evidence.passage, evidence.quote, score)
        return self._numbers[key].number


def cite_passage(number: int, passage: Passage, quote: str, score: float) -> Citation:
    """Return the citation of these words of the passage."""
    return Citation(number, passage, quote, link(passage, quote), score)


def link(passage: Passage, quote: str) -> str:
    """Return where to read it: the section's source, else the original, at the quote where that can be."""
    if passage.source is not None and passage.source.url:
        return passage.source.url
    url = passage.document.url
    if passage.text_from != "original":
        return url
    if passage.page is not None:
        return f"{url}#page={passage.page}"
    return f"{url}#:~:text={text_fragment(quote)}"


def text_fragment(quote: str) -> str:
    """Return the text directive for a quote (WICG, Text Fragments): its first and last words."""
    words = quote.split()
    if len(words) <= 2 * _FRAGMENT_WORDS:
        return _encode(" ".join(words))
    return f"{_encode(' '.join(words[:_FRAGMENT_WORDS]))},{_encode(' '.join(words[-_FRAGMENT_WORDS:]))}"


def _encode(text: str) -> str:
    # Dashes and commas have a meaning of their own in a text directive.
    return percent_encode(text, safe="").replace("-", "%2D")


def number_answer(sentences: Iterable[Sentence]) -> str:
    """Return the answer as Markdown, each sentence followed by its `[n]` markers; a list keeps its lines."""
    return " ".join(
        f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}"
        + ("\n\n" if "\n" in sentence.text else "")
        for sentence in sentences
    ).strip()
