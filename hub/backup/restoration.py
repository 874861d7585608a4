"""A backup put back: filled beside what is there, compared with its own log and keys, and only then put in its place.

What a copy has forgotten must not happen twice. It cannot know which indices of status lists were given out after it
was made, so that the list being filled is closed and the next one takes its number from the clock: none that an earlier
or another copy used. The record of what witnesses have seen is never replaced by an older one, so that a copy that is
behind it is read-only, as any old database is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub.backup.archive import MANIFEST, Unpacker, document_of
from hub.backup.databases import PostgresTarget, SqliteTarget, target_of
from hub.backup.errors import BackupDamagedError, HubExistsError
from hub.backup.files import FOLDERS, KEYS, HubFiles, put
from hub.backup.folders import clear, merge_witnesses, swap
from hub.backup.loader import Loader
from hub.backup.maker import FORMAT
from hub.backup.rows import Progress
from hub.codes.dynamic import UseFloor, note_floor
from hub.kernel.actor import Doer
from hub.kernel.database import Database
from hub.kernel.messages import Message
from hub.registry.search_index import refill
from hub.trust.record import events
from hub.trust.statuses.indices import abandon_list
from hub.trust.witnesses import read_only
from hub.trust.witnesses.record import FOLDER, WitnessRecord
from keys.ring_file import RING_FILE

STAGE_FOLDER = ".restoring"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    revision: str
    is_sqlite: bool
    settings: dict[str, str]
    is_embedded: bool
    entries: int
    tables: list[dict[str, Any]]

    @property
    def rows(self) -> int:
        return sum(int(table["rows"]) for table in self.tables)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a backup goes. `migrate` brings a fresh database to a revision, "" for the newest.

    `dynamic_life`: how long dynamic codes live here; those that were shown before the restore are not taken after it,
    since the copy cannot know which of them were used.
    """

    database_url: str
    places: HubFiles
    migrate: Callable[[Database, str], None]
    dynamic_life: timedelta


@dataclass(frozen=True, slots=True)
class StagedBackup:
    """A backup that lies beside its place: the database, and the folder of its files."""

    manifest: Manifest
    db: Database
    folder: Path
    behind: Message | None  # why it will be read-only


@contextmanager
def staged(
    file: Path,
    *,
    passphrase: str,
    to: Destination,
    look: Callable[[Manifest], None],
    progress: Progress,
    now: datetime,
) -> Iterator[StagedBackup]:
    """Read a backup to its last byte into a place beside its own; whatever was not put in place is removed.

    `look` is shown what the backup says of itself, before anything is made, and may refuse.
    Raises: BackupDamagedError, BackupPassphraseError, BackupNewerError, and what `look` raises.
    """
    target, folder = target_of(to.database_url), to.places.home / STAGE_FOLDER
    clear(folder)
    with file.open("rb") as source, Unpacker(source, passphrase) as unpacker:
        parts = unpacker.parts()
        manifest = manifest_of(next(parts, ("", b"")))
        look(manifest)
        db = target.stage()
        try:
            to.migrate(db, manifest.revision)
            folder.mkdir(mode=0o700, parents=True)
            _fill(db, folder, manifest, parts, progress=progress)
            to.migrate(db, "")
            merge_witnesses(folder / FOLDER, kept=to.places.home / FOLDER)
            behind = read_only.standing(db, WitnessRecord(folder))
            with db.write() as session:
                abandon_list(session, now=now)
                note_floor(session, UseFloor.RESTORED, now + to.dynamic_life, now=now)
            yield StagedBackup(manifest, db, folder, behind)
        finally:
            db.close()
            target.drop_stage()
            clear(folder)


def manifest_of(part: tuple[str, bytes]) -> Manifest:
    """Raises: BackupDamagedError."""
    name, content = part
    told = document_of(content) if name == MANIFEST else {}
    try:
        if told["format"] != FORMAT:
            raise BackupDamagedError(f"the backup is of format {told['format']}.")
        return Manifest(
            datetime.fromisoformat(told["made_at"]),
            str(told["revision"]),
            told["database"] == "sqlite",
            dict(told["settings"]),
            bool(told["is_embedded"]),
            int(told["entries"]),
            list(told["tables"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BackupDamagedError from error


def _fill(
    db: Database, folder: Path, manifest: Manifest, parts: Iterator[tuple[str, bytes]], *, progress: Progress
) -> None:
    """Every part in its place; all rows in one transaction."""
    try:
        with db.write() as session:
            loader = Loader(session, manifest.tables, progress=progress)
            for name, content in parts:
                if name.startswith("rows/"):
                    loader.take(name.split("/")[1], content)
                else:
                    put(folder, name, content)
            loader.finish(is_from_sqlite=manifest.is_sqlite)
            refill(session)
    except (KeyError, TypeError, ValueError, AttributeError, FileExistsError) as error:
        raise BackupDamagedError(f"a part of it cannot be read ({type(error).__name__}).") from error


def require_free(to: Destination, *, replace: bool) -> None:
    """Raises: HubExistsError where a hub is and may not be replaced, HubInUseError while it is in use."""
    target = target_of(to.database_url)
    target.require_unused()
    if not replace and not _is_free(target, to.places):
        raise HubExistsError


def _is_free(target: SqliteTarget | PostgresTarget, places: HubFiles) -> bool:
    return target.is_empty() and not (places.keys / RING_FILE).exists()


def put_in_place(found: StagedBackup, *, to: Destination, by: Doer, now: datetime) -> str:
    """Put on record that the hub was restored, and move everything to its place; the label of what was there before.

    A copy that is behind its witnesses is put in place without the record, which would be the first entry of a fork.
    """
    if found.behind is None:
        _record(found, by=by, now=now)
    label = f"before_restore_{now:%Y%m%dT%H%M%S}"
    aside = to.places.home / label
    for name in FOLDERS:  # first: a database with older keys does not start, one with newer keys does
        if (found.folder / name).is_dir():
            swap(found.folder / name, to.places.folder(name), aside=aside / name)
    target_of(to.database_url).place(found.db, label=label)
    return label


def _record(found: StagedBackup, *, by: Doer, now: datetime) -> None:
    data = {"entries": found.manifest.entries, "until": found.manifest.made_at.isoformat(timespec="seconds")}
    with found.db.write() as session:
        events.record(session, kind="hub.restored", uscc="", subject=KEYS, by=by, data=data, now=now)
