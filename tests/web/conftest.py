"""What most tests of the interface start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.records import Records
from tests.fakes import FakeAssistant
from tests.web.clients import client_of


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "data", keep_days=30)


@pytest.fixture
def client(assistant: FakeAssistant, records: Records) -> Iterator[TestClient]:
    with client_of(lambda: assistant, records) as client:
        yield client
