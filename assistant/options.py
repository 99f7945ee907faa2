"""What the command line takes, and its help."""

import argparse
from pathlib import Path

from assistant.vocabulary import KINDS, PRINCIPLES
from assistant.wording import WHAT_IT_IS, WHAT_IT_IS_NOT

_STATUS = """Exit status: 0 answered, 3 the material holds no answer, 2 wrong use, 1 anything else."""


def parser() -> argparse.ArgumentParser:
    """Return the parser; what it returns has the chosen command's name in `command`."""
    root = argparse.ArgumentParser(
        prog="keep-it-local",
        description=f"{WHAT_IT_IS} {WHAT_IT_IS_NOT}",
        epilog="`keep-it-local COMMAND --help` tells more of each command. .env.example lists all settings.",
        allow_abbrev=False,
    )
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _asking(commands)
    _reading(commands)
    _running(commands)
    _keeping(commands)
    _measuring(commands)
    return root


def _asking(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ask = _command(
        commands,
        "ask",
        "answer one question, with its references",
        'keep-it-local ask "How did Leeds merge its contracts?" --principle 1 --principle 6',
        after=_STATUS,
    )
    ask.add_argument("question", metavar="QUESTION", help="1 to 1,000 characters, in quotation marks")
    _filters(ask)
    _json(ask)
    ask.add_argument(
        "--briefing",
        type=_paper,
        metavar="FILE",
        help="write the answer there too, with its references: a name that ends in .docx (Word) or .md",
    )
    _command(
        commands,
        "chat",
        "ask one question after another; follow-ups are understood from what was said before",
        "keep-it-local chat",
        after="Leave with `quit`, Ctrl-D or Ctrl-C. Nothing that is said is kept.",
    )


def _reading(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    search = _command(
        commands,
        "search",
        "find passages without an answer, best first",
        'keep-it-local search "social value" --limit 3 --kind case-study',
    )
    search.add_argument("words", metavar="WORDS", help="what to look for, in quotation marks")
    search.add_argument("--limit", type=int, default=10, metavar="N", help="how many passages, 1 to 50 (10)")
    _filters(search)
    _json(search)
    documents = _command(
        commands,
        "documents",
        "list the documents of the material, or show one of them whole",
        "keep-it-local documents principle-4-essay",
    )
    documents.add_argument("id", nargs="?", metavar="ID", help="one document; without it, all are listed")
    _json(documents)


def _running(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _command(
        commands,
        "serve",
        "serve the chat page and the HTTP interface",
        "KIL_PORT=8000 keep-it-local serve",
        after="Without an index the first start builds it. A newer index is taken without a restart.",
    )
    ingest = _command(
        commands,
        "ingest",
        "bring the index up to the material; only what changed is read again",
        "keep-it-local ingest && keep-it-local ingest status",
    )
    _originals(ingest.add_subparsers(dest="action", metavar="ACTION", title="actions"))


def _originals(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _command(
        actions,
        "status",
        "say what an ingest would do and how each document stands, and change nothing",
        "keep-it-local ingest status",
    )
    fetch = _command(
        actions,
        "fetch",
        "get the originals from the web that are new or have changed, then ingest",
        "keep-it-local ingest fetch principle-4-essay",
        after="Exit status: 0 all is well, 1 something was not got or has changed its page: see the table.",
    )
    fetch.add_argument("ids", nargs="*", metavar="ID", help="only these documents; without, all on the web")
    fetch.add_argument("--dry-run", action="store_true", help="ask and tell, but keep nothing")
    add = _command(
        actions,
        "add",
        "add documents of your own, or bring what was added up to date, then ingest",
        'keep-it-local ingest add "Annual report.pdf" --kind report --date 2025-06',
        after="What you don't say is proposed from the document. Of a folder only what changed is read.",
    )
    _entry(add)
    remove = _command(
        actions,
        "remove",
        "take out what was added or fetched, then ingest; a digest answers again",
        "keep-it-local ingest remove annual-report",
    )
    remove.add_argument("ids", nargs="+", metavar="ID", help="as `keep-it-local documents` lists it")


def _entry(add: argparse.ArgumentParser) -> None:
    add.add_argument(
        "sources", nargs="+", metavar="FILE|URL|FOLDER", help="HTML, PDF, Word, Markdown or text"
    )
    add.add_argument("--id", help="its name in addresses, or that of the document whose original it is")
    add.add_argument("--title")
    add.add_argument("--authors", metavar="NAMES", help="separated by semicolons")
    add.add_argument("--date", metavar="DATE", help="a year, a month or a day, such as 2022-09-19")
    add.add_argument("--kind", choices=KINDS)
    add.add_argument("--principle", type=int, choices=PRINCIPLES)
    add.add_argument("--organisation", metavar="NAME")
    add.add_argument("--place", metavar="NAME", help="the place it is about")


def _keeping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    records = _command(
        commands,
        "records",
        "get or delete what is kept of questions, answers and feedback",
        "keep-it-local records export --csv records.csv",
    )
    actions = records.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    export = _command(
        actions,
        "export",
        "write out everything that is kept, the oldest first",
        "keep-it-local records export --csv records.csv",
        after="One JSON object a line, or with --csv a table. Personal data was masked before it was kept.",
    )
    export.add_argument("file", nargs="?", type=Path, metavar="FILE", help="without it, to the terminal")
    export.add_argument("--csv", action="store_true", help="a table, for a spreadsheet")
    purge = _command(
        actions,
        "purge",
        "delete what is kept, for good",
        "keep-it-local records purge --days 30",
        after="Exit status: 0 deleted, or there was nothing; 1 not confirmed, or it failed; 2 wrong use.",
    )
    purge.add_argument("--days", type=int, default=0, metavar="N", help="only what is older than N days")
    purge.add_argument("--yes", action="store_true", help="do not ask first")
    _command(
        commands,
        "staff-password",
        "make the line that switches the staff's desk at /staff on",
        "keep-it-local staff-password >> .env",
        after="Asks twice and shows nothing; or takes one line from a script. The line holds a hash of it.",
    )


def _measuring(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    evaluate = _command(
        commands,
        "evaluate",
        "ask a file of questions and score the answers",
        "keep-it-local evaluate --only list --failures",
        after="tests/evaluation/README.md says what a file of questions holds and how answers are scored.",
    )
    evaluate.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="questions (tests/evaluation/questions.jsonl)"
    )
    evaluate.add_argument("--only", metavar="TYPE", help="only questions of this type, such as near-miss")
    evaluate.add_argument(
        "--part", choices=("tune", "kept"), help="two thirds for tuning, or the third that is kept from it"
    )
    evaluate.add_argument(
        "--model",
        metavar="PROVIDER:NAME",
        help="ask in quotes and then with this language model, and show both side by side",
    )
    evaluate.add_argument("--failures", action="store_true", help="show each faulty answer and what is wrong")
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write the results there")
    evaluate.add_argument(
        "--compare", type=Path, metavar="EARLIER", help="say what changed since these results"
    )


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    does: str,
    example: str,
    after: str = "",
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=does,
        description=f"{does[0].upper()}{does[1:]}.",
        epilog=f"Example:\n  {example}\n\n{after}".rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _filters(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--principle",
        type=int,
        action="append",
        default=[],
        choices=PRINCIPLES,
        help="search only documents of this principle; may be given again",
    )
    command.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=KINDS,
        help="search only documents of this kind; may be given again",
    )


def _paper(text: str) -> Path:
    """Take a file's name that says what kind of file it is to be, before anything is asked."""
    path = Path(text)
    if path.suffix.lower() not in (".docx", ".md"):
        raise argparse.ArgumentTypeError("give a name that ends in .docx or .md")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}; make it first")
    return path


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON, as the HTTP interface would")
