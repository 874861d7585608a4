"""The plates of the demonstration city: made, placed, and some lost, suspended or void, step by step as in life."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.codes.plates import statuses
from hub.codes.plates.coverage import note_plates, refresh
from hub.codes.plates.maker import PlateOffice, record_new, sign_recorded, step
from hub.codes.rules import PlateAction, PlateEnd, PlateState
from hub.demo.records import DemoEnterprise, PlateFate
from hub.kernel.actor import Doer
from hub.licenses.colours.rules import ENTITY_ENDED
from hub.registry.models import Premises

STEPS: Mapping[PlateFate, tuple[PlateAction, ...]] = MappingProxyType(
    {
        PlateFate.MADE: (),
        PlateFate.PLACED: (PlateAction.PLACE,),
        PlateFate.LOST: (PlateAction.PLACE, PlateAction.REPORT_LOST),
        PlateFate.SUSPENDED: (PlateAction.PLACE, PlateAction.SUSPEND),
        PlateFate.VOID: (PlateAction.PLACE, PlateAction.VOID),
    }
)


def lay_plates(
    session: Session, enterprises: Sequence[DemoEnterprise], *, press: PlateOffice, by: Doer, now: datetime
) -> int:
    """Make the plates of these enterprises' stored premises, inside the caller's transaction; how many."""
    ended = {each.face.uscc for each in enterprises if each.face.state in ENTITY_ENDED}
    fates = {
        (enterprise.face.uscc, place.address): place.plate
        for enterprise in enterprises
        for place in enterprise.places
        if place.plate is not PlateFate.NONE
    }
    stored = session.scalars(select(Premises).where(Premises.uscc.in_({uscc for uscc, _ in fates})))
    chosen = [(each, fates[each.uscc, each.address]) for each in stored if (each.uscc, each.address) in fates]
    kid = press.issuer.plate_signer.kid
    plates = [(record_new(session, each, serial=1, kid=kid, by=by, now=now), fate) for each, fate in chosen]
    for plate, _fate in plates:
        sign_recorded(session, plate, press=press, by=by, now=now)
    statuses.give_entries(session, [plate for plate, _fate in plates], now=now)
    session.flush()
    note_plates(session, [(None, PlateState.MADE)] * len(plates))
    for plate, fate in plates:
        for action in STEPS[fate]:
            step(session, plate, action, reason=_reason(action, is_ended=plate.uscc in ended), by=by, now=now)
    refresh(session, {each.face.uscc for each in enterprises})
    return len(plates)


def _reason(action: PlateAction, *, is_ended: bool) -> PlateEnd | None:
    if action is not PlateAction.VOID:
        return None
    return PlateEnd.ENTERPRISE_ENDED if is_ended else PlateEnd.DAMAGED
