"""The envelope of a backup: whole, or refused."""

import io
import os
from collections.abc import Callable

import pytest

from hub.backup.archive import Packer, Unpacker
from hub.backup.envelope import CHUNK_BYTES, SealedReader, SealedWriter
from hub.backup.errors import BackupDamagedError, BackupPassphraseError

PASSPHRASE = "correct horse battery staple"
CHUNK = CHUNK_BYTES + 16


def sealed(content: bytes) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, PASSPHRASE, random_bytes=os.urandom, log_work=4)
    for start in range(0, len(content), 50_000):
        writer.write(content[start : start + 50_000])
    writer.close()
    return file.getvalue()


def opened(raw: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(raw), passphrase)).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_was_sealed_is_opened(size: int) -> None:
    content = os.urandom(size)
    raw = sealed(content)

    assert opened(raw) == content
    assert size < 64 or content[:64] not in raw


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(BackupPassphraseError):
        opened(sealed(b"x"), "correct horse battery stable")


HEAD = len(sealed(b"")) - 16  # before the first chunk
ALTERATIONS: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "half a header": lambda raw: raw[:100],
    "no chunk": lambda raw: raw[:HEAD],
    "last chunk missing": lambda raw: raw[: HEAD + 2 * CHUNK],
    "last byte missing": lambda raw: raw[:-1],
    "a byte more": lambda raw: raw + b"\0",
    "first two chunks exchanged": lambda raw: (
        raw[:HEAD] + raw[HEAD + CHUNK : HEAD + 2 * CHUNK] + raw[HEAD : HEAD + CHUNK] + raw[HEAD + 2 * CHUNK :]
    ),
    "a chunk twice": lambda raw: raw[: HEAD + CHUNK] + raw[HEAD:],
    "a chunk missing": lambda raw: raw[:HEAD] + raw[HEAD + CHUNK :],
    "a bit in a chunk": lambda raw: raw[: HEAD + 9] + bytes([raw[HEAD + 9] ^ 1]) + raw[HEAD + 10 :],
    "a bit in the nonce": lambda raw: raw[: HEAD - 9] + bytes([raw[HEAD - 9] ^ 1]) + raw[HEAD - 8 :],
    "another mac": lambda raw: raw.replace(b"--- ", b"--- A", 1),
    "less work": lambda raw: raw.replace(b" 4\n", b" 3\n", 1),
    "work for hours": lambda raw: raw.replace(b" 4\n", b" 40\n", 1),
    "another format": lambda raw: raw.replace(b"/v1", b"/v2", 1),
}


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS)
def test_a_file_that_is_not_whole_is_refused(alter: Callable[[bytes], bytes]) -> None:
    raw = sealed(os.urandom(2 * CHUNK_BYTES + 100))

    with pytest.raises((BackupDamagedError, BackupPassphraseError)):
        opened(alter(raw))


def test_parts_come_back_in_order_and_the_file_is_read_to_its_last_byte() -> None:
    file = io.BytesIO()
    packer = Packer(file, PASSPHRASE, random_bytes=os.urandom, log_work=4)
    parts = [("manifest.json", b"{}"), ("rows/a/000000.jsonl", os.urandom(200_000)), ("keys/ring.json", b"")]
    for name, content in parts:
        packer.add(name, content)
    packer.close()
    raw = file.getvalue()

    with Unpacker(io.BytesIO(raw), PASSPHRASE) as unpacker:
        assert list(unpacker.parts()) == parts
    for cut in (len(raw) - 1, len(raw) - 16, HEAD + CHUNK, HEAD + 2 * CHUNK):
        with pytest.raises(BackupDamagedError), Unpacker(io.BytesIO(raw[:cut]), PASSPHRASE) as unpacker:
            list(unpacker.parts())
