"""Faults of a running server, made for real: each tells what a reader saw, what was lost, and how it recovered."""

import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from tests.benchmarks.served import ROOT, START_SECONDS, Served, free_port, served

ASKED = ("What is the Oldham Model?", "Which principle is about early intervention?", "How deep is the sea?")
SOME_BYTES = 700_000  # of a file: room for what is there, and none for much more


@dataclass
class Broke:
    """What a fault did; `faults` has to stay empty."""

    fault: str
    saw: str = ""
    lost: str = ""
    recovered: str = ""
    faults: list[str] = field(default_factory=list)

    def check(self, holds: bool, what: str) -> None:
        if not holds:
            self.faults.append(what)

    def row(self) -> str:
        told = "".join(f" FAULT {fault}" for fault in self.faults)
        return f"| {self.fault} | {self.saw} | {self.lost} | {self.recovered}{told} |"


@dataclass
class Place:
    """A folder with material and an index, to break; `said` is what it answers when nothing is broken."""

    folder: Path
    said: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def settings(self) -> dict[str, str]:
        corpus = str(self.folder / "corpus")
        return {"KIL_DATA": str(self.data), "KIL_CORPUS": corpus, "KIL_RATE_PER_MINUTE": "0"}

    def ingest(self, *, room: int | None = None) -> subprocess.Popen[str]:
        """Start an ingest; with `room`, no file of it may grow beyond so many bytes."""

        def limit() -> None:
            if room:
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        return subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "ingest"],
            cwd=ROOT,
            env={**os.environ, **self.settings, "HF_HUB_OFFLINE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=limit,  # noqa: PLW1509  it only lowers a limit
        )

    def ingested(self) -> str:
        with self.ingest() as process:
            said, _ = process.communicate(timeout=START_SECONDS)
        assert process.returncode == 0, said
        return said

    def records(self) -> set[str]:
        with sqlite3.connect(self.data / "records.sqlite3") as connection:
            return {id_ for (id_,) in connection.execute("SELECT id FROM answers")}

    def rated(self) -> set[str]:
        with sqlite3.connect(self.data / "records.sqlite3") as connection:
            return {id_ for (id_,) in connection.execute("SELECT answer FROM feedback")}


@contextmanager
def place(folder: Path, documents: int = 6) -> Iterator[Place]:
    """Make a place with some of the material; its own answers are what the faults must not change."""
    shutil.copytree(ROOT / "corpus" / "digests", folder / "corpus")
    kept = ("principle-1-essay", "principle-2-essay", "principle-3-essay", "principle-4-essay", "principle-5-essay",
            "principle-6-essay", "network-councils", "introduction")[:documents]  # fmt: skip
    for file in (folder / "corpus").glob("*.md"):
        if file.stem not in kept:
            file.unlink()
    yield Place(folder)


def answers(target: Served) -> tuple[str, ...]:
    """Ask the set questions; a problem is its status."""
    asked = (target.ask(question) for question in ASKED)
    return tuple(one.json()["answer"] if one.status_code == 200 else str(one.status_code) for one in asked)


def _seen(target: Served, spot: Place, broke: Broke) -> str:
    """Ask, and check that nothing is told but what is right, or a clear 503."""
    told = answers(target)
    for said, right in zip(told, spot.said, strict=True):
        broke.check(said in {right, "503"}, f"told {said[:60]!r}")
    return "503" if set(told) == {"503"} else "the right answers" if told == spot.said else "answers and 503"


class Readers:
    """Ask without end from several threads, and remember what was acknowledged."""

    def __init__(self, target: Served, number: int = 4) -> None:
        self.answered: set[str] = set()
        self.rated: set[str] = set()
        self.met: Counter[str] = Counter()
        self._target = target
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(number)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _read(self) -> None:
        while not self._stop.is_set():
            try:
                asked = self._target.ask(ASKED[len(self.answered) % len(ASKED)])
                self.met[str(asked.status_code)] += 1
                if asked.status_code == 200:
                    self.answered.add(asked.json()["id"])
                    opinion = {"answer": asked.json()["id"], "rating": "up"}
                    given = httpx.post(f"{self._target.address}/api/feedback", json=opinion, timeout=60)
                    if given.status_code == 204:
                        self.rated.add(asked.json()["id"])
            except httpx.TransportError:
                self.met["no connection"] += 1
                self._stop.wait(0.2)


def killed_under_load(spot: Place, seconds: float = 4) -> Broke:
    """Kill the server while readers ask, and start it again."""
    broke = Broke("`kill -9` of the server while 4 readers ask")
    with served(spot.settings) as target, Readers(target) as readers:
        time.sleep(seconds)
        target.kill()
    kept, rated = spot.records(), spot.rated()
    lost, unrated = readers.answered - kept, readers.rated - rated
    broke.saw = f"{len(readers.answered)} answers, then no connection"
    broke.lost = (
        f"{len(lost)} of {len(readers.answered)} answers, {len(unrated)} of {len(readers.rated)} opinions"
    )
    broke.check(not lost and not unrated, "records were lost")
    broke.check(bool(readers.answered) and bool(readers.rated), "nothing was asked")
    with served(spot.settings, ready=False) as target:
        took = target.wait_until("/readyz", 200)
        broke.check(answers(target) == spot.said, "other answers after the start")
        broke.recovered = f"by itself when started again, ready after {took:.0f} s"
    return broke


def killed_during_ingest(spot: Place, moments: tuple[float, ...] = (0.5, 0.8, 0.95)) -> Broke:
    """Kill an ingest of changed material at several moments while a server answers from the old index."""
    broke = Broke(f"`kill -9` of `ingest` at {len(moments)} moments, while a server answers")
    text = (spot.folder / "corpus" / "principle-1-essay.md").read_text(encoding="utf-8")
    with served(spot.settings) as target:
        began = time.monotonic()
        spot.ingested()
        whole = time.monotonic() - began
        seen = []
        for number, moment in enumerate(moments):
            _change(spot, text, number)
            with spot.ingest() as process:
                time.sleep(moment * whole)
                finished = process.poll() is not None
                process.kill()
            seen.append("finished first" if finished else "killed")
            broke.check(_seen(target, spot, broke) != "503", "nothing was answered after a kill")
        broke.saw = "the right answers throughout"
        (spot.folder / "corpus" / "principle-1-essay.md").write_text(text, encoding="utf-8")
        said = spot.ingested()
        broke.lost = f"nothing ({', '.join(seen)})"
        broke.recovered = f"by the next `ingest` ({said.strip().splitlines()[-1]})"
        time.sleep(8)
        broke.check(answers(target) == spot.said, "other answers after the next ingest")
    return broke


def _change(spot: Place, text: str, number: int) -> None:
    """Change the words of a document a little, so that there is something to embed and write."""
    changed = text.replace(". ", f". (Edition {number}.) ", 40)
    (spot.folder / "corpus" / "principle-1-essay.md").write_text(changed, encoding="utf-8")


def disk_full_for_records(spot: Place) -> Broke:
    """Let no file of the server grow, as on a full disk, and then let it again."""
    broke = Broke("Disk full under the records")
    with served(spot.settings) as target:
        before = len(spot.records()) if (spot.data / "records.sqlite3").exists() else 0
        _limit_files(target, 8_192)
        seen, given = _seen(target, spot, broke), target.ask(ASKED[0]).json()
        opinion = {"answer": given.get("id", ""), "rating": "up"}
        rated = httpx.post(f"{target.address}/api/feedback", json=opinion, timeout=30).status_code
        warned = target.said.count("not on record")
        _limit_files(target, resource.RLIM_INFINITY)
        after = target.ask(ASKED[0]).json()["id"]
        broke.saw = f"{seen}; feedback: {rated}"
        broke.lost = (
            f"the records of those answers, said in the log ({warned} warning); nothing that was acknowledged"
        )
        broke.recovered = "by itself with the next question" if after in spot.records() else "not"
        broke.check(
            seen == "the right answers" and rated in {404, 503} and warned == 1, f"{seen} {rated} {warned}"
        )
        broke.check(after in spot.records() and len(spot.records()) >= before, "records were lost")
    return broke


def _limit_files(target: Served, size: int) -> None:
    resource.prlimit(target.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def disk_full_for_ingest(spot: Place) -> Broke:
    """Let an ingest of changed material run out of room while a server answers."""
    broke = Broke("Disk full under `ingest`, while a server answers")
    file = spot.folder / "corpus" / "principle-1-essay.md"
    text = file.read_text(encoding="utf-8")
    _change(spot, text, 99)
    with served(spot.settings) as target:
        with spot.ingest(room=SOME_BYTES) as process:
            said, _ = process.communicate(timeout=START_SECONDS)
        last = said.strip().splitlines()[-1]
        seen = _seen(target, spot, broke)
        broke.saw, broke.lost = (
            seen,
            f"nothing; `ingest` ends with status {process.returncode}: “{last[:110]}…”",
        )
        broke.check(
            process.returncode == 1 and "Traceback" not in said, f"ingest: {process.returncode} {last}"
        )
        broke.check(seen == "the right answers", seen)
        file.write_text(text, encoding="utf-8")
        spot.ingested()
        time.sleep(5)
        broke.check(answers(target) == spot.said, "other answers afterwards")
        broke.recovered = "by the next `ingest` with room"
    return broke


def index_removed(spot: Place) -> Broke:
    """Delete the index under a running server."""
    broke = Broke("Folder of the index deleted while serving")
    with served(spot.settings) as target:
        shutil.rmtree(spot.data / "index")
        broke.saw = _seen(target, spot, broke)
        took = _until_ready_again(target, spot, broke)
        broke.lost, broke.recovered = "nothing", f"by itself: made anew within {took:.0f} s, no restart"
        broke.check(answers(target) == spot.said, "other answers afterwards")
    return broke


def index_truncated(spot: Place) -> Broke:
    """Cut the index's file short under a running server, then do what the log says."""
    broke = Broke("File of the index cut short while serving")
    with served(spot.settings) as target:
        os.truncate(spot.data / "index" / "chroma.sqlite3", 5_000)
        time.sleep(0.5)
        broke.saw = _seen(target, spot, broke)
        target.wait_until("/readyz", 503, 30)
        broke.check("deleting the folder" in target.said, "the log does not say what to do")
        shutil.rmtree(spot.data / "index")
        took = _until_ready_again(target, spot, broke)
        broke.saw += ", `/readyz` 503"
        broke.lost = "nothing"
        broke.recovered = f"folder deleted as the log says, then by itself within {took:.0f} s, no restart"
        broke.check(answers(target) == spot.said, "other answers afterwards")
    return broke


_READY = re.compile(r"ready to answer|index \w+ is there")


def _until_ready_again(target: Served, spot: Place, broke: Broke) -> float:
    # An index made anew of the same material has the same name: the assistant that is there stays.
    began, ready = time.monotonic(), len(_READY.findall(target.said))
    while len(_READY.findall(target.said)) == ready:
        _seen(target, spot, broke)
        time.sleep(1)
        if time.monotonic() - began > START_SECONDS:
            broke.faults.append("never ready again")
            break
    return time.monotonic() - began


def index_read_only(spot: Place) -> Broke:
    """Take the right to write away under a server that is not root."""
    broke = Broke("Folder of the data made read-only while serving")
    with served(spot.settings) as target:
        for path in (spot.data, *spot.data.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        seen = _seen(target, spot, broke)
        time.sleep(4)
        seen_later = _seen(target, spot, broke)
        for path in (spot.data, *spot.data.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        broke.saw = f"{seen}, and later {seen_later}"
        after = target.ask(ASKED[0]).json()["id"]
        broke.check(after in spot.records(), "not recorded afterwards")
        broke.lost, broke.recovered = (
            "records of those answers, said in the log",
            "by itself with the next question",
        )
    return broke


def model_server_killed(spot: Place) -> Broke:
    """Kill the language model's server, where quotes are not to stand in for it, and start it again."""
    broke = Broke("Language model's server killed and started again (`KIL_QUOTES_IF_MODEL_FAILS=false`)")
    port = free_port()
    # Only a question that the material answers is put to the model.
    settings = {
        "KIL_MODEL": "openai:any",
        "KIL_MODEL_URL": f"http://127.0.0.1:{port}/v1",
        "KIL_QUOTES_IF_MODEL_FAILS": "false",
    }
    with served({**spot.settings, **settings}) as target:
        seen = []
        for _ in range(2):
            with _model_server(port):
                seen.append(target.ask(ASKED[1]).status_code)
            seen.append(target.ask(ASKED[1]).status_code)
        detail = target.ask(ASKED[1]).json()["detail"]
    broke.saw = f"with it, without, with, without: {', '.join(map(str, seen))}; “{detail}”"
    broke.lost, broke.recovered = "nothing", "by itself with the next question"
    broke.check(seen == [200, 503, 200, 503], f"{seen}")
    return broke


@contextmanager
def _model_server(port: int) -> Iterator[None]:
    """Run a language model's server as a process of its own, and kill it."""
    command = (sys.executable, "-m", "tests.modelserver", str(port))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


FAULTS: Mapping[str, Callable[[Place], Broke]] = {
    "killed": killed_under_load,
    "ingest-killed": killed_during_ingest,
    "records-full": disk_full_for_records,
    "ingest-full": disk_full_for_ingest,
    "removed": index_removed,
    "truncated": index_truncated,
    "read-only": index_read_only,
    "model-killed": model_server_killed,
}
