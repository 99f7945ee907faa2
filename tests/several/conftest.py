"""What the tests of several servers share."""

from collections.abc import Iterator

import pytest

from tests.several import chroma, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """Start one PostgreSQL server for all of them; each test makes its own database in it."""
    with postgres.serving() as started:
        yield started


@pytest.fixture(scope="session")
def store() -> Iterator[chroma.Server]:
    """Start one Chroma server for all of them, likewise."""
    with chroma.serving() as started:
        yield started


@pytest.fixture
def url(server: postgres.Server) -> str:
    return server.new()


@pytest.fixture
def chroma_url(store: chroma.Server) -> str:
    return store.new()
