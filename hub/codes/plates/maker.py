"""How a plate is made and moved: the pieces of one transaction, for the use cases, the roll-out and the demonstration.

A plate is recorded as 待制码, signed, and kept as 已制码 in one transaction; nobody sees its text before the commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action, may
from hub.codes.models import Plate, PlateIndex
from hub.codes.plates import coverage, statuses
from hub.codes.plates.premises import PLATE, PlatePremises, site_of
from hub.codes.plates.queries import PlateView, view_of
from hub.codes.rules import (
    PlateAction,
    PlateEnd,
    PlateState,
    next_state,
    require_own_hold,
)
from hub.kernel.actor import ENTERPRISE_ROLES, Actor, Doer
from hub.kernel.errors import ConflictError, NotFoundError
from hub.registry.models import Premises
from hub.trust.issuing import Intent, Issued
from hub.trust.keys.algorithms import require_offered
from hub.trust.keys.issuer import Issuer
from hub.trust.record import events
from keys import Algorithm, Purpose, PurposeSigner
from signing import new_plate_id, sign_plate

REPLACEMENTS_A_DAY = 3  # of one place within 24 hours: a plate that breaks, and two misprints of the next


class ReplacementsADayError(ConflictError):
    """Each plate that was ever made stays on the status lists: nobody fills them by pressing a button."""

    reason = "REPLACEMENTS_A_DAY"
    zh = f"同一场所24小时内最多补换{REPLACEMENTS_A_DAY}次码牌，请稍后再办理。"
    en = f"The plate of one place is replaced at most {REPLACEMENTS_A_DAY} times within 24 hours; try again later."


@dataclass(frozen=True, slots=True)
class PlateOffice:
    """What issuing needs: the keys, and the hub's own origin (`https://host`) that goes into every code."""

    issuer: Issuer
    origin: str

    def require(self, purpose: Purpose, algorithm: Algorithm | None) -> None:
        """Raises: AlgorithmNotOfferedError when no active key of the purpose has the algorithm asked for."""
        require_offered(self.issuer.key_set, purpose, algorithm)

    def signer(self, purpose: Purpose, algorithm: Algorithm | None = None) -> PurposeSigner:
        """Return the active key of a purpose, in the algorithm asked for or the profile's first.

        Raises: NoActiveKeyError.
        """
        return self.issuer.key_ring.signer(purpose, algorithm)


class PlateMaker:
    """Makes the plate of one place of business (the intent's subject); a re-issue ends the plate that it replaces.

    The old plate is ended where the new one is signed: no crash leaves the place without a plate.
    """

    kind = PLATE

    def __init__(self, press: PlateOffice) -> None:
        self._press = press

    def make(self, session: Session, intent: Intent, *, now: datetime) -> Issued[PlateView]:
        """Raises: NotFoundError, EnterpriseEndedError, PlateExistsError, PlateEndedError, ReplacementsADayError, KeysError."""
        site = site_of(session, UUID(intent.subject))
        site.require_living()
        if "replaces" in intent.request:
            old, reason = _replaced(session, intent)
            require_few_replacements(session, old.uscc, old.premises_id, now=now)
            step(session, old, PlateAction.VOID, reason=reason, by=intent.by, now=now)
        else:
            site.require_no_plate()
        signer = self._press.signer(Purpose.CODE_PLATE, _algorithm(intent))
        plate = _make(session, site, press=self._press, signer=signer, by=intent.by, now=now)
        return Issued(view_of(plate), plate.plate_id)

    def load(self, session: Session, intent: Intent) -> PlateView:
        return view_of(session.get_one(Plate, (intent.uscc, intent.result)))


def making(algorithm: Algorithm | None) -> Mapping[str, object]:
    """Return the request of a first plate; empty when it asks for no algorithm."""
    return {} if algorithm is None else {"algorithm": algorithm.value}


def replacing(plate_id: str, reason: PlateEnd) -> Mapping[str, object]:
    """Return the request of a plate that replaces another."""
    return {"replaces": plate_id, "reason": str(reason)}


def require_plates(by: Doer, uscc: str) -> None:
    """The enterprise manages its own plates; the departments that roll them out manage all.

    Raises: NotFoundError, NotAllowedError.
    """
    if isinstance(by, Actor) and may(by, Action.ROLL_OUT_PLATES):
        return
    require(by, Action.MANAGE_PLATES, uscc)


def require_few_replacements(session: Session, uscc: str, premises_id: UUID, *, now: datetime) -> None:
    """Raises: ReplacementsADayError when as many as a day allows were made for this place within 24 hours."""
    made = session.scalar(
        select(func.count()).where(
            Plate.uscc == uscc,
            Plate.premises_id == premises_id,
            Plate.serial > 1,
            Plate.created_at > now - timedelta(days=1),
        )
    )
    if made is not None and made >= REPLACEMENTS_A_DAY:
        raise ReplacementsADayError


def record_new(
    session: Session,
    premises: Premises | PlatePremises,
    *,
    serial: int,
    kid: str,
    by: Doer | str,
    now: datetime,
) -> Plate:
    """Return the row of a plate that is about to be signed (待制码), with its entry in the global look-up."""
    plate = Plate(
        uscc=premises.uscc,
        plate_id=new_plate_id(),
        premises_id=premises.id,
        serial=serial,
        state=PlateState.PENDING,
        kid=kid,
        text="",
        created_at=now,
        by=events.pseudonym(by),
    )
    session.add_all((plate, PlateIndex(plate_id=plate.plate_id, uscc=plate.uscc)))
    return plate


def sign_recorded(
    session: Session,
    plate: Plate,
    *,
    press: PlateOffice,
    by: Doer | str,
    now: datetime,
    signer: PurposeSigner | None = None,
) -> None:
    """Sign a recorded plate and put its making on record; the caller commits before anybody gets the text.

    The caller counts the new plate and brings the enterprise's places up to date (`hub.codes.plates.coverage.refresh`), once for
    all its plates. `signer` None: the profile's first.
    """
    signer = signer or press.signer(Purpose.CODE_PLATE)
    plate.kid = signer.kid
    plate.text = sign_plate(uscc=plate.uscc, plate_id=plate.plate_id, origin=press.origin, signer=signer)
    plate.state = next_state(PlateState(plate.state), PlateAction.MAKE)
    plate.made_at = now
    events.record(
        session,
        kind="plate.made",
        uscc=plate.uscc,
        subject=plate.plate_id,
        by=by,
        data={"premises": str(plate.premises_id), "serial": plate.serial, "kid": plate.kid},
        now=now,
    )


def step(
    session: Session,
    plate: Plate,
    action: PlateAction,
    *,
    reason: PlateEnd | None,
    by: Doer | str,
    now: datetime,
) -> None:
    """Move the plate one step of the table and put the step on record.

    The caller brings the enterprise's places up to date (`hub.codes.plates.coverage.refresh`), once for all its plates.
    """
    before = PlateState(plate.state)
    after = next_state(before, action)
    require_own_hold(action, held_by=plate.by, by_enterprise=_is_enterprise(by))
    plate.state = after
    coverage.note_plates(session, [(before, after)])
    plate.by = events.pseudonym(by)
    if after is PlateState.PLACED:
        plate.placed_at = now
    if after is PlateState.VOID:
        plate.ended_at, plate.end_reason = now, reason
    events.record(
        session,
        kind=f"plate.{action}",
        uscc=plate.uscc,
        subject=plate.plate_id,
        by=by,
        data={"from": before.name.lower(), "to": after.name.lower(), "reason": reason},
        now=now,
    )
    statuses.follow(session, plate, now=now)


def _is_enterprise(by: Doer | str) -> bool:
    return events.pseudonym(by).partition(":")[0] in ENTERPRISE_ROLES


def _algorithm(intent: Intent) -> Algorithm | None:
    named = intent.request.get("algorithm")
    return None if named is None else Algorithm(str(named))


def _make(
    session: Session,
    site: PlatePremises,
    *,
    press: PlateOffice,
    signer: PurposeSigner,
    by: Doer | str,
    now: datetime,
) -> Plate:
    plate = record_new(session, site, serial=site.last + 1, kid=signer.kid, by=by, now=now)
    sign_recorded(session, plate, press=press, by=by, now=now, signer=signer)
    statuses.give_entries(session, [plate], now=now)
    state = PlateState(plate.state)
    row = coverage.CoverageRow(site.uscc, site.id, site.area, state.value)
    coverage.stands(session, row, kept=site.kept, plates=[(None, state)])
    return plate


def _replaced(session: Session, intent: Intent) -> tuple[Plate, PlateEnd]:
    plate = session.get(Plate, (intent.uscc, intent.request["replaces"]))
    if plate is None:
        raise NotFoundError
    return plate, PlateEnd(str(intent.request["reason"]))
