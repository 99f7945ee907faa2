"""Numbers and links: what a reader follows from a sentence to its words."""

from collections.abc import Callable, Iterable, Sequence

from assistant import wording
from assistant.fragments import directive
from assistant.vocabulary import Citation, Document, Evidence, Hit, Passage, Sentence, Shown

Page = Callable[[Document], Sequence[Passage]]


class Citing:
    """Numbers evidence in the order of its first use; the same words of a passage keep their number."""

    def __init__(self, scores: Iterable[Hit], page_of: Page = lambda _: ()) -> None:
        """Remember the scores, and how to get all passages of a document."""
        self._scores = {hit.passage.id: hit.score for hit in scores}
        self._page_of = page_of
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
            page = self._page_of(evidence.passage.document)
            self._numbers[key] = cite_passage(number, evidence.passage, evidence.quote, score, page)
        return self._numbers[key].number


def cite_passage(
    number: int, passage: Passage, quote: str, score: float, page: Sequence[Passage] = ()
) -> Citation:
    """Return the citation of these words of the passage."""
    return Citation(number, passage, quote, link(passage, quote, page), score)


def link(passage: Passage, quote: str, page: Sequence[Passage] = ()) -> str:
    """Return where to read it: the section's source, else the original, at the quote where that can be.

    `page` is what else the document says, to tell the quote from the same words elsewhere on its page.
    """
    if passage.source is not None and passage.source.url:
        return passage.source.url
    url = passage.document.url
    if passage.text_from != "original":
        return url
    if not url.startswith(("http://", "https://")):
        return wording.in_file(url, passage.page)
    if passage.page is not None:
        return f"{url.partition('#')[0]}#page={passage.page}"
    selects = directive(passage, quote, page)
    return f"{url}{'' if '#' in url else '#'}:~:text={selects}" if selects else url


def number_answer(sentences: Iterable[Sentence]) -> str:
    """Return the answer as Markdown, each sentence followed by its `[n]` markers; a list keeps its lines."""
    return " ".join(
        f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}"
        + ("\n\n" if "\n" in sentence.text else "")
        for sentence in sentences
    ).strip()
