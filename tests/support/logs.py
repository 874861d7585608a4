"""Hubs with a public log, each served over a socket of its own by threads of the test."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner, Result
from flask import Flask
from werkzeug.serving import make_server

from hub import config, schema
from hub.cli.commands import Commands
from hub.cli.context import HubContext
from hub.config import Settings
from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.trust import personal_fields
from hub.trust.keys.issuer import Issuer, open_ring
from hub.trust.log import sequencer
from hub.trust.record import events
from hub.trust.record.database import open_database
from keys import KeyRing, Purpose
from signing.log import NoteKey, SignatureType
from signing.log.note import signer_key
from tests.support.applications import create_app, stop
from tests.support.servers import CHEAP, PASSPHRASE, free_port

USCC = "91330802MA2TEXT162"
TEST = Operator("test")


@dataclass(frozen=True)
class LogHub:
    """One hub: its settings, its files, and a database handle of the test's own."""

    settings: Settings
    db: Database

    @classmethod
    def make(cls, home: Path) -> "LogHub":
        home.mkdir(mode=0o700)
        port = free_port()
        settings = Settings.from_env(
            {
                "HUB_HOME": str(home),
                "HUB_BASE_URL": f"http://127.0.0.1:{port}",
                "HUB_KEYS_PASSPHRASE": PASSPHRASE,
                "HUB_SECRET_KEY": "not-a-secret-" * 4,
                "HUB_RATE_FACTOR": "1000",
            }
        )
        KeyRing.create(home / "keys", settings.keys_passphrase, now=config.now(), source="file:", cost=CHEAP)
        db = open_database(settings.database_url)
        personal_fields.attach(db, lambda: open_ring(settings))
        schema.upgrade(db)
        return cls(settings, db)

    @property
    def issuer(self) -> Issuer:
        return Issuer(open_ring(self.settings))

    @property
    def origin(self) -> str:
        return self.settings.log_origin

    @property
    def prefix(self) -> str:
        return f"{self.settings.base_url}/log/witness"

    def vkey(self, kind: SignatureType) -> str:
        return self.key(kind).vkey()

    def key(self, kind: SignatureType) -> NoteKey:
        return signer_key(self.issuer.signer(Purpose.LOG), name=self.origin, kind=kind)

    def add(self, count: int, *, kind: str = "account.invited", uscc: str = USCC) -> list[str]:
        """Put acts on record and take them into the log; the ids of the acts."""
        made = []
        for number in range(count):
            with self.db.write() as session:
                act = events.record(
                    session,
                    kind=kind,
                    uscc=uscc,
                    subject=f"subject-{number}",
                    by=TEST,
                    data={"number": number},
                    now=config.now(),
                )
                made.append(str(act.id))
        self.sequence()
        return made

    def sequence(self) -> int:
        return sequencer.sequence_all(self.db, issuer=self.issuer, origin=self.origin, now=config.now())

    def run(self, *arguments: object) -> Result:
        """A command of this hub's operator."""
        context = HubContext()
        context.settings = self.settings  # type: ignore[misc]  # a cached property takes it
        try:
            return CliRunner().invoke(_commands(), [str(each) for each in arguments], obj=context)
        finally:
            context.close()
            if "db" in vars(context):  # a process would end here; connections must not outlive the files
                context.db.close()

    def copy_database(self) -> Path:
        """A copy of the database as it is now."""
        target = self.settings.home / "copy.sqlite3"
        with self.db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.settings.home / "hub.sqlite3", target)
        return target

    def restore(self, copy: Path) -> None:
        """Put an old copy in the place of the database, as an operator would."""
        self.db.close()
        for suffix in ("-wal", "-shm"):
            (self.settings.home / f"hub.sqlite3{suffix}").unlink(missing_ok=True)
        shutil.copy(copy, self.settings.home / "hub.sqlite3")

    @contextmanager
    def app(self) -> Iterator[Flask]:
        made = create_app(self.settings)
        try:
            yield made
        finally:
            stop(made)

    @contextmanager
    def served(self) -> Iterator[None]:
        """Answer over a real socket while the block runs."""
        port = int(self.settings.base_url.rpartition(":")[2])
        with self.app() as app:
            server = make_server("127.0.0.1", port, app, threaded=True)
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()
                server.server_close()


def _commands() -> click.Group:
    """The commands without the group's own callback, which would make a context of its own."""
    return Commands()
