"""What is in the demonstration city, counted from the database itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.codes.models import Plate
from hub.codes.rules import PlateState
from hub.credit.models import Penalty
from hub.demo.load import DemoMark
from hub.kernel.database import Database
from hub.licenses.models import License, Summary
from hub.registry.models import Enterprise, Premises
from hub.supervision.models import PublicReport


@dataclass(frozen=True, slots=True)
class ShowcasePlate:
    """The plate at the showcase's door: what to scan, and what to type instead."""

    uscc: str
    name: str
    plate_id: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """Counts by state, colour and so on; every mapping is ordered by count, largest first."""

    seed: int
    today: str
    enterprises: int
    premises: int
    states: Mapping[str, int]
    business_colours: Mapping[str, int]
    permit_colours: Mapping[str, int]
    missing: int
    plates: Mapping[str, int]
    penalties: int
    reports: int
    showcase: ShowcasePlate


def summarise(db: Database, mark: DemoMark) -> DemoSummary:
    """Count the city. The demonstration must be loaded."""
    with db.read() as session:
        return DemoSummary(
            seed=mark.seed,
            today=mark.today.isoformat(),
            enterprises=_count(session, Enterprise.uscc),
            premises=_count(session, Premises.id),
            states=_by(session, Enterprise.state),
            business_colours=_by(session, Summary.business_colour),
            permit_colours=_by(session, License.colour),
            missing=session.scalar(select(func.sum(Summary.missing))) or 0,
            plates=_by(session, Plate.state),
            penalties=_count(session, Penalty.id),
            reports=_count(session, PublicReport.id),
            showcase=_showcase(session, mark.showcase),
        )


def _count(session: Session, column: InstrumentedAttribute[Any]) -> int:
    return session.scalar(select(func.count(column))) or 0


def _by(session: Session, column: InstrumentedAttribute[str]) -> dict[str, int]:
    how_many: ColumnElement[int] = func.count()
    rows = session.execute(select(column, how_many).group_by(column).order_by(how_many.desc(), column))
    return {value: count for value, count in rows}  # noqa: C416  # Row is a tuple only to the eye of the checker


def _showcase(session: Session, uscc: str) -> ShowcasePlate:
    """The plate of the main place; re-issued or moved since, whichever of its plates is in place."""
    row = session.execute(
        select(Enterprise.name, Plate.plate_id, Plate.text)
        .join(Plate, Plate.uscc == Enterprise.uscc)
        .join(Premises, (Premises.uscc == Plate.uscc) & (Premises.id == Plate.premises_id))
        .where(Enterprise.uscc == uscc)
        .order_by(Plate.state != PlateState.PLACED, Premises.is_main.desc(), Plate.created_at.desc())
        .limit(1)
    ).one()
    return ShowcasePlate(uscc=uscc, name=row.name, plate_id=row.plate_id, text=row.text)
