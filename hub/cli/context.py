"""What every command is given: settings, the clock, the database, the keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from hub import config, schema
from hub.config import Settings
from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.kernel.errors import SettingsError
from hub.trust.issuer import Issuer
from keys import KeyRing


@dataclass
class HubContext:
    """Opened lazily: `hub --help` touches nothing."""

    clock: Callable[[], datetime] = config.now

    @cached_property
    def settings(self) -> Settings:
        return Settings.from_env()

    @cached_property
    def db(self) -> Database:
        """The migrated database. Raises SettingsError when `hub init` has not been run."""
        database = Database(self.settings.database_url)
        if schema.current(database) != schema.head():
            raise SettingsError(
                "the database is not ready: run `hub init` first. 数据库尚未就绪：请先运行 hub init。"
            )
        return database

    def now(self) -> datetime:
        return self.clock()

    def key_ring(self) -> KeyRing:
        return open_keys(self.settings)

    def issuer(self) -> Issuer:
        return Issuer(self.key_ring())

    @property
    def by(self) -> Operator:
        return Operator(config.operator_name())


def key_folder(settings: Settings) -> Path:
    """The folder of a `file:` key source."""
    return Path(settings.keys_uri.removeprefix("file:"))


def open_keys(settings: Settings) -> KeyRing:
    return KeyRing.open(key_folder(settings), settings.keys_passphrase, source="file:")
