"""A web site on this machine for tests: pages that can be changed, and ways to misbehave."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Misbehaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Page:
    """What a path answers with; with an `etag` it knows whether the asker has it already."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None


@dataclass
class Asked:
    """One request that came."""

    path: str
    headers: Mapping[str, str]


class Site:
    """The pages by path, every request that came, and how many bytes of pages went out."""

    def __init__(self) -> None:
        self.pages: dict[str, Page | Misbehaviour] = {}
        self.asked: list[Asked] = []
        self.sent = 0
        self.stopped = threading.Event()
        self.address = ""

    def at(self, path: str) -> str:
        return self.address + path

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(Asked(handler.path, dict(handler.headers)))
        page = self.pages.get(handler.path, Page(status=404))
        if not isinstance(page, Page):
            page(handler)
            return
        known = page.etag is not None and handler.headers.get("If-None-Match") == page.etag
        handler.send_response(304 if known else page.status)
        for name, value in page.headers.items():
            handler.send_header(name, value)
        if page.etag:
            handler.send_header("ETag", page.etag)
        if not known:
            handler.send_header("Content-Length", str(len(page.body)))
        handler.end_headers()
        if not known:
            handler.wfile.write(page.body)
            self.sent += len(page.body)


@contextmanager
def served() -> Iterator[Site]:
    """Serve a site on a free port until the end of the test."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                site.answer(self)
            except OSError:
                self.close_connection = True  # the asker had enough

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        site.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
