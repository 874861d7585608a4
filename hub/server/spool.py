"""Where long answers wait for callers who read slowly: files without a name, bounded in number and bytes."""

import tempfile
import threading
from collections import Counter
from typing import IO

from keys.messages import StatedError

FILES = 256  # of one worker; each is one caller who has not read on
BYTES = 1024 * 1024 * 1024
EACH = 4  # one address has a quarter of the files at most


class SpoolFullError(StatedError):
    """Too many long answers wait to be read, or the disk takes no more; whoever asks later gets theirs."""

    reason = "ANSWERS_WAITING"
    zh = "等待接收的下载过多，请稍后再试。"
    en = "Too many downloads are waiting to be read; try again in half a minute."
    retry_seconds = 30  # a caller who takes nothing for 20 seconds is dropped


class SpooledAnswer:
    """One answer in a file: written once, read once, gone when it is closed."""

    def __init__(self, spool: "Spool", address: str) -> None:
        self._spool = spool
        self._address = address
        self._size = 0
        self._file: IO[bytes] | None = tempfile.TemporaryFile(prefix="hub-answer-")  # noqa: SIM115  # closed by `close`

    def write(self, part: bytes) -> None:
        """Add to the end. Raises: SpoolFullError."""
        self._spool.grow(len(part))
        self._size += len(part)
        try:
            self._open().write(part)
        except OSError as error:  # the disk is full
            raise SpoolFullError from error

    def rewind(self) -> None:
        """Go to the beginning: from now on it is read. Raises: SpoolFullError."""
        try:
            self._open().seek(0)
        except OSError as error:  # the last bytes find no room
            raise SpoolFullError from error

    def read(self, size: int) -> bytes:
        """Return the next bytes; none at the end."""
        return self._open().read(size)

    def close(self) -> None:
        """Forget it. A second time does nothing."""
        file, self._file = self._file, None
        if file is None:
            return
        self._spool.forget(self._address, self._size)
        try:
            file.close()
        except OSError:  # what was not yet written finds no room; nobody reads it
            return

    def _open(self) -> IO[bytes]:
        if self._file is None:
            raise ValueError("the answer is closed")
        return self._file


class Spool:
    """The waiting answers of one worker. Threads fill it, the event loop empties it."""

    def __init__(self, *, files: int = FILES, size: int = BYTES, is_shared: bool = False) -> None:
        """`is_shared`: behind a proxy all callers have one address, which then has no bound of its own."""
        self._most_files = files
        self._most_bytes = size
        self._each = files if is_shared else max(1, files // EACH)
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._bytes = 0

    @property
    def files(self) -> int:
        """How many answers wait."""
        return self._held.total()

    @property
    def size(self) -> int:
        """How many bytes wait."""
        return self._bytes

    def has_room(self, address: str) -> bool:
        """Return whether one more answer to this address may begin."""
        with self._lock:
            return self._has_room(address)

    def begin(self, address: str) -> SpooledAnswer:
        """Begin an answer that waits. Raises: SpoolFullError."""
        with self._lock:
            if not self._has_room(address):
                raise SpoolFullError
            self._held[address] += 1
        try:
            return SpooledAnswer(self, address)
        except OSError as error:  # no room for a file, or no descriptor left
            self.forget(address, 0)
            raise SpoolFullError from error

    def grow(self, size: int) -> None:
        """Count bytes before they are written. Raises: SpoolFullError."""
        with self._lock:
            if self._bytes + size > self._most_bytes:
                raise SpoolFullError
            self._bytes += size

    def forget(self, address: str, size: int) -> None:
        """Count an answer as gone."""
        with self._lock:
            self._bytes -= size
            self._held[address] -= 1
            if self._held[address] <= 0:
                del self._held[address]

    def _has_room(self, address: str) -> bool:
        is_free = self._held.total() < self._most_files and self._bytes < self._most_bytes
        return is_free and self._held[address] < self._each
