"""Where private keys come from, told by the scheme of a URI.

A source holds private keys and signs with them; it never gives one away. `file:` keeps encrypted files (in
the ring's own folder, or `file:/another/folder`). A device is added by a row in `SCHEMES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from keys.errors import SourceNotSupportedError
from keys.file_source import FileKeySource
from keys.jwk import PublicKey
from keys.model import Algorithm
from keys.policy import KidRule
from keys.vault import ScryptCost


class Signer(Protocol):
    """One private key at work."""

    @property
    def kid(self) -> str: ...

    @property
    def algorithm(self) -> Algorithm: ...

    @property
    def public_key(self) -> PublicKey: ...

    def sign(self, message: bytes) -> bytes:
        """The raw signature, 64 bytes: r and s for ES256 with s in the lower half, RFC 8032 for EdDSA."""


class KeySource(Protocol):
    """A place that holds private keys."""

    def kids(self) -> tuple[str, ...]:
        """The keys held here."""

    def generate(self, rule: KidRule, algorithm: Algorithm) -> Signer:
        """Make a key inside the source, named by `rule` from its public half, durable before this returns."""

    def signer(self, kid: str) -> Signer:
        """Raises: KeyFileMissingError, KeyFileDamagedError."""

    def seal(self, message: bytes) -> bytes:
        """A keyed digest (32 bytes) under a secret of the source, the same at every start."""


@dataclass(frozen=True, slots=True)
class SourceScheme:
    """How to make and to open one kind of source; `folder` is the ring's, `rest` the URI after the colon."""

    create: Callable[[Path, str, str, ScryptCost], KeySource]
    open: Callable[[Path, str, str], KeySource]


def _create_files(folder: Path, rest: str, passphrase: str, cost: ScryptCost) -> KeySource:
    return FileKeySource.create(Path(rest) if rest else folder, passphrase, cost=cost)


def _open_files(folder: Path, rest: str, passphrase: str) -> KeySource:
    return FileKeySource.open(Path(rest) if rest else folder, passphrase)


SCHEMES: Mapping[str, SourceScheme] = MappingProxyType({"file": SourceScheme(_create_files, _open_files)})


def create_source(uri: str, *, folder: Path, passphrase: str, cost: ScryptCost) -> KeySource:
    """Make the source named by a URI, or open it where it exists.

    Raises: SourceNotSupportedError and what the scheme raises.
    """
    scheme, rest = _scheme(uri)
    return scheme.create(folder, rest, passphrase, cost)


def open_source(uri: str, *, folder: Path, passphrase: str) -> KeySource:
    """Open the source named by a URI.

    Raises: SourceNotSupportedError and what the scheme raises.
    """
    scheme, rest = _scheme(uri)
    return scheme.open(folder, rest, passphrase)


def _scheme(uri: str) -> tuple[SourceScheme, str]:
    name, colon, rest = uri.partition(":")
    row = SCHEMES.get(name)
    if row is None or not colon:
        known = ", ".join(f"{scheme}:" for scheme in SCHEMES)
        raise SourceNotSupportedError(
            f"HUB_KEYS names the key source {name!r}; this installation knows {known}"
        )
    return row, rest
