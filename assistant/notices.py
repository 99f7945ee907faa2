"""Every sentence that whoever runs the assistant reads: at the terminal, and until the first answer."""

from collections.abc import Sequence

from assistant.wording import NAME, WHAT_IT_IS, WHAT_IT_IS_NOT

# --- getting ready (standby.py, app.py) ---

STARTING = "The assistant is starting. Try again in a moment."
LOADING = "The assistant is loading the model that it searches with. Try again in a moment."
NOT_STARTED = {
    "MaterialInvalid": "There is no index, and none could be built: the material is missing or has faults.",
    "IndexBusy": "Another process is building the index. Try again in a minute.",
    "IndexMismatch": "The index was made with another embedding model, and could not be made anew.",
    "StorageFailed": "The index can’t be read or written.",
    "ModelUnavailable": "The model that the assistant searches with can’t be loaded.",
}


def indexing(done: int, total: int) -> str:
    """Say how far the first index is."""
    share = done * 100 // max(total, 1)
    return f"The material is being indexed for the first time: {share}% done. Try again in a moment."


def not_started(kind: str) -> str:
    """Say why the assistant is not ready, without the details, which are for whoever runs it."""
    return f"{NOT_STARTED.get(kind, 'The assistant could not start.')} The server’s log says more."


# --- the command line (terminal.py, app.py) ---

CHAT_WELCOME = f"{NAME}. {WHAT_IT_IS}\n{WHAT_IT_IS_NOT}\nType a question, or “quit” to leave."
QUIT = frozenset({"quit", "exit", "bye", "goodbye", "q"})
NOTHING_FOUND = "No passage in the material matches these words."
INDEXING = "Indexing the material"


def serving(address: str) -> str:
    """Say where the chat page is."""
    return f"{NAME} is at {address} – the page says when it is ready. Ctrl-C stops it."


INDEX_OUT_OF_REACH = (
    "The index can’t be read at the moment, so no question can be answered. Try again in a minute; whoever "
    "runs the assistant finds the reason in its log."
)
HTTP_ENDS = {400: "Bad Request", 408: "Request Timeout"}
NOT_HTTP = "This is no HTTP request, or its head is larger than 16 KiB. Send it again in the usual form."
TOO_SLOW = "The request did not arrive within 20 seconds. Send it again."


def port_in_use(host: str, port: int) -> str:
    """Say that another program listens there already."""
    return f"Another program uses port {port} on {host}. Stop it, or set KIL_PORT to another number."


def no_such_host(host: str, port: int) -> str:
    """Say that this machine cannot listen there."""
    return (
        f"The server can't listen on {host!r}, port {port}. Set KIL_HOST to an address of this machine, such "
        "as 127.0.0.1 or 0.0.0.0, and KIL_PORT to a number that you may use."
    )


def fault(error: str, where: str) -> str:
    """Say that a command failed in a way nobody foresaw, to the person at the terminal."""
    return f"Something unexpected went wrong: {error} at {where}. Please report it with your command."


def ingested(documents: int, added: int, removed: int, seconds: float, *, changed: bool) -> str:
    """Say what an ingest did."""
    if not changed:
        return f"The index was up to date already: {documents} documents."
    return (
        f"The index holds {documents} documents. {added} passages were added and {removed} removed "
        f"in {seconds:.1f} seconds."
    )


def index_state(documents: int | None, indexed_on: str | None) -> str:
    """Say what is in the index."""
    if documents is None:
        return "There is no index yet."
    return f"The index holds {documents} documents, indexed on {indexed_on}."


def ingest_due(new: Sequence[str], changed: Sequence[str], removed: Sequence[str], *, current: bool) -> str:
    """Say what an ingest would do."""
    if current:
        return "It is up to date with the material."
    lists = {"new": new, "changed": changed, "gone": removed}
    due = [f"{name}: {', '.join(ids)}" for name, ids in lists.items() if ids]
    return "\n".join([*due, "`keep-it-local ingest` brings it up to date."])


# --- briefings (terminal.py) ---


def saved(path: str) -> str:
    """Say where a briefing was written."""
    return f"The briefing is in {path}."


def not_saved(path: str, why: str) -> str:
    """Say that a briefing could not be written."""
    return f"The briefing can’t be written to {path}: {why}. Choose another place, or close the file."
