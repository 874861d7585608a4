"""Places of business as whoever issues their plates finds them: what must hold, and what is to be changed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, and_, bindparam, func, select
from sqlalchemy.orm import Session

from hub.codes.codable import require_codable
from hub.codes.models import AreaPremises, Plate
from hub.codes.plates.coverage import CoverageRow
from hub.codes.rules import PlateExistsError, PlateState
from hub.kernel.errors import ConflictError, NotFoundError
from hub.registry.models import Enterprise, Premises, PremisesIndex
from hub.registry.rules import EntityState
from hub.trust.issuing import open_for

PLATE = "plate"  # the kind of intent that makes the plate of one place

_IS_INDEXED = and_(PremisesIndex.premises_id == Premises.id, PremisesIndex.uscc == Premises.uscc)
_IS_OF_PLACE = and_(Plate.uscc == Premises.uscc, Plate.premises_id == Premises.id)
_IS_KEPT = and_(AreaPremises.uscc == Premises.uscc, AreaPremises.premises_id == Premises.id)
_SITE = (
    select(
        Premises.uscc,
        Premises.area,
        Enterprise.state,
        select(Plate.plate_id).where(_IS_OF_PLACE, Plate.state != PlateState.VOID).exists(),
        select(func.max(Plate.serial)).where(_IS_OF_PLACE).scalar_subquery(),
        AreaPremises.area,
        AreaPremises.standing,
        open_for(PLATE, Premises.uscc, bindparam("subject", type_=String)),
    )
    .join(PremisesIndex, _IS_INDEXED)
    .join(Enterprise, Enterprise.uscc == Premises.uscc)
    .outerjoin(AreaPremises, _IS_KEPT)
    .where(PremisesIndex.premises_id == bindparam("premises_id"))
)


class EnterpriseEndedError(ConflictError):
    """An enterprise that is deregistered or gone gets no plates."""

    reason = "ENTERPRISE_ENDED"
    zh = "该经营主体已终止，不能制码。"
    en = "The enterprise has ended; no plate can be issued."


@dataclass(frozen=True, slots=True)
class PlatePremises:
    """A place of business. `last`: the serial of its newest plate, 0 where none was ever made; `kept`: its row among the
    places of areas (`hub.codes.plates.coverage`); `waiting`: the intent that is open for its plate.
    """

    uscc: str
    id: UUID
    area: str
    state: str
    has_plate: bool
    last: int
    kept: CoverageRow | None
    waiting: UUID | None

    def require_living(self) -> None:
        """Raises: EnterpriseEndedError, CodeNotPossibleError."""
        _require_living(self.uscc, self.state)

    def require_no_plate(self) -> None:
        """Raises: PlateExistsError."""
        if self.has_plate:
            raise PlateExistsError


def site_of(session: Session, premises_id: UUID) -> PlatePremises:
    """Return all of it in one statement. Raises: NotFoundError."""
    wanted = {"premises_id": premises_id, "subject": str(premises_id)}
    row = session.execute(_SITE, wanted).one_or_none()
    if row is None:
        raise NotFoundError
    uscc, area, state, has_plate, serial, kept_area, standing_now, waiting = row
    kept = None if kept_area is None else CoverageRow(uscc, premises_id, kept_area, standing_now)
    return PlatePremises(uscc, premises_id, area, state, bool(has_plate), serial or 0, kept, waiting)


def living_premises(session: Session, premises_id: UUID) -> Premises:
    """Return the premises, if the enterprise is alive and codes can carry its credit code.

    Raises: NotFoundError, EnterpriseEndedError, CodeNotPossibleError.
    """
    found = session.execute(
        select(Premises, Enterprise.state)
        .join(PremisesIndex, _IS_INDEXED)
        .join(Enterprise, Enterprise.uscc == Premises.uscc)
        .where(PremisesIndex.premises_id == premises_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError
    premises: Premises = found[0]
    _require_living(premises.uscc, found[1])
    return premises


def standing(session: Session, premises: Premises) -> Plate | None:
    """Return the plate of these premises that is not void."""
    return session.scalar(
        select(Plate).where(
            Plate.uscc == premises.uscc,
            Plate.premises_id == premises.id,
            Plate.state != PlateState.VOID,
        )
    )


def _require_living(uscc: str, state: str) -> None:
    require_codable(uscc)
    if EntityState(state).ended:
        raise EnterpriseEndedError
