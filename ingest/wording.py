"""Every sentence that getting and adding originals tells the person at the terminal."""

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
