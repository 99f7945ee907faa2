"""How much of a page's body was kept, and how much of its clutter dropped."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.ingest.site.pages import Page


@dataclass(frozen=True)
class Measured:
    """What was lost, and what came along. A pull quote that says a sentence twice came along."""

    body: int
    lost: tuple[str, ...]
    clutter: int
    came_along: tuple[str, ...]
    strange: tuple[str, ...]  # lines that are neither body nor known clutter

    @property
    def kept(self) -> float:
        return 1 - len(self.lost) / self.body

    @property
    def dropped(self) -> float:
        return 1 - len(self.came_along) / self.clutter


def measure(page: Page, text: str) -> Measured:
    """Compare the text that was read with what was written."""
    flat = plain(text)
    wanted, lines = [*page.body, *page.headings], text.splitlines()
    lost = [one for one in wanted if plain(one) not in flat]
    lost += [
        " | ".join(row) for row in page.rows if not any(all(cell in line for cell in row) for line in lines)
    ]
    pulls = [one for one in page.body if flat.count(plain(one)) > 1]
    came = [one for one in page.clutter if plain(one) in flat] + pulls
    return Measured(
        body=len(wanted) + len(page.rows),
        lost=tuple(lost),
        clutter=len(page.clutter) + page.html.count("pull"),
        came_along=tuple(came),
        strange=tuple(_strange(page, text)),
    )


def _strange(page: Page, text: str) -> Iterable[str]:
    known = plain(" ".join([*page.body, *page.headings, page.title]))
    for line in text.splitlines():
        bare = plain(re.sub(r"^(-|\d+\.) |^#+ ", "", line))
        if " | " not in bare and not all(part in known for part in [*bare.split(": ", 1)]):
            yield line


def plain(text: str) -> str:
    """Return the words alone, as a reader compares them."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()
