"""What the house rules promise of the tree as a whole."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from assistant import vocabulary, wording
from assistant.options import parser
from assistant.settings import Settings
from assistant.web import labels

ROOT = Path(__file__).parents[1]
PRODUCT = sorted([ROOT / "app.py", *(ROOT / "assistant").rglob("*.py"), *(ROOT / "ingest").rglob("*.py")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Each heavy or replaceable library, and the one file that knows it.
HOMES = {
    "Stemmer": "assistant/words.py",
    "chromadb": "assistant/store.py",
    "docx": "assistant/web/word.py",
    "gradio": "assistant/web/chat.py",
    "langchain": "assistant/llm.py",
    "langchain_core": "assistant/llm.py",
    "langchain_text_splitters": "ingest/chunking.py",
    "limits": "assistant/web/limits.py",
    "lxml": "ingest/readers/blocks.py",
    "mammoth": "ingest/readers/word.py",
    "prometheus_client": "assistant/web/metrics.py",
    "protego": "ingest/robots.py",
    "onnx": "assistant/exporting.py",
    "onnxruntime": "assistant/compact.py",
    "pydantic_settings": "assistant/settings.py",
    "pypdfium2": "ingest/readers/pdf.py",
    "readability": "ingest/readers/html.py",
    "safetensors": "assistant/exporting.py",
    "sentence_transformers": "assistant/original.py",
    "sqlalchemy": "assistant/database.py",
    "sqlite3": "assistant/recordfile.py",
    "tenacity": "ingest/fetching.py",
    "tokenizers": "assistant/compact.py",
    "torch": "assistant/original.py",
    "transformers": "assistant/original.py",
    "uvicorn": "assistant/serving.py",
    "yaml": "ingest/front_matter.py",
}

# Train the judge and the checker on a developer's machine, or measure models there; nothing that answers
# imports them.
TRAINING = (
    "assistant/evaluation/lexicon.py",
    "assistant/evaluation/rounding.py",
    "assistant/evaluation/learning.py",
    "assistant/evaluation/entailing.py",
    "assistant/evaluation/layers.py",
    "assistant/evaluation/joining.py",
    "assistant/evaluation/likening.py",
    "assistant/evaluation/pairing.py",
)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _tracked() -> list[Path]:
    """Every text file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in found if path.is_file() and b"\0" not in path.read_bytes()]


@pytest.mark.parametrize("path", PRODUCT, ids=_name)
def test_no_module_is_over_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", [path for path in PRODUCT if path.name != "__init__.py"], ids=_name)
def test_every_module_says_in_one_line_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":", "?"))


def test_imports_point_downwards() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_only_the_command_sees_both_packages() -> None:
    assert [
        _name(path) for path in PRODUCT if _roots(path) >= {"assistant", "ingest"} and _name(path)[0] == "a"
    ] == ["app.py"]


def _roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in _imports(path)}


@pytest.mark.parametrize(("library", "home"), HOMES.items(), ids=HOMES)
def test_each_library_is_known_in_one_place(library: str, home: str) -> None:
    known = [_name(path) for path in PRODUCT if library in _roots(path)]
    assert [name for name in known if name not in TRAINING] == [home]


def test_the_environment_is_read_by_the_settings_and_set_by_the_command() -> None:
    touched = re.compile(r"os\.(environ|getenv|putenv)|from os import .*(environ|getenv)")
    assert [_name(path) for path in PRODUCT if touched.search(path.read_text(encoding="utf-8"))] == ["app.py"]


def test_there_are_at_most_25_settings() -> None:
    assert len(Settings.model_fields) <= 25


def test_env_example_is_the_settings() -> None:
    head, *written = (ROOT / ".env.example").read_text(encoding="utf-8").rstrip().split("\n\n")
    assert head.startswith("#")
    assert written == [
        f"# {field.description}\nKIL_{name.upper()}={field.default}"
        for name, field in Settings.model_fields.items()
    ]


def test_every_outcome_and_every_kind_has_its_words() -> None:
    assert set(labels.OUTCOMES) == {outcome.value for outcome in vocabulary.Outcome}
    assert set(wording.KINDS_IN_WORDS) == set(vocabulary.KINDS)
    assert set(wording.PRINCIPLES_IN_SHORT) == set(vocabulary.PRINCIPLES)


def test_readme_mentions_every_command_and_every_setting() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (commands,) = (action.choices for action in parser()._actions if action.dest == "command")
    assert [name for name in commands or () if f"keep-it-local {name}" not in readme] == []
    assert [name for name in Settings.model_fields if f"`KIL_{name.upper()}`" not in readme] == []


def test_readme_leads_only_to_files_that_there_are() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", readme)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_newest_change_is_of_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+)", changes, re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["project"]["version"]


def test_constraints_are_names_and_versions_and_cover_what_is_needed() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if not line.startswith("#")]
    assert [line for line in pinned if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", line)] == []
    names = {_normal(line.split("==")[0]) for line in pinned}
    needed = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    assert {_normal(re.split(r"[^A-Za-z0-9._-]", one)[0]) for one in needed} <= names


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_file_of_the_packages_is_installed() -> None:
    shipped = PROJECT["tool"]["setuptools"]["package-data"]
    others = [
        path
        for path in _tracked()
        if path.suffix != ".py" and _name(path).split("/")[0] in ("assistant", "ingest")
    ]
    missing = []
    for path in others:
        package, inside = _name(path).split("/", 1)
        if not any(fnmatch(inside, pattern) for pattern in shipped.get(package, ())):
            missing.append(_name(path))
    assert missing == []


def test_no_file_names_this_machine_or_a_registry() -> None:
    machine = "work|farm|root|opt/wheels|home/[a-z]+|Users/[A-Za-z]+"
    registry = r"[p]ypi\.org|[p]ythonhosted|download\.[p]ytorch|registry\.[n]pm"
    wrong = re.compile(rf"(^|[^\w.~-])/({machine})/|{registry}", re.MULTILINE)
    found = [
        _name(path) for path in _tracked() if wrong.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
