"""Every sentence that getting and adding originals tells the person at the terminal."""

from collections.abc import Mapping
from shlex import quote

from assistant.vocabulary import Document

NO_CONTACT = (
    "Set KIL_FETCH_CONTACT to your e-mail address, or to a web page that says who you are: the sites that "
    "are asked for their pages can then tell you if something is wrong."
)
ROBOTS_FORBID = "The site's robots.txt asks programs not to get this page."
DAMAGED = "The page was sent damaged or broke off."
GONE = {
    404: "The page is not there any more (404).",
    410: "The page was taken away for good (410).",
}


def private_address(host: str) -> str:
    """Say that an address is not on the public internet."""
    return f"{host} is not on the public internet. Set KIL_FETCH_PRIVATE=true if it is your own network."


def no_such_host(host: str) -> str:
    """Say that a name leads nowhere."""
    return f"no computer is called {host}"


def not_an_address(address: str) -> str:
    """Say that an address is none that can be asked."""
    return (
        f"{address[:200]!r} is not a web address that can be asked; it must start with http:// or https://."
    )


def too_many_redirects(limit: int) -> str:
    """Say that a page sends one on and on."""
    return f"The address leads on to another one more than {limit} times."


def status(code: int) -> str:
    """Say what the site answered instead of the page."""
    reasons = {401: "a login is needed", 403: "it refuses us", 429: "it has been asked too often"}
    reason = reasons.get(code, "it has a fault of its own" if code >= 500 else "there is no page")
    return f"The site answered with status {code}: {reason}."


def asked_to_wait(host: str, seconds: float) -> str:
    """Say that a site wants to be left alone for longer than we wait."""
    return f"{host} asks to be left alone for {seconds:.0f} seconds. Try again after that."


def too_large(largest: int) -> str:
    """Say that a page has more bytes than are read."""
    return f"The page is larger than {largest // 1_000_000} MB, so it was left."


def unknown_encoding(encoding: str) -> str:
    """Say that a page is packed in a way we cannot unpack."""
    return f"The page was sent packed as {encoding[:40]!r}, which can't be read."


def too_slow(host: str) -> str:
    """Say that a server took too long."""
    return f"{host} took too long to send the page."


def no_answer(host: str, reason: str) -> str:
    """Say that a server cannot be spoken to."""
    return f"{host} does not answer: {reason.rstrip('.')}."


def no_robots(reason: str) -> str:
    """Say that a site's rules are not known, so that nothing is asked of it."""
    return f"The site's robots.txt can't be read, so nothing is asked of it. {reason}"


# --- what is kept (originals.py) ---

BUSY = "Another fetch or add is at work on the originals. Try again when it is done."


def no_id(id_: str) -> str:
    """Say what an id looks like."""
    return f"{id_[:100]!r} is no id: small letters, digits and single hyphens, at most 100."


def damaged_original(path: str, id_: str) -> str:
    """Say that a kept original cannot be read back."""
    return f"{path}: damaged. Take it out with `keep-it-local ingest remove {id_}`, and get or add it again."


def storage(folder: str, reason: str | None) -> str:
    """Say that the folder of originals cannot be used."""
    return f"The originals in {folder} can't be read or written: {reason}. KIL_DATA names the folder."


# --- fetching (refreshing.py) ---


def moved(address: str) -> str:
    """Say that a page has another address for good."""
    return f"It has moved to {address}."


def other_title(found: str | None, wanted: str, id_: str, address: str) -> str:
    """Say that a page is not the document that it is taken for."""
    now = f"calls itself “{' '.join(found.split())[:200]}”" if found else "has no title"
    return f"The page {now}, not “{wanted}”, so it was not taken. {_take(id_, address)}"


def too_short(words: int, digest: int, id_: str, address: str) -> str:
    """Say that a page holds less than the digest of it."""
    return f"The page has {words} words and the digest {digest}, so the digest stays. {_take(id_, address)}"


def _take(id_: str, address: str) -> str:
    return f"If it is right: `keep-it-local ingest add {quote(address)} --id {id_}`."


# --- adding (adding.py, proposing.py) ---

FOLDER_OF_ONE = "--id and --title are for one document. Add the files of the folder one by one."


def no_source(source: str) -> str:
    """Say that there is nothing to add."""
    return f"There is no file or folder {source[:200]!r}. A web address must start with http:// or https://."


def no_line(name: str) -> str:
    """Say that an option makes no entry."""
    return f"--{name} has to be one line and not empty."


def too_large_file(name: str, largest: int) -> str:
    """Say that a file has more bytes than are read."""
    return f"{name} is larger than {largest // 1_000_000} MB, so it was left."


def no_file(name: str, reason: str | None) -> str:
    """Say that a file cannot be opened."""
    return f"{name} can't be opened: {reason}."


def file_gone(name: str, id_: str) -> str:
    """Say that a file of a folder is not there any more."""
    return f"The file {name} is not there any more. `keep-it-local ingest remove {id_}` takes its text out."


def same_file(name: str, other: str) -> str:
    """Say that a file was added before under another name."""
    return f"{name} is the same file as {other}, and counts once."


def renamed(name: str) -> str:
    """Say that a known file has another name now."""
    return f"The file is called {name} now."


def id_taken(id_: str) -> str:
    """Say that an id names another addition."""
    return f"{id_} is the id of something that was added before. Choose another, or remove that first."


def nothing_to_remove(id_: str) -> str:
    """Say that there is no original to take out."""
    return f"No original {id_[:100]!r} is kept. A digest is taken out by deleting its file in KIL_CORPUS."


def entry(document: Document) -> str:
    """Say what the catalogue holds of an addition."""
    by = ", ".join((*document.authors, *filter(None, (document.organisation,)))) or "author not known"
    principle = f"principle {document.principle}, " if document.principle else ""
    dated = document.published or "date not known"
    return f"“{document.title}”: {document.kind}, {principle}{by}, {dated}."


def added(document: Document) -> str:
    """Say what entry was proposed, and how it is changed."""
    return f"{entry(document)} To change that, add it again with --kind, --authors, --date and so on."


# --- the command line (commands.py) ---

STATES = {
    "new": "got",
    "changed": "changed",
    "same": "as before",
    "kept": "old copy kept",
    "missing": "NOT GOT",
    "removed": "taken out",
}
REPEATED = "counts once"
RESULT_HEADS = ("document", "what came of it", "")
OVERVIEW_HEADS = ("document", "text", "passages", "page", "the digest does not hold")


def counted(states: Mapping[str, int]) -> str:
    """Sum up what came of all documents."""
    return "; ".join(f"{count} {STATES[state]}" for state, count in states.items()) or "Nothing to do."


def counts_once(twin: str) -> str:
    """Say that a text repeats another one."""
    return f"It is the same text as {twin}."


def not_on_the_web(id_: str) -> str:
    """Say that there is nothing to fetch under this id."""
    return f"No document {id_[:100]!r} has a web address. `keep-it-local documents` lists what there is."


def text_is(fetched_on: str | None) -> str:
    """Say what a document's text is."""
    return f"original, got on {fetched_on[:10]}" if fetched_on else "digest"


def page_is(checked_on: str | None, trouble: str | None, moved_to: str | None, *, is_file: bool) -> str:
    """Say how a page stood when it was last asked for."""
    if is_file:
        return "a file"
    if checked_on is None:
        return "never asked for"
    return f"{checked_on[:10]}: {trouble or (moved(moved_to) if moved_to else 'as we have it')}"
