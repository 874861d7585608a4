"""The files that belong to a hub beside its database: which they are, and how they come into a folder."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hub.backup.errors import BackupDamagedError
from hub.trust.witnesses.record import CHECKPOINT, FOLDER, WITNESSES
from keys.durable_files import locked

KEYS, SECRETS, CA = "keys", "secrets", "ca"
PASSPHRASE, SECRET_KEY = "keys-passphrase", "secret-key"  # names of files
FOLDERS = (KEYS, SECRETS, CA, FOLDER)
MAX_FILE_BYTES = 4 * 1024 * 1024  # a ring of a thousand keys has half a megabyte
_PRIVATE, _PRIVATE_FOLDER = 0o600, 0o700


@dataclass(frozen=True, slots=True)
class HubFiles:
    """Where a hub's files are: its home, and the folder of its key ring, which may lie elsewhere."""

    home: Path
    keys: Path

    def folder(self, name: str) -> Path:
        return self.keys if name == KEYS else self.home / name


def witness_files(places: HubFiles) -> list[tuple[str, bytes]]:
    """Return the record of what witnesses have cosigned."""
    return list(_of(places.home / FOLDER, FOLDER, (WITNESSES, CHECKPOINT)))


def private_files(places: HubFiles, *, with_passphrase: bool) -> Iterator[tuple[str, bytes]]:
    """Return the key folder as it is between two changes, the embedded secrets, the authority for documents."""
    with locked(places.keys):
        yield from list(_of(places.keys, KEYS, None))
    secrets = (SECRET_KEY, PASSPHRASE) if with_passphrase else (SECRET_KEY,)
    yield from _of(places.home / SECRETS, SECRETS, secrets)
    if (places.home / CA).is_dir():
        with locked(places.home / CA):
            yield from list(_of(places.home / CA, CA, None))


def _of(folder: Path, name: str, files: tuple[str, ...] | None) -> Iterator[tuple[str, bytes]]:
    """The named files of a folder, or all of them but hidden ones (locks, and what was being written)."""
    found = (
        sorted(path for path in folder.glob("*") if not path.name.startswith(".")) if files is None else None
    )
    for path in [folder / each for each in files or ()] if found is None else found:
        if path.is_file():
            yield f"{name}/{path.name}", path.read_bytes()


def put(folder: Path, name: str, content: bytes) -> None:
    """Write one file of a backup under a folder of ours. Raises: BackupDamagedError for a name of another shape."""
    parts = PurePosixPath(name).parts
    is_plain = len(parts) == 2 and parts[0] in FOLDERS and not parts[1].startswith(".")  # noqa: PLR2004  # folder and file
    if not is_plain or "\\" in name or "\0" in name or len(content) > MAX_FILE_BYTES:
        raise BackupDamagedError(f"the backup has a file {name!r}.")
    target = folder / parts[0] / parts[1]
    target.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
