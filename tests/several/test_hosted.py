"""A Chroma server that asks for a key gets it, in the header of Chroma Cloud, and nobody else does."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.errors import StorageFailed, WrongUse
from assistant.index import open_index

KEY = "ck-not-to-be-seen"

IDENTITY = b'{"user_id": "editor", "tenant": "council", "databases": ["material"]}'

Asked = list[tuple[str, str | None]]


class Hosted(ThreadingHTTPServer):
    """Writes down what it is asked, with which key, and says who that is, but no more."""

    def __init__(self) -> None:
        asked: Asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append((self.path, self.headers["x-chroma-token"]))
                body = IDENTITY if self.path.endswith("/auth/identity") else b""
                self.send_response(200 if body else 401)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = asked


@pytest.fixture
def hosted() -> Iterator[Hosted]:
    with Hosted() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join(10)


def test_key_tenant_and_database_go_where_the_address_says(hosted: Hosted, tmp_path: Path) -> None:
    address = f"http://{KEY}@127.0.0.1:{hosted.server_port}/council/material"
    with pytest.raises(StorageFailed) as caught:
        open_index(tmp_path, address)

    assert {key for _, key in hosted.asked} == {KEY}
    assert any("/tenants/council" in path for path, _ in hosted.asked)
    assert KEY not in str(caught.value)


def test_an_address_without_a_key_sends_none(hosted: Hosted, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        open_index(tmp_path, f"http://127.0.0.1:{hosted.server_port}")

    assert {key for _, key in hosted.asked} == {None}


@pytest.mark.parametrize("rest", ["/council", "/council/material/more", "/council/material?key=x", ":port"])
def test_an_address_that_is_none_is_not_repeated(tmp_path: Path, rest: str) -> None:
    with pytest.raises(WrongUse, match="KIL_CHROMA_URL must look like") as caught:
        open_index(tmp_path, f"https://{KEY}@chroma.example.org{rest}")

    assert KEY not in str(caught.value)
