"""What stands around a signed text when it reaches us: taken off before it is verified (docs/profiles/code.md, section 10).

Scanners end a text with a line, telephones put blanks and marks around it, apps add parameters to an address and write
its host as they like. None of that is signed, and none of it makes a code another one.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import unquote

from signing.codes import PATH

MAX_ADDRESS_CHARS = (
    4_000  # a QR symbol holds 2 953 bytes; what is longer is refused for its length as it stands
)
EDGES = "".join(  # white space, information separators, marks that are not seen; the same in scanned.js
    chr(point)
    for first, last in (
        (0x09, 0x0D),
        (0x1C, 0x20),
        (0x85, 0x85),
        (0xA0, 0xA0),
        (0xAD, 0xAD),
        (0x061C, 0x061C),
        (0x1680, 0x1680),
        (0x180E, 0x180E),
        (0x2000, 0x200F),
        (0x2028, 0x202F),
        (0x205F, 0x2064),
        (0x2066, 0x2069),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    )
    for point in range(first, last + 1)
)

_ADDRESS = re.compile(r"(https?)://([A-Za-z0-9.-]+)(?::([0-9]{0,5}))?(/[^?#]*)", re.IGNORECASE | re.ASCII)
_BARE = re.compile(r"[A-Z][1-9][0-9]{0,2}(?:\.[0-9A-Z]+){3,4}\Z")  # a tag and as many parts as codes have
_DELIMITERS = frozenset("%?#")
_PORTS = {"http": "80", "https": "443"}
_TOKEN_START = "ey"  # noqa: S105  # base64url of `{"`, with which every token begins and no code does


class Form(StrEnum):
    """What a text is, as far as its form tells; only the verifier says whether it is genuine."""

    CODE = "code"
    CREDENTIAL = "credential"
    RECEIPT = "receipt"


def trimmed(text: str) -> str:
    """Return the text without white space and unseen marks at its two ends; what is inside stays."""
    return text.strip(EDGES)


def form_of(text: str) -> Form:
    """Of a trimmed text."""
    if not text.startswith(_TOKEN_START):
        return Form.CODE
    return Form.CREDENTIAL if "~" in text else Form.RECEIPT


class ScanReader:
    """Reads what was scanned for one set of origins (lower-case `scheme://host[:port]`)."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = {_plain(origin): origin for origin in origins}

    def read(self, text: str) -> str:
        """Return the text as a verifier takes it: trimmed, and of an address of ours no more than names the code."""
        bare = trimmed(text)
        found = _ADDRESS.match(bare) if len(bare) <= MAX_ADDRESS_CHARS else None
        if found is None:
            return bare
        scheme, host, port, path = found.groups()
        origin = self._origins.get(_origin(scheme.lower(), host.lower(), port))
        named = unquote(path)  # once, as the public page's server does: both must know the same code
        if origin is None or not named.startswith(PATH):
            return bare
        if _DELIMITERS & set(named):  # what is read a second time must stay what it is
            return origin + path
        return f"{origin}{PATH}{trimmed(named.removeprefix(PATH))}"

    def is_ours(self, text: str) -> bool:
        """Return whether a text that was read has the form of a code of ours: an address of ours, or a bare code."""
        return _BARE.match(text) is not None or any(
            text.startswith(origin + PATH) for origin in self._origins.values()
        )


def _plain(origin: str) -> str:
    scheme, _, rest = origin.partition("://")
    host, _, port = rest.partition(":")
    return _origin(scheme, host, port)


def _origin(scheme: str, host: str, port: str | None) -> str:
    """RFC 3986 section 6.2.3: an empty port, and the one that a scheme has anyway, are none."""
    return f"{scheme}://{host}" if not port or port == _PORTS[scheme] else f"{scheme}://{host}:{port}"
