"""Private files on disk: written whole or not at all, and readable by their owner only."""

import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from keys.errors import FolderModeError, RingDamagedError

FOLDER_MODE = 0o700
FILE_MODE = 0o600
OTHERS = 0o077
MAX_FILE_BYTES = 1_000_000  # a ring of a thousand keys is half of this


def require_private(path: Path) -> None:
    """Refuse a folder or file that group or others can touch.

    Raises: FolderModeError, naming the command that mends it.
    """
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    if mode & OTHERS:
        wanted = FOLDER_MODE if stat.S_ISDIR(status.st_mode) else FILE_MODE
        raise FolderModeError(
            f"{path} is open to other users (mode {mode:04o}); run: chmod {wanted:04o} {path}",
        )


def make_private_folder(path: Path) -> None:
    """Make the folder for its owner alone; an existing one must already be so.

    Raises: FolderModeError.
    """
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    require_private(path)


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """Replace a file by a JSON document; after a crash the disk holds the old or the new content, whole."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync_folder(path.parent)


def read_json(path: Path) -> dict[str, object]:
    """Return a JSON object from a private file.

    Raises: FileNotFoundError, FolderModeError, RingDamagedError.
    """
    require_private(path)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise RingDamagedError(f"{path} is too large to be ours")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RingDamagedError(f"{path} is not JSON; restore it from a backup") from error
    if not isinstance(document, dict):
        raise RingDamagedError(f"{path} is not a JSON object; restore it from a backup")
    return document


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change the folder; others wait."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, FILE_MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
