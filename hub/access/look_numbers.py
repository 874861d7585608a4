"""The daily number of looks: up to it one person decides alone, above it a second one is asked."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from hub.access.checks import require
from hub.access.daily_numbers import LEGAL_ZONE, CountedAct, count_one, legal_day
from hub.access.models import LookNumber
from hub.access.proposals.errors import ProposalPendingError
from hub.access.proposals.rules import ProposalView
from hub.access.proposals.service import TwoPersonAct, propose
from hub.access.rules import ROLE_NAMES, Action
from hub.kernel.actor import Actor, Doer, Role
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError, NotAllowedError
from hub.kernel.ids import new_id
from hub.kernel.messages import Message
from hub.trust.record import events

SHIPPED: Mapping[Role, int] = {  # a day's round of shops on foot; a day's counter in a service hall
    Role.OFFICER: 60,
    Role.OFFICIAL: 120,
}
MOST = 10_000  # of one person on one day: beyond, it is no looking


class LooksADayError(NotAllowedError):
    reason = "LOOKS_A_DAY"
    zh = "今日查看企业数已达上限，已提请本单位第二人同意；同意后可继续查看。"
    en = (
        "You have looked at as many enterprises as one person may in a day. A second person of your department "
        "has been asked; go on once it is approved."
    )


class LookNumberError(InvalidInputError):
    reason = "LOOK_NUMBER"
    field = "number"
    zh = "每日查看数应为0至10000。"
    en = "A daily number is 0 to 10 000."


class DayOverError(NotAllowedError):
    reason = "LOOKS_DAY_OVER"
    zh = "申请当日已过，无需再同意。"
    en = "The day it was asked for is over."


def set_number(
    number: int, *, role: Role, department: str | None, by: Doer, now: datetime, db: Database
) -> None:
    """Set the daily number of a role, or of a role in one department. Raises: NotAllowedError, InvalidInputError."""
    require(by, Action.MANAGE_ACCOUNTS)
    if role not in SHIPPED or not 0 <= number <= MOST:
        raise LookNumberError

    def work(session: Session) -> None:
        row = _row(role, department, number, by=events.pseudonym(by), now=now)
        session.add(row)
        events.record(
            session,
            kind="looks.numbered",
            uscc="",
            subject=str(row.id),
            by=by,
            data={"role": role, "number": number},
            now=now,
            rows=[row],
        )

    db.run(work)


def count_look(session: Session, actor: Actor, *, now: datetime) -> None:
    """Count one more look of the actor's day. Raises: LooksADayError above the number that holds."""
    if count_one(session, actor.person_id, CountedAct.LOOK, now=now) > number_of(session, actor, now=now):
        raise LooksADayError


def number_of(session: Session, actor: Actor, *, now: datetime) -> int:
    """Return the number that holds for the actor: his or her own of the day, else the department's, the role's, the shipped."""
    nearest = case((LookNumber.person_id.is_not(None), 0), (LookNumber.department.is_not(None), 1), else_=2)
    found = session.scalar(
        select(LookNumber.number)
        .where(
            LookNumber.role == actor.role,
            or_(LookNumber.department.is_(None), LookNumber.department == actor.department),
            or_(LookNumber.person_id.is_(None), LookNumber.person_id == actor.person_id),
            LookNumber.valid_from <= now,
            or_(LookNumber.valid_to.is_(None), LookNumber.valid_to > now),
        )
        .order_by(nearest, LookNumber.valid_from.desc(), LookNumber.id.desc())
        .limit(1)
    )
    return SHIPPED.get(actor.role, 0) if found is None else found


def ask_for_more(actor: Actor, *, why: str, now: datetime, db: Database) -> None:
    """Ask a second person for as many looks again today; once is enough."""

    def work(session: Session) -> None:
        number = number_of(session, actor, now=now)
        data = {
            "role": actor.role.value,
            "person": str(actor.person_id),
            "day": legal_day(now).isoformat(),
            "number": number + max(SHIPPED.get(actor.role, 0), 1),
        }
        subject = f"{actor.role}:{actor.person_id}"
        propose(session, MORE_LOOKS, subject=subject, data=data, reason=why, by=actor, now=now)

    try:
        db.run(work)
    except ProposalPendingError:
        return


def _grant(session: Session, proposal: ProposalView, by: Actor, now: datetime) -> None:
    """The new number holds for the rest of the day on which it was asked for. Raises: DayOverError."""
    data = proposal.data
    if proposal.person_id is None or data["day"] != legal_day(now).isoformat():
        raise DayOverError
    row = _row(Role(data["role"]), proposal.department, data["number"], by=events.pseudonym(by), now=now)
    row.person_id = proposal.person_id
    row.valid_to = datetime.combine(legal_day(now) + timedelta(days=1), time(), tzinfo=LEGAL_ZONE)
    session.add(row)
    events.record(
        session,
        kind="looks.numbered",
        uscc="",
        subject=str(row.id),
        by=by,
        data={"role": data["role"], "number": row.number, "proposal": str(proposal.id)},
        now=now,
        rows=[row],
    )


def _lines(proposal: ProposalView) -> tuple[tuple[Message, str | Message], ...]:
    data = proposal.data
    return (
        (Message("身份", "Role"), ROLE_NAMES[Role(data["role"])]),
        (Message("日期", "Day"), str(data["day"])),
        (Message("当日可查看企业数", "Looks on that day"), str(data["number"])),
    )


MORE_LOOKS = TwoPersonAct(
    code="looks.more",
    name=Message("提高当日查看数", "More looks today"),
    decides=Action.MANAGE_ACCOUNTS,
    effect=_grant,
    lines=_lines,
    life=timedelta(days=1),
)


def _row(role: Role, department: str | None, number: int, *, by: str, now: datetime) -> LookNumber:
    return LookNumber(
        id=new_id(now),
        role=role,
        department=department,
        person_id=None,
        number=number,
        valid_from=now,
        valid_to=None,
        by=by,
    )
