"""Which index comes next: a counter of each list, permuted by the list's secret, under the lock of the list's row."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import insert_absent
from hub.trust.statuses.models import StatusListRow
from signing.status import KEY_BYTES, LIST_ENTRIES, permuted

NUMBER_SECONDS = 10  # numbers have nine digits at most: enough until the year 2286


def next_indices(
    session: Session, count: int, *, now: datetime, random_bytes: Callable[[int], bytes]
) -> Iterator[tuple[int, int]]:
    """(list, index) for the next `count` entries; a full list is followed by a new one."""
    while count:
        filling = _last_list(session)
        if filling is None or filling.used >= LIST_ENTRIES:
            number = 1 if filling is None else filling.number + 1
            insert_absent(
                session, StatusListRow, number=number, secret=random_bytes(KEY_BYTES), used=0, opened_at=now
            )
            continue
        taken = min(count, LIST_ENTRIES - filling.used)
        for counter in range(filling.used, filling.used + taken):
            yield filling.number, permuted(counter, key=filling.secret)
        filling.used += taken
        count -= taken
        session.flush()


def _last_list(session: Session) -> StatusListRow | None:
    """The list that is being filled, locked: two who take indices at once take one after the other."""
    return session.scalar(
        select(StatusListRow)
        .order_by(StatusListRow.number.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def abandon_list(
    session: Session, *, now: datetime, random_bytes: Callable[[int], bytes] = os.urandom
) -> None:
    """Give no more indices of the list that is being filled; the next entry stands on a new list.

    For a database that was restored and has forgotten what it issued: those indices are on credentials out there, and
    so may be those of lists that were opened later. The new list takes its number from the clock: no list that another
    copy of this hub opened has it, since a list holds a million entries and the one after it takes the next number.
    """
    filling = _last_list(session)
    if filling is not None:
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
