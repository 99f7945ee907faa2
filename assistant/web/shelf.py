"""The files that our pages load, and the widget's script: where they lie, and what names their state."""

import gzip
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256, sha384
from pathlib import Path

STATIC = Path(__file__).with_name("static")
FOLDER = "chat"
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


@cache
def widget() -> Script:
    """Read the widget once; its integrity is what a page may pin it to."""
    text = WIDGET.read_bytes()
    integrity = f"sha384-{b64encode(sha384(text).digest()).decode()}"
    return Script(text, gzip.compress(text, mtime=0), integrity)


def version(pattern: str) -> str:
    """Name what stands on the shelf, so that browsers fetch it anew when it changes."""
    return sha256(b"".join(path.read_bytes() for path in sorted(STATIC.glob(pattern)))).hexdigest()[:12]
