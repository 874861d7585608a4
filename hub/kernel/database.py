"""The database: one engine, `read()` and `write()`, nothing else commits; under a safe method of HTTP nothing writes.

SQLite runs in WAL with `synchronous=FULL` and write transactions begin with `BEGIN IMMEDIATE` (SQLAlchemy's
default loses updates silently). PostgreSQL runs REPEATABLE READ; serialization failures are retried by `run`.
"""

import secrets
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    DateTime,
    Engine,
    MetaData,
    PoolProxiedConnection,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from hub.kernel import tenants
from hub.kernel.errors import HubError, ReadOnlyError
from hub.kernel.messages import Message

T = TypeVar("T")

RETRYABLE_SQLSTATES = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
MAX_ATTEMPTS = 20  # some four seconds with the waits below; of eight who want one row, one lost twelve times
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.005, 0.25
CONNECTIONS_KEPT = (
    10  # eight request threads and two of our own; one more would be opened and closed at each use
)
DEMONSTRATION = "demonstration"  # in Session.info: whether ready-made logins count
SQLITE_BUSY_SECONDS = 30.0  # a bulk import holds the write lock for one chunk at most
MEMORY = "kernel.memory"  # in `Session.info`: a dict of this process, one for all sessions of a database

_safe_request: ContextVar[str | None] = ContextVar("safe_request", default=None)


class Note(StrEnum):
    """Bookkeeping that is no act of anybody: all that may be written while a GET, HEAD or OPTIONS is answered.

    Another site can make a browser send those with its cookie, so that nothing they leave behind may speak in a
    person's name. Every member says why it is harmless.
    """

    SCANS = "scans"  # how often a code was opened, by kind of asker and never by whom
    SESSION_SEEN = "session-seen"  # that a session is in use, which its owner's browser proves by asking
    BUNDLE_VERSION = "bundle-version"  # the version of what is offered to all, which moves when contents do


class SafeMethodWriteError(Exception):
    """A use case that writes was called while a safe method was answered: a fault of ours, never the caller's."""


@contextmanager
def safe_method(name: str) -> Iterator[None]:
    """Let nothing but bookkeeping write inside this block; `name` is the request, for the log (RFC 9110 §9.2.1)."""
    token = _safe_request.set(name)
    try:
        yield
    finally:
        _safe_request.reset(token)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on every database (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # signature is SQLAlchemy's
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # signature is SQLAlchemy's
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Uscc = String(18)


class Clock(Protocol):
    """What tells whether a moment can be the present (`hub.trust.clock`)."""

    def __call__(self) -> Message | None: ...

    def behind(self, now: datetime) -> Message | None: ...


class Database:
    """The one door to stored state. Constructed by `create_app` and the command line, passed to use cases."""

    def __init__(self, url: str, *, echo: bool = False) -> None:
        self.engine = _engine(url, echo=echo)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.kept: deque[PoolProxiedConnection] = (
            deque()
        )  # for the hottest reads (`hub.kernel.prepared.Reads`)
        self.session_info: dict[str, object] = {MEMORY: {}}  # what every session is told (Session.info)
        self.found: Message | None = None  # why nothing may be written, once that has been found
        self.clock: Clock | None = None  # what the clock is held against
        self.doubt: Callable[[], Message | None] | None = None  # to be asked once, before the first write
        self.refusal: HubError | None = None  # what whoever wants to write is told
        self._settling = threading.RLock()
        event.listen(self.engine, "engine_disposed", self._let_go)

    def _let_go(self, _engine: Engine) -> None:
        while self.kept:
            self.kept.pop().invalidate()

    @property
    def is_demonstration(self) -> bool:
        """Whether ready-made logins count; every session is told (`DEMONSTRATION`)."""
        return bool(self.session_info.get(DEMONSTRATION, False))

    @is_demonstration.setter
    def is_demonstration(self, demo: bool) -> None:
        self.session_info[DEMONSTRATION] = demo

    @property
    def read_only(self) -> Message | None:
        """Why nothing may be written now: what was found of this database, or a clock that cannot be right."""
        if self.found is not None or self.clock is None:
            return self.found
        return self.clock()

    @read_only.setter
    def read_only(self, reason: Message | None) -> None:
        self.found = reason

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; whatever it holds is rolled back at the end."""
        with Session(self.engine, autoflush=False, expire_on_commit=False, info=self.session_info) as session:
            yield session
            session.rollback()

    def settle(self) -> Message | None:
        """Why nothing may be written, None when all is well: `doubt` is asked where that was not possible before.

        Raises: what the driver raises while the database is away.
        """
        with self._settling:  # of two first writers the second waits for the answer, and does not ask again
            if self.doubt is not None:
                self.found = self.doubt()
                self.doubt = None
        return self.read_only

    def require_writable(self) -> None:
        """Let pass unless the database vouches for nothing. Raises: ReadOnlyError while `read_only` says why."""
        if self.refusal is not None:
            raise self.refusal
        reason = self.settle()
        if reason is not None:
            raise ReadOnlyError(reason.en)

    @contextmanager
    def write(self, *, note: Note | None = None) -> Iterator[Session]:
        """One transaction: committed when the block ends well, rolled back otherwise.

        `note`: it is that bookkeeping and no act, the one kind that a safe method may leave behind.
        Raises: ReadOnlyError while `read_only` says why, SafeMethodWriteError for an act under a safe method.
        """
        request = _safe_request.get()
        if request is not None and note is None:
            raise SafeMethodWriteError(request)
        self.require_writable()
        with (
            Session(
                self.engine.execution_options(hub_write=True, hub_note=note),
                expire_on_commit=False,
                info=self.session_info,
            ) as session,
            session.begin(),
        ):
            yield session

    def run(self, work: Callable[[Session], T], *, note: Note | None = None) -> T:
        """Run `work` in one write transaction, again when PostgreSQL reports a serialization failure."""

        def attempt() -> T:
            with self.write(note=note) as session:
                return work(session)

        return again_on_conflict(attempt)

    def close(self) -> None:
        self.engine.dispose()


def is_absent(url: str) -> bool:
    """Whether the address names a file of SQLite that is not there; to connect would make an empty one."""
    parts = make_url(url)
    named = parts.database or ""
    return parts.get_backend_name() == "sqlite" and named not in {"", ":memory:"} and not Path(named).exists()


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file, whatever characters its folders have."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def again_on_conflict(work: Callable[[], T]) -> T:
    """Call `work`, and again when PostgreSQL says that the same transaction may simply be run again.

    For whole use cases: what they did before the failure was rolled back. Used around a request and by `run`.
    """
    for attempt in range(1, MAX_ATTEMPTS):
        try:
            return work()
        except DBAPIError as error:
            if not is_retryable(error):
                raise
        time.sleep(_wait(attempt))
    return work()


def _wait(attempt: int) -> float:
    """Exponential with jitter, so that writers who collided do not collide again in step."""
    longest: float = min(FIRST_WAIT_SECONDS * 2**attempt, LONGEST_WAIT_SECONDS)
    return longest * (500 + secrets.randbelow(500)) / 1000


def is_retryable(error: DBAPIError) -> bool:
    """Whether the same transaction may simply be run again (PostgreSQL: 40001, 40P01)."""
    return getattr(error.orig, "sqlstate", None) in RETRYABLE_SQLSTATES


def _engine(url: str, *, echo: bool) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            echo=echo,
            hide_parameters=True,
            pool_size=CONNECTIONS_KEPT,
            connect_args={"timeout": SQLITE_BUSY_SECONDS},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        echo=echo,
        hide_parameters=True,  # an unforeseen error is logged: its text must not hold what people typed
        pool_size=CONNECTIONS_KEPT,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
    )
    tenants.install(engine)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
    )


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hub_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
