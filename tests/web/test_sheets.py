"""The pages that work without JavaScript."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from assistant.errors import NotReady
from assistant.records import Records
from assistant.vocabulary import Answer, Done, Event, Question, Sentence, Source, Turn
from assistant.web import labels
from assistant.web.page import needs_scripts
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import client_of
from tests.web.reading import Reader

STATIC = Path(__file__).parents[2] / "assistant/web/static"
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)></textarea></title>'


def _asked(client: TestClient, question: str, **where: str) -> Reader:
    response = client.get("/ask", params={"q": question, **where})
    assert response.status_code == 200
    return _read(response.text)


def _read(page: str) -> Reader:
    reader = Reader(page)
    assert reader.open == []
    return reader


def _box(page: str) -> str:
    found = re.search(r'<textarea id="question"[^>]*>([^<]*)</textarea>', page)
    assert found
    return found[1]


def test_a_link_and_a_form_give_the_answer_of_the_interface(
    client: TestClient, assistant: FakeAssistant
) -> None:
    by_link = client.get("/ask", params={"q": fakes.ANSWERED, "principle": "4", "kind": "case-study"})
    by_form = client.post(
        "/ask", data={"q": f" {fakes.ANSWERED}\r\n", "principle": "4", "kind": "case-study"}
    )
    client.post("/api/ask", json={"question": fakes.ANSWERED, "principles": [4], "kinds": ["case-study"]})

    assert (by_link.status_code, by_form.status_code) == (200, 200)
    assert assistant.asked[0] == assistant.asked[1] == assistant.asked[2]
    assert re.sub(r"answer-\d", "", by_link.text) == re.sub(r"answer-\d", "", by_form.text)


def test_every_number_leads_to_its_quote_and_back(client: TestClient) -> None:
    page = _asked(client, fakes.ANSWERED)
    ids = [has["id"] for _, has in page.elements if "id" in has]
    leads = [has["href"] for has in page.all("a") if (has["href"] or "").startswith("#")]

    assert len(ids) == len(set(ids))
    assert {(lead or "")[1:] for lead in leads} <= set(ids)
    assert len(page.all("a", class_="cite")) == 3
    assert len(page.all("mark")) == 2
    assert [has for has in page.all("details") if "open" in has]


def test_a_reference_says_what_and_whose_it_is_and_where_to_read_it(client: TestClient) -> None:
    page = _asked(client, fakes.ANSWERED)

    for words in ("Ada Field", "Locality", "Case study", "2021", "Digest in our own words", "Original text"):
        assert words in page.text
    assert "What did the council change?" in page.text
    assert fakes.GARDENS.text in page.text
    assert "indexed on 20 November 2026" in page.text
    assert page.all("a", href=fakes.HOLLINBROOK.url, rel="noopener noreferrer")
    assert "[1] Ada Field, Locality (page dated 2021), “Hollinbrook: gardens before contracts”" in page.text


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (fakes.ANSWERED, "answered"),
        (fakes.PARTLY_ANSWERED, "partly_answered"),
        (fakes.NOT_IN_MATERIAL, "not_in_material"),
        (fakes.CONVERSATION, "conversation"),
    ],
)
def test_the_outcome_is_stated_and_the_question_kept(client: TestClient, question: str, outcome: str) -> None:
    response = client.get("/ask", params={"q": question})

    assert labels.OUTCOMES[outcome] in _read(response.text).text
    assert _box(response.text) == question
    assert f"<title>{question}" in response.text


def test_what_is_missing_and_what_is_near_is_told(client: TestClient) -> None:
    assert "The material does not say who paid." in _asked(client, fakes.PARTLY_ANSWERED).text
    refused = _asked(client, fakes.NOT_IN_MATERIAL)
    assert labels.CLOSEST_MEANS in refused.text
    assert fakes.TALKS.text in refused.text
    assert not refused.all("mark")


def test_a_suggestion_is_a_link_that_keeps_the_filters(client: TestClient, assistant: FakeAssistant) -> None:
    page = _asked(client, fakes.ANSWERED, principle="4", kind="case-study")
    (suggestion,) = page.all("a", class_="suggestion")
    client.get(f"/{suggestion['href']}")

    assert assistant.asked[-1] == Question(
        "What did the gardens cost?", (), frozenset({4}), frozenset({"case-study"})
    )


def test_the_chosen_filters_are_shown(client: TestClient) -> None:
    page = _asked(client, fakes.ANSWERED, principle="4", kind="essay")

    assert [has["value"] for has in page.all("option") if "selected" in has] == ["4", "essay"]
    assert "Searched only: Principle 4: Early intervention; Essay" in page.text


def test_filters_that_there_are_not_are_left_out(client: TestClient, assistant: FakeAssistant) -> None:
    _asked(client, fakes.ANSWERED, principle="9", kind="poem")

    assert assistant.asked == [Question(fakes.ANSWERED)]


def _hidden(page: str) -> dict[str, list[str]]:
    """Return what the form for the next question sends along."""
    form = page.partition('for="next"')[2].partition("</form>")[0]
    fields: dict[str, list[str]] = {}
    for has in Reader(form.partition("</h3>")[2]).all("input"):
        fields.setdefault(str(has["name"]), []).append(str(has["value"]))
    return fields


def test_a_follow_up_takes_the_conversation_along(client: TestClient, assistant: FakeAssistant) -> None:
    page = client.get("/ask", params={"q": fakes.PARTLY_ANSWERED}).text
    for _ in range(4):
        page = client.post("/ask", data={**_hidden(page), "q": fakes.SOURCED}).text

    first = (Turn("reader", fakes.PARTLY_ANSWERED), Turn("assistant", fakes.partly_answered().answer))
    assert assistant.asked[1].history == first
    assert len(assistant.asked[-1].history) == 4
    assert assistant.asked[-1].history[0] == Turn("reader", fakes.SOURCED)


def test_browsers_change_no_line_end_of_what_was_said(client: TestClient, assistant: FakeAssistant) -> None:
    client.post("/ask", data={"q": "And\r\nthen?", "reader": "a\r\nb", "assistant": "c\r\n\r\nd"})

    assert assistant.asked[0].text == "And\nthen?"
    assert assistant.asked[0].history == (Turn("reader", "a\nb"), Turn("assistant", "c\n\nd"))


def test_an_answer_is_on_record_and_can_be_rated_without_scripts(
    client: TestClient, records: Records
) -> None:
    page = client.post("/ask", data={"q": fakes.ANSWERED})
    (answer,) = Reader(page.text).all("input", name="answer")
    opinion = {"answer": str(answer["value"]), "reason": "It left out\r\nSaltmere."}

    for rating in ("down", "up"):
        rated = client.post("/feedback", data={**opinion, "rating": rating}, follow_redirects=False)
        assert (rated.status_code, rated.headers["location"]) == (303, "thanks")
    thanks = client.post("/feedback", data={**opinion, "rating": "down"})
    assert thanks.url.path == "/thanks"
    assert labels.THANKS in _read(thanks.text).text
    assert [(kept.rating, kept.reason) for kept in records.all()] == [("down", "It left out\nSaltmere.")]


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"answer": "nobody-s", "rating": "up"}, 404, "30 days"),
        ({"answer": "x"}, 422, "rating"),
        ({"answer": "x", "rating": "sideways"}, 422, "rating"),
        ({}, 422, "rating"),
    ],
)
def test_an_opinion_that_can_not_be_kept_says_why(
    client: TestClient, sent: dict[str, str], status: int, said: str
) -> None:
    response = client.post("/feedback", data=sent)

    assert response.status_code == status
    assert said in _read(response.text).text


@pytest.mark.parametrize("question", ["", "  \r\n", "x" * 1_001])
def test_a_question_too_short_or_too_long_is_kept_and_explained(client: TestClient, question: str) -> None:
    response = client.post("/ask", data={"q": question})
    page = _read(response.text)

    assert response.status_code == 422
    assert page.all("div", role="alert")
    assert _box(response.text) == question.strip()
    assert ("1,001" if question.strip() else labels.EMPTY_QUESTION) in page.text
    assert response.text.partition("<title>")[2].startswith("Error")


def test_a_line_end_counts_as_one_character(client: TestClient) -> None:
    question = "\r\n".join(["x"] * 500)  # 1,498 characters as browsers send it, 999 as we count

    assert client.post("/ask", data={"q": question}).status_code == 200


def test_over_the_limit_the_question_is_kept_and_the_wait_is_told(records: Records) -> None:
    client = client_of(FakeAssistant, records, rate_per_minute=1)
    client.get("/ask", params={"q": fakes.SOURCED})
    response = client.get("/ask", params={"q": fakes.ANSWERED, "principle": "4"})

    assert response.status_code == 429
    assert f"{response.headers['retry-after']} seconds" in response.text
    assert _box(response.text) == fakes.ANSWERED
    assert '<option value="4" selected>' in response.text


def _not_ready() -> FakeAssistant:
    raise NotReady("The material is being indexed. Try again in a moment.")


def test_before_it_is_ready_the_page_says_so_and_keeps_the_question(records: Records) -> None:
    client = client_of(_not_ready, records)
    empty = client.get("/ask")
    asked = client.post("/ask", data={"q": fakes.ANSWERED})

    assert (empty.status_code, asked.status_code) == (200, 503)
    assert "being indexed" in empty.text
    assert "being indexed" in asked.text
    assert "retry-after" in asked.headers
    assert _box(asked.text) == fakes.ANSWERED


def test_a_fault_is_a_sentence_with_a_reference_and_no_details(records: Records) -> None:
    client = client_of(lambda: FakeAssistant(failure=ValueError("secret /etc/passwd")), records)
    response = client.post("/ask", data={"q": fakes.ANSWERED})

    assert response.status_code == 500
    assert "Give the reference" in response.text
    assert "secret" not in response.text
    assert _box(response.text) == fakes.ANSWERED


def test_a_form_too_large_is_told_on_a_page(client: TestClient) -> None:
    response = client.post("/ask", data={"q": "x" * 70_000})

    assert response.status_code == 413
    assert "64 KiB" in _read(response.text).text


class HostileAssistant(FakeAssistant):
    """Answers with markup in every field."""

    def events(self, question: Question) -> Iterator[Event]:
        of = fakes.document(
            "evil",
            title=EVIL,
            kind=EVIL,
            authors=(EVIL,),
            organisation=EVIL,
            url="javascript:alert(1)",
            place=EVIL,
            published=EVIL,
            not_covered=EVIL,
        )
        passage = fakes.passage(
            EVIL, of=of, id=EVIL, section=EVIL, source=Source(EVIL, "javascript:alert(1)")
        )
        cited = replace(fakes.citation(1, passage), link="javascript:alert(1)")
        answer = replace(
            fakes.partly_answered(),
            id=EVIL,
            question_used=EVIL + EVIL,
            answer=EVIL,
            answered_by=EVIL,
            sentences=(Sentence(EVIL, (1,), 1.0),),
            missing=EVIL,
            citations=(cited,),
            follow_ups=(EVIL,),
        )
        yield Done(self._refusing(answer) if question.principles else answer)

    def _refusing(self, answer: Answer) -> Answer:
        refusal = fakes.not_in_material()
        return replace(refusal, id=EVIL, answer=EVIL, question_used=EVIL, nearest=answer.citations)


@pytest.mark.parametrize("where", [{}, {"principle": "1"}])
def test_markup_in_any_field_stays_text(records: Records, where: dict[str, str]) -> None:
    client = client_of(HostileAssistant, records)
    response = client.post("/ask", data={"q": EVIL, "reader": EVIL, "assistant": EVIL, **where})
    page = _read(response.text)

    assert response.status_code == 200
    assert page.text.count("<script>alert(1)</script>") >= 5
    assert not [has for _, has in page.elements if any(name.startswith("on") for name in has)]
    assert not page.all("script")
    assert [has["src"] for has in page.all("img")] == ["chat/favicon.svg"]
    assert not [has for has in page.all("a") if (has["href"] or "").startswith("javascript")]


def test_a_link_to_a_question_asks_exactly_that(client: TestClient, assistant: FakeAssistant) -> None:
    question = "What’s 100% & more? #1 + <b>"
    page = _asked(client, question)
    link = next(has["href"] or "" for has in page.all("a") if (has["href"] or "").startswith("ask?"))

    assert parse_qs(urlsplit(link).query) == {"q": [question]}


@pytest.mark.parametrize("address", ["/ask", "/ask?q=Hello", "/thanks", "/widget"])
def test_a_page_is_kept_by_nobody_and_runs_nothing_from_elsewhere(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]

    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["referrer-policy"] == "same-origin"
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert ("script-src" in policy) is (address == "/widget")


def test_the_page_asks_nobody_else(client: TestClient) -> None:
    page = _asked(client, fakes.CONVERSATION)
    loaded = [has.get("href") or has.get("src") or "" for tag in ("link", "img") for has in page.all(tag)]

    assert loaded
    assert {client.get(f"/{address}").status_code for address in loaded} == {200}
    assert not page.all("script")


def test_looking_at_the_head_of_a_page_asks_nothing(client: TestClient, assistant: FakeAssistant) -> None:
    assert client.head("/ask?q=Hello").status_code == 200
    assert assistant.asked == []


def test_every_field_has_its_label_and_the_page_its_landmarks(client: TestClient) -> None:
    page = _asked(client, fakes.ANSWERED)
    labelled = {has["for"] for has in page.all("label")}
    fields = [*page.all("textarea"), *page.all("select"), *page.all("input")]
    shown = [has for has in fields if has.get("type") != "hidden"]

    assert [has for has in shown if has.get("id") not in labelled and "aria-label" not in has] == []
    assert page.all("html", lang="en-GB")
    for landmark in ("header", "main", "footer", "h1"):
        assert page.all(landmark), landmark
    assert page.elements[[tag for tag, _ in page.elements].index("body") + 1][1]["class"] == "skip"


def test_the_dark_colours_are_those_of_the_chat() -> None:
    chat = (STATIC / "chat.css").read_text(encoding="utf-8").partition("\n.dark {")[2].partition("}")[0]
    sheet = (STATIC / "sheet.css").read_text(encoding="utf-8").partition("  :root {")[2].partition("}")[0]

    assert sheet.split() == chat.split()


def test_the_chat_leads_those_without_scripts_here() -> None:
    assert Reader(needs_scripts()).all("a", href="ask")
