"""Suspicions that a plate was copied, as officials see them: frozen values, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.paging import NewestPage, newest_page
from hub.registry.models import Enterprise, Premises
from hub.supervision.clones.geography import CELLS_A_DEGREE, read_cell
from hub.supervision.clones.models import PlateSuspicion
from hub.supervision.clones.rules import SuspicionState


@dataclass(frozen=True, slots=True)
class SuspicionView:
    """One suspicion with the plate's place; names are None when the place is gone."""

    id: UUID
    uscc: str
    enterprise_name: str | None
    plate_id: str
    premises_name: str | None
    address: str | None
    why: Mapping[str, Any]
    state: SuspicionState
    answer: str | None
    created_at: datetime
    handled_at: datetime | None
    handled_by: str | None

    @property
    def is_open(self) -> bool:
        return self.state is SuspicionState.OPEN

    @property
    def about(self) -> str:
        """Where the copy seems to hang: the middle of a square kilometre, in degrees; "" when nothing tells."""
        key = self.why.get("cell", "")
        if not key:
            return ""
        cell = read_cell(key)
        return f"{(cell.north + 0.5) / CELLS_A_DEGREE:.3f}, {(cell.east + 0.5) / CELLS_A_DEGREE:.3f}"


def suspicions_page(
    session: Session, *, state: SuspicionState | None = None, before: UUID | None = None, limit: int = 50
) -> NewestPage[SuspicionView]:
    """Return a page of suspicions, newest first; `before` is the `older` of the page before. One statement."""
    statement = _listing()
    if state is not None:
        statement = statement.where(PlateSuspicion.state == state)
    return newest_page(session, statement, PlateSuspicion.id, _view, before=before, limit=limit)


def suspicion_of(session: Session, uscc: str, suspicion_id: UUID) -> SuspicionView:
    """Return one suspicion, in one statement. Raises: NotFoundError."""
    statement = _listing().where(PlateSuspicion.uscc == uscc, PlateSuspicion.id == suspicion_id)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError
    return _view(row)


def open_suspicions(session: Session) -> int:
    """Return how many plates wait for a person who looks. One statement, by the index of states."""
    waiting = PlateSuspicion.state == SuspicionState.OPEN.value
    return session.scalar(select(func.count()).select_from(PlateSuspicion).where(waiting)) or 0


def open_suspicion(uscc: str, plate_id: str, *, db: Database) -> UUID | None:
    """Return the open suspicion of a plate, if there is one. One statement, by its index."""
    statement = select(PlateSuspicion.id).where(
        PlateSuspicion.uscc == uscc,
        PlateSuspicion.plate_id == plate_id,
        PlateSuspicion.state == SuspicionState.OPEN.value,
    )
    with db.read() as session:
        return session.scalar(statement)


_JOINED = frozenset({"enterprise_name", "premises_name", "address"})
_COLUMNS = tuple(name for name in SuspicionView.__dataclass_fields__ if name not in _JOINED)


def _listing() -> Select[*tuple[Any, ...]]:
    at = and_(Premises.uscc == PlateSuspicion.uscc, Premises.id == PlateSuspicion.premises_id)
    return (
        select(
            *(getattr(PlateSuspicion, name) for name in _COLUMNS),
            Enterprise.name.label("enterprise_name"),
            Premises.name.label("premises_name"),
            Premises.address.label("address"),
        )
        .select_from(PlateSuspicion)
        .join(Enterprise, Enterprise.uscc == PlateSuspicion.uscc, isouter=True)
        .join(Premises, at, isouter=True)
    )


def _view(row: Row[Any]) -> SuspicionView:
    columns = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public mapping of a row
    return SuspicionView(**{**columns, "state": SuspicionState(columns["state"])})
