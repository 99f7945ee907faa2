"""Fifty readers, each asking every ten seconds: how long they wait, and what it costs the server.

Run `python -m tests.benchmarks.load --minutes 10`. It starts a server of its own on this machine, over the
data folder of the settings, where the index has to be, with the limits off and without keeping records.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

TRAINING = Path("tests/evaluation/training")
MOST_MINUTES, MOST_READERS = 60, 500
HEALTH_EVERY, MEMORY_EVERY, PATIENCE = 0.2, 10.0, 30.0


@dataclass
class Seen:
    """What was measured; times are milliseconds."""

    answers: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    processor: float = 0.0  # seconds


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """Serve on a free port, and give the address and the process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    knobs = {"KIL_HOST": "127.0.0.1", "KIL_PORT": str(port), "KIL_RATE_PER_MINUTE": "0", "KIL_RECORD": "no"}
    command = [sys.executable, "-c", "import sys; from app import main; sys.exit(main())", "serve"]
    with subprocess.Popen(command, env=os.environ | knobs, stdout=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()


def questions() -> list[str]:
    """Return what is asked: the training questions, of every kind, also those without an answer."""
    lines = [line for path in sorted(TRAINING.glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [str(json.loads(line)["question"]) for line in lines]


async def ready(client: httpx.AsyncClient) -> None:
    """Wait until questions are answered and the chat is there."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        try:
            answered, page = await client.get("/readyz"), await client.get("/")
            if answered.status_code == 200 and "Retry-After" not in page.headers:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.5)
    raise TimeoutError("The server was not ready within five minutes.")


async def read(client: httpx.AsyncClient, seen: Seen, asked: Sequence[str], every: float, seed: int) -> None:
    """Ask one question after the other, as one reader does."""
    mine = random.Random(seed)
    await asyncio.sleep(mine.uniform(0, every))
    while True:
        began = time.perf_counter()
        try:
            answer = await client.post("/api/ask", json={"question": mine.choice(asked)})
            outcome = answer.json()["outcome"] if answer.status_code == 200 else ""
            if not outcome:
                seen.errors.append(str(answer.status_code))
            seen.outcomes[outcome] = seen.outcomes.get(outcome, 0) + 1
        except httpx.HTTPError as error:
            seen.errors.append(type(error).__name__)
        took = time.perf_counter() - began
        seen.answers.append(took * 1000)
        await asyncio.sleep(max(0.0, every - took))


async def look(client: httpx.AsyncClient, seen: Seen) -> None:
    """Ask again and again whether the server lives: it says so at once unless its loop is blocked."""
    while True:
        began = time.perf_counter()
        try:
            await client.get("/healthz")
        except httpx.HTTPError as error:
            seen.errors.append(f"healthz {type(error).__name__}")
        seen.health.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(HEALTH_EVERY)


async def weigh(process: int, seen: Seen) -> None:
    """Note how much memory the server holds."""
    while True:
        seen.memory.append(resident(process))
        await asyncio.sleep(MEMORY_EVERY)


def resident(process: int) -> float:
    """Return the resident memory in MB, as Linux tells it."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS"))


def used(process: int) -> float:
    """Return the seconds of processor time that the process took, as Linux tells them."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def at_once(*doings: asyncio.Task[None]) -> AsyncIterator[None]:
    """Let all of them go on meanwhile, and end them."""
    try:
        yield
    finally:
        for doing in doings:
            doing.cancel()
        await asyncio.gather(*doings, return_exceptions=True)


async def measure(address: str, process: int, readers: int, every: float, minutes: float) -> Seen:
    """Let the readers ask for so long."""
    seen, asked = Seen(), questions()
    limits = httpx.Limits(max_connections=readers + 10)
    async with httpx.AsyncClient(
        base_url=address, timeout=PATIENCE, limits=limits, trust_env=False
    ) as client:
        await ready(client)
        start = asyncio.create_task
        reading = [start(read(client, seen, asked, every, seed)) for seed in range(readers)]
        async with at_once(*reading, start(look(client, seen)), start(weigh(process, seen))):
            began = used(process)
            await asyncio.sleep(minutes * 60)
            seen.processor = used(process) - began
    return seen


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least value that so many are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def told(seen: Seen, options: argparse.Namespace) -> str:
    """Write what the README tells."""
    p50, p95, p99 = (f"{percentile(seen.answers, share):.0f} ms" for share in (0.5, 0.95, 0.99))
    quarters = [seen.memory[len(seen.memory) * quarter // 4] for quarter in range(4)] + seen.memory[-1:]
    lines = (
        f"{options.readers} readers, each every {options.every:g} s, for {options.minutes:g} minutes",
        f"answers {len(seen.answers)}: p50 {p50}, p95 {p95}, p99 {p99}; {seen.outcomes}",
        f"errors {len(seen.errors)} {sorted(set(seen.errors))}",
        f"/healthz p99 {percentile(seen.health, 0.99):.0f} ms of {len(seen.health)}",
        f"memory by quarters {', '.join(f'{held:.0f}' for held in quarters)} MB",
        f"processor {seen.processor / max(1, len(seen.answers)) * 1000:.0f} ms an answer, all told",
        f"load of the machine {os.getloadavg()[0]:.1f}",
    )
    return "\n".join(lines)


def main() -> None:
    """Measure and tell."""
    taken = argparse.ArgumentParser(description=__doc__)
    taken.add_argument("--readers", type=int, default=50)
    taken.add_argument("--every", type=float, default=10.0, help="seconds between a reader's questions")
    taken.add_argument("--minutes", type=float, default=1.0)
    options = taken.parse_args()
    if not (0 < options.readers <= MOST_READERS and 0 < options.minutes <= MOST_MINUTES):
        taken.error(f"at most {MOST_READERS} readers and {MOST_MINUTES} minutes")
    with served() as (address, process):
        seen = asyncio.run(measure(address, process, options.readers, options.every, options.minutes))
    print(told(seen, options))


if __name__ == "__main__":
    main()
