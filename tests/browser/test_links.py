"""Links to the words, followed in Chromium on the served pages."""

import io
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from assistant.citing import link
from assistant.sentences import split_sentences
from assistant.vocabulary import Document, Passage
from ingest.readers import read
from tests.fakes import document
from tests.ingest.site.pages import pages

pytestmark = pytest.mark.browser

SENTENCES = 50
# Chromium shows what a link selects by this style alone; no script can ask for it.
PAINT = "::target-text { background: rgb(1, 254, 3); color: rgb(1, 254, 3); }"
WORDS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const word of node.data.matchAll(/[^\\s\\u00a0]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const box = range.getBoundingClientRect();
      const inside = box.width && box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
      if (inside) found.push([word[0], box.left + box.width / 2, box.top + box.height / 2]);
    }
  }
  return found;
}"""


@dataclass
class Site:
    """The pages by their addresses, and the passages that are read from each."""

    url: str
    passages: dict[str, tuple[Passage, ...]]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    served = {f"/{page.name}": page.data for page in pages()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in served else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(served.get(self.path, b""))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        yield Site(url, {page.name: _passages(page.data, f"{url}/{page.name}") for page in pages()})
        server.shutdown()
        thread.join()


def _passages(data: bytes, url: str) -> tuple[Passage, ...]:
    reading = read(data, url, "text/html")
    of: Document = document(url=url, title=reading.title)
    return tuple(
        Passage(f"{url}/{at}", of, section.heading, section.text, at, "original")
        for at, section in enumerate(reading.sections)
    )


def _quotes(site: Site) -> list[tuple[Passage, str, tuple[Passage, ...]]]:
    """Take quotes from all pages in turn, sentences as well as rows and whole lists."""
    by_page = [
        [(one, quote, passages) for one in passages for quote in split_sentences(one.text)]
        for passages in site.passages.values()
    ]
    taken = [page[at % len(page)] for at in range(3, 400, 11) for page in by_page]
    return list(islice(taken, SENTENCES))


def selected(page: Page, address: str) -> list[str]:
    """Return the words that Chromium highlights, as far as they are in sight when the page has opened."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function("() => document.readyState === 'complete'")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return [word for word, x, y in page.evaluate(WORDS) if _is_painted(picture.getpixel((int(x), int(y))))]


def _is_painted(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    return bool(red < 4 and green > 250 and blue < 6)


@pytest.fixture
def painted(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 900, "height": 1400})
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => { const style = document.createElement('style');"
        f" style.textContent = `{PAINT}`; document.head.append(style); }})"
    )
    yield page
    page.close()


def test_the_browser_highlights_the_right_sentence_in_48_of_50_and_no_wrong_one(
    site: Site, painted: Page
) -> None:
    right, wrong, none = 0, [], []
    for passage, quote, whole in _quotes(site):
        address = link(passage, quote, whole)
        words = selected(painted, address)
        if words == _words(quote):
            right += 1
        elif words:
            wrong.append((address, words))
        else:
            none.append((address, quote))
    print(f"\n{right} of {SENTENCES} quotes highlighted, {len(none)} not at all, {len(wrong)} wrongly")
    assert wrong == []
    assert right >= 48, none


def _words(quote: str) -> list[str]:
    """Return the words as the page shows them, without what the reader added to a row or an item."""
    lines = [re.sub(r"^(- |\d+\. )", "", line) for line in quote.split("\n")]
    cells = [
        cell.partition(": ")[2] if " | " in line else cell for line in lines for cell in line.split(" | ")
    ]
    return " ".join(cells).split()


def test_a_link_that_finds_nothing_opens_the_page_and_highlights_nothing(site: Site, painted: Page) -> None:
    name, passages = next(iter(site.passages.items()))
    assert selected(painted, f"{site.url}/{name}#:~:text=nowhere%20on%20this%20page") == []
    assert passages
