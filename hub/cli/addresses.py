"""Under which address other machines of the same network reach this one."""

import socket
from ipaddress import ip_address

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # recognised here, not bound
_ELSEWHERE = (
    "192.0.2.1",
    9,
)  # RFC 5737 documentation range: a datagram socket asks for the route and sends nothing


def reachable(host: str) -> str | None:
    """Return the host part of an address that a phone on the same network can open, None where there is none.

    `host`: what the server is told to listen on. For "everywhere" it is the address of the interface that leads out.
    """
    found = _outward() if host in EVERYWHERE else host
    if found is None:
        return None
    try:
        is_own = ip_address(found).is_loopback
    except ValueError:
        return found if found != "localhost" else None
    if is_own:
        return None
    return f"[{found}]" if ":" in found else found


def _outward() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:  # no route: a machine without a network
            return None
        address: str = probe.getsockname()[0]
        return address
