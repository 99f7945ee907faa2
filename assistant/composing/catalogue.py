"""Answers about the material itself: which documents there are, by kind, year, place and author."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant import wording
from assistant.sentences import split_sentences
from assistant.vocabulary import Document, Draft, Passage, Query
from assistant.words import STOP_WORDS, stems, tokens

_KINDS = {
    "case-study": r"case[- ]?stud(?:y|ies)",
    "essay": r"essays?",
    "report": r"reports?",
    "guide": r"guides?|handbooks?",
    "article": r"articles?|blogs?|blog posts?",
    "press": r"press (?:releases?|items?)",
    "introduction": r"introductions?",
}
_KIND_WORDS = "|".join(f"(?:{words})" for words in _KINDS.values())
_ANY = r"documents?|materials?|publications?|papers?|texts?|sources?|pieces?|things|anything|everything"
_THING = rf"(?:{'|'.join((*_KINDS.values(), _ANY))})"
# "Which essay is on ...", "what reports have you got", "list all the reports", "anything from 2022".
_ASKS = re.compile(
    rf"\b(?:which|what|how many|list|all|any|have you|do you have|have you got|are there|is there|show me)"
    rf"(?: (?:of|the|other|all|your|me|got|keep it local)\b){{0,3}} ?\b{_THING}\b"
    r"(?=\s*[?.!]*$|[^.?!]{0,25}?\b(?:are|is|do|have|from|by|about|on|there|got|dated|published|written|in|with)\b)",
    re.IGNORECASE,
)
# "Who wrote the essays ...", "What has NAME written?"
_ASKS_AUTHORS = re.compile(
    r"\b(?:who (?:wrote|authored|is behind)|(?:who are|name) (?:the )?authors|authors of)\b.{0,40}"
    rf"\b(?:{'|'.join(f'(?:{words})s?' for words in (*_KINDS.values(), 'documents', 'pieces'))})\b(?<=s)"
    r"|\bwhat (?:else )?(?:has|have|did) .{3,60} (?:written|write|authored|contributed?)\b",
    re.IGNORECASE,
)
# "Which councils have a case study?", "Which principle is the essay by NAME on?", "What do you have by NAME?"
_ASKS_FACTS = re.compile(
    r"\b(?:which|what) (?:councils?|places?|towns?|organisations?|authors?|people|principles?|years?)\b"
    rf"[^.?!]{{0,60}}?\b(?:{_KIND_WORDS})\b"
    r"|\b(?:what|anything|which)\b[^.?!]{0,30}\b(?:do you have|have you got|is there|hold) (?:by|from)\b"
    rf"|\b(?:oldest|newest|latest|earliest|most recent)\b[^.?!]{{0,30}}?\b{_THING}\b",
    re.IGNORECASE,
)
# Said in any other way: a choice, and more than one of what is in the catalogue.
_ASKS_LOOSELY = re.compile(
    rf"\b(?:which|how many|who|list|name|where)\b.*\b(?:{_KIND_WORDS})s?\b(?<=s)"
    r"|\bwhich of\b.*\b(?:documents|things|pieces|texts|papers|sources)\b"
    r"|\b(?:any|all|which|list|name)\b[^.?!]{0,15}\bauthors\b",
    re.IGNORECASE | re.DOTALL,
)
_FIRST = re.compile(r"\b(?:oldest|earliest)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:newest|latest|most recent)\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|dates?|dated|oldest|earliest|newest|latest|most recent)\b", re.IGNORECASE)
_WHO = re.compile(r"\b(?:who|whose|authors?|behind|wrote|written by)\b", re.IGNORECASE)
_COUNTS = re.compile(r"\bhow many\b", re.IGNORECASE)
# Words that ask for documents without saying which.
_ASKING = frozenset(
    """which what list all any show many much got written published dated wrote places place authors author
    each every please titles title available there here material keep local collection locality own exist year
    years since hold held name named authored behind contributed contribute writes writer writers case study
    studies date dates come comes came publish publishes principle principles place town towns
    organisations people work works working oldest earliest newest latest recent most with their piece
    collection website contain contains include includes thing things count counts counted set
    altogether total actually going behind them one ones""".split()
)
_SAYS = re.compile(
    r"\b(?:says?|said|argues?|mentions?|finds?|found|recommends?|explains?|claims?|studied|looked)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PRINCIPLE = re.compile(r"\bprinciple (?:number )?([1-6]|one|two|three|four|five|six)\b", re.IGNORECASE)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True)
class Catalogue:
    """Lists the documents that fit, in the words of their records; yields nothing for any other question."""

    records: tuple[Passage, ...]
    limit: int = 10

    def compose(self, query: Query) -> Iterator[Draft]:
        """Yield a sentence of each record that fits what is asked for, none if all would fit."""
        asks = any(asked.search(query.text) for asked in (_ASKS, _ASKS_AUTHORS, _ASKS_FACTS, _ASKS_LOOSELY))
        if not asks or _SAYS.search(query.text):
            return
        admitted = [record for record in self.records if query.admits(record.document)]
        fitting = _in_order(query.text, [each for each in admitted if _fits(query.text, each.document)])
        if len(fitting) < len(admitted) and len(fitting) <= self.limit:
            counted = wording.counted(len(fitting)) if _COUNTS.search(query.text) else ""
            for record in fitting:
                for sentence in _sentences(query.text, record):
                    yield Draft(sentence, (record,), counted)
                    counted = ""


def _in_order(text: str, records: list[Passage]) -> list[Passage]:
    """Return the oldest or the newest alone where that is asked for, else all."""
    ends = bool(_FIRST.search(text)), bool(_LAST.search(text))
    dated = sorted((each for each in records if each.document.published), key=_published)
    if not any(ends) or not dated:
        return records
    return [dated[0 if ends[0] else -1]]


def _published(record: Passage) -> str:
    return record.document.published or ""


def _fits(text: str, document: Document) -> bool:
    """Whether the document is of every sort that the question names, and holds its other words."""
    kinds = {kind for kind, words in _KINDS.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)}
    years = set(_YEAR.findall(text))
    numbers = {_NUMBERS.get(found.lower(), 0) or int(found) for found in _PRINCIPLE.findall(text)}
    return (
        (not kinds or document.kind in kinds)
        and (not years or any((document.published or "").startswith(year) for year in years))
        and (not numbers or document.principle in numbers)
        and _named(text) <= set(stems(_facts(document)))
    )


def _named(text: str) -> set[str]:
    """Return what else the question names: an author, a place, a subject."""
    rest = re.sub(
        rf"\b{_THING}\b|\b(?:six |6 )?principles\b|\bprinciple (?:number )?\w+",
        " ",
        text,
        flags=re.IGNORECASE,
    )
    words = (
        token for token in tokens(rest) if token not in STOP_WORDS | _ASKING and not _YEAR.fullmatch(token)
    )
    return set(stems(" ".join(words)))


def _facts(document: Document) -> str:
    return " ".join((document.title, *document.authors, document.organisation, document.place or ""))


def _sentences(text: str, record: Passage) -> list[str]:
    """Return the record's sentence on what is asked: place, date or what it is; who and when, both."""
    first, *others = split_sentences(record.text)
    if (_YEAR.search(text) or _WHEN.search(text)) and not re.search("about|place", text):
        dated = next((each for each in others if " dated " in each or each.startswith("The date of")), first)
        return list(dict.fromkeys((first, dated))) if _WHO.search(text) else [dated]
    if re.search(r"\bplaces?\b|\bwhere\b", text, re.IGNORECASE):
        return [next((each for each in others if " is about " in each), first)]
    return [first]
