"""Which rows stand in the table of a county's bundle: those of the plates of its members, up to what it has room for.

What speaks against a plate is told first, then the plates in use, last those that have been void for longer than any
bundle lives. Whose plate is not named reads that its status is not known, and to check online.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from hub.trust.bundles.models import PlateRow
from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.rules import SubjectKind
from signing.bundle import MAX_LIFETIME
from signing.status import Status

MAX_COUNTY_PLATES = 150_000  # 3.5 MB of at most 8; the records of 60 000 enterprises take the other half


def listed_rows(session: Session, *, members: Select[str], limit: int, now: datetime) -> Iterator[bytes]:
    """Return at most `limit` rows, those first that matter most; `members`: credit codes, as a statement.

    The same rows for the same contents, so that the version of a bundle moves only when they do.
    """
    left = limit
    for statement in _by_weight(now):
        if left <= 0:
            return
        for content in session.scalars(statement.where(StatusEntry.uscc.in_(members)).limit(left)):
            left -= 1
            yield content


def _by_weight(now: datetime) -> Iterator[Select[bytes]]:
    """Suspended, lately void, or changed; then in use; then long void. The newest change first."""
    told = StatusEntry.value != int(Status.VALID)
    long_void = and_(StatusEntry.value == int(Status.REVOKED), StatusEntry.changed_at < now - MAX_LIFETIME)
    newest = (StatusEntry.changed_at.desc(), StatusEntry.subject)
    yield _rows(told, ~long_void).order_by(*newest)
    yield _rows(~told).order_by(StatusEntry.uscc, StatusEntry.kind, StatusEntry.subject)
    yield _rows(told, long_void).order_by(*newest)


def _rows(*conditions: ColumnElement[bool]) -> Select[bytes]:
    row = and_(PlateRow.uscc == StatusEntry.uscc, PlateRow.plate_id == StatusEntry.subject)
    return (
        select(PlateRow.content)
        .join(StatusEntry, row)
        .where(StatusEntry.kind == SubjectKind.PLATE.value, *conditions)
    )
