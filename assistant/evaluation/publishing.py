"""Puts the committed figures into the package; `make evaluate` runs it as a module."""

from pathlib import Path

from assistant.evaluation.figures import ALL
from assistant.evaluation.results import Results, read
from assistant.measured import FILE, RUNS, Measured, Share

RESULTS = Path("tests/evaluation/results")
FIRST = "latest.json"
PUBLISHED = Path(__file__).parents[1] / FILE

TOLD = (
    "outcome right",
    "right document",
    "fact recall",
    "lists complete",
    "refused rightly",
    "refused wrongly",
    "forbidden",
    "contract broken",
)


def published(folder: Path) -> bytes:
    """Write down the figures of each results file, the newest of the open questions first."""
    others = sorted(path for path in folder.glob("*.json") if path.name != FIRST)
    return (
        RUNS.dump_json(tuple(_measured(read(path)) for path in (folder / FIRST, *others)), indent=1) + b"\n"
    )


def _measured(results: Results) -> Measured:
    about, found = results.about, results.figures[ALL]
    return Measured(
        questions=", ".join(about.files),
        measured_on=about.measured_on,
        answered_by=about.answered_by,
        indexed_on=about.indexed_on,
        documents=about.documents,
        figures={name: Share(sum=found[name].sum, of=found[name].of) for name in TOLD if name in found},
    )


if __name__ == "__main__":
    PUBLISHED.write_bytes(published(RESULTS))
