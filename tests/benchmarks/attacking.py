"""Attacks a server of its own and prints the table: `python -m tests.benchmarks.attacking [--real] [--long]`.

Without `--real` the server gives canned answers and starts in seconds; with it, it is the product's own, with
its index. `--long` tries more.
"""

import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import attacks
from tests.benchmarks.attacks import Tried
from tests.benchmarks.served import Served, served
from tests.benchmarks.target import PATIENCE

TARGET = (sys.executable, "-m", "tests.benchmarks.target")
ALLOWED = "https://www.locality.example"
MINUTE = 20
PLANTED = {
    "KIL_MODEL_KEY": "planted-model-key",
    "OPENAI_API_KEY": "planted-provider-key",
    "KIL_STAFF_PASSWORD": "planted-staff-password",
    "KIL_DATABASE_URL": "postgresql://kil:planted-database-password@127.0.0.1:1/kil",
    "SOMEBODYS_TOKEN": "planted-environment",
}
_HARMLESS = ("KIL_MODEL_KEY", "OPENAI_API_KEY", "SOMEBODYS_TOKEN")
HEAD = "| attack | tries | what was met |\n|---|---|---|"


@contextmanager
def attacked(folder: Path, *, real: bool = False, rate: int = 0) -> Iterator[Served]:
    """Start the server that is attacked."""
    settings = {"KIL_DATA": str(folder), "KIL_RATE_PER_MINUTE": str(rate), "KIL_ALLOWED_ORIGINS": ALLOWED}
    settings |= {name: value for name, value in PLANTED.items() if not real or name in _HARMLESS}
    with served(settings, *(() if real else TARGET)) as target:
        yield target


def catalogue(patience: float, absolute: list[str], *, long: bool) -> list[Callable[[Served], Tried]]:
    """List the attacks that need no server of their own kind."""
    times = 3 if long else 1
    return [
        attacks.unicode,
        lambda target: attacks.gradio(target, 400 * times),
        attacks.body_bombs,
        lambda target: attacks.slow_heads(target, patience, 300 * times),
        lambda target: attacks.slow_bodies(target, patience, 300 * times),
        lambda target: attacks.slow_after_an_answer(target, patience),
        lambda target: attacks.half_open_streams(target, 200 * times),
        lambda target: attacks.crowd(target, 1_000),
        attacks.head_bombs,
        attacks.broken_http,
        lambda target: attacks.paths(target, absolute, 1 if long else 23),
        attacks.methods,
        lambda target: attacks.origins(target, ALLOWED),
    ]


def main() -> int:
    """Run everything and print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--data", type=Path, help="a folder with an index, for --real")
    parser.add_argument("--log", action="store_true", help="show what the server logged")
    options = parser.parse_args()
    faults = 0
    with tempfile.TemporaryDirectory() as made:
        folder = options.data or Path(made)
        patience = 20.0 if options.real else PATIENCE
        print(HEAD, flush=True)
        with attacked(folder, real=options.real) as target:
            for attack in catalogue(patience, [str(folder / "records.sqlite3")], long=options.long):
                faults += _told(attack, target)
            faults += _told(lambda target: attacks.secrets(target, PLANTED.values()), target)
            sys.stderr.write(target.said if options.log else "")
            if options.long:
                faults += _told(
                    lambda target: attacks.slow_readers(target, 60.0 if options.real else PATIENCE),
                    target,
                )
        with attacked(folder, real=options.real, rate=MINUTE) as target:
            faults += _told(lambda target: attacks.limits(target, MINUTE), target)
    return 1 if faults else 0


def _told(attack: Callable[[Served], Tried], target: Served) -> int:
    began = time.monotonic()
    try:
        tried = attack(target)
    except Exception as error:  # noqa: BLE001  the next attack is tried all the same
        print(f"| {attack} | | ENDED: {error!r} |", flush=True)
        return 1
    print(f"{tried.row()} {time.monotonic() - began:.0f} s", flush=True)
    return len(tried.faults)


if __name__ == "__main__":
    sys.exit(main())
