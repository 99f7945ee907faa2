"""The real command, but for the model and the chat: `python -m tests.several.replica serve`.

Each of the two takes seconds to import, and these tests start many processes on few processors.
"""

import sys
from types import ModuleType

import app
from assistant import embedding, opening
from tests.fakes_embedding import FakeEmbedder


def main() -> int:
    """Put the stand-ins where the command looks for them, before it does."""
    vars(embedding).update(embedder_name=lambda model: model)
    vars(opening).update(open_embedder=lambda model, *_: FakeEmbedder(model))
    chat = ModuleType("assistant.web.chat")
    vars(chat).update(mount_chat=lambda app, _ready, _records: app)
    sys.modules[chat.__name__] = chat
    return app.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
