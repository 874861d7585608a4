"""What every command is given: settings, the clock, the database, the keys."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import click

from hub import config, schema
from hub.codes.dynamic import forgotten_until
from hub.config import NOT_GIVEN, Settings
from hub.demo import separation
from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.kernel.engine import is_absent
from hub.kernel.errors import ConflictError, SettingsError
from hub.kernel.sandbox import Sandbox
from hub.licenses.reference.loader import shipped_reference
from hub.licenses.reference.rules import Reference
from hub.licenses.reference.stored_tables import StoredReferenceTables
from hub.trust import personal_fields
from hub.trust.clock import ClockWatch
from hub.trust.keys.issuer import FollowingIssuer, Issuer, following_issuer, open_ring
from hub.trust.keys.management import require_newest
from hub.trust.log.sequencer import is_anything_waiting, sequence_all
from hub.trust.record import guard
from hub.trust.record.database import open_database
from hub.trust.witnesses import read_only
from keys import KeyRing, KeysError, RingApartError, SharedStretching, ring_place
from keys.ring_file import is_marked

NOT_READY = "the database is not ready: run `hub init` first. 数据库尚未就绪：请先运行 hub init。"


@dataclass
class HubContext:
    """Opened lazily: `hub --help` touches nothing."""

    clock: Callable[[], datetime] = config.now
    makes_home: bool = False
    handed_on: SharedStretching | None = None  # of a command that forks processes which open the keys as well
    _opened: KeyRing | None = field(default=None, init=False, repr=False)
    _following: FollowingIssuer | None = field(default=None, init=False, repr=False)

    @cached_property
    def settings(self) -> Settings:
        """A home that is not there is made by `hub init` alone: a mistyped HUB_HOME leaves no second hub behind."""
        return Settings.from_env() if self.makes_home or config.has_home() else Settings.for_absent_home()

    @cached_property
    def db(self) -> Database:
        """The migrated database. Raises SettingsError when `hub init` has not been run."""
        settings = self.settings
        if is_absent(settings.database_url) or NOT_GIVEN in {settings.secret_key, settings.keys_passphrase}:
            raise SettingsError(NOT_READY)
        database = open_database(self.settings.database_url)
        if schema.current(database) != schema.head():
            raise SettingsError(NOT_READY)
        personal_fields.attach(database, self.key_ring)
        read_only.watch(database, self.settings.home)
        database.clock = ClockWatch(database, self.settings.home, now=self.now, bounds=(forgotten_until,))
        guard.install(database)
        database.is_demonstration = self.settings.demo
        database.refusal = self._mismatch(database)
        if database.refusal is not None:
            _tell_apart(database.refusal)
        return database

    def require_apart(self) -> None:
        """Before anything is served or loaded. Raises: DemoDatabaseError, DemoKeysError, RealKeysError, RealDataError."""
        if self.db.refusal is not None:
            raise self.db.refusal

    def _mismatch(self, database: Database) -> ConflictError | None:
        """A demonstration's database or keys in a real hub, or the other way round: it may be looked at, no more."""
        demo = self.settings.demo
        return separation.mismatch(
            database, demo=demo, has_demo_keys=is_marked(key_folder(self.settings), demo)
        )

    @cached_property
    def tables(self) -> StoredReferenceTables:
        """By which licenses are judged: the database's rows, which begin with those that ship."""
        return StoredReferenceTables(self.db, shipped_reference())

    def reference(self) -> Reference:
        """Return what is in force today."""
        return self.tables.on(self.settings.today(self.now()))

    @cached_property
    def state_folder(self) -> Path:
        """Where commands remember what this user saw, apart from any hub."""
        return config.state_folder()

    @cached_property
    def sandbox(self) -> Sandbox:
        """Where other people's files are parsed; it starts nothing before the first one."""
        return Sandbox()

    def announce(self, port: int, *, host: str | None = None, log: str | None = None) -> None:
        """The hub is about to be served: settings, child processes and later commands know where, and where it logs."""
        config.announce(self.settings.home, port=port, host=host, log=log)
        self.__dict__.pop("settings", None)

    def close(self) -> None:
        """What the command put on record enters the public log, so that this also works without the worker."""
        self.sandbox.close()
        database: Database | None = self.__dict__.get("db")
        if database is not None:
            self.take_into_log(database)

    def take_into_log(self, database: Database) -> None:
        """Sequence what waits; without the log's key it goes on waiting, and the operator is told.

        Raises: LogDamagedError.
        """
        if database.refusal or database.read_only or not is_anything_waiting(database):
            return
        try:
            issuer = self._issuer(database)
            sequence_all(database, issuer=issuer, origin=self.settings.log_origin, now=self.now())
        except KeysError as error:
            click.echo(f"the public log waits for its key: {error}. 公开日志等待签名密钥。", err=True)

    def now(self) -> datetime:
        return self.clock()

    def key_ring(self) -> KeyRing:
        """Return the ring as it is on disk now. Its passphrase is stretched once in a process: that takes a third of a second."""
        following, opened = self._following, self._opened
        if following is not None:
            return following.key_ring
        if opened is not None:
            with suppress(
                KeysError
            ):  # another folder lies there by now: it is opened, or refused with its reason
                return opened.read_again()
        self._opened = open_ring(self.settings, self.handed_on)
        return self._opened

    def issuer(self) -> Issuer:
        """Return the keys, compared with the record of acts. Raises: KeysError (RingOlderError), SettingsError."""
        return self._issuer(self.db)

    def _issuer(self, database: Database) -> Issuer:
        ring = require_newest(database, self.key_ring)
        refusal = database.refusal
        return Issuer(ring if refusal is None else ring.silenced(RingApartError(refusal.message.en)))

    def following_issuer(self) -> FollowingIssuer:
        """For a command that runs on: it sees a rotation within half a second. Raises: as `issuer`."""
        self.require_apart()
        issuer = self._following = following_issuer(self.settings, self.handed_on)
        require_newest(self.db, issuer.look)
        return issuer

    @property
    def by(self) -> Operator:
        return Operator(config.operator_name())


def _tell_apart(refusal: ConflictError) -> None:
    """A verdict or a list of invented enterprises is not to pass for a real one."""
    click.echo(
        f"hub: looking only, nothing is changed or signed 仅可查看: {refusal.message.en} {refusal.message.zh}",
        err=True,
    )


def key_folder(settings: Settings) -> Path:
    """Return the folder of the ring file."""
    return ring_place(settings.keys_uri, home=settings.home).folder
