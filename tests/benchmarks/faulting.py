"""Breaks servers of its own and prints the table: `python -m tests.benchmarks.faulting [--only NAME] [--all]`."""

import sys
import tempfile
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.faults import ASKED, FAULTS, answers, place
from tests.benchmarks.served import served


def main() -> int:
    """Run everything and print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(FAULTS))
    parser.add_argument("--all", action="store_true", help="all 38 documents of the material, not 4 of them")
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder, place(Path(folder), 100 if options.all else 4) as spot:
        spot.ingested()
        with served(spot.settings) as target:
            whole = replace(spot, said=answers(target))
        sys.stderr.write(f"asked: {dict(zip(ASKED, whole.said, strict=True))}\n")
        print("| fault | what a reader saw | what was lost | recovered |\n|---|---|---|---|", flush=True)
        for name, fault in FAULTS.items():
            if not options.only or name in options.only:
                began = time.monotonic()
                try:
                    broke = fault(whole)
                except Exception as error:  # noqa: BLE001  the next fault is tried all the same
                    sys.stderr.write(f"{name} ended: {error!r}\n")
                    failed += 1
                    continue
                print(broke.row(), flush=True)
                sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
                failed += bool(broke.faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
