"""`hub backup`: the whole hub in one encrypted file, while it is served."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from tqdm import tqdm

from hub import schema
from hub.backup.files import KEYS, PASSPHRASE, SECRETS, HubFiles
from hub.backup.maker import BackupSource, BackupSummary, make_backup
from hub.cli.context import HubContext, key_folder
from hub.cli.passphrases import PASSPHRASE_FILE, backup_passphrase
from hub.config import Settings
from hub.trust.record import events


@click.command(epilog="Example: HUB_BACKUP_PASSPHRASE=… hub backup hub-2026-11-29.backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@PASSPHRASE_FILE
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def backup(hub: HubContext, *, file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write database, keys, secrets and witness record into one encrypted FILE, also while the hub is served. 备份。

    Keep its passphrase apart from it; without it nobody can open the file, you neither.
    """
    passphrase = backup_passphrase(hub.settings, passphrase_file, is_new=True)
    hub.issuer()  # a ring that is no longer the newest is not worth keeping
    source = source_of(hub)
    _record(hub, file)
    hub.take_into_log(hub.db)
    with tqdm(unit=" rows", disable=None, leave=False) as bar:
        made = make_backup(file, source=source, passphrase=passphrase, progress=bar.update, now=hub.now())
    click.echo(json.dumps({"file": str(file), **asdict(made)}) if as_json else _said(file, made))


def source_of(hub: HubContext) -> BackupSource:
    """Return what is to be backed up, and which of its settings must be the same where it is restored."""
    settings = hub.settings
    return BackupSource(
        db=hub.db,
        places=HubFiles(settings.home, key_folder(settings)),
        revision=schema.head(),
        tables=tuple(schema.METADATA.sorted_tables),
        settings=traveling(settings),
        is_embedded=_is_embedded(settings),
    )


def traveling(settings: Settings) -> dict[str, str]:
    """Settings that what is stored depends on."""
    return {
        "HUB_BASE_URL": settings.base_url,
        "HUB_PROFILE": settings.profile,
        "HUB_TIMEZONE": settings.timezone.key,
        "HUB_KEYS": settings.keys_uri.partition(":")[0],
        "HUB_DEMO": str(int(settings.demo)),
    }


def _is_embedded(settings: Settings) -> bool:
    kept = settings.home / SECRETS / PASSPHRASE
    return kept.is_file() and kept.read_text(encoding="ascii").strip() == settings.keys_passphrase


def _record(hub: HubContext, file: Path) -> None:
    """That the whole hub left in a file is an act like any other; a hub that may not write is backed up without it."""
    if hub.db.read_only is not None:
        return
    with hub.db.write() as session:
        data = {"file": file.name[:200]}
        events.record(
            session, kind="hub.backed_up", uscc="", subject=KEYS, by=hub.by, data=data, now=hub.now()
        )


def _said(file: Path, made: BackupSummary) -> str:
    return (
        f"{file}: {made.rows} rows, {made.entries} entries of the public log, {made.size / 1e6:.1f} MB. Try it: "
        f"hub restore --check {file}. 备份完成，请用 hub restore --check 检验，口令与文件分开保管。"
    )
