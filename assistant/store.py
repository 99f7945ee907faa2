"""Opens the Chroma store, in a folder or on a server, and turns its failures into our own few."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import NotReady, StorageFailed, WrongUse

COMMAND = "`keep-it-local ingest`"
CHANGED = f"The index was made anew or is not whole. Start again; if that does not help, run {COMMAND}."

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://((?P<token>[^\s/:@]+)@)?(?P<host>[^\s/:@]+)(:(?P<port>[0-9]{1,5}))?"
    r"(/(?P<tenant>[^\s/?#]+)/(?P<database>[^\s/?#]+))?/?"
)


@contextmanager
def failing(verb: str) -> Iterator[None]:
    """Turn what Chroma, SQLite, the disk and the network raise into our own few failures."""
    import httpx  # noqa: PLC0415 - comes with chromadb
    from chromadb.errors import ChromaError, NotFoundError  # noqa: PLC0415 - takes seconds to import

    try:
        yield
    except NotFoundError as error:
        raise NotReady(CHANGED) from error
    except (ChromaError, OSError, httpx.HTTPError, KeyError, TypeError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".?")
        raise StorageFailed(
            f"The index can't be {verb}: {reason}. Check that KIL_DATA names a folder that can be written, "
            "or that the server of KIL_CHROMA_URL answers. A damaged index is mended by deleting the folder "
            f"`index` in KIL_DATA and running {COMMAND}."
        ) from error


def on_disk(folder: Path, *, anew: bool = False) -> Any:
    """Open the store in a folder; `anew` where this process may have files open that are there no more."""
    import chromadb  # noqa: PLC0415 - takes seconds to import
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415 - comes with chromadb
    from chromadb.config import Settings  # noqa: PLC0415 - comes with chromadb

    if anew:  # what answers at the moment keeps its own until it is replaced
        SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001
    try:
        return chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
    except Exception:
        # Chroma keeps what could not be started and hands it out when the same folder is opened again.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001
        raise


def on_server(url: str) -> Any:
    """Open the store on a server. The address may hold a key, so no message repeats it."""
    import chromadb  # noqa: PLC0415 - takes seconds to import
    from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings  # noqa: PLC0415 - likewise

    address = _ADDRESS.fullmatch(url)
    if address is None:
        raise WrongUse(
            "KIL_CHROMA_URL must look like http://chroma:8000, or like https://KEY@HOST/TENANT/DATABASE."
        )
    secure = address["scheme"] == "https"
    return chromadb.HttpClient(
        host=address["host"],
        port=int(address["port"] or (443 if secure else 8000)),
        ssl=secure,
        headers={"x-chroma-token": address["token"]} if address["token"] else None,
        tenant=address["tenant"] or DEFAULT_TENANT,
        database=address["database"] or DEFAULT_DATABASE,
        settings=Settings(anonymized_telemetry=False),
    )


def close(client: Any) -> None:
    """Let go of the store."""
    client.close()
    # Chroma leaves its connections to a server open (1.5.9, November 2026).
    for part in (client, client._admin_client):  # noqa: SLF001
        session = getattr(part._server, "_session", None)  # noqa: SLF001
        if session is not None:
            session.close()
