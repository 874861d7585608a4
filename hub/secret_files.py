"""Secrets in files: those that the operator names, and those that an embedded hub makes for itself."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from hub.kernel.errors import SettingsError

HOME_MODE = 0o700  # database, keys and secrets lie in it
SECRETS = (
    "HUB_BACKUP_PASSPHRASE",
    "HUB_DATABASE_URL",
    "HUB_KEYS_PASSPHRASE",
    "HUB_METRICS_TOKEN",
    "HUB_PDF_KEY_PASSPHRASE",
    "HUB_REDIS_URL",
    "HUB_SECRET_KEY",
)


def with_secret_files(env: Mapping[str, str]) -> Mapping[str, str]:
    """Return the settings with each secret whose `…_FILE` is set read from there (systemd, container secrets).

    Raises: SettingsError when both are set or the file cannot be read.
    """
    read: dict[str, str] = {}
    for name in (each for each in SECRETS if env.get(f"{each}_FILE")):
        if env.get(name):
            raise SettingsError(f"{name} and {name}_FILE are both set: keep one of them")
        try:
            read[name] = Path(env[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE {env[f'{name}_FILE']!r} cannot be read: {error}") from error
    files = {f"{name}_FILE" for name in SECRETS}
    return {name: value for name, value in env.items() if name not in files} | read


def embedded_secret(home: Path, name: str) -> str:
    """Return a secret of the embedded hub: made once in `HUB_HOME/secrets`, folder 0700, file 0600, never a default."""
    folder = home / "secrets"
    home.mkdir(
        parents=True, exist_ok=True, mode=HOME_MODE
    )  # first: made as a parent it would be open to others
    folder.mkdir(exist_ok=True, mode=HOME_MODE)
    path = folder / name
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    if path.stat().st_mode & 0o077:
        raise SettingsError(
            f"{path} can be read by others: chmod 600 it, and change the secret if others had access"
        )
    return path.read_text(encoding="ascii").strip()
