"""What grows with the material: time, memory, disk and the wait for a search, by the number of passages.

Run `python -m tests.benchmarks.growth`. It takes some minutes, and about 1 GB of disk for 100,000 passages.
The table is printed and the plot written beside this file. `--whole` says up to what size token vectors are
made and held as well; they need some 150 kB a passage, on disk and in memory.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from math import log10
from pathlib import Path
from typing import Any

PLOT = Path(__file__).with_name("growth.svg")
SIZES, BEYOND, WHOLE = (1_000, 10_000, 100_000), (1_000_000, 10_000_000), 10_000
ENVIRONMENT = {"HF_HUB_OFFLINE": "1", "OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}

Measured = dict[int, dict[str, dict[str, Any]]]
Look = Callable[[Mapping[str, Any]], float]

# Lines of the table: what it says, how it is written, where it is found.
ROWS: tuple[tuple[str, str, Look], ...] = (
    ("sentences", "{:,.0f}", lambda one: one["ingest"]["sentences"]),
    ("ingest: writing the index", "{:,.0f} s", lambda one: one["ingest"]["writing"]),
    ("— of the processor", "{:,.0f} s", lambda one: one["ingest"]["processor"]),
    (
        "ingest: the model’s work, of the processor, from a sample",
        "{:,.0f} s",
        lambda one: one["ingest"]["model"],
    ),
    ("ingest: most memory", "{:,.0f} MB", lambda one: one["ingest"]["peak"]),
    ("index on disk", "{:,.0f} MB", lambda one: one["ingest"]["disk"]),
    ("start: reading the index", "{:,.1f} s", lambda one: one["search"]["load"]),
    ("— of the processor", "{:,.1f} s", lambda one: one["search"]["load_processor"]),
    ("start: word statistics, spelling, of the processor", "{:,.1f} s", lambda one: one["search"]["prepare"]),
    ("memory, without token vectors", "{:,.0f} MB", lambda one: one["search"]["held"]),
    ("memory, at most while starting", "{:,.0f} MB", lambda one: one["search"]["peak"]),
    ("search, of the processor, p50", "{:,.0f} ms", lambda one: one["search"]["p50"]),
    ("search, of the processor, p95", "{:,.0f} ms", lambda one: one["search"]["p95"]),
    ("— reading the question", "{:,.1f} ms", lambda one: one["search"]["steps"]["reading"]),
    ("— nearest passages", "{:,.1f} ms", lambda one: one["search"]["steps"]["meaning"]),
    ("— nearest sentences", "{:,.1f} ms", lambda one: one["search"]["steps"]["sentence"]),
    ("— words (BM25)", "{:,.1f} ms", lambda one: one["search"]["steps"]["words"]),
    ("— fusing, reranking, answering", "{:,.1f} ms", lambda one: reranking(one["search"]["steps"])),
    ("whole: token vectors on disk", "{:,.0f} MB", lambda one: one["whole"]["tokens"]),
    ("whole: start", "{:,.1f} s", lambda one: one["answer"]["start"]),
    ("whole: resident", "{:,.0f} MB", lambda one: one["answer"]["resident"]),
    ("whole: answer, p50", "{:,.0f} ms", lambda one: one["answer"]["p50"]),
)
# And those of them that the plot shows, by name, with a colour.
SHOWN = {
    "search, of the processor, p50": "#0b6e4f",
    "start: reading the index": "#c8553d",
    "ingest: writing the index": "#28559a",
    "memory, without token vectors": "#7a4e9f",
    "index on disk": "#8a6d00",
}


def reranking(steps: Mapping[str, float]) -> float:
    """Add up the steps that look at the best hits only."""
    return sum(steps[name] for name in ("fusing", "reranking", "answering"))


def measure(sizes: Sequence[int], stored: int, whole: int) -> Measured:
    """Grow; each stage is a process of its own, and one that fails is told and left out."""
    measured: Measured = {}
    for size in sizes:
        measured[size] = {}
        with tempfile.TemporaryDirectory() as folder:
            stages = (*(("ingest",) if size <= stored else ()), "search")
            for stage in (*stages, *(("whole", "answer") if size <= whole else ())):
                began = time.perf_counter()
                command = (sys.executable, "-m", "tests.benchmarks.growing", stage, folder, str(size))
                done = subprocess.run(
                    command, env=os.environ | ENVIRONMENT, capture_output=True, text=True, check=False
                )
                if done.returncode:
                    tell(f"{size:,} {stage}: broke with {done.returncode}: {done.stderr[-800:]}")
                    break
                measured[size][stage] = json.loads(done.stdout.splitlines()[-1])
                tell(f"{size:,} {stage}: {time.perf_counter() - began:.0f} s {done.stdout.strip()}")
    return measured


def tell(text: str) -> None:
    """Say how far it is, beside the table."""
    print(text, file=sys.stderr, flush=True)


def values(measured: Measured, look: Look) -> dict[int, float]:
    """Return the figure of each size that has it."""
    found = {}
    for size, one in measured.items():
        try:
            found[size] = look(one)
        except KeyError:
            continue
    return found


def reckoned(found: Mapping[int, float], size: int) -> float:
    """Go on along the straight line through the two largest sizes: all that grows here grows by the row."""
    (small, low), (large, high) = sorted(found.items())[-2:]
    return high + (high - low) / (large - small) * (size - large)


def table(measured: Measured) -> Iterator[str]:
    """Yield the lines of the table; what is reckoned is in italics."""
    sizes = sorted(measured)
    columns = [f"{size:,}" for size in sizes] + [f"*{size:,}*" for size in BEYOND]
    yield f"| passages | {' | '.join(columns)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for name, form, look in ROWS:
        found = values(measured, look)
        if not found:
            continue
        cells = [form.format(found[size]) if size in found else "" for size in sizes]
        more = [size for size in (*sizes, *BEYOND) if size not in found] if len(found) > 1 else []
        cells = [
            f"*{form.format(reckoned(found, size))}*" if size in more else cell
            for size, cell in zip((*sizes, *BEYOND), (*cells, *("" for _ in BEYOND)), strict=True)
        ]
        yield f"| {name} | {' | '.join(cells)} |"


# --- the plot ---

WIDTH, HEIGHT, LEFT, TOP = 640, 380, 60, 24


def plot(measured: Measured) -> str:
    """Draw the figures against size, both by powers of ten."""
    lines = {name: values(measured, look) for name, _, look in ROWS if name in SHOWN}
    lines = {name: found for name, found in lines.items() if found}
    forms = {name: form for name, form, _ in ROWS}
    drawn = [value for found in lines.values() for value in found.values() if value > 0]
    low, high = int(log10(min(drawn)) // 1), int(log10(max(drawn)) // 1) + 1
    sizes = sorted(measured)

    def across(size: float) -> float:
        first, last = log10(sizes[0]), log10(sizes[-1])
        return LEFT + (WIDTH - LEFT - 270) * (log10(size) - first) / max(1e-9, last - first)

    def up(value: float) -> float:
        return TOP + (HEIGHT - TOP - 50) * (high - log10(value)) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<style>text { font: 12px sans-serif }</style>",
        "<title>What grows with the number of passages</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(low, high + 1):
        y = up(10.0**power)
        parts.append(
            f'<line x1="{LEFT}" x2="{across(sizes[-1]):.0f}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
        )
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>')
    parts.extend(
        f'<text x="{across(size):.0f}" y="{HEIGHT - 28}" text-anchor="middle">{size:,}</text>'
        for size in sizes
    )
    parts.append(
        f'<text x="{(LEFT + across(sizes[-1])) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">passages</text>'
    )
    last = -99.0
    for name, found in sorted(lines.items(), key=lambda line: -line[1][max(line[1])]):
        points = " ".join(f"{across(size):.1f},{up(value):.1f}" for size, value in sorted(found.items()))
        colour, size = SHOWN[name], max(found)
        last = max(last + 16, up(found[size]) + 4)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.extend(
            f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="3.5" fill="{colour}"/>'
            for point in points.split()
        )
        words = escape(f"{name}: {forms[name].format(found[size])}")
        parts.append(f'<text x="{across(size) + 10:.0f}" y="{last:.1f}" fill="{colour}">{words}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Measure, tell and draw."""
    taken = argparse.ArgumentParser(description=__doc__)
    taken.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    taken.add_argument(
        "--stored", type=int, default=SIZES[-1], help="write an index up to this size; beyond, only search"
    )
    taken.add_argument("--whole", type=int, default=WHOLE, help="make token vectors up to this size")
    taken.add_argument("--plot", type=Path, default=PLOT)
    options = taken.parse_args()
    measured = measure(options.sizes, options.stored, options.whole)
    print("\n".join(table(measured)))
    print(f"\nload of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    options.plot.write_text(plot(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
