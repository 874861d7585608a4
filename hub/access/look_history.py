"""What an enterprise reads of who looked: looks at it alone, and counties' records in which it was taken along."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, cast, literal, null, select, union_all

from hub.access.checks import require
from hub.access.district_looks import OPERATOR, carryings_of
from hub.access.looks import PAGE, LookView
from hub.access.matrix import AudienceColumn, Category
from hub.access.models import DistrictLook, Look
from hub.access.rules import PURPOSES, Action
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database, Moment
from hub.kernel.paging import NewestPage, cut_page
from hub.kernel.personal import placed

_SHARED = ("id", "at", "role", "department", "purpose")
_OF_A_LOOK = (
    placed(Look.viewer),
    placed(Look.reason),
    Look.seen,
    literal("").label("region"),
    cast(null(), Moment()).label("until"),
)
_OF_A_CARRYING = (
    placed(DistrictLook.viewer),
    placed(DistrictLook.reason),
    literal("").label("seen"),
    DistrictLook.region,
    DistrictLook.until,
)


def visits(uscc: str, *, limit: int = PAGE, before: UUID | None = None, db: Database) -> list[LookView]:
    """Return the newest first, of both kinds in one statement.

    `before`: the id of the last one already shown (ids of both kinds are in order of time).
    """
    looks = select(*(getattr(Look, name) for name in _SHARED), *_OF_A_LOOK).where(Look.uscc == uscc)
    along = carryings_of(uscc).with_only_columns(
        *(getattr(DistrictLook, name) for name in _SHARED), *_OF_A_CARRYING
    )
    both = union_all(
        _newest(looks, Look, before, limit), _newest(along, DistrictLook, before, limit)
    ).subquery()
    with db.read() as session:
        rows = session.execute(select(both).order_by(both.c.id.desc()).limit(limit)).mappings()
        return [_view(row) for row in rows]


def own_visits(
    uscc: str, *, by: Actor, clearance: AudienceColumn, before: UUID | None, db: Database
) -> NewestPage[LookView]:
    """Return who looked at the reader's enterprise. Raises: NotFoundError, NotAllowedError."""
    require(by, Action.SEE_LOOKS, uscc)
    if not clearance.tells(Category.USE_LOG):
        return NewestPage((), None)
    found = visits(uscc, limit=PAGE + 1, before=before, db=db)
    page, last = cut_page(found, PAGE)
    return NewestPage(page, None if last is None else last.id)


def _newest(
    statement: Select[Any], kind: type[Look | DistrictLook], before: UUID | None, limit: int
) -> Select[Any]:
    """Of one kind no more rows than are shown; inside a select of its own, as SQLite wants limits in a union."""
    if before is not None:
        statement = statement.where(kind.id < before)
    return select(statement.order_by(kind.id.desc()).limit(limit).subquery())


def _view(row: RowMapping) -> LookView:
    role = None if row["role"] == OPERATOR else Role(row["role"])
    return LookView(**{**row, "role": role, "purpose": PURPOSES[row["purpose"]].name})
