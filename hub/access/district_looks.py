"""Who took a county's records along into the field: on record before anything is handed out, and told to each enterprise.

A county has tens of thousands of enterprises, and officers take it along every day. So the members are kept as
intervals, one row for each enterprise as long as it belongs to the county, and a carrying is one bound row with the
digest of its members. An enterprise reads every carrying of a time when it was a member.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.access import errors
from hub.access.checks import require
from hub.access.daily_numbers import CountedAct, count_one
from hub.access.looks import LOOK_LIFE, checked_purpose
from hub.access.models import DistrictLook, DistrictLookMember
from hub.access.remits import check_region
from hub.access.rules import Action
from hub.kernel.actor import Actor, Doer
from hub.kernel.bulk import batches, dialect_of, table_of
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError
from hub.kernel.ids import new_id
from hub.registry.models import Enterprise, Premises
from hub.trust.log.findings import AuditFinding, AuditReason
from hub.trust.record import events

CARRIED_LIFE = timedelta(hours=24)  # a bundle is good for a day (docs/profiles/bundle.md)
CARRYINGS_A_DAY = 6  # a shift begins with one; news every few hours; never a download of the city
MAX_CARRIED = 60_000  # what a bundle holds (docs/profiles/bundle.md, section 4)
OPERATOR = "operator"
CARRIED = "bundle.carried"  # the act
COUNTY_DIGITS = 6


class DistrictLookNeededError(NotAllowedError):
    """A county's records are handed out only to whom took them along on record."""

    reason = "CARRY_NEEDED"
    zh = "请先登记携带事由（POST /api/v1/carryings），再下载该辖区离线包。"
    en = "Put on record why you take this county along (POST /api/v1/carryings), then fetch the bundle."


class DistrictLooksADayError(NotAllowedError):
    reason = "CARRYINGS_A_DAY"
    zh = f"每日最多携带辖区资料{CARRYINGS_A_DAY}次，请使用已下载的离线包。"
    en = f"County records are taken along at most {CARRYINGS_A_DAY} times a day. Use the bundle you have."


@dataclass(frozen=True, slots=True)
class DistrictLookView:
    """What stands on record of one carrying; `until` is when the bundle ends, `expires_at` when it must be fetched."""

    id: UUID
    region: str
    enterprises: int
    at: datetime
    until: datetime

    @property
    def expires_at(self) -> datetime:
        return self.at + LOOK_LIFE


def record_carried(
    *, by: Doer, region: str, purpose: str, reason: str, now: datetime, db: Database
) -> DistrictLookView:
    """Put on record that an officer or official takes a county's records along, and why.

    Raises: NotAllowedError, InvalidInputError for a purpose that is none or a region that is no county,
    CarryingsADayError.
    """
    require(by, Action.LOOK)
    if len(region) != COUNTY_DIGITS or not (region.isascii() and region.isdecimal()):
        raise errors.CountyNeededError
    chosen, said = checked_purpose(purpose, reason)

    def work(session: Session) -> DistrictLookView:
        if isinstance(by, Actor):
            check_region(session, by, region, chosen.code, now=now)
            if count_one(session, by.person_id, CountedAct.CARRY, now=now) > CARRYINGS_A_DAY:
                raise DistrictLooksADayError
        members = sorted(session.scalars(_members_today(region)))
        if len(members) > MAX_CARRIED:
            raise errors.CountyTooLargeError
        at = _not_before_the_last(session, region, now)
        _keep_members(session, region, members, at)
        row = _row(by, region, members, purpose=chosen.code, reason=said, now=at)
        session.add(row)
        events.record(
            session,
            kind=CARRIED,
            uscc="",
            subject=region,
            by=by,
            data={"purpose": chosen.code, "enterprises": row.enterprises, "members": row.members},
            now=now,
            rows=[row],
        )
        return _view(row)

    return db.run(work)


def _not_before_the_last(session: Session, region: str, now: datetime) -> datetime:
    """The moment of a carrying: of two at once the one stored later must not count as earlier, before members begin."""
    last = session.scalar(select(func.max(DistrictLook.at)).where(DistrictLook.region == region))
    return now if last is None else max(now, last)


def require_carrying(*, actor: Actor, region: str, now: datetime, db: Database) -> DistrictLookView:
    """Return the actor's open look at this county. Raises: NotAllowedError, CarryNeededError."""
    require(actor, Action.LOOK)
    statement = (
        select(DistrictLook)
        .where(
            DistrictLook.person_id == actor.person_id,
            DistrictLook.role == actor.role,
            DistrictLook.department == (actor.department or ""),
            DistrictLook.region == region,
            DistrictLook.at > now - LOOK_LIFE,
        )
        .order_by(DistrictLook.at.desc())
        .limit(1)
    )
    with db.read() as session:
        row = session.scalar(statement)
        if row is None:
            raise DistrictLookNeededError
        return _view(row)


def members_of(carrying: DistrictLookView) -> Select[str]:
    """Return the credit codes of a district look's members, as a statement."""
    return select(DistrictLookMember.uscc).where(
        DistrictLookMember.region == carrying.region, _belongs(carrying.at)
    )


def carryings_of(uscc: str) -> Select[DistrictLook]:
    """Return the carryings that took this enterprise along, as a statement."""
    return (
        select(DistrictLook)
        .join(
            DistrictLookMember,
            and_(DistrictLookMember.region == DistrictLook.region, _belongs(DistrictLook.at)),
        )
        .where(DistrictLookMember.uscc == uscc)
    )


def digest_of(members: Iterable[str]) -> str:
    """Return the SHA-256 of the sorted credit codes, one on a line, in hex."""
    return sha256("\n".join(members).encode()).hexdigest()


def differing_carryings(session: Session) -> Iterator[AuditFinding]:
    """Carryings whose members are no longer those that were bound: a line in somebody's record was added or taken."""
    columns = (DistrictLook.id, DistrictLook.region, DistrictLook.members, DistrictLook.at)
    rows = session.execute(select(*columns).order_by(DistrictLook.region, DistrictLook.at)).all()
    for region, carryings in groupby(rows, key=attrgetter("region")):
        kept = session.execute(
            select(DistrictLookMember.uscc, DistrictLookMember.since, DistrictLookMember.until).where(
                DistrictLookMember.region == region
            )
        ).all()
        moments = sorted({row.since for row in kept} | {row.until for row in kept if row.until})
        known: tuple[int, str] = (-1, "")
        for carrying in carryings:
            state = sum(moment <= carrying.at for moment in moments)
            if state != known[0]:
                held = (row.uscc for row in kept if _held(row.since, row.until, carrying.at))
                known = (state, digest_of(sorted(held)))
            if known[1] != carrying.members:
                yield AuditFinding(
                    AuditReason.DERIVED_WRONG, DistrictLookMember.__tablename__, str(carrying.id)
                )


def _held(since: datetime, until: datetime | None, at: datetime) -> bool:
    return since <= at and (until is None or until > at)


def _belongs(at: datetime | InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    return and_(
        DistrictLookMember.since <= at, or_(DistrictLookMember.until.is_(None), DistrictLookMember.until > at)
    )


def _members_today(region: str) -> Select[str]:
    """Every enterprise that is registered or has a place of business in the county."""
    within = union(
        select(Enterprise.uscc).where(Enterprise.region == region),
        select(Premises.uscc).where(Premises.region == region),
    ).subquery()
    return select(within.c.uscc)


def _keep_members(session: Session, region: str, members: Iterable[str], now: datetime) -> None:
    """Only what changed since the county was last carried is written."""
    open_rows = (DistrictLookMember.region == region, DistrictLookMember.until.is_(None))
    kept, today = set(session.scalars(select(DistrictLookMember.uscc).where(*open_rows))), set(members)
    for gone in batches(sorted(kept - today)):
        session.execute(
            update(DistrictLookMember).where(*open_rows, DistrictLookMember.uscc.in_(gone)).values(until=now)
        )
    new = [{"uscc": uscc, "region": region, "since": now, "until": None} for uscc in sorted(today - kept)]
    if new:  # of two who carry a county at once the later is run again, and finds the rows there
        session.execute(
            dialect_of(session).insert(table_of(DistrictLookMember)).on_conflict_do_nothing(), new
        )


def _row(
    by: Doer, region: str, members: Sequence[str], *, purpose: str, reason: str, now: datetime
) -> DistrictLook:
    return DistrictLook(
        id=new_id(now),
        **_carrier(by),
        region=region,
        purpose=purpose,
        reason=reason,
        enterprises=len(members),
        members=digest_of(members),
        at=now,
        until=now + CARRIED_LIFE,
    )


def _carrier(by: Doer) -> dict[str, object]:
    if isinstance(by, Actor):
        return {
            "person_id": by.person_id,
            "viewer": by.name,
            "role": by.role,
            "department": by.department or "",
        }
    return {"person_id": None, "viewer": by.name, "role": OPERATOR, "department": ""}


def _view(row: DistrictLook) -> DistrictLookView:
    return DistrictLookView(row.id, row.region, row.enterprises, row.at, row.until)
