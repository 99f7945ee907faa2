"""What `keep-it-local ingest fetch`, `add`, `remove` and `status` do, one result after another."""

from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import notices
from assistant.errors import NotFound
from assistant.index import Index
from ingest import readers, wording
from ingest.adding import Adding, remove
from ingest.building import Status, status
from ingest.combining import read_material
from ingest.fetching import Fetcher, Patience
from ingest.front_matter import Digest, read_corpus
from ingest.originals import Original, Originals
from ingest.proposing import Choices
from ingest.refreshing import Read, Refreshing, Result, Target

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the material is, and how the web is asked for it."""

    corpus: Path
    originals: Path
    contact: str = ""
    private: bool = False
    patience: Patience | None = None
    read: Read = readers.read

    def fetcher(self) -> Fetcher:
        """Make what asks the web; raises `WrongUse` where nobody says who asks."""
        return Fetcher(self.contact, private=self.private, patience=self.patience)


@dataclass(frozen=True, slots=True)
class Saying:
    """How the person at the terminal is told: each result as it comes, sentences, and tables."""

    progress: Callable[[str], object]
    line: Callable[[str], object]
    table: Callable[[Row, Sequence[Row]], object]


def change(options: Namespace, place: Place, say: Saying) -> bool:
    """Fetch, add or remove; return whether all is well. Each result is kept before it is told."""
    if options.action in (None, "status"):
        return True
    results: list[Result] = []
    for result in run(options, place):
        results.append(result)
        say.progress(f"{result.id}: {wording.STATES[result.state]}")
    line, rows = summary(results, place)
    if rows:
        say.table(wording.RESULT_HEADS, rows)
    say.line(line)
    return all(result.is_well for result in results)


def is_due(options: Namespace, place: Place, index: Index, embedder: str, say: Saying) -> bool:
    """Say whether the index has to be made anew; after `status` and a dry run it never has to."""
    if options.action is None:
        return True
    found = status(place.corpus, index, embedder, place.originals)
    if options.action == "status":
        held = (len(found.state.documents), found.state.indexed_on) if found.state else (None, None)
        say.line(notices.index_state(*held))
        due = (found.new, found.changed, found.removed)
        say.line(notices.ingest_due(*due, current=found.is_current))
        say.table(wording.OVERVIEW_HEADS, overview(place, index, found))
        return False
    return not found.is_current and not getattr(options, "dry_run", False)


def run(options: Namespace, place: Place) -> Iterator[Result]:
    """Do what the command line says, one document after another."""
    match options.action:
        case "fetch":
            yield from fetch(place, options.ids, dry_run=options.dry_run)
        case "add":
            yield from add(place, options.sources, _choices(options))
        case _:
            with Originals(place.originals).alone():
                yield from [remove(Originals(place.originals), id_) for id_ in options.ids]


def fetch(place: Place, ids: Sequence[str] = (), *, dry_run: bool = False) -> Iterator[Result]:
    """Get the originals of all documents that are on the web, or of those named."""
    originals = Originals(place.originals)
    targets = _targets(read_corpus(place.corpus), {one.id: one for one in originals.all()})
    if unknown := [id_ for id_ in ids if id_ not in targets]:
        raise NotFound(wording.not_on_the_web(unknown[0]))
    with originals.alone(), place.fetcher() as fetcher:
        refreshing = Refreshing(originals, fetcher, place.read, dry_run)
        for id_ in ids or targets:
            yield refreshing.refresh(targets[id_])


def add(place: Place, sources: Sequence[str], choices: Choices) -> Iterator[Result]:
    """Add files, folders and pages."""
    originals = Originals(place.originals)
    with originals.alone():
        adding = Adding(originals, read_corpus(place.corpus), place.read, place.fetcher, choices)
        for source in sources:
            yield from adding.add(source)


def summary(results: Sequence[Result], place: Place) -> tuple[str, list[Row]]:
    """Sum up in a line, and give a row for each document that is not as it was."""
    rows: list[Row] = [
        (one.id, wording.STATES[one.state], one.detail)
        for one in results
        if one.state != "same" or one.detail
    ]
    repeated = read_material(place.corpus, place.originals).repeated
    rows += [(id_, wording.REPEATED, wording.counts_once(twin)) for id_, twin in repeated.items()]
    return wording.counted(Counter(one.state for one in results)), rows


def overview(place: Place, index: Index, found: Status) -> list[Row]:
    """Give a row for each document in the index: what its text is, from when, and what it lacks."""
    held = {one.id: one for one in Originals(place.originals).all()}
    keys = index.keys(found.state.generation) if found.state and index.is_whole(found.state) else {}
    passages = Counter(id_.partition("/")[0] for id_ in keys)
    return [
        (
            document.id,
            wording.text_is(document.fetched_on),
            str(passages[document.id]),
            _page(held.get(document.id)),
            document.not_covered or "",
        )
        for document in (found.state.documents if found.state else ())
    ]


def _page(held: Original | None) -> str:
    if held is None:
        return wording.page_is(None, None, None, is_file=False)
    return wording.page_is(held.checked_on, held.trouble, held.moved_to, is_file=held.is_file)


def _targets(digests: Sequence[Digest], held: Mapping[str, Original]) -> dict[str, Target]:
    """Name what can be asked for: digests with a web address, and what was added from the web."""
    known = {one.document.id: Target.of(one, held.get(one.document.id)) for one in digests}
    added = {id_: Target.added(one, one.document) for id_, one in held.items() if one.document}
    files = {id_ for id_, one in held.items() if one.is_file}
    return {id_: target for id_, target in (known | added).items() if id_ not in files}


def _choices(options: Namespace) -> Choices:
    names = [name.strip() for name in (options.authors or "").split(";")]
    return Choices(
        id=options.id,
        title=options.title,
        authors=tuple(filter(None, names)),
        published=options.date,
        kind=options.kind,
        principle=options.principle,
        organisation=options.organisation,
        place=options.place,
    )
