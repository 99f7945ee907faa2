"""Whatever is sent, the reply is an answer or a problem, and never a fault of ours."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records import Records
from assistant.vocabulary import KINDS
from tests import fakes
from tests.fakes import FakeAssistant
from tests.web.clients import PROBLEM_KEYS, STREAM, client_of

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # half surrogates too
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner), max_leaves=8
)
TURNS = st.fixed_dictionaries({"role": st.sampled_from(["reader", "assistant"]) | ANY_JSON, "text": ANY_TEXT})
ALMOST_ASK = st.fixed_dictionaries(
    {"question": st.sampled_from(list(fakes.CANNED)) | ANY_TEXT},
    optional={
        "history": st.lists(TURNS, max_size=3) | ANY_JSON,
        "principles": st.lists(st.integers(0, 7)) | ANY_JSON,
        "kinds": st.lists(st.sampled_from([*KINDS, "poem"])) | ANY_JSON,
        "more": ANY_JSON,
    },
)
ALMOST_FEEDBACK = st.fixed_dictionaries(
    {"answer": st.just("answer-1") | ANY_TEXT, "rating": st.sampled_from(["up", "down"]) | ANY_JSON},
    optional={"reason": ANY_JSON},
)
PARAMETERS = st.dictionaries(
    st.sampled_from(["q", "limit", "principle", "kind"]) | st.text(max_size=5), st.text(max_size=20)
)


@pytest.fixture(scope="module")
def any_client() -> Iterator[TestClient]:
    assistant = FakeAssistant()
    with tempfile.TemporaryDirectory() as folder:
        yield client_of(lambda: assistant, Records(Path(folder), keep_days=1))


def _is_answer_or_problem(response: Any) -> bool:
    if response.status_code in {200, 204}:
        return True
    problem = response.json()
    return response.status_code in {404, 413, 422} and list(problem) == PROBLEM_KEYS and all(problem.values())


def _post(client: TestClient, address: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    content = json.dumps(body).encode()
    return client.post(
        address, content=content, headers={"Content-Type": "application/json", **(headers or {})}
    )


@settings(deadline=None)
@given(body=ANY_JSON | ALMOST_ASK)
def test_any_json_asked(any_client: TestClient, body: Any) -> None:
    assert _is_answer_or_problem(_post(any_client, "/api/ask", body))


@settings(deadline=None, max_examples=30)
@given(body=ALMOST_ASK)
def test_any_json_asked_for_a_stream(any_client: TestClient, body: Any) -> None:
    response = _post(any_client, "/api/ask", body, STREAM)

    assert _is_answer_or_problem(response)
    assert "event: error" not in response.text


@settings(deadline=None, max_examples=50)
@given(body=ANY_JSON | ALMOST_FEEDBACK)
def test_any_json_as_feedback(any_client: TestClient, body: Any) -> None:
    assert _is_answer_or_problem(_post(any_client, "/api/feedback", body))


@settings(deadline=None, max_examples=50)
@given(body=st.binary())
def test_any_bytes_asked(any_client: TestClient, body: bytes) -> None:
    response = any_client.post("/api/ask", content=body, headers={"Content-Type": "application/json"})

    assert _is_answer_or_problem(response)


@settings(deadline=None, max_examples=50)
@given(parameters=PARAMETERS)
def test_any_parameters_searched_with(any_client: TestClient, parameters: dict[str, str]) -> None:
    assert _is_answer_or_problem(any_client.get("/api/search", params=parameters))
