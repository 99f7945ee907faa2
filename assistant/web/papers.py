"""Briefings as files: which kinds there are, what they are called, and who writes them."""

from collections.abc import Sequence
from datetime import date

from assistant.web.briefing import briefing_of
from assistant.web.exchange import Exchange
from assistant.web.markdown import markdown

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}


def paper(kind: str, exchanges: Sequence[Exchange]) -> bytes:
    """Write a conversation as a file of this kind."""
    briefing = briefing_of(exchanges)
    if kind == "md":
        return markdown(briefing).encode()
    from assistant.web.word import word  # noqa: PLC0415 - only who wants a Word file waits for its import

    return word(briefing)


def file_name(kind: str, day: date) -> str:
    """Name a file by its day alone: a question may be nobody else's business."""
    return f"keep-it-local-{day.isoformat()}.{kind}"
