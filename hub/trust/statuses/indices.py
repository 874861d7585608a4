"""Which index comes next: a counter of each list, permuted by the list's secret, given out of leased blocks.

A process takes a block of the counter for itself, in the transaction that uses the first of it, and gives the rest to its
later transactions from memory: who issues at the same moment does not meet on the list's row. A block is on record
(`StatusLease`) and is used only by transactions that see it there, so that a copy of the database which does not know it
gives nothing of it. What is left of a block when a process ends is lost, never given twice.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from hub.kernel.bulk import insert_absent
from hub.kernel.database import MEMORY, after_commit
from hub.kernel.ids import new_id
from hub.trust.statuses.models import StatusChange, StatusLease, StatusListRow
from signing.status import KEY_BYTES, LIST_ENTRIES, permuted

NUMBER_SECONDS = 10  # numbers have nine digits at most: enough until the year 2286
MAX_LEASE = 1_024  # counters: a thousandth of a list is what a busy process loses when it ends
_OWN = "trust.statuses.leases"  # in the memory of the database; blocks are not shared with a forked process
_LEASE = select(StatusLease.id).where(
    StatusLease.list == bindparam("number"), StatusLease.first == bindparam("start")
)
_ONE_AT_A_TIME = text(f"LOCK TABLE {StatusLease.__tablename__} IN SHARE ROW EXCLUSIVE MODE")
_NEW = "trust.statuses.lease"  # in a session: the block that its transaction leased


@dataclass(slots=True)
class _Block:
    """A leased part of a list's counter; `next` is the first that is free."""

    list: int
    secret: bytes
    first: int
    id: UUID
    next: int
    end: int

    @property
    def is_spent(self) -> bool:
        return self.next >= self.end


class _Leases:
    """The blocks of one process. The first has one counter and each is twice the one before, so that little is lost."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.blocks: list[_Block] = []
        self.size = 1
        self.places: dict[int, int] = {}  # of lists, by number

    def front(self) -> _Block | None:
        """Return the block that is being used."""
        with self.lock:
            return self.blocks[0] if self.blocks else None

    def take(self, block: _Block, count: int) -> range:
        """Take at most `count` free counters of the block; nobody else gets them."""
        with self.lock:
            taken = range(block.next, min(block.next + count, block.end))
            # Moved on before anything is stored: after a rollback a counter is lost, which is better than given twice.
            block.next = taken.stop
            if block.is_spent and block in self.blocks:
                self.blocks.remove(block)
            return taken

    def put(self, block: _Block) -> None:
        """Keep a block for later, and lease twice as much the next time."""
        with self.lock:
            self.size = min(self.size * 2, MAX_LEASE)
            if not block.is_spent:
                self.blocks.append(block)

    def drop(self, block: _Block) -> None:
        with self.lock:
            if block in self.blocks:
                self.blocks.remove(block)


def take_turn(session: Session) -> None:
    """Wait until nobody else leases, where this transaction will have to; to be called before it sees the database.

    A transaction on PostgreSQL sees the database as it was at its first query, and is refused a row that was changed
    since: of several who lease at once all but one would do their whole work in vain. To lock a table is no query. Who
    has waited for the lock sees what the others leased.
    """
    if _leases_of(session).front() is None:
        _lock(session)


def _lock(session: Session) -> None:
    """Let nobody else lease before this transaction ends. On SQLite nobody else writes anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_AT_A_TIME)


def next_indices(
    session: Session, count: int, *, now: datetime, random_bytes: Callable[[int], bytes]
) -> Iterator[tuple[int, int]]:
    """(list, index) for the next `count` entries; a full list is followed by a new one."""
    leases = _leases_of(session)
    while count:
        block = session.info.get(_NEW) or leases.front()
        if block is None or block.is_spent or not _is_on_record(session, block):
            fresh = _lease(session, max(count, leases.size), now=now, random_bytes=random_bytes)
            if block is not None:  # this transaction sees the newest leases, and that one is not among them
                leases.drop(block)
            session.info[_NEW] = block = fresh
            after_commit(session, partial(_keep, leases, fresh, session))
        taken = leases.take(block, count)
        count -= len(taken)
        for counter in taken:
            yield block.list, permuted(counter, key=block.secret)


def _keep(leases: _Leases, block: _Block, session: Session) -> None:
    """Let what is left of a block serve the transactions after the one that leased it."""
    session.info.pop(_NEW, None)
    leases.put(block)


def _leases_of(session: Session) -> _Leases:
    """The process's own for this database."""
    memory = cast("dict[str, object]", session.info[MEMORY])
    return cast("_Leases", memory.setdefault(f"{_OWN}.{os.getpid()}", _Leases()))


def _is_on_record(session: Session, block: _Block) -> bool:
    return session.scalar(_LEASE, {"number": block.list, "start": block.first}) == block.id


def _lease(session: Session, size: int, *, now: datetime, random_bytes: Callable[[int], bytes]) -> _Block:
    """A new block of at most `size` counters, at least one, under the lock of the list's row."""
    _lock(session)  # before that row, as `take_turn` does: two would otherwise wait for each other
    while True:
        filling = _last_list(session)
        if filling is not None and filling.used < LIST_ENTRIES:
            break
        number = 1 if filling is None else filling.number + 1
        insert_absent(
            session, StatusListRow, number=number, secret=random_bytes(KEY_BYTES), used=0, opened_at=now
        )
    first, end = filling.used, min(filling.used + size, LIST_ENTRIES)
    row = StatusLease(list=filling.number, first=first, count=end - first, id=new_id(now), taken_at=now)
    filling.used = end
    session.add(row)
    if first == 0:
        session.add(StatusChange(list=row.list, id=new_id(now)))  # nobody has published this list
    session.flush()
    return _Block(row.list, filling.secret, first, row.id, first, end)


def _last_list(session: Session) -> StatusListRow | None:
    """The list that is being filled, locked: two who lease at once do it one after the other."""
    return session.scalar(
        select(StatusListRow)
        .order_by(StatusListRow.number.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def places_of(session: Session, numbers: Iterable[int]) -> Mapping[int, int]:
    """Return the places (`positions`) of at least these lists, from memory where they are known: they never change."""
    known = _leases_of(session).places
    if not known.keys() >= set(numbers):
        known.update(positions(session))
    return known


def positions(session: Session) -> dict[int, int]:
    """Return each list's place, from 0, in the order of their numbers; a later list never takes an earlier one's place.

    Numbers have gaps (`abandon_list`), places have none.
    """
    numbers = session.scalars(select(StatusListRow.number).order_by(StatusListRow.number))
    return {number: place for place, number in enumerate(numbers)}


def abandon_list(
    session: Session, *, now: datetime, random_bytes: Callable[[int], bytes] = os.urandom
) -> None:
    """Give no more indices of the list that is being filled; the next entry stands on a new list.

    For a database that was restored and has forgotten what it issued: those indices are on credentials out there, and
    so may be those of lists that were opened later. The new list takes its number from the clock: no list that another
    copy of this hub opened has it, since a list holds a million entries and the one after it takes the next number.
    Its leases get other ids, by which a process that still holds one learns that it is not to be used.
    """
    filling = _last_list(session)
    if filling is not None:
        for lease in session.scalars(select(StatusLease).where(StatusLease.list == filling.number)):
            lease.id = new_id(now)
        filling.used = LIST_ENTRIES
    moment = int(now.timestamp()) // NUMBER_SECONDS
    insert_absent(
        session,
        StatusListRow,
        number=max(filling.number + 1 if filling is not None else 1, moment),
        secret=random_bytes(KEY_BYTES),
        used=0,
        opened_at=now,
    )
