"""Who may see how the server fares: whoever sits at the machine itself."""

from ipaddress import ip_address

from fastapi import Request

# A proxy on this machine looks like somebody at it, but says for whom it asks; one of these is always there.
_FORWARDED = ("forwarded", "via", "x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip")


def may_look(request: Request) -> bool:
    """Whether a program on this machine asks directly, by a name of this machine."""
    passed_on = any(name.startswith("x-forwarded") or name in _FORWARDED for name in request.headers)
    return (
        not passed_on and _is_here(request.client.host if request.client else "") and _is_called_here(request)
    )


def _is_called_here(request: Request) -> bool:
    """Keep out a website that has its own name lead to this machine, to read it in a reader's browser."""
    name = request.url.hostname or ""
    return name == "localhost" or _is_here(name)


def _is_here(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback
