"""What each compared system does in a process of its own: ingest, start, search. Needs nothing but Python.

The process is given what to do, a folder and the file of the material, and prints lines of JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What was found: document id, and section or span of characters in the document's text.
Found = tuple[str, str | None, tuple[int, int] | None]
Search = Callable[[str, int], list[Found]]
Material = dict[str, Any]

WARMING, RANKED = 5, 10


def megabytes(field: str) -> float:
    """Return this process's memory as Linux tells it: `VmRSS` now, `VmHWM` at its highest."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(field))


def say(**facts: object) -> None:
    """Tell the process that waits."""
    print(json.dumps(facts), flush=True)


def work(
    prepare: Callable[[Path], Callable[[Material], int]], searches: dict[str, Callable[[Path], Search]]
) -> None:
    """Do what the command line says. `prepare` loads what ingesting needs; `searches` open what was made."""
    doing, folder = sys.argv[1], Path(sys.argv[2])
    material: Material = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
    if doing == "ingest":
        began = time.perf_counter()
        ingest = prepare(folder)
        ready, load = time.perf_counter(), time.process_time()
        pieces = ingest(material)
        working, processor = time.perf_counter() - ready, time.process_time() - load
        peak = megabytes("VmHWM")
        say(pieces=pieces, loading=ready - began, load=load, working=working, processor=processor, peak=peak)
        return
    doing, _, kind = doing.partition(":")
    asked = [one["text"] for one in material["questions"]]
    search = searches[kind](folder)
    if doing == "start":
        search(asked[0], RANKED)
        say(processor=time.process_time())
        return
    _measure(search, asked, material["warming"])


def _measure(search: Search, asked: list[str], warming: list[str]) -> None:
    """Time every question once, none of them asked before."""
    for text in warming[:WARMING]:
        search(text, RANKED)
    took, processor, found = [], [], []
    for text in asked:
        began, load = time.perf_counter(), time.process_time()
        found.append(search(text, RANKED))
        took.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - load) * 1000)
    resident, peak = megabytes("VmRSS"), megabytes("VmHWM")
    say(ms=took, processor=processor, resident=resident, peak=peak, found=found)
