"""The passphrase of a backup: from HUB_BACKUP_PASSPHRASE, a file, or typed."""

import sys
from pathlib import Path

import click

from hub.config import Settings
from hub.kernel.errors import InvalidInputError, SettingsError
from hub.kernel.messages import Message
from hub.kernel.secret_strength import weakness

PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its first line; else HUB_BACKUP_PASSPHRASE, else it is asked for. 口令文件。",
)
MAX_LINE = 1_000


class WeakPassphraseError(InvalidInputError):
    reason = "BACKUP_PASSPHRASE_WEAK"
    field = "HUB_BACKUP_PASSPHRASE"
    zh = "备份口令{weak_zh}。"
    en = "the passphrase is {weak_en}."

    def __init__(self, weak: Message) -> None:
        self.weak_zh, self.weak_en = weak.zh, weak.en
        super().__init__()


def backup_passphrase(settings: Settings, file: Path | None, *, is_new: bool) -> str:
    """Return the passphrase; a new one is typed twice and must not be weak. Raises: SettingsError, WeakPassphraseError."""
    given = settings.backup_passphrase if file is None else _first_line(file)
    if given is None:
        if not sys.stdin.isatty():
            raise SettingsError(
                "the backup needs a passphrase: set HUB_BACKUP_PASSPHRASE, or name a file with --passphrase-file. "
                "备份需要口令：请设置 HUB_BACKUP_PASSPHRASE 或使用 --passphrase-file。"
            )
        given = click.prompt("Passphrase 备份口令", hide_input=True, confirmation_prompt=is_new, err=True)
    weak = weakness(given) if is_new else None
    if weak is not None:
        raise WeakPassphraseError(weak)
    return given


def _first_line(file: Path) -> str:
    with file.open(encoding="utf-8") as opened:
        return opened.readline(MAX_LINE).rstrip("\r\n")
