"""Reads a Word file: headings, paragraphs, lists and tables."""

import io
import re
import zipfile
from collections.abc import Sequence

from assistant.errors import Unreadable
from ingest.readers.blocks import Block, blocks, parse
from ingest.readers.bylines import Described, read_byline
from ingest.readers.reading import Reading
from ingest.readers.sections import in_sections

_MOST_BYTES = 150_000_000  # unpacked; the longest report is a hundredth of that without its pictures
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_TEXT = ".xml"


def read_word(data: bytes, name: str) -> Reading:
    """Read a .docx file; raises `Unreadable` for one that is damaged, or unpacks to something enormous."""
    described = _unpacked(data, name)
    root = parse(_as_html(data, name))
    found = blocks(root) if root is not None else []
    if not found:
        raise Unreadable(f"{name} holds no text.")
    title, front, rest = _front(found, described.get("title", ""))
    byline = read_byline(front, Described(described.get("creator", "").split(";")))
    return Reading(title, tuple(byline.authors), byline.published, byline.organisation, in_sections(rest))


def _unpacked(data: bytes, name: str) -> dict[str, str]:
    """Look at the sizes before anything is unpacked, and return what the file says of itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            text = [one for one in packed.infolist() if one.filename.endswith(_TEXT)]
            if sum(one.file_size for one in text) > _MOST_BYTES or _is_bomb(text):
                raise Unreadable(
                    f"{name} would unpack to more than a Word file ever holds. It was not opened."
                )
            core = packed.read("docProps/core.xml") if "docProps/core.xml" in packed.namelist() else b""
            declares = any(b"<!ENTITY" in packed.read(one)[:5000] for one in text)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
        raise Unreadable(f"{name} is damaged or cut off. Open it in Word and save it again.") from error
    if declares:
        raise Unreadable(f"{name} declares entities, which no Word file does. It was not opened.")
    return dict(re.findall(r"<dc:(\w+)>([^<]*)<", core.decode("utf-8", errors="replace")))


def _is_bomb(text: Sequence[zipfile.ZipInfo]) -> bool:
    return any(one.file_size > 10_000_000 and one.file_size > 200 * max(one.compress_size, 1) for one in text)


def _as_html(data: bytes, name: str) -> str:
    import mammoth  # noqa: PLC0415 - only where a Word file is read

    no_picture = mammoth.images.img_element(lambda _: {})
    try:
        return str(
            mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=no_picture).value
        )
    except Exception as error:  # its parsers raise whatever they met
        raise Unreadable(
            f"{name} is no Word file that can be read. Open it in Word and save it again."
        ) from error


def _front(found: Sequence[Block], described: str) -> tuple[str | None, list[Block], list[Block]]:
    """Take the title and the short lines under it; without a heading at the top the file says its title."""
    rest = list(found)
    title = rest.pop(0).text if rest[0].kind == "heading" else None
    front = []
    while (
        rest and rest[0].kind == "text" and len(rest[0].text.split()) <= 12 and not rest[0].text.endswith(".")
    ):
        front.append(rest.pop(0))
    return title or described or None, front, rest
