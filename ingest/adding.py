"""Takes in new material, from a file, a folder or the web: one catalogue entry for each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from assistant.errors import NotFound, Unreachable, Unreadable, WrongUse
from assistant.vocabulary import Document
from ingest import wording
from ingest.fetching import Fetcher
from ingest.front_matter import Digest
from ingest.originals import READ_BY, Original, Originals
from ingest.proposing import Choices, choose, propose
from ingest.readers import Reading
from ingest.refreshing import Read, Result, facts, name_of, now
from ingest.titles import equal

TYPES = frozenset({".html", ".htm", ".pdf", ".docx", ".md", ".markdown", ".txt"})
LARGEST = 100_000_000


class Adding:
    """Adds and updates; `fetcher` is only called when something comes from the web."""

    def __init__(
        self,
        originals: Originals,
        digests: Sequence[Digest],
        read: Read,
        fetcher: Callable[[], Fetcher],
        choices: Choices,
    ) -> None:
        self._originals = originals
        self._here = {one.id: one for one in originals.all()}
        self._documents = {one.document.id: one.document for one in digests}
        self._read = read
        self._fetcher = fetcher
        self._choices = choices

    def add(self, source: str) -> Iterator[Result]:
        """Add what `source` names. Of a folder, each file that can be read, and only what changed."""
        if source.startswith(("http://", "https://")):
            yield self._web(source)
        elif Path(source).is_dir():
            if self._choices.id or self._choices.title:
                raise WrongUse(wording.FOLDER_OF_ONE)
            yield from self._folder(Path(source).resolve())
        elif Path(source).exists():
            yield self._file(Path(source).resolve())
        else:
            raise WrongUse(wording.no_source(source))

    def _folder(self, folder: Path) -> Iterator[Result]:
        for path in _files(folder):
            yield self._file(path)
        for held in self._here.values():
            path = Path(held.address)
            if held.is_file and folder in path.parents and not path.exists():
                yield Result(held.id, "kept", wording.file_gone(path.name, held.id))

    def _file(self, path: Path) -> Result:
        held = self._held(str(path))
        try:
            data = _bytes(path)
            checksum = sha256(data).hexdigest()
            if held and held.checksum == checksum and held.read_by == READ_BY:
                return self._chosen(held)
            twin = self._twin(checksum)
            if held is None and twin is not None:
                return self._again(twin, path)
            reading = self._read(data, path.name, None)
        except Unreadable as error:
            return Result(held.id if held else path.name, "kept" if held else "missing", str(error))
        new = {"checksum": checksum, "reading": reading, "read_by": READ_BY, "trouble": None}
        return self._keep(held or self._new(reading, str(path), path.name), new)

    def _web(self, address: str) -> Result:
        held = self._held(address)
        try:
            with self._fetcher() as fetcher:
                fetched = fetcher.get(address)
            assert fetched is not None
            reading = self._read(fetched.data, name_of(fetched.address), fetched.media_type)
        except (Unreachable, Unreadable) as error:
            return Result(held.id if held else address, "kept" if held else "missing", str(error))
        new = facts(fetched) | {"reading": reading, "trouble": None, "page_changed": False}
        return self._keep(held or self._new(reading, address, address), new)

    def _keep(self, before: Original, new: dict[str, object]) -> Result:
        """Keep what was read, under the entry that it has or gets."""
        same = before.reading == new["reading"]
        when = {"checked_on": now()} | ({} if same else {"fetched_on": now()})
        after = before.model_copy(update=new | when)
        self._save(after)
        result = self._chosen(after)
        if same:
            return result
        made = after.document and before.reading is None
        detail = wording.added(after.document) if made and after.document else result.detail
        return Result(after.id, "changed" if before.reading else "new", detail)

    def _chosen(self, held: Original) -> Result:
        """Change the entry of what is here already, where something else was chosen now."""
        changed = choose(held.document, self._choices) if held.document else {}
        if not changed:
            return Result(held.id, "same")
        assert held.document is not None
        document = replace(held.document, **changed)  # type: ignore[arg-type]
        self._save(held.model_copy(update={"document": document}))
        return Result(held.id, "changed", wording.entry(document))

    def _again(self, twin: Original, path: Path) -> Result:
        """Tell a file that was renamed from one that is there twice."""
        if Path(twin.address).exists():
            return Result(twin.id, "same", wording.same_file(path.name, Path(twin.address).name))
        url = path.name
        document = replace(twin.document, url=url) if twin.document else None
        self._save(twin.model_copy(update={"address": str(path), "document": document}))
        return Result(twin.id, "changed", wording.renamed(path.name))

    def _new(self, reading: Reading, address: str, shown: str) -> Original:
        """Begin an original: of a document of the catalogue, or with an entry of its own."""
        known = self._known(reading, address)
        if known is not None:
            return Original(id=known.id, address=address, is_chosen=True)
        taken = {*self._here, *self._documents}
        if self._choices.id in taken:
            raise WrongUse(wording.id_taken(str(self._choices.id)))
        document = propose(reading, shown, self._choices, taken)
        return Original(id=document.id, address=address, document=document)

    def _known(self, reading: Reading, address: str) -> Document | None:
        """Find the catalogue's document that this is: named, at this address, or with this very title."""
        if self._choices.id is not None:
            return self._documents.get(self._choices.id)
        title = self._choices.title or reading.title or ""
        for document in self._documents.values():
            is_free = document.id not in self._here
            if document.url == address or (is_free and equal(document.title, title)):
                return document
        return None

    def _held(self, address: str) -> Original | None:
        return next((one for one in self._meant() if one.address == address), None)

    def _twin(self, checksum: str) -> Original | None:
        return next((one for one in self._meant() if one.is_file and one.checksum == checksum), None)

    def _meant(self) -> list[Original]:
        """Return what may be the one in hand: the one that was named, else any."""
        named = self._choices.id
        return [one for one in self._here.values() if named in (None, one.id)]

    def _save(self, original: Original) -> None:
        self._originals.save(original)
        self._here[original.id] = original


def remove(originals: Originals, id_: str) -> Result:
    """Take out what was added, or the original of a document; raises `NotFound`."""
    if not originals.remove(id_):
        raise NotFound(wording.nothing_to_remove(id_))
    return Result(id_, "removed")


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files that can be read, without the hidden ones that editors and Word leave."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        if path.suffix.lower() in TYPES and not hidden and path.is_file():
            yield path


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(wording.too_large_file(path.name, LARGEST))
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(wording.no_file(path.name, error.strerror)) from error
