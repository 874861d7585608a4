"""The address of a PKCS#11 token (RFC 7512), as far as a key source needs it.

`pkcs11:token=hub?module-path=/usr/lib/softhsm/libsofthsm2.so` names a token by its label, its `serial`, or both.
`module-path` is a query attribute in the RFC; here it may also stand in the path part. `ring-folder` (ours) says
where the ring file is kept. The PIN is never in the address: it is the key passphrase.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from keys.errors import SourceUriError

PATH_ATTRIBUTES = frozenset({"token", "serial", "module-path"})
QUERY_ATTRIBUTES = frozenset({"module-path", "ring-folder"})
PIN_ATTRIBUTES = frozenset({"pin-value", "pin-source"})


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Which token of which module; at least one of `label` and `serial` is given."""

    module: Path
    label: str | None
    serial: str | None
    ring_folder: Path | None


def read_address(rest: str) -> TokenAddress:
    """Read the address after `pkcs11:`.

    Raises: SourceUriError for an attribute unknown, given twice or missing, and for a PIN in the address.
    """
    path, _, query = rest.partition("?")
    found = _attributes(path, ";", PATH_ATTRIBUTES)
    asked = _attributes(query, "&", QUERY_ATTRIBUTES)
    if found.keys() & asked.keys():
        raise SourceUriError("HUB_KEYS gives module-path twice")
    found |= asked
    if not ({"token", "serial"} & found.keys()):
        raise SourceUriError(
            "HUB_KEYS must name the token: pkcs11:token=LABEL?module-path=/path/to/module.so"
        )
    if "module-path" not in found:
        raise SourceUriError("HUB_KEYS must name the token's module: ?module-path=/path/to/module.so")
    folder = found.get("ring-folder")
    return TokenAddress(
        module=_absolute("module-path", found["module-path"]),
        label=found.get("token"),
        serial=found.get("serial"),
        ring_folder=None if folder is None else _absolute("ring-folder", folder),
    )


def ring_folder(rest: str) -> Path | None:
    """Return the folder of the ring file that the address names; None: the hub's own folder. Raises: SourceUriError."""
    return read_address(rest).ring_folder


def _attributes(text: str, separator: str, known: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(separator) if text else ():
        name, equals, value = part.partition("=")
        if name in PIN_ATTRIBUTES:
            raise SourceUriError("HUB_KEYS holds a PIN; give it as HUB_KEYS_PASSPHRASE instead")
        if name not in known or not equals or not value or name in found:
            raise SourceUriError(
                f"HUB_KEYS has the attribute {name!r}, which is unknown here, empty or given twice; "
                f"known are {', '.join(sorted(known))}"
            )
        found[name] = unquote(value)
    return found


def _absolute(name: str, text: str) -> Path:
    path = Path(text)
    if not path.is_absolute():
        raise SourceUriError(f"HUB_KEYS: {name} must be an absolute path, not {text!r}")
    return path
