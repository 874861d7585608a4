"""A backup made while the hub is served: what belongs together is read in an order in which it agrees.

1. The witness record: what it has seen is in every later state of the database.
2. One snapshot of the database (SQLite: a read transaction on the log of changes; PostgreSQL: REPEATABLE READ).
3. The key folder, under its lock: a change of keys is done before it is on record, so that the ring knows every act
   that the snapshot has. What it knows beyond that is put on record when the restored hub is looked at.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Table
from sqlalchemy.orm import Session

from hub.backup.archive import MANIFEST, Packer, written
from hub.backup.envelope import LOG_WORK, Random
from hub.backup.errors import BackupFileError
from hub.backup.files import HubFiles, private_files, witness_files
from hub.backup.rows import Progress, described, parts_of
from hub.kernel.database import Database
from hub.trust.log.heads import head_of

FORMAT = 1
PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class BackupSource:
    """The hub to be backed up. `settings`: what must be the same where it is restored, by name.

    `is_embedded`: its key folder is opened by the passphrase under `HUB_HOME/secrets`, which then goes along.
    """

    db: Database
    places: HubFiles
    revision: str
    tables: tuple[Table, ...]
    settings: dict[str, str]
    is_embedded: bool


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup holds: entries of the public log, rows, bytes of the file."""

    entries: int
    rows: int
    size: int


def make_backup(
    target: Path,
    *,
    source: BackupSource,
    passphrase: str,
    progress: Progress,
    now: datetime,
    random_bytes: Random = os.urandom,
    log_work: int = LOG_WORK,
) -> BackupSummary:
    """Write the hub into a new file, readable by its owner only; it has its name once it is whole and on the disk.

    Raises: BackupFileError, OSError, KeysError, what the driver raises while the database is away.
    """
    if target.exists():
        raise BackupFileError(f"{target} exists; a backup never overwrites a file.")
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "wb") as file:
            packer = Packer(file, passphrase, random_bytes=random_bytes, log_work=log_work)
            entries, rows = _fill(packer, source, progress=progress, now=now)
            packer.close()
            size = _on_disk(file)
        os.link(fresh, target)  # unlike a rename it never replaces a file that came meanwhile
    except FileExistsError as error:
        raise BackupFileError(f"{target} exists; a backup never overwrites a file.") from error
    finally:
        fresh.unlink(missing_ok=True)
    return BackupSummary(entries, rows, size)


def _fill(packer: Packer, source: BackupSource, *, progress: Progress, now: datetime) -> tuple[int, int]:
    witnessed = witness_files(source.places)
    with source.db.read() as session:
        tables = described(session, source.tables)
        private = list(private_files(source.places, with_passphrase=source.is_embedded))
        entries = _entries(session)
        packer.add(
            MANIFEST,
            written(
                {
                    "format": FORMAT,
                    "made_at": now.isoformat(),
                    "revision": source.revision,
                    "database": session.get_bind().dialect.name,
                    "settings": source.settings,
                    "is_embedded": source.is_embedded,
                    "entries": entries,
                    "tables": tables,
                }
            ),
        )
        _add_all(packer, (*witnessed, *private))
        for table in source.tables:
            for number, part in enumerate(parts_of(session, table, progress=progress)):
                packer.add(f"rows/{table.name}/{number:06}.jsonl", part)
    return entries, sum(int(str(table["rows"])) for table in tables)


def _add_all(packer: Packer, files: Iterable[tuple[str, bytes]]) -> None:
    for name, content in files:
        packer.add(name, content)


def _entries(session: Session) -> int:
    head = head_of(session)
    return 0 if head is None else head.size


def _on_disk(file: BinaryIO) -> int:
    file.flush()
    os.fsync(file.fileno())
    return file.tell()
