"""Where private keys come from, told by the scheme of a URI.

A source holds private keys and signs with them; it never gives one away. `file:` keeps encrypted files (in
the ring's own folder, or `file:/another/folder`), `pkcs11:` uses a token (RFC 7512; docs/operations/keys.md). A device
of another kind is a row in `SCHEMES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Protocol

from keys.errors import SourceNotSupportedError
from keys.file_source import FileKeySource
from keys.jwk import PublicKey
from keys.model import Algorithm
from keys.pkcs11_uri import ring_folder
from keys.policy import KidRule
from keys.shared_stretching import SharedStretching
from keys.vault import ScryptCost

RING_FOLDER = "keys"  # under the hub's home, for a source that names no folder


class Signer(Protocol):
    """One private key at work."""

    @property
    def kid(self) -> str: ...

    @property
    def algorithm(self) -> Algorithm: ...

    @property
    def public_key(self) -> PublicKey: ...

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature, 64 bytes: r and s for ES256 with s in the lower half, RFC 8032 for EdDSA."""


class KeySource(Protocol):
    """A place that holds private keys."""

    @property
    def can_be_away(self) -> bool:
        """Whether the source is a device, which may answer with SignerAwayError for a while."""

    def kids(self) -> tuple[str, ...]:
        """Return the keys held here."""

    def generate(self, rule: KidRule, algorithm: Algorithm) -> Signer:
        """Make a key inside the source, named by `rule` from its public half, durable before this returns."""

    def signer(self, kid: str) -> Signer:
        """Raises: KeyFileMissingError, KeyFileDamagedError."""

    def seal(self, message: bytes) -> bytes:
        """Return a keyed digest (32 bytes) under a secret of the source, the same at every start."""


class SignDevice(Protocol):
    """A device that holds SM2 key pairs by index, as GM/T 0018 describes it (docs/profiles/sdf-device.md).

    What a key source over such a device needs of its driver; every method raises SignerAwayError while the
    device does not answer.
    """

    def login(self, password: str) -> None:
        """Open device and session, and the right to use every private key index that the ring names.

        Raises: WrongPassphraseError.
        """

    def indexes(self) -> tuple[int, ...]:
        """Indexes that hold a signing key pair (SDF_ExportSignPublicKey_ECC answers for them)."""

    def public_key(self, index: int) -> bytes:
        """X and y of the key pair, 64 bytes (SDF_ExportSignPublicKey_ECC). Raises: KeyFileMissingError."""

    def sign_digest(self, index: int, digest: bytes) -> bytes:
        """R and s, 64 bytes, over the 32 bytes e = SM3(Z || M) (SDF_InternalSign_ECC)."""

    def mac(self, message: bytes) -> bytes:
        """32 bytes under a secret that never leaves the device: the seal of the ring."""


@dataclass(frozen=True, slots=True)
class SourceScheme:
    """How to make and to open one kind of source; `folder` is the ring's, `rest` the URI after the colon.

    `uri` is what the ring is given where the folder says all there is to say.
    """

    create: Callable[[Path, str, str, ScryptCost], KeySource]
    open: Callable[[Path, str, str, SharedStretching | None], KeySource]
    folder: Callable[[str], Path | None]
    uri: str | None = None


def _create_files(folder: Path, rest: str, passphrase: str, cost: ScryptCost) -> KeySource:
    return FileKeySource.create(Path(rest) if rest else folder, passphrase, cost=cost)


def _open_files(folder: Path, rest: str, passphrase: str, handed_on: SharedStretching | None) -> KeySource:
    return FileKeySource.open(Path(rest) if rest else folder, passphrase, handed_on)


def _token_module() -> ModuleType:
    """Loaded when a `pkcs11:` source is asked for: python-pkcs11 is an extra that most installations lack."""
    try:
        return import_module("keys.pkcs11_source")
    except ImportError as error:
        raise SourceNotSupportedError(
            "HUB_KEYS names a PKCS#11 token; install its driver with: pip install 'yizhao-hub[pkcs11]'"
        ) from error


def _create_token(_folder: Path, rest: str, pin: str, _cost: ScryptCost) -> KeySource:
    source: KeySource = _token_module().Pkcs11KeySource.create(rest, pin)
    return source


def _open_token(_folder: Path, rest: str, pin: str, _handed_on: SharedStretching | None) -> KeySource:
    source: KeySource = _token_module().Pkcs11KeySource.open(rest, pin)
    return source


SCHEMES: Mapping[str, SourceScheme] = MappingProxyType(
    {
        "file": SourceScheme(_create_files, _open_files, lambda rest: Path(rest) if rest else None, "file:"),
        "pkcs11": SourceScheme(_create_token, _open_token, ring_folder),
    }
)


@dataclass(frozen=True, slots=True)
class RingAddress:
    """Where a ring is: its folder, and the source's URI as KeyRing takes it."""

    folder: Path
    source: str


def ring_place(uri: str, *, home: Path) -> RingAddress:
    """Return what a setting such as `file:/srv/hub/keys` or `pkcs11:token=hub?module-path=...` names.

    Raises: SourceNotSupportedError, SourceUriError.
    """
    scheme, rest = _scheme(uri)
    return RingAddress(scheme.folder(rest) or home / RING_FOLDER, scheme.uri or uri)


def create_source(uri: str, *, folder: Path, passphrase: str, cost: ScryptCost) -> KeySource:
    """Make the source named by a URI, or open it where it exists.

    Raises: SourceNotSupportedError and what the scheme raises.
    """
    scheme, rest = _scheme(uri)
    return scheme.create(folder, rest, passphrase, cost)


def open_source(
    uri: str, *, folder: Path, passphrase: str, handed_on: SharedStretching | None = None
) -> KeySource:
    """Open the source named by a URI. `handed_on`: of sources that stretch their passphrase.

    Raises: SourceNotSupportedError and what the scheme raises.
    """
    scheme, rest = _scheme(uri)
    return scheme.open(folder, rest, passphrase, handed_on)


def _scheme(uri: str) -> tuple[SourceScheme, str]:
    name, colon, rest = uri.partition(":")
    row = SCHEMES.get(name)
    if row is None or not colon:
        known = ", ".join(f"{scheme}:" for scheme in SCHEMES)
        raise SourceNotSupportedError(
            f"HUB_KEYS names the key source {name!r}; this installation knows {known}"
        )
    return row, rest
