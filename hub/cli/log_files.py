"""The file of request lines: moved aside when it is long, and the oldest forgotten."""

from pathlib import Path

MAX_BYTES = 32 * 1024 * 1024  # about 150 000 requests
KEPT = 7  # with the one in use a quarter of a gigabyte; more belongs into the system's journal: --log -


def move_aside(path: Path, *, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> bool:
    """Rename a long log to `NAME.1`, `NAME.1` to `NAME.2` and so on; web processes then begin a new one by themselves.

    Only one process may do this at a time: the background worker does. Return whether it was long. Raises: OSError.
    """
    if not path.is_file() or path.stat().st_size < max_bytes:
        return False
    for number in range(kept, 1, -1):
        younger = _numbered(path, number - 1)
        if younger.is_file():
            younger.replace(_numbered(path, number))
    path.replace(_numbered(path, 1))
    return True


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
