"""The files that our pages load, and the widget's script: where they lie, and what names their state."""

import gzip
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256, sha384
from html import escape
from pathlib import Path
from string import Template

STATIC = Path(__file__).with_name("static")
FOLDER = "chat"
DEMO = Path(__file__).with_name("demo.html")
WIDGET = Path(__file__).parents[1] / "widget" / "widget.js"


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it is sent."""

    text: bytes
    zipped: bytes
    integrity: str

    @property
    def etag(self) -> str:
        """Name this state. Weak, because zipped or not it is the same script."""
        return f'W/"{self.integrity[-16:]}"'

    def is_named_in(self, if_none_match: str) -> bool:
        """Whether a browser has this state already."""
        return "*" in if_none_match or self.etag.removeprefix("W/") in if_none_match


@cache
def widget() -> Script:
    """Read the widget once; its integrity is what a page may pin it to."""
    text = WIDGET.read_bytes()
    integrity = f"sha384-{b64encode(sha384(text).digest()).decode()}"
    return Script(text, gzip.compress(text, mtime=0), integrity)


def demo(address: str) -> str:
    """Write the page that tries the widget out, for the address that it is reached by."""
    values = {"address": address, "integrity": widget().integrity, "version": version("demo.*")}
    page = Template(DEMO.read_text(encoding="utf-8"))
    return page.substitute({name: escape(value) for name, value in values.items()})


def version(pattern: str) -> str:
    """Name what stands on the shelf, so that browsers fetch it anew when it changes."""
    return sha256(b"".join(path.read_bytes() for path in sorted(STATIC.glob(pattern)))).hexdigest()[:12]
