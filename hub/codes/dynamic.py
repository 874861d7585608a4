"""Dynamic codes: shown by a logged-in holder for a minute, used once by an officer or an official."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.rules import Action
from hub.codes.codable import require_codable
from hub.codes.models import DynamicUse
from hub.codes.plates.maker import PlateOffice
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from keys import Algorithm, Purpose
from signing import DynamicClaims, new_nonce, sign_dynamic

NOBODY = ""  # the credit code of rows that are no uses


class UseFloor(StrEnum):
    """Up to when what is known of uses may be incomplete; kept beside them as the nonce of a row of nobody's."""

    FORGOTTEN = "forgotten"  # uses of codes that expired before were dropped: the present is later
    RESTORED = "restored"  # a copy of the database does not know them: such codes are not taken


def note_floor(session: Session, floor: UseFloor, until: datetime, *, now: datetime) -> None:
    """Remember a floor in the caller's transaction."""
    row = DynamicUse(uscc=NOBODY, nonce=floor, person_id=UUID(int=0), used_at=now, expires_at=until)
    session.merge(row)


def floor_of(session: Session, floor: UseFloor) -> datetime | None:
    """Return the moment of a floor; None when it was never noted."""
    row = session.get(DynamicUse, (NOBODY, floor))
    return None if row is None else row.expires_at


def clear_floor(session: Session) -> None:
    """Give up what is known of the present from uses: they were forgotten by a clock that was wrong."""
    row = session.get(DynamicUse, (NOBODY, UseFloor.FORGOTTEN))
    if row is not None:
        session.delete(row)


def forgotten_until(db: Database) -> datetime | None:
    """Return the moment before which uses of expired codes were forgotten; it has passed."""
    with db.read() as session:
        return floor_of(session, UseFloor.FORGOTTEN)


@dataclass(frozen=True, slots=True)
class ShownCode:
    text: str
    expires_at: datetime


def new_dynamic(
    uscc: str,
    *,
    press: PlateOffice,
    seconds: int,
    by: Actor,
    now: datetime,
    algorithm: Algorithm | None = None,
) -> ShownCode:
    """Return a code to show for `seconds`; nothing is stored until somebody uses it. `algorithm` None: the profile's first.

    Raises: NotFoundError, NotAllowedError, CodeNotPossibleError, AlgorithmNotOfferedError, NoActiveKeyError.
    """
    require(by, Action.SHOW_CODE, uscc)
    require_codable(uscc)
    press.require(Purpose.CODE_DYNAMIC, algorithm)
    expires_at = (now + timedelta(seconds=seconds)).replace(microsecond=0)
    text = sign_dynamic(
        uscc=uscc,
        nonce=new_nonce(),
        expires_at=expires_at,
        origin=press.origin,
        signer=press.signer(Purpose.CODE_DYNAMIC, algorithm),
    )
    return ShownCode(text, expires_at)


def use_dynamic(session: Session, claims: DynamicClaims, *, by: Actor, now: datetime) -> bool:
    """Use a verified code up inside the caller's transaction; False when it was used before.

    The primary key (uscc, nonce) decides among any number at once.
    Raises: NotAllowedError.
    """
    require(by, Action.USE_CODE, claims.uscc)
    restored = floor_of(session, UseFloor.RESTORED)
    if restored is not None and claims.expires_at <= restored:  # used, perhaps, after the copy was made
        return False
    values = {
        "uscc": claims.uscc,
        "nonce": claims.nonce,
        "person_id": by.person_id,
        "used_at": now,
        "expires_at": claims.expires_at,
    }
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = (
        sqlite.insert(DynamicUse).values(values).on_conflict_do_nothing().returning(DynamicUse.nonce)
        if is_sqlite
        else postgresql.insert(DynamicUse).values(values).on_conflict_do_nothing().returning(DynamicUse.nonce)
    )
    return session.execute(statement).first() is not None
