"""What the command line does with the records: write them out, and delete them."""

import csv
import json
import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TextIO

from assistant.errors import StorageFailed, WrongUse
from assistant.records import Record, Records
from assistant.spreadsheet import Cell, cell

_NOTHING_DELETED = "Nothing was deleted."
_NOBODY_ASKED = "Nothing was deleted, because nobody confirmed it. Add --yes to delete without being asked."


def act(options: Namespace, folder: Path, keep_days: int, url: str = "") -> int:
    """Do what was chosen and return the exit status."""
    with closing(Records(folder, keep_days, url=url)) as records:
        return _export(options, records) if options.action == "export" else _purge(options, records)


def _export(options: Namespace, records: Records) -> int:
    kept = records.all()
    write = _write_csv if options.csv else _write_json
    if options.file is None:
        write(kept, sys.stdout)
        return 0
    _write_file(options.file, kept, table=options.csv)
    _tell(f"{_answers(len(kept))} written to {options.file}.")
    return 0


def _write_file(path: Path, kept: Sequence[Record], *, table: bool) -> None:
    """Write a file that only its owner can read, as the records themselves are."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        path.chmod(0o600)  # it may have been there before
        encoding = (
            "utf-8-sig" if table else "utf-8"
        )  # Excel takes a table without the mark for another encoding
        with open(descriptor, "w", encoding=encoding, newline="") as file:  # noqa: PTH123 (a descriptor)
            (_write_csv if table else _write_json)(kept, file)
    except OSError as error:
        raise StorageFailed(f"The records can't be written to {path}: {error}.") from error


def _write_json(kept: Sequence[Record], out: TextIO) -> None:
    out.writelines(f"{json.dumps(asdict(record), ensure_ascii=False)}\n" for record in kept)


def _write_csv(kept: Sequence[Record], out: TextIO) -> None:
    table = csv.DictWriter(out, [field.name for field in fields(Record)], lineterminator="\n")
    table.writeheader()
    table.writerows(_cells(asdict(record)) for record in kept)


def _cells(record: Mapping[str, Any]) -> dict[str, Cell]:
    return {name: _cell(value) for name, value in record.items()}


def _cell(value: Cell | tuple[str, ...]) -> Cell:
    if isinstance(value, tuple):
        return "; ".join(value)
    return cell(value)


def _purge(options: Namespace, records: Records) -> int:
    if options.days < 0:
        raise WrongUse("--days has to be 0 or more.")
    answers = records.count(options.days)
    if answers and not options.yes and not _is_confirmed(answers):
        _tell(_NOTHING_DELETED)
        return 1
    _tell(f"{_answers(records.purge(options.days))} deleted.")
    return 0


def _is_confirmed(answers: int) -> bool:
    what = "answer with its" if answers == 1 else "answers with their"
    _tell(f"Delete {answers} {what} feedback? They can’t be brought back. Type yes to delete: ", end="")
    said = sys.stdin.readline()
    if not said:
        raise WrongUse(_NOBODY_ASKED)
    return said.strip().lower() in {"yes", "y"}


def _tell(text: str, end: str = "\n") -> None:
    """Speak beside the results, which may go into a file."""
    sys.stderr.write(f"{text}{end}")
    sys.stderr.flush()


def _answers(number: int) -> str:
    return "1 answer was" if number == 1 else f"{number} answers were"
