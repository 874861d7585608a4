"""The envelope of a backup: the age format, version 1, with one passphrase (https://age-encryption.org/v1).

A well-known construction, so that a backup can be opened without this software (`age -d FILE | tar xz`). The payload
is ChaCha20-Poly1305 in chunks of 64 KiB, each under a nonce that counts and says which chunk is the last (STREAM;
Hoang, Reyhanitabar, Rogaway, Vizár 2015): a chunk that is missing, moved or repeated fails like one that was changed.
"""

import hmac
import io
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hub.backup.errors import BackupDamagedError, BackupPassphraseError

CHUNK_BYTES = 64 * 1024  # fixed by the format
TAG_BYTES, KEY_BYTES, FILE_KEY_BYTES, SALT_BYTES = 16, 32, 16, 16
LOG_WORK = 17  # 128 MiB and about 0.4 s a guess, as for the key folder
MAX_LOG_WORK = 20  # 1 GiB: a file that asks for more would only exhaust this machine
MAX_HEADER_BYTES = 512  # ours has about 180
_VERSION, _LABEL = b"age-encryption.org/v1\n", b"age-encryption.org/v1/scrypt"
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n"
)

Random = Callable[[int], bytes]


class SealedWriter(io.RawIOBase):
    """A file that encrypts what is written to it; `close` writes the last chunk and leaves `target` open."""

    def __init__(
        self, target: BinaryIO, passphrase: str, *, random_bytes: Random, log_work: int = LOG_WORK
    ) -> None:
        file_key, salt, nonce = (random_bytes(size) for size in (FILE_KEY_BYTES, SALT_BYTES, SALT_BYTES))
        wrapped = ChaCha20Poly1305(_stretched(passphrase, salt, log_work)).encrypt(bytes(12), file_key, None)
        head = _VERSION + b"-> scrypt %s %d\n%s\n---" % (_text(salt), log_work, _text(wrapped))
        target.write(head + b" " + _text(_mac(file_key, head)) + b"\n" + nonce)
        self._target = target
        self._cipher = ChaCha20Poly1305(_derived(file_key, salt=nonce, info=b"payload"))
        self._waiting = bytearray()
        self._count = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        content = memoryview(data).cast("B")  # type: ignore[arg-type]  # any buffer, as RawIOBase says
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:  # one is kept back: it may be the last
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
        super().close()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._count, is_last=is_last), chunk, None))
        self._count += 1


class SealedReader(io.RawIOBase):
    """A file that decrypts while it is read; nothing is handed out before it was authenticated.

    Raises (also at any read): BackupDamagedError; BackupPassphraseError at the beginning.
    """

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        head = b"".join(source.readline(MAX_HEADER_BYTES) for _ in range(4))
        found = _HEADER.fullmatch(head)
        if found is None or int(found[2]) > MAX_LOG_WORK:
            raise BackupDamagedError
        file_key = _unwrapped(passphrase, found)
        if not hmac.compare_digest(_mac(file_key, head[: head.rindex(b"---") + 3]), _bytes(found[4])):
            raise BackupDamagedError
        nonce = source.read(SALT_BYTES)
        self._source = source
        self._cipher = ChaCha20Poly1305(_derived(file_key, salt=nonce, info=b"payload"))
        self._next = source.read(CHUNK_BYTES + TAG_BYTES)
        if not self._next:  # even an empty payload has a last chunk
            raise BackupDamagedError
        self._count = 0
        self._opened = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        room = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # as RawIOBase says
        if not self._opened and self._next:
            self._open()
        given = self._opened[: len(room)]
        room[: len(given)] = given
        self._opened = self._opened[len(given) :]
        return len(given)

    def _open(self) -> None:
        sealed, self._next = self._next, self._source.read(CHUNK_BYTES + TAG_BYTES)
        is_last = not self._next
        try:
            self._opened = self._cipher.decrypt(_nonce(self._count, is_last=is_last), sealed, None)
        except InvalidTag as error:
            raise BackupDamagedError from error
        self._count += 1


def _unwrapped(passphrase: str, found: re.Match[bytes]) -> bytes:
    key = _stretched(passphrase, _bytes(found[1]), int(found[2]))
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), _bytes(found[3]), None)
    except InvalidTag as error:
        raise BackupPassphraseError from error


def _stretched(passphrase: str, salt: bytes, log_work: int) -> bytes:
    return Scrypt(salt=_LABEL + salt, length=KEY_BYTES, n=1 << log_work, r=8, p=1).derive(passphrase.encode())


def _derived(file_key: bytes, *, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(file_key)


def _mac(file_key: bytes, head: bytes) -> bytes:
    return hmac.new(_derived(file_key, salt=b"", info=b"header"), head, sha256).digest()


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([is_last])


def _text(raw: bytes) -> bytes:
    return b64encode(raw).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    return b64decode(text + b"=" * (-len(text) % 4))
