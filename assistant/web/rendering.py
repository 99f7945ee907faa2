"""Draws a conversation as HTML. Pure: whatever comes from a reader or the material is escaped."""

from collections.abc import Sequence
from typing import assert_never

from assistant import wording
from assistant.vocabulary import Answer, Citation, Outcome, Question, Sentence
from assistant.web import labels
from assistant.web.actions import actions, again, known_of
from assistant.web.cards import card_id, nearest_cards, reference_id, source_cards, year
from assistant.web.exchange import Exchange
from assistant.web.markup import Html, element, join
from assistant.web.prose import prose

_SIGN = '<svg class="sign" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>'
LONGEST_KEPT_TOGETHER = 20  # letters of the last word, which shares its line with the numbers behind it

_LINE = 'fill="none" stroke="currentColor" stroke-width="2.2"'
_RING = f'<circle cx="10" cy="10" r="8" {_LINE}/>'
_SIGNS = {
    Outcome.ANSWERED: '<circle cx="10" cy="10" r="9" fill="currentColor"/>'
    '<path class="hollow" d="m5.8 10.2 2.9 2.9 5.5-6"/>',
    Outcome.PARTLY_ANSWERED: f'{_RING}<path d="M10 2a8 8 0 0 1 0 16z" fill="currentColor"/>',
    Outcome.NOT_IN_MATERIAL: f'{_RING}<path d="M6 10h8" {_LINE}/>',
    Outcome.CONVERSATION: f'{_RING}<path d="M10 9v5M10 5.8v.4" {_LINE}/>',
}


def conversation(exchanges: Sequence[Exchange]) -> Html:
    """Draw what was asked and answered, oldest first."""
    return join(*(turn(place, exchange) for place, exchange in enumerate(exchanges, 1)))


def turn(number: int, exchange: Exchange) -> Html:
    """Draw one question, its answer so far, and the sources beside it."""
    return element(
        "article",
        asked(number, exchange, again()),
        element(
            "div",
            _answer(number, exchange),
            beside(number, exchange, scripted=True),
            _follow_ups(exchange.answer),
            class_="columns",
        ),
        id=f"turn-{number}",
        class_="turn",
        aria_labelledby=f"question-{number}",
        **known_of(exchange),
    )


def sentences(number: int, exchange: Exchange) -> Html:
    """Draw the checked sentences, each with its numbers behind it; another source begins a paragraph."""
    citations = {citation.number: citation for citation in exchange.citations}
    paragraphs: list[list[Html]] = []
    used, before = set[int](), set[str]()
    for sentence in exchange.sentences:
        cited = {citations[n].passage.document.id for n in sentence.citations}
        if not paragraphs or not cited & before:
            paragraphs.append([])
        paragraphs[-1].append(_sentence(number, sentence, citations, used))
        used.update(sentence.citations)
        before = cited
    return join(*(element("p", *drawn) for drawn in paragraphs))


def age(answer: Answer) -> str:
    """Say from when the cited documents are, and from when the index is."""
    documents = {c.passage.document.id: c.passage.document for c in (*answer.citations, *answer.nearest)}
    years = sorted(filter(None, map(year, documents.values())))
    dates = labels.dates_of_sources(years, len(documents) - len(years)) if answer.citations else ""
    searched = labels.material(answer.material.documents, answer.material.indexed_on)
    return f"{dates} {labels.SEARCHED} {searched}.".strip()


def asked(number: int, exchange: Exchange, more: Html | None = None) -> Html:
    """Draw the question, what it was taken to mean, where was looked, and what else can be done with it."""
    text, used = exchange.question.text, exchange.question_used
    followed = used and used.casefold() != text.casefold()
    return element(
        "header",
        element("p", labels.YOU_ASKED, class_="eyebrow"),
        element("h2", text, id=f"question-{number}", tabindex=-1),
        element("p", labels.searched_for(used), class_="aside") if followed else None,
        _narrowed(exchange.question),
        more,
        class_="asked",
    )


def _narrowed(question: Question) -> Html:
    narrowed = narrowing(question)
    return element("p", narrowed, class_="aside") if narrowed else Html()


def narrowing(question: Question) -> str:
    """Say where was looked, if not everywhere."""
    parts = [labels.principle(number) for number in sorted(question.principles)]
    parts += [words for kind, words in wording.KINDS_IN_WORDS.items() if kind in question.kinds]
    return labels.narrowed_to("; ".join(parts)) if parts else ""


def _answer(number: int, exchange: Exchange) -> Html:
    """Draw the same elements in the same places while the answer grows, so that a screen reader follows."""
    return element(
        "div",
        element(
            "div",
            outcome(exchange),
            _note(exchange.answer),
            body(number, exchange),
            class_="said",
            aria_live="polite",
        ),
        small_print(exchange.answer),
        actions(exchange),
        class_="answer",
    )


def outcome(exchange: Exchange) -> Html:
    """Say how the answer ended, or that it is still being made."""
    if not exchange.answer:
        return _looking() if exchange.pending else element("p", labels.STOPPED, class_="outcome")
    ended = exchange.answer.outcome
    sign = Html(_SIGN.format(_SIGNS[ended]))
    return element("p", sign, labels.OUTCOMES[ended], class_=f"outcome {ended}")


def _looking() -> Html:
    stop = element("button", labels.STOP, type="button", class_="plain", data_stop=True)
    return element("p", element("span", labels.LOOKING), stop, class_="outcome looking")


def _note(answer: Answer | None) -> Html:
    """Say that a language model fell short, before what was found instead."""
    return element("p", answer.note, class_="aside") if answer and answer.note else Html()


def body(number: int, exchange: Exchange) -> Html:
    """Draw what is said, as far as it goes."""
    whole = _whole(number, exchange, exchange.answer) if exchange.answer else sentences(number, exchange)
    return element("div", whole, class_="body")


def _whole(number: int, exchange: Exchange, answer: Answer) -> Html:
    match answer.outcome:
        case Outcome.ANSWERED:
            return sentences(number, exchange)
        case Outcome.PARTLY_ANSWERED:
            return join(sentences(number, exchange), _missing(answer))
        case Outcome.NOT_IN_MATERIAL | Outcome.CONVERSATION:
            return prose(answer.answer)
        case _:
            assert_never(answer.outcome)


def _missing(answer: Answer) -> Html:
    heading = element("h3", labels.MISSING)
    return element("div", heading, prose(answer.missing or ""), class_="missing")


def _sentence(turn: int, sentence: Sentence, citations: dict[int, Citation], used: set[int]) -> Html:
    links = [_number(turn, citations[number], is_first=number not in used) for number in sentence.citations]
    start, space, last_word = sentence.text.rpartition(" ")
    kept = "end" if len(last_word) < LONGEST_KEPT_TOGETHER else "loose"
    end = element("span", last_word, *links, class_=kept)
    return element("span", f"{start}{space}", end, " ", class_="sentence")


def _number(turn: int, citation: Citation, *, is_first: bool) -> Html:
    return element(
        "a",
        f"[{citation.number}]",
        id=reference_id(turn, citation.number) if is_first else None,
        href=f"#{card_id(turn, citation)}",
        class_="cite",
        role="doc-noteref",
        data_number=citation.number,
        aria_label=labels.to_source(citation.number, citation.passage.document.title),
    )


def small_print(answer: Answer | None) -> Html:
    """Say how old the sources are, and who wrote."""
    if not answer or answer.outcome is Outcome.CONVERSATION:
        return Html()
    return element("p", origin(answer), class_="small")


def origin(answer: Answer) -> str:
    """Say how old the sources are, and who wrote if anything was written."""
    if answer.outcome is Outcome.NOT_IN_MATERIAL:
        return age(answer)
    by = labels.BY_QUOTES if answer.answered_by == "quotes" else labels.written_by(answer.answered_by)
    return f"{age(answer)} {by}"


def _follow_ups(answer: Answer | None) -> Html:
    if not answer or not answer.follow_ups:
        return Html()
    heading = element("h3", labels.ASK_NEXT)
    return element("section", heading, questions(answer.follow_ups), class_="next")


def questions(texts: Sequence[str]) -> Html:
    """Draw questions to choose from."""
    buttons = [element("button", text, type="button", class_="suggestion", data_ask=text) for text in texts]
    return element("ul", *(element("li", button) for button in buttons), class_="suggestions")


def beside(number: int, exchange: Exchange, *, all_open: bool = False, scripted: bool = False) -> Html:
    """Draw the sources, or the closest passages."""
    answer = exchange.answer
    if exchange.citations:
        return _panel(
            labels.SOURCES, source_cards(number, exchange.citations, all_open=all_open, scripted=scripted)
        )
    if answer and answer.nearest:
        meaning = element("p", labels.CLOSEST_MEANS, class_="aside")
        return _panel(labels.CLOSEST, join(meaning, nearest_cards(number, answer.nearest, scripted=scripted)))
    return Html()


def _panel(heading: str, content: Html) -> Html:
    return element("section", element("h3", heading), content, class_="beside")
