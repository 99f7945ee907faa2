"""How the widget's script is served, and the page that tries it out."""

import gzip
import html
import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

SCRIPT = (Path(__file__).parents[2] / "assistant/widget/widget.js").read_bytes()


def test_the_script_is_for_every_website(client: TestClient) -> None:
    response = client.get("/widget.js", headers={"Origin": "https://anybody.example"})

    assert response.status_code == 200
    assert response.content == SCRIPT
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-encoding"] == "gzip"


def test_the_script_is_kept_for_an_hour_and_then_asked_about(client: TestClient) -> None:
    first = client.get("/widget.js")
    again = client.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    changed = client.get("/widget.js", headers={"If-None-Match": 'W/"another"'})

    assert first.headers["cache-control"] == "public, max-age=3600, no-transform"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["access-control-allow-origin"] == "*"
    assert changed.status_code == 200


def test_the_script_comes_plain_where_gzip_is_not_taken(client: TestClient) -> None:
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})

    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT
    assert plain.headers["vary"] == "Accept-Encoding"
    assert len(gzip.compress(SCRIPT)) == int(client.get("/widget.js").headers["content-length"])


def test_a_page_may_look_whether_the_server_is_there(client: TestClient) -> None:
    """How the widget tells a website that is not allowed from a server that is down."""
    response = client.head("/widget.js", headers={"Origin": "https://refused.example"})

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"


def test_the_demo_shows_the_tag_with_its_own_address(client: TestClient) -> None:
    page = client.get("/widget").text
    tag = html.unescape(page.partition('<pre id="tag"')[2].partition("</pre>")[0].partition(">")[2])

    assert tag.startswith('<script src="http://testserver/widget.js" defer></script>')
    assert '<a href="http://testserver/ask">' in tag


def test_the_demo_shows_the_integrity_of_the_script_that_is_served(client: TestClient) -> None:
    expected = f"sha384-{b64encode(sha384(client.get('/widget.js').content).digest()).decode()}"

    assert expected in client.get("/widget").text


def test_the_demo_loads_only_what_is_here(client: TestClient) -> None:
    loaded = re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^"]+)"', client.get("/widget").text)

    assert len(loaded) == 4
    assert {client.get(f"/{address}").status_code for address in loaded} == {200}


@pytest.mark.parametrize("host", ['"><script>alert(1)</script>', "a'b\"c"])
def test_a_host_is_written_into_the_demo_as_text(client: TestClient, host: str) -> None:
    page = client.get("/widget", headers={"Host": host}).text

    assert "<script>alert" not in page
    assert "a'b\"c" not in page
