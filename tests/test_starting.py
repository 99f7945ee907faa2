"""What a start does not wait for: the slow libraries that only a later step needs, or none at all."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Serves without getting the assistant ready: what is imported then is what the first page waits for.
PAGE = """
import os, sys
os.environ |= {"KIL_DATA": sys.argv[1], "KIL_PORT": sys.argv[2], "KIL_HOST": "127.0.0.1"}
import app, assistant.serving as serving, assistant.standby as standby
standby.Standby.start = lambda self: None
serving.serve = lambda app, listener: True
app.main(["serve"])
print(*{name.split(".")[0] for name in sys.modules}, *sys.modules)
"""
ANSWER = """
import sys, assistant.assembly
from assistant.checking.supporting import load_checker
from assistant.retrieval.everyday import load_everyday
from assistant.retrieval.words import Words
from assistant.spelling import Spelling
from assistant.vocabulary import Query
everyday = load_everyday()
Words((), everyday)(Query(Spelling((), {})("Wat is social valeu?")), ())
load_checker()
print(*{name.split(".")[0] for name in sys.modules})
"""


def _imported(code: str, *arguments: str) -> set[str]:
    command = [sys.executable, "-c", code, *arguments]
    return set(subprocess.check_output(command, cwd=ROOT, text=True).split())


@pytest.fixture(scope="module")
def for_the_page(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return _imported(PAGE, str(tmp_path_factory.mktemp("data")), str(port))


@pytest.mark.parametrize(
    "slow", ["assistant.assembly", "onnxruntime", "chromadb", "gradio", "sqlalchemy", "torch", "langchain"]
)
def test_the_page_waits_for_nothing_that_only_answers_or_the_chat_need(
    slow: str, for_the_page: set[str]
) -> None:
    assert "assistant.web.server" in for_the_page
    assert slow not in for_the_page


@pytest.fixture(scope="module")
def for_an_answer() -> set[str]:
    return _imported(ANSWER)


@pytest.mark.parametrize("slow", ["scipy", "bm25s", "symspellpy", "onnx", "torch", "gradio", "langchain"])
def test_an_answer_waits_for_no_library_that_it_can_do_without(slow: str, for_an_answer: set[str]) -> None:
    assert "onnxruntime" in for_an_answer
    assert slow not in for_an_answer
