"""Who asks, for counting: one name for one asker, however the address is written."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"
SITE_BITS = 64  # whoever has one IPv6 address has the 2^64 of its network as well (RFC 6177)
_TRANSLATED = ip_network("64:ff9b::/96")  # RFC 6052
_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")


@lru_cache(maxsize=4096)
def plain(address: str) -> str:
    """The address alone, in its one spelling: no port, no brackets, no zone; IPv4 inside IPv6 is IPv4."""
    found = _parsed(address)
    return UNKNOWN if found is None else str(found)


@lru_cache(maxsize=4096)
def asker(address: str) -> str:
    """The name under which the requests of an address are counted."""
    found = _parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, SITE_BITS), strict=False))
    return UNKNOWN if found is None else str(found)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """None for what is no address: all of those are counted together."""
    text = address.strip()
    if with_port := _WITH_PORT.fullmatch(text):
        text = with_port[1] or with_port[2]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        return inner or found
    return found
