"""Answers that a scripted server gives, in the words of `API.md`."""

from typing import Any

Body = dict[str, Any]

ANSWERED = "What did Hollinbrook change?"
PARTLY = "What did the gardens cost, and who paid?"
REFUSED = "How deep is the harbour?"
GREETING = "Hello"
HOSTILE = "hostile"

XSS = '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>'
SCRIPT_LINK = "javascript:window.pwned=3"


def citation(number: int, **fields: Any) -> Body:
    """Cite the gardens; any field can be set."""
    return {
        "number": number,
        "document": {
            "id": "gardens",
            "title": "Hollinbrook: gardens before contracts",
            "kind": "case-study",
            "principle": 4,
            "authors": ["Ada Field"],
            "organisation": "Locality",
            "place": "Hollinbrook",
            "published": "2021-05",
            "url": "https://example.org/gardens",
        },
        "section": "What did the council change?",
        "passage": "Before. The council let twelve gardens run its service. After that, referrals rose.",
        "quote": "The council let twelve gardens run its service.",
        "text_from": "digest",
        "source": None,
        "link": "https://example.org/gardens#:~:text=twelve",
        "score": 0.8,
        **fields,
    }


COURIER = citation(
    2,
    document={
        "id": "talks",
        "title": "Saltmere talks",
        "kind": "essay",
        "principle": None,
        "authors": ["Ben Shore"],
        "organisation": "Saltmere Council",
        "place": None,
        "published": None,
        "url": "https://example.org/talks",
    },
    passage="Saltmere talks before it buys.",
    quote="Saltmere talks before it buys.",
    text_from="original",
    source={"name": "Saltmere Courier", "url": "https://example.org/courier"},
    link="https://example.org/courier",
)


def answer(outcome: str, text: str, **fields: Any) -> Body:
    """Build an answer object; any field can be set."""
    return {
        "id": "answer-1",
        "outcome": outcome,
        "question_used": "",
        "answer": text,
        "sentences": [],
        "missing": None,
        "citations": [],
        "nearest": [],
        "follow_ups": [],
        "answered_by": "quotes",
        "material": {"indexed_on": "2026-11-20", "documents": 57},
        "took_ms": {"total": 12.5, "retrieve": 8.0, "compose": 1.5, "check": 3.0},
        **fields,
    }


def sentence(text: str, *numbers: int) -> Body:
    """Build a checked sentence."""
    return {"text": text, "citations": list(numbers), "support": 0.9}


def hostile() -> Body:
    """Put a script into every field of words, and a script's address into every link."""
    document = {
        **dict.fromkeys(("id", "title", "kind", "organisation", "place", "published"), XSS),
        "authors": [XSS],
        "principle": XSS,
        "url": SCRIPT_LINK,
    }
    source = {"name": XSS, "url": SCRIPT_LINK}
    words = {"section": XSS, "passage": XSS, "quote": XSS, "text_from": XSS}
    cited = citation(1, document=document, link=SCRIPT_LINK, source=source, **words)
    return answer(
        "partly_answered",
        XSS,
        id=XSS,
        question_used=XSS,
        sentences=[sentence(XSS, 1)],
        missing=XSS,
        note=XSS,
        citations=[cited],
        nearest=[cited],
        follow_ups=[XSS],
        answered_by=XSS,
        material={"indexed_on": XSS, "documents": XSS},
    )


ANSWERS = {
    ANSWERED: answer(
        "answered",
        "Hollinbrook let gardens run its service. [1] Saltmere talks before it buys. [2][1]",
        question_used="What did Hollinbrook council change?",
        sentences=[
            sentence("Hollinbrook let gardens run its service.", 1),
            sentence("Saltmere talks before it buys.", 2, 1),
        ],
        citations=[citation(1), COURIER],
        follow_ups=[PARTLY],
    ),
    PARTLY: answer(
        "partly_answered",
        "The gardens cost £30,000 a year. [1]",
        sentences=[sentence("The gardens cost £30,000 a year.", 1)],
        citations=[citation(1)],
        missing="The material here does not say: “who paid”",
        note="The language model was out of reach, so these are the material’s own sentences.",
    ),
    REFUSED: answer("not_in_material", "The material does not say.", nearest=[citation(1)]),
    GREETING: answer(
        "conversation", "Hello. Ask me about **gardens**:\n\n- [one](https://example.org/one)\n- two"
    ),
    HOSTILE: hostile(),
}
