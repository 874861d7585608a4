"""Which plates a bundle's table names: all of them, up to a number that every bundle has room for.

Beyond it the bundle stays as large as it is: what speaks against a plate is told first, then the plates in use, last those
that have been void for longer than any bundle lives. Whose plate is not named reads that its status is not known, and to
check online; nobody's bundle is refused because the city, or one owner, has made many plates.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from hub.trust.statuses.models import StatusEntry
from hub.trust.statuses.rules import SubjectKind, path_of
from signing.bundle import MAX_LIFETIME
from signing.status import Status

MAX_PLATES = 400_000  # of a public bundle: 6.0 MB of at most 8
MAX_PLATES_WITH_DISTRICT = 200_000  # the records of a county take the other half

Row = tuple[str, str, int]
"""Plate id, address of its list, index."""

_COLUMNS = (StatusEntry.subject, StatusEntry.list, StatusEntry.idx)


def listed_plates(session: Session, *, base_url: str, limit: int, now: datetime) -> Iterator[Row]:
    """At most `limit` plates, those first that matter most. Three statements at most, none of which reads more rows.

    The same plates for the same contents, so that the version of a bundle moves only when they do.
    """
    left = limit
    for statement in _by_weight(now):
        if left <= 0:
            return
        for plate_id, number, idx in session.execute(statement.limit(left)):
            left -= 1
            yield plate_id, base_url + path_of(number), idx


def _by_weight(now: datetime) -> Iterator[Select[str, int, int]]:
    """Suspended, lately void, or changed; then in use; then long void. The newest change first."""
    told = StatusEntry.value != int(Status.VALID)
    long_void = and_(StatusEntry.value == int(Status.REVOKED), StatusEntry.changed_at < now - MAX_LIFETIME)
    newest = (StatusEntry.changed_at.desc(), StatusEntry.subject)
    yield _plates(told, ~long_void).order_by(*newest)
    yield _plates(~told).order_by(StatusEntry.uscc, StatusEntry.kind, StatusEntry.subject)
    yield _plates(told, long_void).order_by(*newest)


def _plates(*conditions: ColumnElement[bool]) -> Select[str, int, int]:
    return select(*_COLUMNS).where(StatusEntry.kind == SubjectKind.PLATE.value, *conditions)
