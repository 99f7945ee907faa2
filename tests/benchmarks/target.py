"""The whole web server, from its connections to Gradio, in front of canned answers: `python -m tests.benchmarks.target`.

It starts in seconds and waits less long for slow clients than the product does; all else is the product's own.
"""

import os
from pathlib import Path

from uvicorn import Server

from assistant.logs import start_logging
from assistant.records import Records
from assistant.serving import Patient, listen, server_config
from assistant.web.server import build_app
from tests.fakes import FakeAssistant

PATIENCE = 3.0


class Hasty(Patient):
    """The same connection with less time."""

    seconds_to_ask = PATIENCE
    seconds_to_read = PATIENCE


def main() -> None:
    """Serve with the settings that the attacks need."""
    from assistant.web.chat import mount_chat  # noqa: PLC0415 - takes seconds

    records = Records(Path(os.environ["KIL_DATA"]), keep_days=30)
    assistant = FakeAssistant()
    app = build_app(
        lambda: assistant,
        records,
        rate_per_minute=int(os.environ.get("KIL_RATE_PER_MINUTE", "0")),
        allowed_origins=os.environ.get("KIL_ALLOWED_ORIGINS", ""),
        trusted_proxies=int(os.environ.get("KIL_TRUSTED_PROXIES", "0")),
    )
    mount_chat(app, lambda: assistant, records)
    start_logging()
    with listen("127.0.0.1", int(os.environ["KIL_PORT"])) as listener:
        Server(server_config(app, Hasty)).run(sockets=[listener])


if __name__ == "__main__":
    main()
