"""The database: one engine, `read()` and `write()`, nothing else commits; under a safe method of HTTP nothing writes.

SQLite runs in WAL with `synchronous=FULL` and write transactions begin with `BEGIN IMMEDIATE` (SQLAlchemy's
default loses updates silently). PostgreSQL runs REPEATABLE READ; serialization failures are retried by `run`.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from sqlalchemy import (
    DateTime,
    Engine,
    MetaData,
    PoolProxiedConnection,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from hub.kernel.engine import make_engine
from hub.kernel.errors import HubError, ReadOnlyError
from hub.kernel.messages import Message

T = TypeVar("T")

RETRYABLE_SQLSTATES = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
MAX_ATTEMPTS = 20  # some four seconds with the waits below; of eight who want one row, one lost twelve times
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.005, 0.25
DEMONSTRATION = "demonstration"  # in Session.info: whether ready-made logins count
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
AFTER_COMMIT = "kernel.after_commit"  # in `Session.info`: what is called once the transaction is committed


class Clock(Protocol):
    """What tells whether a moment can be the present (`hub.trust.clock`)."""

    def __call__(self) -> Message | None: ...

    def behind(self, now: datetime) -> Message | None: ...


class Record(Protocol):
    """What a hub puts on record of every transaction (`hub.trust.record`)."""

    @property
    def session_class(self) -> type[Session]:
        """The kind of session that knows which acts it holds and which rows it changes."""
        ...

    def seal(self, session: Session) -> None:
        """Write the acts of the transaction, just before its commit. Raises: HubError for a change without an act."""
        ...


class Database:
    """The one door to stored state. Constructed by `create_app` and the command line, passed to use cases.

    `record`: what becomes of the acts of each write transaction; `hub.trust.record.database.open_database` hands it in.
    """

    def __init__(self, url: str, *, record: Record, echo: bool = False) -> None:
        self.engine = make_engine(url, echo=echo)
        self.record = record
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.kept: deque[PoolProxiedConnection] = (
            deque()
        )  # for the hottest reads (`hub.kernel.prepared_statements.Reads`)
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
        """Return why nothing may be written, None when all is well: `doubt` is asked where that was not possible before.

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

        In this order: the caller's block; its acts are written (`record`); the commit; what waits for it
        (`after_commit`). `note`: it is that bookkeeping and no act, the one kind that a safe method may leave behind.
        Raises: ReadOnlyError while `read_only` says why, SafeMethodWriteError for an act under a safe method.
        """
        request = _safe_request.get()
        if request is not None and note is None:
            raise SafeMethodWriteError(request)
        self.require_writable()
        engine = self.engine.execution_options(hub_write=True, hub_note=note)
        opened = self.record.session_class(engine, expire_on_commit=False, info=self.session_info)
        with opened as session:
            with session.begin():
                yield session
                self.record.seal(session)
            for call in session.info.pop(AFTER_COMMIT, ()):
                call()

    def run(self, work: Callable[[Session], T], *, note: Note | None = None) -> T:
        """Run `work` in one write transaction, again when PostgreSQL reports a serialization failure."""

        def attempt() -> T:
            with self.write(note=note) as session:
                return work(session)

        return again_on_conflict(attempt)

    def close(self) -> None:
        self.engine.dispose()


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Have `call` called once the transaction is committed, and not at all when it is rolled back."""
    session.info.setdefault(AFTER_COMMIT, []).append(call)


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
    """Return whether the same transaction may simply be run again (PostgreSQL: 40001, 40P01)."""
    return getattr(error.orig, "sqlstate", None) in RETRYABLE_SQLSTATES
