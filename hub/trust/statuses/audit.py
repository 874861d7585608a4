"""What is served held against what is on record: every published list decoded and compared with its entries."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.trust.log.findings import AuditFinding, AuditReason
from hub.trust.statuses.indices import MAX_LEASE
from hub.trust.statuses.models import (
    StatusChange,
    StatusEntry,
    StatusIndex,
    StatusLease,
    StatusListRow,
    StatusPublication,
)
from hub.trust.statuses.publication import ETAG_CHARS
from hub.trust.statuses.rules import path_of
from keys import KeySet
from signing import SigningError, Verifier
from signing.status import LIST_ENTRIES, StatusList, permuted, verify_status_list

_TABLE = StatusPublication.__tablename__


def differing_publications(session: Session, *, keys: KeySet) -> Iterator[AuditFinding]:
    """Find lists that are served otherwise than their entries stand although no change of them waits.

    One list is in memory at a time.
    """
    verifier = Verifier(keys)
    waiting = set(session.scalars(select(StatusChange.list).distinct()))
    numbers = session.scalars(select(StatusListRow.number).order_by(StatusListRow.number)).all()
    published = session.scalars(select(StatusPublication.number)).all()
    for number in sorted({*numbers, *published} - waiting):
        trouble = _trouble(session, number, verifier)
        if trouble:
            yield AuditFinding(AuditReason.PUBLISHED_DIFFERS, _TABLE, str(number), trouble)


def spent_counters(session: Session) -> Iterator[AuditFinding]:
    """Find lists that would give out indices that stand on plates or credentials: a counter set back, another secret."""
    counted = session.execute(select(StatusIndex.list, func.count()).group_by(StatusIndex.list))
    given = {number: count for number, count in counted}  # noqa: C416  # rows are no tuples to dict()
    table = StatusListRow.__tablename__
    for row in session.scalars(select(StatusListRow).order_by(StatusListRow.number)):
        trouble = _counter_trouble(session, row, given.pop(row.number, 0))
        if trouble:
            yield AuditFinding(AuditReason.DERIVED_WRONG, table, str(row.number), trouble)
    for number, count in given.items():
        yield AuditFinding(AuditReason.DERIVED_WRONG, table, str(number), f"missing, with {count} given out")


def _counter_trouble(session: Session, row: StatusListRow, given: int) -> str:
    """Why a list would give out an index twice; "" when it does not."""
    leases = session.execute(
        select(StatusLease.first, StatusLease.count)
        .where(StatusLease.list == row.number)
        .order_by(StatusLease.first)
    ).all()
    leased = max((first + count for first, count in leases), default=0)
    beyond = [permuted(counter, key=row.secret) for counter in range(row.used, _end(row.used))]
    if given > row.used or leased > row.used or (leased < row.used < LIST_ENTRIES):
        return f"{given} given out, {leased} leased, {row.used} counted"
    if given and _stand(session, row.number, [permuted(0, key=row.secret)]) == 0:
        return "another secret orders its indices"
    standing = _stand(session, row.number, beyond)
    return f"{standing} given out beyond the {row.used} counted" if standing else ""


def _end(used: int) -> int:
    return min(used + MAX_LEASE, LIST_ENTRIES)


def _stand(session: Session, number: int, indices: list[int]) -> int:
    """How many of these indices of a list were given out."""
    given = select(func.count()).where(StatusIndex.list == number, StatusIndex.idx.in_(indices))
    return session.scalar(given) or 0


def _trouble(session: Session, number: int, verifier: Verifier) -> str:
    """In what the token that is served is not that of the list; "" when it is."""
    row = session.get(StatusPublication, number)
    told = session.execute(
        select(StatusEntry.idx, StatusEntry.value)
        .where(StatusEntry.list == number, StatusEntry.value != 0)
        .order_by(StatusEntry.idx)
    ).all()
    if row is None:
        used = session.scalar(select(StatusEntry.idx).where(StatusEntry.list == number).limit(1))
        return "" if used is None else "never published"
    try:  # as it was believed when it was signed: whether it is still young is the publisher's affair
        listed = verify_status_list(row.token, uri=row.uri, verifier=verifier, now=row.signed_at)
        expected = StatusList.of((idx, value) for idx, value in told)
    except SigningError as error:
        return str(error.reason)
    if listed.entries != expected:
        given = dict(listed.entries.set_entries())
        return f"{len(given.items() ^ set(expected.set_entries()))} differences"
    etag = hashlib.sha256(row.token.encode("ascii")).hexdigest()[:ETAG_CHARS]
    is_placed = row.uri.endswith(path_of(number)) and row.etag == etag and row.expires_at == listed.expires_at
    return "" if is_placed else "address, etag or end"
