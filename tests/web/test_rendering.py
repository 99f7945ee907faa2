"""What a conversation looks like as HTML."""

from dataclasses import replace
from datetime import date

import pytest

from assistant import wording
from assistant.vocabulary import Answer, Outcome, Question, Retrieved, Sentence, Shown
from assistant.web import frame, labels
from assistant.web.cards import marked
from assistant.web.exchange import Exchange
from assistant.web.prose import prose
from assistant.web.references import plain_text
from assistant.web.rendering import conversation, turn
from tests import fakes
from tests.web.reading import Reader, exchange


def drawn(answer: Answer) -> Reader:
    return Reader(turn(1, exchange(answer)))


def test_each_number_stands_directly_behind_its_sentence() -> None:
    text = drawn(fakes.answered()).text

    assert "Hollinbrook let community gardens run its service.[1] " in text
    assert "Saltmere talks before it buys.[2][1] " in text


def test_another_source_begins_another_paragraph() -> None:
    answer = replace(
        fakes.answered(), sentences=tuple(Sentence(f"{n}.", (n,), 1.0) for n in (1, 2)), follow_ups=()
    )
    one = replace(answer, sentences=(Sentence("1.", (1,), 1.0), Sentence("2.", (2, 1), 1.0)))
    body = len(drawn(fakes.conversation()).all("p"))

    assert len(drawn(answer).all("p")) == len(drawn(one).all("p")) + 1 > body


def test_each_number_leads_to_a_card_and_each_card_back() -> None:
    page = drawn(fakes.answered())
    ids = {has["id"] for _, has in page.elements if "id" in has}

    numbers = [has["href"] for has in page.all("a", class_="cite")]
    ways_back = [has["href"] for has in page.all("a", class_="number")]

    assert len(numbers) == 3
    assert len(ways_back) == 2
    assert {str(href)[1:] for href in numbers + ways_back} <= ids


def test_no_id_is_given_twice() -> None:
    page = Reader(conversation([exchange(fakes.answered()), exchange(replace(fakes.answered(), id="other"))]))
    ids = [has["id"] for _, has in page.elements if "id" in has]

    assert sorted(set(ids), key=str) == sorted(ids, key=str)


def test_a_passage_cited_twice_is_one_card_with_both_quotes_marked() -> None:
    first, second = fakes.GARDENS.text.split(". ")
    citations = (fakes.citation(1, fakes.GARDENS, first), fakes.citation(2, fakes.GARDENS, second))
    page = drawn(
        replace(
            fakes.answered(),
            sentences=(Sentence("One.", (1,), 1.0), Sentence("Two.", (2,), 1.0)),
            citations=citations,
        )
    )

    assert len(page.all("details")) == 1
    assert [has["data-numbers"] for has in page.all("mark")] == ["1", "2"]


def test_the_whole_passage_is_there_with_the_quote_marked_in_it() -> None:
    quote = "Referrals rose from 40 to 95 in one year."

    found = marked(fakes.GARDENS.text, [fakes.citation(7, fakes.GARDENS, quote)])

    assert Reader(found).text == fakes.GARDENS.text
    assert found.endswith(f'<mark data-numbers="7">{quote}</mark>')


def test_a_card_says_whose_words_these_are() -> None:
    assert "Digest in our own words" in drawn(fakes.sourced()).text
    assert "Original text" in drawn(fakes.partly_answered()).text


def test_a_card_says_what_it_is_from_and_what_is_left_out() -> None:
    text = drawn(fakes.sourced()).text

    for fact in ("Ben Shore", "Locality", "Essay", "Principle 2", "What was reported?", "The interviews."):
        assert fact in text


def test_a_fact_from_elsewhere_names_its_source_and_leads_there() -> None:
    page = drawn(fakes.sourced())

    assert "This comes from another source: Saltmere Courier" in page.text
    assert page.all("a", class_="read", href="https://example.org/courier", target="_blank")


def test_links_to_other_sites_tell_them_nothing() -> None:
    links = [has for has in drawn(fakes.answered()).all("a") if str(has["href"]).startswith("http")]

    assert links
    assert {has["rel"] for has in links} == {"noopener noreferrer"}


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_said_in_words(outcome: Outcome) -> None:
    of = next(make() for make in fakes.CANNED.values() if make().outcome is outcome)

    assert labels.OUTCOMES[outcome] in drawn(of).text


def test_a_partial_answer_says_what_is_missing() -> None:
    text = drawn(fakes.partly_answered()).text

    assert "The gardens cost £30,000 a year.[1]" in text
    assert "What is missingThe material does not say who paid." in text


def test_a_refusal_shows_the_closest_passages_without_making_them_evidence() -> None:
    page = drawn(fakes.not_in_material())

    assert "Closest passages" in page.text
    assert fakes.TALKS.text in page.text
    assert not page.all("mark")
    assert not page.all("a", class_="cite")


def test_a_greeting_has_no_sources_and_nothing_to_copy_or_rate() -> None:
    page = drawn(fakes.conversation())

    assert "Hello. What would you like to know?" in page.text
    assert "Sources" not in page.text
    assert not [has for has in page.all("button") if "data-rate" in has or "data-copy" in has]


def test_an_answer_tells_the_age_of_its_sources_and_of_the_index() -> None:
    text = drawn(fakes.answered()).text

    assert "Pages dated 2021; 1 without a date." in text
    assert "2 documents, indexed on 20 November 2026" in text


def test_an_answer_tells_who_wrote_it() -> None:
    assert "No language model wrote this" in drawn(fakes.answered()).text
    by_model = replace(fakes.answered(), answered_by="ollama:qwen3:8b")
    assert "Written by ollama:qwen3:8b" in drawn(by_model).text


def test_a_model_that_fell_short_is_told_of_above_the_answer() -> None:
    text = drawn(replace(fakes.answered(), note="The language model <b>did not</b> answer.")).text

    told = text.index("The language model <b>did not</b> answer.")
    assert told < text.index(fakes.answered().sentences[0].text)


def test_the_next_questions_can_be_chosen() -> None:
    [button] = drawn(fakes.answered()).all("button", class_="suggestion")

    assert button["data-ask"] == "What did the gardens cost?"


def test_a_growing_answer_shows_its_sentences_and_can_be_stopped() -> None:
    answer = fakes.answered()
    asked = Exchange(Question(fakes.ANSWERED), date(2026, 11, 22)).after(Retrieved(fakes.ANSWERED, 4))
    growing = asked.after(Shown(answer.sentences[0], answer.citations[:1]))
    page = Reader(turn(1, growing))

    assert "run its service.[1]" in page.text
    assert [has for has in page.all("button") if "data-stop" in has]
    assert labels.STOPPED in Reader(turn(1, growing.ended())).text


def test_a_follow_up_shows_what_it_was_taken_to_mean() -> None:
    answer = replace(fakes.answered(), question_used="What did Saltmere change?")
    asked = replace(exchange(answer), question=Question("And Saltmere?"))

    assert "Searched for: What did Saltmere change?" in Reader(turn(1, asked)).text


def test_a_narrowed_search_is_said() -> None:
    narrow = Question(fakes.ANSWERED, principles=frozenset({4}), kinds=frozenset({"case-study"}))
    page = Reader(turn(1, replace(exchange(fakes.answered()), question=narrow)))

    assert "Searched only: Principle 4: Early intervention; Case study" in page.text


def test_the_copied_text_has_numbered_references_and_its_dates() -> None:
    copied = plain_text(exchange(fakes.answered()))

    assert "Saltmere talks before it buys.[2][1]" in copied
    assert (
        "[1] Ada Field, Locality (page dated 2021), “Hollinbrook: gardens before contracts”. "
        "Cited from a digest, not in its own words. https://example.org/hollinbrook-gardens"
    ) in copied
    assert "[2] Ben Shore, Locality (no date)" in copied
    assert "Asked on 22 November 2026." in copied
    assert "indexed on 20 November 2026" in copied


def test_the_copied_text_says_once_what_is_missing() -> None:
    said = "The material does not say who paid."
    told, untold = fakes.partly_answered(), replace(fakes.partly_answered(), answer="It cost £30,000.[1]")

    assert plain_text(exchange(told)).count(said) == 1
    assert plain_text(exchange(untold)).count(said) == 1


def test_the_copied_text_of_a_borrowed_fact_names_where_it_is_from() -> None:
    assert ", citing Saltmere Courier." in plain_text(exchange(fakes.sourced()))


def test_the_catalogue_lists_every_document_once() -> None:
    assistant = fakes.FakeAssistant()
    page = Reader(frame.foot(assistant.material, assistant.documents()))

    assert [has["href"] for has in page.all("a")] == [
        "https://example.org/saltmere-essay",
        "https://example.org/hollinbrook-gardens",
        "about",
    ]


def test_a_catalogue_entry_of_an_unknown_kind_is_not_lost() -> None:
    [entry, _] = fakes.FakeAssistant().documents()
    podcast = replace(entry, document=fakes.document(kind="podcast"))

    assert len(Reader(frame.foot(fakes.FakeAssistant().material, (podcast,))).all("a", target="_blank")) == 1


def test_prose_draws_paragraphs_lists_and_links() -> None:
    assert prose(
        "One\ntwo.\n\n- a\n- **b**\n\nSee [here](https://example.org) or https://example.com/x."
    ) == (
        "<p>One two.</p><ul><li>a</li><li><strong>b</strong></li></ul>"
        '<p>See <a href="https://example.org" target="_blank" rel="noopener noreferrer">here</a> or '
        '<a href="https://example.com/x" target="_blank" rel="noopener noreferrer">https://example.com/x</a>.</p>'
    )


def test_the_examples_on_the_page_can_be_chosen() -> None:
    chosen = [has["data-ask"] for has in Reader(frame.examples()).all("button")]

    assert tuple(chosen) == wording.EXAMPLES
