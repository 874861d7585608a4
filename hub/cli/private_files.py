"""Files that a command writes for its operator alone: they name holders, or open what the public log only commits to."""

import os
import stat
from pathlib import Path

PRIVATE = 0o600


def write_private(path: Path, content: bytes) -> None:
    """Write `content`, readable by its owner only, also where an open file was before. Raises: OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):  # not a pipe or a terminal
            os.fchmod(descriptor, PRIVATE)
        file.write(content)
