"""Damaged, disguised and hostile files: each is read rightly or named in one line."""

import io
import time
import zipfile
from contextlib import suppress

import pytest

from assistant.errors import Unreadable
from ingest.readers import read
from tests.ingest.site.pages import pages
from tests.ingest.site.papers import encrypted, many_pages, minutes, report, scanned

SAID = "Thornby’s council paid £40 – and the café stayed open, says Zoë O’Dowd."
MORE = f"<p>{'It went on. ' * 20}</p>"
PAGE = f"<html><head><meta charset=CHARSET></head><body><h1>Cafés</h1><p>{SAID}</p>{MORE}</body></html>"


@pytest.mark.parametrize("declared", ["utf-8", "windows-1252", "iso-8859-1", "utf-16", "none-such"])
@pytest.mark.parametrize("real", ["utf-8", "cp1252"])
@pytest.mark.parametrize("served", [None, "text/html; charset=utf-8", "text/html; charset=ISO-8859-1"])
def test_a_page_is_read_rightly_whatever_charset_it_says_it_has(
    real: str, declared: str, served: str | None
) -> None:
    data = PAGE.replace("CHARSET", declared).encode(real)
    assert SAID in read(data, "page", served or "text/html").sections[0].text


@pytest.mark.parametrize("real", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_of_byte_order_and_their_absence_are_understood(real: str) -> None:
    assert SAID in read(PAGE.replace("CHARSET", "utf-8").encode(real), "page", "text/html").sections[0].text


def test_one_stray_byte_does_not_spoil_a_page() -> None:
    data = PAGE.replace("CHARSET", "utf-8").encode().replace(b"It went on.", b"It went\xa0on.", 1)
    assert SAID in read(data, "page", "text/html").sections[0].text


def test_another_charset_that_is_declared_is_believed() -> None:
    page = (
        PAGE.replace("CHARSET", "iso-8859-2").replace("Cafés", "Łódź").encode("iso-8859-2", errors="replace")
    )
    assert read(page, "page", "text/html").title == "Łódź"


def test_broken_html_loses_no_sentence() -> None:
    page = pages()[4]
    broken = (
        page.data.replace(b"</p>", b"")
        .replace(b"</div>", b"", 9)
        .replace(b"</li>", b"")
        .replace(b"</html>", b"")
    )
    text = " ".join(" ".join(section.text.split()) for section in read(broken, "page", "text/html").sections)
    kept = sum(" ".join(sentence.split()) in text for sentence in page.body)
    assert kept >= 0.98 * len(page.body)


def test_a_page_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    page = pages()[8]
    text = str(read(page.data[: len(page.data) // 2], "page", "text/html"))
    assert page.body[3] in text


def test_html_nested_ten_thousand_deep_is_read_or_named_within_seconds() -> None:
    deep = "<div>" * 10_000 + "<b>" * 10_000 + f"<p>{SAID}</p>" + MORE
    started = time.monotonic()
    with suppress(Unreadable):
        assert SAID in str(read(deep.encode(), "page", "text/html"))
    assert time.monotonic() - started < 10


def test_null_bytes_in_a_page_are_passed_over() -> None:
    data = PAGE.replace("CHARSET", "utf-8").encode().replace(b"It went on.", b"It\0 went on.", 3)
    assert SAID in str(read(data, "page", "text/html"))


@pytest.mark.parametrize(
    ("data", "named", "says"),
    [
        (b"", "a.html", "empty"),
        (b"  \n", "a.txt", "empty"),
        (b"\xef\xbb\xbf", "a.md", "empty"),
        (encrypted(), "a.pdf", "password"),
        (report().data[:6000], "a.pdf", "cut off"),
        (b"%PDF-1.7\nnothing else\n%%EOF", "a.pdf", "damaged"),
        (scanned().data, "a.pdf", "scanned: 3 pages of pictures"),
        (minutes().data[:9000], "a.docx", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.doc", "Save it as .docx"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "a.png", "picture"),
        (b"{\\rtf1 text}", "a.rtf", "Save it as .docx"),
        (bytes(range(256)) * 40, "a.bin", "not text"),
        (b"PK\x03\x04" + b"\0" * 99, "a.xlsx", "no Word file"),
        (b"# A title and nothing else", "a.md", "no text"),
    ],
    ids=lambda one: None if isinstance(one, bytes) else str(one),
)
def test_what_cannot_be_read_is_named_in_one_line(data: bytes, named: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        read(data, named, None)
    message = str(raised.value)
    assert message.startswith(named)
    assert "\n" not in message
    assert message.endswith(".")


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in members.items():
            archive.writestr(name, inside)
    return file.getvalue()


def test_a_zip_bomb_is_never_unpacked() -> None:
    bomb = packed({"word/document.xml": b"<a>" + b" " * 160_000_000, "[Content_Types].xml": b"<Types/>"})
    assert len(bomb) < 1_000_000
    started = time.monotonic()
    with pytest.raises(Unreadable, match="unpack"):
        read(bomb, "a.docx", None)
    assert time.monotonic() - started < 1


def test_a_word_file_that_declares_entities_is_not_opened() -> None:
    laughs = b"<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>"
    with pytest.raises(Unreadable, match="entities"):
        read(packed({"word/document.xml": laughs}), "a.docx", None)


def test_a_word_file_without_its_text_is_named() -> None:
    with pytest.raises(Unreadable, match="no Word file that can be read"):
        read(packed({"word/other.xml": b"<a/>"}), "a.docx", None)


def test_a_pdf_of_2000_pages_is_read_in_reasonable_time() -> None:
    data = many_pages(2000)
    started = time.process_time()
    reading = read(data, "long.pdf", None)
    seconds = time.process_time() - started
    print(f"\n2,000 pages in {seconds:.1f} s of one processor")
    assert seconds < 90
    assert reading.sections[-1].page == 2000
    assert "Line 44 of sheet 2000 says" in reading.sections[-1].text
