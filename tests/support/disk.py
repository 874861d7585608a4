"""Where tests keep their files: in memory when there is room, since a hub waits for the disk at every commit."""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  # whoever makes a folder in it makes it his own alone
ROOM = 4 << 30  # bytes; the suite on two workers and its PostgreSQL servers hold up to one and a half


def quick_folder() -> Path:
    """The folder for files that need not outlive the machine. A container that gives no room there has the disk's."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return Path(tempfile.gettempdir())
    there = os.statvfs(MEMORY)
    has_room = there.f_bavail * there.f_frsize >= ROOM
    return MEMORY if has_room else Path(tempfile.gettempdir())
