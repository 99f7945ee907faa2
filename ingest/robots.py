"""What a site's robots.txt lets us ask for, and how often (RFC 9309)."""

from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from assistant.errors import Unreachable
from ingest import wording

_LARGEST = 500 * 1024  # what the standard asks a reader to read at least


class Robots:
    """The rules of every site asked so far; `get` returns the text of a robots.txt, `None` without one."""

    def __init__(self, agent: str, get: Callable[[str], str | None]) -> None:
        self._agent = agent
        self._get = get
        self._rules: dict[str, Protego | Unreachable] = {}

    def check(self, address: str) -> None:
        """Raise `Unreachable` where the site does not want to be asked."""
        site = _site(address)
        if site not in self._rules:
            self._rules[site] = self._read(site)
        rules = self._rules[site]
        if isinstance(rules, Unreachable):
            raise Unreachable(str(rules))
        if not rules.can_fetch(address, self._agent):
            raise Unreachable(wording.ROBOTS_FORBID)

    def delay(self, address: str) -> float:
        """How many seconds the site wants between two requests."""
        rules = self._rules.get(_site(address))
        return float(rules.crawl_delay(self._agent) or 0) if isinstance(rules, Protego) else 0.0

    def _read(self, site: str) -> Protego | Unreachable:
        """Read the rules; a site that does not tell them is left alone, as the standard says."""
        try:
            return Protego.parse((self._get(f"{site}/robots.txt") or "")[:_LARGEST])
        except Unreachable as error:
            return Unreachable(wording.no_robots(str(error)))


def _site(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
