"""Who asks, for counting: one name for one asker, however the address is written."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

UNKNOWN = "unknown"
SITE_BITS = 64  # whoever has one IPv6 address has the 2^64 of its network as well (RFC 6177)
_LOW_BITS = (1 << 32) - 1
_TRANSLATED = tuple(  # an IPv4 address in the last 32 bits
    map(
        ip_network,
        (
            "64:ff9b::/96",  # RFC 6052
            "64:ff9b:1::/96",  # RFC 8215: a network's own translators
            "::ffff:0:0:0/96",  # RFC 2765
            "::/96",  # RFC 4291 §2.5.5.1
        ),
    )
)
_NO_IPV4 = 2  # `::` and `::1` are addresses of their own
_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")


@lru_cache(maxsize=4096)
def plain(address: str) -> str:
    """Return the address alone, in its one spelling: no port, no brackets, no zone; IPv4 inside IPv6 is IPv4."""
    found = _parsed(address)
    return UNKNOWN if found is None else str(found)


@lru_cache(maxsize=4096)
def asker(address: str) -> str:
    """Return the name under which the requests of an address are counted."""
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
        return _inner(found) or found
    return found


def _inner(found: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: whoever has the one can write himself as the other."""
    if found.teredo is not None:  # RFC 4380: the server in it is of the asker's own choice
        return found.teredo[1]
    if int(found) >= _NO_IPV4 and any(found in each for each in _TRANSLATED):
        return IPv4Address(int(found) & _LOW_BITS)
    return found.ipv4_mapped or found.sixtofour


class PlainForwarding:
    """WSGI middleware in front of werkzeug's `ProxyFix`: in X-Forwarded-For a quotation mark quotes nothing.

    `ProxyFix` reads the header as a list that may hold quoted texts. One mark that an asker sent would swallow what the
    proxy added behind it, and the asker would be taken for the proxy.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_X_FORWARDED_FOR", "")
        if '"' in given:
            environ["HTTP_X_FORWARDED_FOR"] = given.replace('"', "")
        return self._app(environ, start_response)
