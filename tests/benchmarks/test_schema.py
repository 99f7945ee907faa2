"""Everything that the interface's description allows, and much that it does not, has an answer that is described.

More of it, over a real connection to the real assistant: the command is in the README of this folder.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.records import Records
from assistant.web.server import build_app
from tests.fakes import FakeAssistant

HELD = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
OPERATIONS = ("ask", "search", "documents", "document", "feedback", "healthz", "readyz")


@pytest.fixture(scope="module")
def described() -> Iterator[Any]:
    assistant = FakeAssistant()
    with tempfile.TemporaryDirectory() as folder:
        app = build_app(lambda: assistant, Records(Path(folder), keep_days=1), rate_per_minute=0)
        yield schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_call_has_a_described_answer(described: Any, name: str) -> None:
    operation, tried = described.find_operation_by_id(name), 0
    takes_nothing = not (operation.body or operation.query or operation.path_parameters)
    modes = [GenerationMode.POSITIVE] if takes_nothing else list(GenerationMode)

    @BOUNDED
    @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes)))
    def call(case: Any) -> None:
        nonlocal tried
        tried += 1
        case.call_and_validate(checks=HELD)

    call()
    assert tried


def test_calls_that_follow_from_each_other_have_described_answers(described: Any) -> None:
    machine = described.as_state_machine()
    run_state_machine_as_test(machine, settings=settings(BOUNDED, max_examples=5, stateful_step_count=6))
