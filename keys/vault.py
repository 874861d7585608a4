"""The envelope of private keys: scrypt over the passphrase once per folder, then AES-256-GCM per key.

`vault.json` holds the scrypt parameters, the salt and a check value. From the scrypt output (the master
secret, which is never stored) HKDF-SHA256 derives one key per use, told apart by `info`: the check value, the
seal of the ring file, and one wrapping key per private key. One run of scrypt therefore opens a whole ring.
"""

import hmac
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from keys.durable_files import read_json, write_json
from keys.errors import EmptyPassphraseError, KeyFileDamagedError, RingDamagedError, WrongPassphraseError
from keys.shared_stretching import SECRET_BYTES, SharedStretching

VAULT_FILE = "vault.json"
VAULT_VERSION = 1
SALT_BYTES = 16
NONCE_BYTES = 12
SCRYPT_BLOCK = 8
SCRYPT_LANES = 1
MAX_SCRYPT_N = 2**20  # 1 GiB of memory: a larger number in the file is an attack on the start


@dataclass(frozen=True, slots=True)
class ScryptCost:
    """Work of one guess at the passphrase; `n` is a power of two, 128 x 8 x n bytes of memory."""

    n: int


PRODUCTION_COST = ScryptCost(n=2**17)  # 128 MiB and about 0.4 s a guess; smaller is for tests only


class Vault:
    """The master secret of one folder while the process lives: it wraps, opens and seals."""

    __slots__ = ("_master",)

    def __init__(self, master: bytes) -> None:
        self._master = master

    @classmethod
    def create(cls, folder: Path, passphrase: str, *, cost: ScryptCost) -> "Vault":
        """Make the folder's vault file.

        Raises: EmptyPassphraseError.
        """
        salt = secrets.token_bytes(SALT_BYTES)
        vault = cls(_stretch(passphrase, salt, cost.n))
        write_json(
            folder / VAULT_FILE,
            {
                "version": VAULT_VERSION,
                "kdf": "scrypt",
                "n": cost.n,
                "r": SCRYPT_BLOCK,
                "p": SCRYPT_LANES,
                "salt": b64encode(salt).decode("ascii"),
                "check": b64encode(vault._derive("check")).decode("ascii"),
            },
        )
        return vault

    @classmethod
    def open(cls, folder: Path, passphrase: str, handed_on: SharedStretching | None = None) -> "Vault":
        """Open the folder's vault file with one run of scrypt, or none where its outcome was handed on.

        Raises: FileNotFoundError, FolderModeError, EmptyPassphraseError, WrongPassphraseError,
        RingDamagedError.
        """
        document = read_json(folder / VAULT_FILE)
        fixed = {"version": VAULT_VERSION, "kdf": "scrypt", "r": SCRYPT_BLOCK, "p": SCRYPT_LANES}
        if any(document.get(name) != value for name, value in fixed.items()):
            raise RingDamagedError(f"{folder / VAULT_FILE} is of a version this software does not know")
        salt, n = binary(document, "salt"), _cost(document)
        origin = _origin(passphrase, salt, n)
        handed = None if handed_on is None else handed_on.take(origin)
        vault = cls(_stretch(passphrase, salt, n) if handed is None else handed)
        if not hmac.compare_digest(vault._derive("check"), binary(document, "check")):
            raise WrongPassphraseError(
                f"the passphrase does not open {folder}; set HUB_KEYS_PASSPHRASE to its own"
            )
        if handed_on is not None and handed is None:
            handed_on.give(origin, vault._master)
        return vault

    def wrap(self, kid: str, plaintext: bytes) -> dict[str, object]:
        """Encrypt one private key; the kid is bound as associated data."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._derive(f"wrap {kid}")).encrypt(nonce, plaintext, kid.encode("ascii"))
        return {"nonce": b64encode(nonce).decode("ascii"), "ciphertext": b64encode(sealed).decode("ascii")}

    def unwrap(self, kid: str, envelope: Mapping[str, object]) -> bytes:
        """Decrypt what `wrap` made for the same kid.

        Raises: KeyFileDamagedError, RingDamagedError.
        """
        cipher = AESGCM(self._derive(f"wrap {kid}"))
        try:
            return cipher.decrypt(
                binary(envelope, "nonce"), binary(envelope, "ciphertext"), kid.encode("ascii")
            )
        except (InvalidTag, ValueError) as error:
            raise KeyFileDamagedError(
                f"the envelope of {kid} does not open; restore it from a backup"
            ) from error

    def seal(self, message: bytes) -> bytes:
        """Return a keyed digest (HMAC-SHA256) that only an owner of the passphrase can make."""
        return hmac.digest(self._derive("ring seal"), message, sha256)

    def _derive(self, use: str) -> bytes:
        info = f"yizhao keys v1 {use}".encode("ascii")
        return HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(self._master)


def binary(document: Mapping[str, object], name: str) -> bytes:
    """Return a base64 member of one of our files.

    Raises: RingDamagedError.
    """
    value = document.get(name)
    if not isinstance(value, str):
        raise RingDamagedError(f"a key file lacks {name}; restore it from a backup")
    try:
        return b64decode(value, validate=True)
    except ValueError as error:
        raise RingDamagedError(f"a key file's {name} is not base64; restore it from a backup") from error


def _stretch(passphrase: str, salt: bytes, n: int) -> bytes:
    if not passphrase:
        raise EmptyPassphraseError("set HUB_KEYS_PASSPHRASE: private keys are never stored without one")
    secret = _normal(passphrase)
    return Scrypt(salt=salt, length=SECRET_BYTES, n=n, r=SCRYPT_BLOCK, p=SCRYPT_LANES).derive(secret)


def _origin(passphrase: str, salt: bytes, n: int) -> bytes:
    """Everything that a master secret depends on, each part told apart from the next."""
    return b"".join((n.to_bytes(4, "big"), len(salt).to_bytes(4, "big"), salt, _normal(passphrase)))


def _normal(passphrase: str) -> bytes:
    return unicodedata.normalize("NFC", passphrase).encode("utf-8")


def _cost(document: Mapping[str, object]) -> int:
    n = document.get("n")
    if type(n) is not int or not 1 < n <= MAX_SCRYPT_N or n.bit_count() != 1:
        raise RingDamagedError("a vault's scrypt cost is out of range; restore it from a backup")
    return n
