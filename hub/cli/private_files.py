"""Files that a command writes for its operator alone: they name holders, or open what the public log only commits to."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

PRIVATE = 0o600


def write_private(path: Path, content: bytes) -> None:
    """Write `content`, readable by its owner only, also where an open file was before. Raises: OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):  # not a pipe or a terminal
            os.fchmod(descriptor, PRIVATE)
        file.write(content)


@contextmanager
def private_file(path: Path) -> Iterator[TextIO]:
    """Open a text that is put at `path` when all of it is written; what stood there before stays until then.

    A long export that is interrupted leaves no half file that looks like a whole one. What is no regular file (a pipe)
    is written to as it comes. Raises: OSError.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as pipe:
            yield pipe
        return
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
