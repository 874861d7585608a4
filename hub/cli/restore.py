"""`hub restore`: a backup checked from end to end and put in its place."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Never

import click
from tqdm import tqdm

from hub import schema
from hub.backup.errors import BackupNewerError, BackupSettingsError, BackupUntrueError
from hub.backup.files import KEYS, PASSPHRASE, SECRETS, HubFiles
from hub.backup.restoration import Destination, Manifest, StagedBackup, put_in_place, require_free, staged
from hub.cli.backup import traveling
from hub.cli.context import HubContext, key_folder
from hub.cli.log_checks import checks_of
from hub.cli.passphrases import PASSPHRASE_FILE, backup_passphrase
from hub.config import ADDRESS_FILE, NOT_GIVEN, Settings, make_home
from hub.kernel.database import Database
from hub.kernel.engine import sqlite_url
from hub.licenses.reference.loader import shipped_reference
from hub.licenses.reference.stored_tables import StoredReferenceTables
from hub.trust import personal_fields
from hub.trust.keys.management import acts_the_ring_lacks
from hub.trust.log.audit import audit
from hub.trust.record.database import open_database
from hub.trust.witnesses.record import WitnessRecord
from keys import KeyRing, profile_algorithms, ring_place

SHOWN_FINDINGS = 3
MUST_AGREE = ("HUB_PROFILE", "HUB_TIMEZONE", "HUB_KEYS", "HUB_DEMO")


@click.command(epilog="Example: HUB_HOME=/srv/hub HUB_BACKUP_PASSPHRASE=… hub restore hub-2026-11-29.backup")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PASSPHRASE_FILE
@click.option("--check", is_flag=True, help="Read and compare everything, change nothing. 仅检验，不恢复。")
@click.option(
    "--replace", "is_replacing", is_flag=True, help="Set aside the hub that is there. 替换现有系统。"
)
@click.option(
    "--accept-findings", is_flag=True, help="Though rows differ from the public log. 存在不符项仍恢复。"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def restore(  # click hands every option over by its name
    hub: HubContext,
    *,
    file: Path,
    passphrase_file: Path | None,
    check: bool,
    is_replacing: bool,
    accept_findings: bool,
    as_json: bool,
) -> None:
    """Put back what `hub backup` wrote, into SQLite or PostgreSQL, whichever it came from. 恢复备份。

    The file is read to its last byte, its rows are compared with its public log and its keys with both, before
    anything is put in its place. A hub that is there stays unless you say --replace, and is then set aside.
    """
    settings, now = Settings.for_absent_home(), hub.now()
    passphrase = backup_passphrase(settings, passphrase_file, is_new=False)
    with _destination(settings, is_checking=check) as to:
        if not check:
            require_free(to, replace=is_replacing)
        with (
            tqdm(unit=" rows", disable=None, leave=False) as bar,
            staged(
                file,
                passphrase=passphrase,
                to=to,
                look=lambda manifest: _look(manifest, settings, bar),
                progress=bar.update,
                now=now,
            ) as found,
        ):
            findings = _compare(found, settings, now=now)
            if findings and not accept_findings:
                raise BackupUntrueError(_untrue(findings))
            aside = "" if check else _place(found, to, hub, settings)
    if not check:
        _enter(hub)
    _tell(found, aside=aside, findings=findings, is_check=check, as_json=as_json)


@contextmanager
def _destination(settings: Settings, *, is_checking: bool) -> Iterator[Destination]:
    """The hub's own places; for a check a folder of its own, removed afterwards."""
    make_home(settings.home)
    life = timedelta(seconds=settings.dynamic_seconds)
    if not is_checking:
        yield Destination(
            settings.database_url,
            HubFiles(settings.home, key_folder(settings)),
            _migrate,
            life,
        )
        return
    folder = settings.home / f".checking-{id(settings)}"
    folder.mkdir(mode=0o700)
    try:
        yield Destination(
            sqlite_url(folder / "hub.sqlite3"),
            HubFiles(folder, folder / KEYS),
            _migrate,
            life,
        )
    finally:
        folder.rmdir()


def _migrate(db: Database, revision: str) -> None:
    """Raises: BackupNewerError."""
    if revision and not schema.is_known(revision):
        raise BackupNewerError
    schema.upgrade(db, revision=revision or "head")


def _look(manifest: Manifest, settings: Settings, bar: "tqdm[Never]") -> None:
    """Refuse what cannot go together before anything is made. Raises: BackupNewerError, BackupSettingsError."""
    bar.reset(total=manifest.rows)
    if not schema.is_known(manifest.revision):
        raise BackupNewerError
    here = traveling(settings)
    other = [name for name in MUST_AGREE if manifest.settings.get(name) != here[name]]
    if other:
        wanted = ", ".join(f"{name}={_wanted(name, manifest)}" for name in other)
        raise BackupSettingsError(f"the backup goes with {wanted}: set it so and restore again.")
    if settings.keys_passphrase == NOT_GIVEN and not manifest.is_embedded:
        raise BackupSettingsError(
            "the passphrase of its keys is not in the backup, since that hub was given it from outside: "
            "set HUB_KEYS_PASSPHRASE."
        )


def _wanted(name: str, manifest: Manifest) -> str:
    value = manifest.settings.get(name, "")
    return f"{value}:…" if name == "HUB_KEYS" else value


def _compare(found: StagedBackup, settings: Settings, *, now: datetime) -> list[str]:
    """The ring opened with its passphrase and compared with the record, every row compared with the log."""
    ring = _ring(found, settings)
    personal_fields.attach(found.db, lambda: ring)
    lacking = acts_the_ring_lacks(found.db, ring.book)
    nowhere = WitnessRecord(found.folder / "nowhere")  # what witnesses have seen is told apart
    today = settings.today(found.manifest.made_at)
    tables = StoredReferenceTables(found.db, shipped_reference())
    keys = ring.verification_keys()
    with tqdm(unit=" acts", disable=None, leave=False) as bar:
        report = audit(
            found.db,
            keys=keys,
            origin=settings.log_origin,
            now=found.manifest.made_at,  # acts that waited then are not late for having been kept
            progress=bar.update,
            checks=checks_of(
                found.db,
                record=nowhere,
                keys=keys,
                now=now,
                today=today,
                reference=tables.on(today),
            ),
        )
    told = [f"{each.reason.value} {each.table} {each.key}".strip() for each in report.findings]
    return [*(f"RING_OLDER {act}" for act in lacking), *told]


def _ring(found: StagedBackup, settings: Settings) -> KeyRing:
    """Raises: KeysError leaves."""
    source = ring_place(settings.keys_uri, home=settings.home).source
    return KeyRing.open(
        found.folder / KEYS,
        _keys_passphrase(found, settings),
        source=source,
        algorithms=profile_algorithms(settings.profile),
    )


def _keys_passphrase(found: StagedBackup, settings: Settings) -> str:
    kept = found.folder / SECRETS / PASSPHRASE
    if settings.keys_passphrase != NOT_GIVEN or not kept.is_file():
        return settings.keys_passphrase
    return kept.read_text(encoding="ascii").strip()


def _untrue(findings: list[str]) -> str:
    shown = "; ".join(findings[:SHOWN_FINDINGS])
    return (
        f"{len(findings)} findings ({shown}): the backup does not agree with its public log or its keys; nothing was "
        "restored. Take another backup, or say --accept-findings."
    )


def _place(found: StagedBackup, to: Destination, hub: HubContext, settings: Settings) -> str:
    label = put_in_place(found, to=to, by=hub.by, now=hub.now())
    placed = open_database(to.database_url)
    schema.upgrade(placed)  # what the database grants by schema, it grants where the tables are now
    placed.close()
    served = found.manifest.settings["HUB_BASE_URL"]
    (settings.home / ADDRESS_FILE).write_text(f"{served}\n", encoding="ascii")
    return label


def _enter(hub: HubContext) -> None:
    """The restored hub is opened as any command opens it; what is on record enters its public log."""
    hub.issuer()
    hub.take_into_log(hub.db)


def _tell(found: StagedBackup, *, aside: str, findings: list[str], is_check: bool, as_json: bool) -> None:
    manifest, behind = found.manifest, found.behind
    if as_json:
        told = {
            "made_at": manifest.made_at.isoformat(),
            "rows": manifest.rows,
            "entries": manifest.entries,
            "findings": findings,
            "read_only": behind and behind.as_json(),
            "aside": aside,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    what = "is whole and agrees with its log 备份完整且与日志一致" if is_check else "is restored 已恢复"
    click.echo(
        f"The hub of {manifest.made_at:%Y-%m-%d %H:%M}Z {what}: {manifest.rows} rows, {manifest.entries} entries, "
        f"{len(findings)} findings."
    )
    if behind is not None:
        click.echo(f"hub: READ-ONLY: {behind.en} {behind.zh}", err=True)
