"""How the server's log looks: for people on a terminal, else one JSON object a line, for programs."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime


def start_logging() -> None:
    """Log our own doings and other people's warnings."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.INFO)  # whatever level a library sets its own logger to
    handler.setFormatter(Plain() if sys.stderr.isatty() else Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("assistant").setLevel(logging.INFO)


class Plain(logging.Formatter):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, and where it happened if something was raised."""
        said = " ".join((record.getMessage(), *(f"{name}={value}" for name, value in _facts(record).items())))
        return f"{_time(record)} {record.levelname} {record.name}: {said}{_where(record)}"


class Lines(logging.Formatter):
    """A line for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one JSON object on one line."""
        said = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage() + _where(record),
        }
        return json.dumps(said | _facts(record), ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _facts(record: logging.LogRecord) -> dict[str, object]:
    facts: dict[str, object] = getattr(record, "facts", {})
    return {name: value for name, value in facts.items() if value is not None}


def _where(record: logging.LogRecord) -> str:
    """Tell what was raised and where, without its message, which may quote a question."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    kind, _, frames = record.exc_info
    return f"\n{kind.__name__}\n" + "".join(traceback.format_tb(frames))
