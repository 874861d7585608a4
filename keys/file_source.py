"""Private keys in encrypted files (`file:`), the embedded default."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from keys.durable_files import make_private_folder, read_json, require_private, write_json
from keys.errors import KeyFileDamagedError, KeyFileMissingError
from keys.jwk import P256_ORDER, PublicKey, public_jwk
from keys.model import KID_PATTERN, Algorithm
from keys.policy import KidRule
from keys.shared_stretching import SharedStretching
from keys.sm2 import Sm2PrivateKey
from keys.vault import VAULT_FILE, ScryptCost, Vault

KEY_SUFFIX = ".key.json"
KEY_VERSION = 1
SCALAR_BYTES = 32

PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey | Sm2PrivateKey
RawSign = Callable[[bytes], bytes]


class FileSigner:
    """Signs with one private key that stays inside this object."""

    __slots__ = ("_raw_sign", "algorithm", "kid", "public_key")

    def __init__(self, kid: str, algorithm: Algorithm, public_key: PublicKey, raw_sign: RawSign) -> None:
        self.kid = kid
        self.algorithm = algorithm
        self.public_key = public_key
        self._raw_sign = raw_sign

    def sign(self, message: bytes) -> bytes:
        """64 bytes: r and s for ES256 (s in the lower half) and SM2, the RFC 8032 signature for EdDSA."""
        return self._raw_sign(message)


class FileKeySource:
    """Envelopes `KID.key.json` in one private folder, opened by one passphrase."""

    can_be_away = False  # a folder that does not answer stops the start

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    @classmethod
    def create(cls, folder: Path, passphrase: str, *, cost: ScryptCost) -> "FileKeySource":
        """Make the folder's vault, or open the one that is there.

        Raises: FolderModeError, EmptyPassphraseError, WrongPassphraseError, RingDamagedError.
        """
        make_private_folder(folder)
        if (folder / VAULT_FILE).exists():
            return cls.open(folder, passphrase)
        return cls(folder, Vault.create(folder, passphrase, cost=cost))

    @classmethod
    def open(
        cls, folder: Path, passphrase: str, handed_on: SharedStretching | None = None
    ) -> "FileKeySource":
        """Open an existing folder, with the master secret that was handed on if it is this one's.

        Raises: KeyFileMissingError, FolderModeError, EmptyPassphraseError, WrongPassphraseError,
        RingDamagedError.
        """
        if not (folder / VAULT_FILE).is_file():
            raise KeyFileMissingError(f"{folder / VAULT_FILE} is missing; restore the folder from a backup")
        require_private(folder)
        return cls(folder, Vault.open(folder, passphrase, handed_on))

    def kids(self) -> tuple[str, ...]:
        """Return the keys held here, in lexical order."""
        names = (path.name.removesuffix(KEY_SUFFIX) for path in self._folder.glob(f"*{KEY_SUFFIX}"))
        return tuple(sorted(name for name in names if KID_PATTERN.match(name)))

    def generate(self, rule: KidRule, algorithm: Algorithm) -> FileSigner:
        """Make a key, name it by `rule`, and write its envelope before anything else may use it.

        An envelope of that name, left by a run that ended before the ring recorded it, was never published
        and is replaced.
        """
        private = GENERATORS[algorithm]()
        kid = rule(public_jwk(_public(private)))
        plaintext = {"algorithm": algorithm.value, **_secret_members(private)}
        envelope = self._vault.wrap(kid, json.dumps(plaintext).encode("ascii"))
        write_json(self._folder / f"{kid}{KEY_SUFFIX}", {"version": KEY_VERSION, "kid": kid, **envelope})
        return _signer(kid, algorithm, private)

    def signer(self, kid: str) -> FileSigner:
        """Open one envelope.

        Raises: KeyFileMissingError, KeyFileDamagedError, FolderModeError, RingDamagedError,
        Sm2UnavailableError.
        """
        path = self._folder / f"{kid}{KEY_SUFFIX}"
        if not path.is_file():
            raise KeyFileMissingError(f"{path} is missing; restore it from a backup, or retire the key")
        document = read_json(path)
        if document.get("version") != KEY_VERSION or document.get("kid") != kid:
            raise KeyFileDamagedError(f"{path} is not the envelope of {kid}; restore it from a backup")
        plaintext = json.loads(self._vault.unwrap(kid, document))
        algorithm = Algorithm(plaintext["algorithm"])
        if algorithm is Algorithm.SM2:
            return _signer(kid, algorithm, _sm2(plaintext, path))
        private = load_der_private_key(b64decode(plaintext["pkcs8"]), password=None)
        if not isinstance(private, EllipticCurvePrivateKey | Ed25519PrivateKey):
            raise KeyFileDamagedError(f"{path} holds a key of a kind this software does not use")
        return _signer(kid, algorithm, private)

    def seal(self, message: bytes) -> bytes:
        """Return a keyed digest by which the ring file is known to be written by an owner of the passphrase."""
        return self._vault.seal(message)


def low_s(signature: bytes) -> bytes:
    """Of the two signatures that verify, (r, s) and (r, n - s), the one with s in the lower half."""
    s = int.from_bytes(signature[SCALAR_BYTES:], "big")
    return signature[:SCALAR_BYTES] + min(s, P256_ORDER - s).to_bytes(SCALAR_BYTES, "big")


def _signer(kid: str, algorithm: Algorithm, private: PrivateKey) -> FileSigner:
    return FileSigner(kid, algorithm, _public(private), _raw_sign(private))


def _public(private: PrivateKey) -> PublicKey:
    return private.public_key if isinstance(private, Sm2PrivateKey) else private.public_key()


def _secret_members(private: PrivateKey) -> dict[str, str]:
    """What an envelope holds besides the algorithm: PKCS #8, or for SM2 the scalar and the point."""
    if isinstance(private, Sm2PrivateKey):
        return {"sm2": b64encode(private.private_bytes()).decode("ascii")}
    secret = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {"pkcs8": b64encode(secret).decode("ascii")}


def _sm2(plaintext: Mapping[str, str], path: Path) -> Sm2PrivateKey:
    try:
        return Sm2PrivateKey.from_private_bytes(b64decode(plaintext["sm2"]))
    except ValueError as error:
        raise KeyFileDamagedError(f"{path} holds no SM2 key; restore it from a backup") from error


def _raw_sign(private: PrivateKey) -> RawSign:
    match private:
        case EllipticCurvePrivateKey():
            return _es256(private)
        case Ed25519PrivateKey() | Sm2PrivateKey():
            return private.sign


def _es256(private: EllipticCurvePrivateKey) -> RawSign:
    scheme = ECDSA(SHA256())

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(message, scheme))
        return low_s(r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big"))

    return sign


GENERATORS: Mapping[Algorithm, Callable[[], PrivateKey]] = MappingProxyType(
    {
        Algorithm.ES256: lambda: generate_private_key(SECP256R1()),
        Algorithm.EDDSA: Ed25519PrivateKey.generate,
        Algorithm.SM2: Sm2PrivateKey.generate,
    }
)
