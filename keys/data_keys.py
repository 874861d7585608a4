"""Data keys: symmetric keys for single fields of a database, wrapped under a secret of the ring's key source.

`data-keys.json` lies beside the ring. Its wrapping key is the source's keyed digest of one fixed text: with `file:` it
follows from the passphrase (scrypt), with a token from a secret that never leaves it. The last key of the file seals;
all of them open. `lost` names keys that were given up: what they sealed is not an error, and cannot be read.

A blind index is a keyed digest of a value, under a secret that follows from the data key: it finds equals and tells no more.

A sealed value is `hp1:KID:` and the base64 of nonce, ciphertext and tag (NIST SP 800-38D: 96-bit nonces at random, so
that one key seals at most 2^32 values; RFC 8998 uses SM4 in the same mode).
"""

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from keys.durable_files import locked, read_json, write_json
from keys.errors import DataKeysDamagedError, DataKeysMissingError, SealedValueError
from keys.model import Algorithm, Purpose
from keys.policy import Algorithms
from keys.sources import KeySource
from keys.vault import binary

DATA_KEYS_FILE = "data-keys.json"
DATA_KEYS_VERSION = 1
PREFIX = "hp1:"
UNREADABLE = "（密钥已遗失，无法读取 key lost）"
_WRAPPING = b"yizhao data keys v1 wrapping"  # no ring is this text: rings are JSON
_NONCE, _TAG, _KID, _INDEX = 12, 16, 4, 16  # bytes
INDEX_CHARS = 2 * _INDEX


class DataCipher(StrEnum):
    """How a data key seals."""

    AES = "A256GCM"
    SM4 = "SM4GCM"


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class _Sm4Gcm:
    """SM4 (GB/T 32907) in GCM, in the shape of `cryptography`'s AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Raises: InvalidTag, ValueError (shorter than a tag)."""
        decryptor = Cipher(self._algorithm, GCM(nonce, data[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-_TAG]) + decryptor.finalize()


_CIPHERS: Mapping[DataCipher, tuple[int, Callable[[bytes], _Aead], HashAlgorithm]] = MappingProxyType(
    {DataCipher.AES: (32, AESGCM, SHA256()), DataCipher.SM4: (16, _Sm4Gcm, SM3())}  # bytes of a key
)


class DataKey:
    """One data key at work; its secret stays inside."""

    __slots__ = ("_aead", "_hash", "_index", "cipher", "kid")

    def __init__(self, kid: str, cipher: DataCipher, secret: bytes) -> None:
        size, make, self._hash = _CIPHERS[cipher]
        self.kid, self.cipher = kid, cipher
        self._aead = make(secret[:size])
        self._index = _keyed(secret[:size], b"blind index", self._hash)

    def index(self, text: str, place: str) -> str:
        """Return the blind index of a text in one column: the same for equal texts there, another in every other column."""
        return _keyed(self._index, f"{place}|{text}".encode(), self._hash)[:_INDEX].hex()

    def seal(self, content: bytes, bound: bytes) -> str:
        nonce = os.urandom(_NONCE)
        return b64encode(nonce + self._aead.encrypt(nonce, content, bound)).decode("ascii")

    def open(self, sealed: str, bound: bytes) -> bytes:
        """Raises: InvalidTag, ValueError."""
        whole = b64decode(sealed, validate=True)
        return self._aead.decrypt(whole[:_NONCE], whole[_NONCE:], bound)


@dataclass(frozen=True, slots=True)
class DataKeys:
    """The opened keys of a folder. Immutable: after a change on disk, open them again."""

    keys: Mapping[str, DataKey]
    current: DataKey
    lost: frozenset[str]

    @property
    def prefix(self) -> str:
        """How everything begins that the key in use has sealed."""
        return f"{PREFIX}{self.current.kid}:"

    def seal(self, text: str, bound: bytes) -> str:
        """Return the text, readable only with these keys and only at the place that `bound` names."""
        return self.prefix + self.current.seal(text.encode(), bound)

    def index(self, text: str, place: str) -> str:
        """Return the blind index that is stored with what the key in use seals."""
        return self.current.index(text, place)

    def indexes(self, text: str, place: str) -> list[str]:
        """Return what may be stored for a text: its index under every key, for not everything is sealed anew at once."""
        return [key.index(text, place) for key in self.keys.values()]

    def open(self, sealed: str, bound: bytes) -> str:
        """Return what `seal` was given; for a key that was given up, words that say so.

        Raises: SealedValueError where it was changed, moved to another place, or sealed by a key that is not here.
        """
        kid, _, rest = sealed.removeprefix(PREFIX).partition(":")
        if kid in self.lost:
            return UNREADABLE
        key = self.keys.get(kid)
        if key is None:
            raise SealedValueError(
                f"{_named(bound)} was sealed by a data key that is not in {DATA_KEYS_FILE}"
            )
        try:
            return key.open(rest, bound).decode()
        except (InvalidTag, ValueError) as error:
            fact = "was changed, or moved here from another row or column"
            raise SealedValueError(f"{_named(bound)} {fact}") from error


class DataKeyFile:
    """The data keys of one ring's folder, on disk."""

    def __init__(self, folder: Path, source: KeySource) -> None:
        self._folder, self._source = folder, source
        self._path = folder / DATA_KEYS_FILE

    def exists(self) -> bool:
        return self._path.is_file()

    def open(self) -> DataKeys:
        """Raises: DataKeysMissingError, DataKeysDamagedError, FolderModeError, RingDamagedError, SignerAwayError."""
        if not self.exists():
            raise DataKeysMissingError(f"{self._path} is missing; restore it from a backup")
        document = read_json(self._path)
        entries = self._entries(document)
        secret = self._source.seal(_WRAPPING)
        lost = frozenset(map(str, _list(document, "lost")))
        opened = [self._opened(entry, secret) for entry in entries if entry.get("kid") not in lost]
        if not opened:
            raise DataKeysDamagedError(f"{self._path} holds no key that was not given up")
        return DataKeys(MappingProxyType({key.kid: key for key in opened}), opened[-1], lost)

    def add(self, cipher: DataCipher, *, lost: Iterable[str] = ()) -> DataKeys:
        """Make a key that seals from now on; those before it go on opening. `lost`: kids that are given up.

        Raises: as `open`, but for a missing file.
        """
        with locked(self._folder):
            self._write(cipher, lost)
        return self.open()

    def give_up(self, cipher: DataCipher) -> DataKeys:
        """Make a key where those of the file do not open and never will: the token that wrapped them is gone for good.

        They stay in the file, named as lost, in case that it is found. Raises: as `add`.
        """
        with locked(self._folder):
            entries = self._entries(read_json(self._path)) if self.exists() else []
            self._write(cipher, (str(entry.get("kid")) for entry in entries))
        return self.open()

    def begin(self, cipher: DataCipher) -> None:
        """Make the first key where there is none; the caller holds the folder's lock."""
        if not self.exists():
            self._write(cipher, ())

    def _write(self, cipher: DataCipher, lost: Iterable[str]) -> None:
        before = read_json(self._path) if self.exists() else None
        entries = [] if before is None else self._entries(before)
        given_up = set(lost) | set(map(str, _list(before or {}, "lost")))
        kid, size = secrets.token_hex(_KID), _CIPHERS[cipher][0]
        wrapping = DataKey("", cipher, self._source.seal(_WRAPPING))
        wrapped = wrapping.seal(secrets.token_bytes(size), _bound(kid, cipher))
        entry = {"kid": kid, "cipher": cipher.value, "wrapped": wrapped}
        write_json(
            self._path,
            {"version": DATA_KEYS_VERSION, "keys": [*entries, entry], "lost": sorted(given_up)},
        )

    def _entries(self, document: Mapping[str, object]) -> list[dict[str, object]]:
        entries = [each for each in _list(document, "keys") if isinstance(each, dict)]
        if document.get("version") != DATA_KEYS_VERSION or not entries:
            raise DataKeysDamagedError(f"{self._path} is of a version this software does not know")
        return entries

    def _opened(self, entry: Mapping[str, object], secret: bytes) -> DataKey:
        binary(entry, "wrapped")
        try:
            kid, cipher = str(entry["kid"]), DataCipher(str(entry["cipher"]))
            content = DataKey("", cipher, secret).open(str(entry["wrapped"]), _bound(kid, cipher))
        except (InvalidTag, KeyError, ValueError) as error:
            raise DataKeysDamagedError(
                f"{self._path} does not open under this passphrase or token; restore it from a backup, or give up "
                "what it sealed: hub init --new-keys"
            ) from error
        return DataKey(kid, cipher, content)


def cipher_for(algorithms: Algorithms) -> DataCipher:
    """SM4 where the profile signs with SM2 first, AES elsewhere."""
    return DataCipher.SM4 if algorithms[Purpose.CREDENTIAL][0] is Algorithm.SM2 else DataCipher.AES


def kid_of(sealed: str) -> str:
    """Return the name of the key that sealed a value."""
    return sealed.removeprefix(PREFIX).partition(":")[0]


def _keyed(key: bytes, content: bytes, algorithm: HashAlgorithm) -> bytes:
    mac = HMAC(key, algorithm)
    mac.update(content)
    return mac.finalize()


def _bound(kid: str, cipher: DataCipher) -> bytes:
    return f"data key {kid} {cipher}".encode()


def _list(document: Mapping[str, object], name: str) -> list[object]:
    found = document.get(name)
    return found if isinstance(found, list) else []


def _named(bound: bytes) -> str:
    return bound.decode(errors="replace")
