"""The inside of a backup: a gzipped tar of small parts, written and read as a stream.

`manifest.json` comes first and says what follows; nothing is ever unpacked to a path that the file names.
"""

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import Any, BinaryIO, Self

from hub.backup.envelope import LOG_WORK, Random, SealedReader, SealedWriter
from hub.backup.errors import BackupDamagedError

MANIFEST = "manifest.json"
MAX_PART_BYTES = 64 * 1024 * 1024  # ours are cut at 4 MiB; one row, a status list's token, may be larger
COMPRESSION = 1  # most of it is signatures and ids; more costs time and saves little


class Packer:
    """Writes parts into a sealed file."""

    def __init__(
        self, target: BinaryIO, passphrase: str, *, random_bytes: Random, log_work: int = LOG_WORK
    ) -> None:
        self._sealed = SealedWriter(target, passphrase, random_bytes=random_bytes, log_work=log_work)
        self._gzip = gzip.GzipFile(fileobj=self._sealed, mode="wb", compresslevel=COMPRESSION, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|")  # noqa: SIM115  # closed by close()

    def add(self, name: str, content: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))

    def close(self) -> None:
        """Finish the file; without this it is not whole, and no reader takes it."""
        self._tar.close()
        self._gzip.close()
        self._sealed.close()


class Unpacker:
    """Reads the parts of a sealed file, in order. Raises: BackupDamagedError, BackupPassphraseError."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._sealed = SealedReader(source, passphrase)
        self._gzip = gzip.GzipFile(fileobj=self._sealed, mode="rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._gzip.close()
        self._sealed.close()

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of every part; ends only when the file was read and found whole to its last byte."""
        try:
            with tarfile.open(fileobj=self._gzip, mode="r|") as tar:
                for info in tar:
                    if not info.isreg() or info.size > MAX_PART_BYTES:
                        raise BackupDamagedError
                    content = tar.extractfile(info)
                    yield info.name, b"" if content is None else content.read()
            while self._gzip.read(1 << 16) or self._sealed.read(1 << 16):
                pass
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BackupDamagedError from error


def document_of(content: bytes) -> Any:
    """Raises: BackupDamagedError."""
    try:
        return json.loads(content)
    except ValueError as error:
        raise BackupDamagedError from error


def written(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
