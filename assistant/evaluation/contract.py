"""Does an answer, as a client receives it, keep what the interface promises? Asked of the JSON alone."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

_ANSWER = (
    "id outcome question_used answer sentences missing citations nearest follow_ups answered_by note "
    "material took_ms"
)
_CITATION = "number document section passage quote text_from source link score"
_DOCUMENT = "id title kind principle authors organisation place published url"
_OUTCOMES = ("answered", "partly_answered", "not_in_material", "conversation")
_MARKERS = re.compile(r"(?:\s*\[\d+\])+")
_MARKER = re.compile(r"\[(\d+)\]")


def broken_promises(answer: Json) -> tuple[str, ...]:
    """Every promise that the answer breaks, in words; nothing when all are kept."""
    shape = tuple(_fields(answer, _ANSWER, "the answer"))
    if shape:
        return shape
    return tuple(broken for promise in _PROMISES for broken in promise(answer))


def _fields(thing: Json, names: str, what: str) -> Iterator[str]:
    expected = set(names.split())
    if missing := expected - set(thing):
        yield f"{what} lacks {', '.join(sorted(missing))}"
    if extra := set(thing) - expected:
        yield f"{what} has {', '.join(sorted(extra))}, which the interface does not name"


def _outcome(answer: Json) -> Iterator[str]:
    outcome = answer["outcome"]
    if outcome not in _OUTCOMES:
        yield f"{outcome!r} is not an outcome"
    if not answer["id"] or not answer["answer"].strip() or not answer["answered_by"]:
        yield "the id, the answer or answered_by is empty"
    if (outcome == "partly_answered") != bool(answer["missing"]):
        yield f"{outcome} with missing={answer['missing']!r}"
    if outcome == "not_in_material" and (answer["sentences"] or answer["citations"]):
        yield "not_in_material with sentences or citations"
    if outcome in ("answered", "partly_answered") and not answer["sentences"]:
        yield f"{outcome} without a sentence"
    if outcome != "not_in_material" and answer["nearest"]:
        yield f"{outcome} with nearest passages"


def _sentences(answer: Json) -> Iterator[str]:
    for place, sentence in enumerate(answer["sentences"], 1):
        what = f"sentence {place}"
        shape = tuple(_fields(sentence, "text citations support", what))
        yield from shape
        if shape:
            continue
        if not sentence["citations"]:
            yield f"{what} has no citation"
        if not sentence["text"].strip() or _MARKER.search(sentence["text"]):
            yield f"{what} is empty or carries a marker"
        if not _is_share(sentence["support"]):
            yield f"{what} has support {sentence['support']!r}"


def _numbers(answer: Json) -> Iterator[str]:
    numbers = [citation.get("number") for citation in answer["citations"]]
    used = [number for sentence in answer["sentences"] for number in sentence.get("citations", ())]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the citations are numbered {numbers}, not 1 to {len(numbers)}"
    if list(dict.fromkeys(used)) != numbers:
        yield f"the sentences use {list(dict.fromkeys(used))}, the citations are {numbers}"


def _markers(answer: Json) -> Iterator[str]:
    """In the text each sentence is there, in order, with its own markers right behind it."""
    text, start = answer["answer"], 0
    for place, sentence in enumerate(answer["sentences"], 1):
        words, numbers = sentence.get("text", ""), list(sentence.get("citations", ()))
        found = text.find(words, start)
        if found < 0:
            yield f"sentence {place} is not in the answer's text"
            continue
        start = found + len(words)
        behind = _MARKERS.match(text, start)
        shown = [int(number) for number in _MARKER.findall(behind.group())] if behind else []
        if shown != numbers:
            yield f"sentence {place} is marked {shown} in the text but cites {numbers}"
    used = {number for sentence in answer["sentences"] for number in sentence.get("citations", ())}
    if stray := {int(number) for number in _MARKER.findall(text)} - used:
        yield f"the text is marked {sorted(stray)}, which no sentence cites"


def _citations(answer: Json) -> Iterator[str]:
    for name in ("citations", "nearest"):
        for place, citation in enumerate(answer[name], 1):
            yield from _citation(citation, f"{name} {place}")


def _citation(citation: Json, what: str) -> Iterator[str]:
    shape = (*_fields(citation, _CITATION, what), *_fields(citation.get("document", {}), _DOCUMENT, what))
    yield from shape
    if shape:
        return
    if not citation["quote"].strip() or citation["quote"] not in citation["passage"]:
        yield f"{what}: the quote is not words of its passage"
    if citation["text_from"] not in ("original", "digest"):
        yield f"{what}: text_from is {citation['text_from']!r}"
    if not _is_share(citation["score"]):
        yield f"{what}: the score is {citation['score']!r}"
    address = (citation["source"] or {}).get("url") or citation["document"]["url"]
    if citation["link"].split("#")[0] != address.split("#")[0]:
        yield f"{what}: the link does not lead to its source"


def _rest(answer: Json) -> Iterator[str]:
    if len(answer["follow_ups"]) > 3 or not all(text.strip() for text in answer["follow_ups"]):
        yield "more than three follow-ups, or an empty one"
    yield from _fields(answer["material"], "indexed_on documents", "material")
    yield from _fields(answer["took_ms"], "total retrieve compose check", "took_ms")
    if any(not isinstance(took, int | float) or took < 0 for took in answer["took_ms"].values()):
        yield "took_ms holds something that is not a length of time"


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1


_PROMISES: Sequence[Callable[[Json], Iterator[str]]] = (
    _outcome,
    _sentences,
    _numbers,
    _markers,
    _citations,
    _rest,
)
