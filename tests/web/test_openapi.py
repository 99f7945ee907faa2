"""The interface's description is the one that was agreed on.

After a change on purpose: `python -m tests.web.test_openapi > tests/web/openapi.json`, and read the diff.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from assistant.records import Records
from assistant.web.server import build_app
from tests.fakes import FakeAssistant

SNAPSHOT = Path(__file__).with_name("openapi.json")


def _described() -> dict[str, Any]:
    return build_app(FakeAssistant, Records(Path("nowhere"), 1), rate_per_minute=0).openapi()


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_the_description_is_the_snapshot() -> None:
    assert _text(_described()) == SNAPSHOT.read_text(encoding="utf-8")


def test_every_shape_that_is_named_is_described() -> None:
    document = _described()

    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])


def test_every_address_describes_its_answers_and_its_problems() -> None:
    for path, operations in _described()["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                kinds = list(response.get("content", {}))
                assert status == "204" or kinds, (path, status)
                assert status < "400" or kinds == ["application/problem+json"], (path, status)


def test_the_stream_of_an_answer_is_described() -> None:
    answer = _described()["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]

    assert list(answer) == ["application/json", "text/event-stream"]
    assert len(answer["text/event-stream"]["schema"]["anyOf"]) == 4


if __name__ == "__main__":
    sys.stdout.write(_text(_described()))
