"""What is written for those who run it: the Dockerfile, the systemd unit, the plan of several servers."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from assistant.records import Records
from assistant.settings import Settings
from assistant.web.server import build_app
from tests.fakes import FakeAssistant
from tests.several.processes import free_port
from tests.test_promises import PROJECT, ROOT
from tests.web.clients import serving

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _block(language: str, holds: str) -> str:
    """Return the README's one block in this language that holds these words."""
    (found,) = (text for text in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if holds in text)
    return str(found)


def _program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    if found is None:
        pytest.skip(f"There is no {name} here.")
    return found


def test_the_dockerfile_has_no_known_fault() -> None:
    done = subprocess.run(
        [_program("hadolint"), "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_runs_as_nobody_in_particular_and_copies_what_there_is() -> None:
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert [name for names in copied for name in names.split() if not (ROOT / name).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "data", ".venv"} <= set(ignored)
    (extra,) = re.findall(r'"\.\[(.+)\]"', DOCKERFILE)
    assert extra in PROJECT["project"]["optional-dependencies"]


def test_the_health_check_tells_a_server_that_serves_from_one_that_does_not(tmp_path: Path) -> None:
    (check,) = re.findall(r"^HEALTHCHECK .* CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    _, *arguments = json.loads(check)

    def status(port: int | str) -> int:
        env = os.environ | {"KIL_PORT": str(port)}
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=env, stderr=subprocess.DEVNULL, check=False).returncode

    with serving(build_app(FakeAssistant, Records(tmp_path, 30), rate_per_minute=1)) as address:
        assert status(address.rpartition(":")[2]) == 0
    assert status(free_port()) == 1


def test_the_systemd_unit_is_one_and_gives_away_little(tmp_path: Path) -> None:
    systemd = _program("systemd-analyze")
    command = tmp_path / ".venv" / "bin" / "keep-it-local"
    command.parent.mkdir(parents=True)
    command.symlink_to(sys.executable)
    unit = tmp_path / "keep-it-local.service"
    text = _block("ini", "[Service]").replace("/srv/keep-it-local", str(tmp_path))
    unit.write_text(text, encoding="utf-8")
    verified = subprocess.run([systemd, "verify", unit], capture_output=True, text=True, check=False)

    assert [line for line in verified.stderr.splitlines() if "keep-it-local" in line] == []
    assert verified.returncode == 0
    secure = [systemd, "security", "--offline=true", "--threshold=30", str(unit)]
    assert subprocess.run(secure, stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_the_description_of_several_servers_names_settings_that_there_are() -> None:
    described = yaml.safe_load(_block("yaml", "services:"))
    known = {f"KIL_{name.upper()}" for name in Settings.model_fields}
    services = described["services"]
    set_ = {name for one in services.values() for name in one.get("environment", {}) if name[:4] == "KIL_"}

    assert set_ >= {"KIL_CHROMA_URL", "KIL_DATABASE_URL", "KIL_TRUSTED_PROXIES"}
    assert set_ <= known
    needed = {name for one in services.values() for name in one.get("depends_on", ())}
    assert needed <= services.keys()
    mounted = {volume.split(":")[0] for one in services.values() for volume in one.get("volumes", ())}
    assert {name for name in mounted if not name.startswith((".", "/"))} <= described["volumes"].keys()
