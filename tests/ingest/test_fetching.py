"""Getting a page politely, and giving up in one clear line where a site misbehaves."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from assistant.errors import Unreachable, WrongUse
from ingest.fetching import Fetcher, Gone, Patience
from tests.ingest.webserver import Page, Site, served

HURRIED = Patience(pause=0, tries=2, back_off=0.01, longest_wait=5, timeout=0.5, total=1.0, largest=1_000_000)


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        site.pages["/page"] = Page(b"<h1>Gardens</h1>", headers={"Content-Type": "text/html"}, etag='"one"')
        yield site


class Sleeps(list[float]):
    """Remembers how long it was to wait, and does not."""

    def __call__(self, seconds: float) -> None:
        self.append(round(seconds, 2))


def fetcher(patience: Patience = HURRIED, *, private: bool = True, sleep: Sleeps | None = None) -> Fetcher:
    return Fetcher(
        "officer@example.org", private=private, patience=patience, sleep=Sleeps() if sleep is None else sleep
    )


def failure(site: Site, path: str, patience: Patience = HURRIED) -> str:
    """Return the one line that getting this path ends with."""
    with fetcher(patience) as asking, pytest.raises(Unreachable) as raised:
        asking.get(site.at(path))
    (line,) = str(raised.value).splitlines()
    return line


def test_a_page_is_got_with_what_the_site_says_about_it(site: Site) -> None:
    with fetcher() as asking:
        fetched = asking.get(site.at("/page"))

    assert fetched is not None
    assert (fetched.data, fetched.media_type, fetched.etag) == (b"<h1>Gardens</h1>", "text/html", '"one"')
    assert (fetched.address, fetched.moved) == (site.at("/page"), False)


def test_the_site_is_told_who_asks(site: Site) -> None:
    with fetcher() as asking:
        asking.get(site.at("/page"))

    assert {asked.headers["User-Agent"] for asked in site.asked} == {
        "KeepItLocalAssistant (+officer@example.org)"
    }


@pytest.mark.parametrize("contact", ["", "  ", "me\r\nX-Evil: 1", "x" * 300])
def test_nobody_is_asked_without_saying_who_asks(contact: str) -> None:
    with pytest.raises(WrongUse, match="Set KIL_FETCH_CONTACT"):
        Fetcher(contact)


def test_a_page_that_is_as_it_was_is_not_sent_again(site: Site) -> None:
    with fetcher() as asking:
        asking.get(site.at("/page"))
        before = asking.bytes_received
        assert asking.get(site.at("/page"), etag='"one"') is None
        assert asking.bytes_received == before > 0


def test_robots_txt_is_read_once_and_obeyed(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /secret*\nAllow: /secret/but\n")
    site.pages["/secret/but"] = Page(b"open")

    assert "robots.txt" in failure(site, "/secret/page")
    assert site.paths() == ["/robots.txt"]
    with fetcher() as asking:
        assert asking.get(site.at("/secret/but"))
        assert asking.get(site.at("/page"))
    assert site.paths().count("/robots.txt") == 2


def test_a_site_whose_robots_txt_fails_is_left_alone(site: Site) -> None:
    site.pages["/robots.txt"] = Page(status=503)

    assert "robots.txt can't be read" in failure(site, "/page")
    assert "/page" not in site.paths()


def test_a_redirect_does_not_lead_around_robots_txt(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /secret\n")
    site.pages["/way"] = Page(status=302, headers={"Location": "/secret"})

    assert "robots.txt" in failure(site, "/way")
    assert "/secret" not in site.paths()


def test_a_site_has_a_pause_between_two_requests(site: Site) -> None:
    sleeps = Sleeps()
    with fetcher(Patience(pause=2), sleep=sleeps) as asking:
        asking.get(site.at("/page"))
        asking.get(site.at("/page"))

    assert sleeps == pytest.approx([2, 2], abs=0.5)  # after robots.txt, and after the first page


@pytest.mark.parametrize(("wanted", "given"), [(7, 7), (500, 30)])
def test_a_site_may_ask_for_a_longer_pause_within_reason(site: Site, wanted: int, given: int) -> None:
    site.pages["/robots.txt"] = Page(f"User-agent: *\nCrawl-delay: {wanted}\n".encode())
    sleeps = Sleeps()
    with fetcher(Patience(pause=0), sleep=sleeps) as asking:
        asking.get(site.at("/page"))
        asking.get(site.at("/page"))

    assert sleeps[-1] == pytest.approx(given, abs=0.5)


def test_redirects_are_followed_and_a_lasting_one_is_noted(site: Site) -> None:
    site.pages["/old"] = Page(status=301, headers={"Location": "/page"})
    site.pages["/way"] = Page(status=302, headers={"Location": site.at("/page#part")})

    with fetcher() as asking:
        moved, sent_on = asking.get(site.at("/old")), asking.get(site.at("/way"))

    assert moved is not None
    assert sent_on is not None
    assert (moved.address, moved.moved) == (site.at("/page"), True)
    assert (sent_on.address, sent_on.moved) == (site.at("/page"), False)


def test_an_endless_redirect_ends(site: Site) -> None:
    site.pages["/round"] = Page(status=302, headers={"Location": "/round"})

    assert failure(site, "/round") == "The address leads on to another one more than 5 times."
    assert site.paths().count("/round") == 6


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/x", "gopher://x", "data:text/html,x"]
)
def test_only_web_addresses_are_asked(site: Site, target: str) -> None:
    site.pages["/out"] = Page(status=302, headers={"Location": target})
    with fetcher() as asking, pytest.raises(Unreachable, match="not a web address"):
        asking.get(target)
    assert "not a web address" in failure(site, "/out")


def test_an_address_with_a_password_is_not_asked(site: Site) -> None:
    with fetcher() as asking, pytest.raises(Unreachable, match="not a web address"):
        asking.get(site.at("/page").replace("//", "//me:secret@"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_not_asked_under_any_name(site: Site, host: str) -> None:
    address = site.at("/page").replace("127.0.0.1", host)
    with fetcher(private=False) as asking, pytest.raises(Unreachable, match="not on the public internet"):
        asking.get(address)
    assert site.asked == []


def resolving(addresses: dict[str, str]) -> Callable[..., list[object]]:
    """Return a `getaddrinfo` that leads these names to these addresses."""
    real = socket.getaddrinfo

    def look_up(host: str, *rest: object, **more: object) -> list[object]:
        return list(real(addresses.get(host, host), *rest, **more))  # type: ignore[arg-type]

    return look_up


def test_a_redirect_to_a_private_address_is_not_followed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/out"] = Page(status=302, headers={"Location": "http://inside.example/secret"})
    monkeypatch.setattr(socket, "getaddrinfo", resolving({"inside.example": "10.0.0.7"}))
    # The first host has to count as public here, or it would be refused itself.
    monkeypatch.setattr("ingest.addresses.is_public", lambda address: address == "127.0.0.1")

    with fetcher(private=False) as asking, pytest.raises(Unreachable, match=r"inside\.example is not on"):
        asking.get(site.at("/out"))


def test_the_connection_goes_to_the_address_that_was_checked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *")
    looked_up: list[str] = []
    real = resolving({"site.example": "127.0.0.1"})

    def look_up(host: str, *rest: object, **more: object) -> object:
        looked_up.append(host)
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with fetcher() as asking:
        assert asking.get(site.at("/page").replace("127.0.0.1", "site.example"))

    # Looked up once, and the socket was given the address, not the name.
    assert looked_up == ["site.example", "127.0.0.1"]
    assert site.asked[-1].headers["Host"].startswith("site.example")


def test_a_name_that_leads_nowhere_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with fetcher() as asking, pytest.raises(Unreachable, match=r"no computer is called nowhere\.example"):
        asking.get("http://nowhere.example/")


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_told_from_other_failures(site: Site, status: int) -> None:
    site.pages["/gone"] = Page(status=status)
    with fetcher() as asking, pytest.raises(Gone, match=str(status)):
        asking.get(site.at("/gone"))
    assert site.paths().count("/gone") == 1


@pytest.mark.parametrize("status", [304, 401, 403, 418])
def test_a_refusal_is_said_and_not_asked_again(site: Site, status: int) -> None:
    site.pages["/no"] = Page(status=status)
    assert str(status) in failure(site, "/no")
    assert site.paths().count("/no") == 1


def test_a_fault_of_the_server_is_asked_again(site: Site) -> None:
    def recover(handler: BaseHTTPRequestHandler) -> None:
        site.pages["/weak"] = Page(b"well again")
        handler.send_response(500)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.pages["/weak"] = recover
    with fetcher() as asking:
        fetched = asking.get(site.at("/weak"))
    assert fetched is not None
    assert fetched.data == b"well again"

    site.pages["/weak"] = Page(status=500)
    assert "500" in failure(site, "/weak")


def test_a_site_that_asks_us_to_wait_is_waited_for(site: Site) -> None:
    def relent(handler: BaseHTTPRequestHandler) -> None:
        site.pages["/busy"] = Page(b"now")
        handler.send_response(429)
        handler.send_header("Retry-After", "4")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.pages["/busy"] = relent
    sleeps = Sleeps()
    with fetcher(sleep=sleeps) as asking:
        assert asking.get(site.at("/busy"))
    assert sleeps[-1] == pytest.approx(4, abs=0.5)


def test_a_site_that_asks_for_hours_is_left_alone(site: Site) -> None:
    site.pages["/busy"] = Page(status=429, headers={"Retry-After": "7200"})
    with fetcher() as asking:
        for path in ("/busy", "/page"):
            with pytest.raises(Unreachable, match="asks to be left alone for 7"):
                asking.get(site.at(path))
    assert site.paths() == ["/robots.txt", "/busy"]


def test_a_large_page_is_cut_off(site: Site) -> None:
    sent = 0

    def pour(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"x" * 1_000_000)
            sent += 1

    site.pages["/large"] = pour
    assert failure(site, "/large") == "The page is larger than 1 MB, so it was left."
    assert sent < 50  # millions of bytes: what the system had taken from the server by then


def test_a_page_that_says_it_is_large_is_not_begun(site: Site) -> None:
    def announce(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "200000000")
        handler.end_headers()

    site.pages["/large"] = announce
    assert "larger than 1 MB" in failure(site, "/large")


def test_a_packed_page_is_unpacked_but_not_beyond_the_limit(site: Site) -> None:
    packed = {"Content-Encoding": "gzip"}
    site.pages["/packed"] = Page(gzip.compress(b"words " * 1000), headers=packed)
    site.pages["/bomb"] = Page(gzip.compress(bytes(50_000_000)), headers=packed)
    site.pages["/torn"] = Page(gzip.compress(b"words " * 1000)[:-9], headers=packed)
    site.pages["/fake"] = Page(b"words", headers=packed)
    site.pages["/other"] = Page(b"words", headers={"Content-Encoding": "br"})

    with fetcher() as asking:
        fetched = asking.get(site.at("/packed"))
    assert fetched is not None
    assert fetched.data == b"words " * 1000
    assert "larger than 1 MB" in failure(site, "/bomb")
    assert "damaged" in failure(site, "/torn")
    assert "damaged" in failure(site, "/fake")
    assert "packed as 'br'" in failure(site, "/other")


def test_a_server_that_hangs_is_given_up(site: Site) -> None:
    def hang(_: BaseHTTPRequestHandler) -> None:
        site.stopped.wait(20)

    site.pages["/hang"] = hang
    started = time.monotonic()
    assert "took too long" in failure(site, "/hang")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_server_that_drips_is_given_up(site: Site, where: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        if where == "body":
            handler.send_response(200)
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not site.stopped.wait(0.1):
            handler.wfile.write(b"x")

    site.pages["/drip"] = drip
    started = time.monotonic()
    assert "took too long" in failure(site, "/drip")
    assert time.monotonic() - started < 5


def test_a_connection_that_breaks_off_is_said(site: Site) -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    site.pages["/half"] = break_off
    assert "does not answer" in failure(site, "/half")


def test_something_that_is_no_web_server_is_said(site: Site) -> None:
    def talk_nonsense(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0-OpenSSH_9\r\n\r\n")
        handler.close_connection = True

    site.pages["/nonsense"] = talk_nonsense
    assert "does not answer" in failure(site, "/nonsense")
