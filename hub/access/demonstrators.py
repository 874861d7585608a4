"""The demonstration's ready-made people: who they are, what each may do, and their one-time login links.

Their remits differ, so that a newcomer meets refusals as well: by district, by purpose, by department.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from hub.access import errors, remits
from hub.access.models import Appointment, Invitation
from hub.access.remits import SERVING, RemitInput
from hub.access.rules import DEMONSTRATION_LIFE
from hub.access.service import (
    BEGINS,
    DEMONSTRATION,
    Post,
    appoint_at,
    check_enterprise,
    new_link,
    passkey_origin,
    record_account,
    token_hash,
)
from hub.config import Settings
from hub.kernel.actor import Operator, Role
from hub.kernel.database import Database
from hub.kernel.messages import Message
from hub.kernel.personal import may_be
from hub.registry.models import Enterprise
from hub.trust.record.bound_rows import moment

_DESK, _MARKET = "示范市政务服务管理局", "示范市市场监督管理局"
KECHENG, JIANGSHAN = "330802", "330881"  # GB/T 2260; the showcase is registered in the first


@dataclass(frozen=True, slots=True)
class Demonstrator:
    """One of them. `name` None: the name of whoever holds the enterprise; `may`: what the person can do, in one line."""

    place: Post
    name: str | None
    title: Message
    may: Message


DEMONSTRATORS = (
    Demonstrator(
        Post(Role.OWNER, uscc="-"),  # the showcase's, once it is known
        None,
        Message("领照人", "license holder"),
        Message("只看本企业", "this enterprise alone"),
    ),
    Demonstrator(
        Post(Role.OFFICER, department=_MARKET, certificate_no="示范330800001", remit=RemitInput(KECHENG)),
        "示范执法员",
        Message("柯城区执法员", "officer of Kecheng"),
        Message("柯城区企业，全部事由", "enterprises in Kecheng, every purpose"),
    ),
    Demonstrator(
        Post(
            Role.OFFICER,
            department=_MARKET,
            certificate_no="示范330881001",
            remit=RemitInput(JIANGSHAN, ("routine", "complaint")),
        ),
        "示范江山执法员",
        Message("江山市执法员", "officer of Jiangshan"),
        Message(
            "江山市企业，限日常检查和投诉核查；查看示例企业会被拒绝",
            "enterprises in Jiangshan, routine and complaints only; refused at the showcase",
        ),
    ),
    Demonstrator(
        Post(Role.OFFICIAL, department=_DESK),
        "示范管理员",
        Message("市级政务人员", "official of the city"),
        Message(
            "全市企业，全部事由；可提请须双人办理的事项",
            "the whole city, every purpose; asks for what needs two people",
        ),
    ),
    Demonstrator(
        Post(Role.OFFICIAL, department=_DESK, certificate_no="示范复核01", remit=RemitInput(KECHENG)),
        "示范复核员",
        Message("柯城区政务人员", "official of Kecheng"),
        Message(
            "柯城区企业；复核本局同事的提请，限柯城区企业",
            "enterprises in Kecheng; decides what the desk's colleagues ask about those, and no others",
        ),
    ),
    Demonstrator(
        Post(
            Role.OFFICIAL,
            department=_MARKET,
            certificate_no="示范市监01",
            remit=RemitInput(purposes=("special", "complaint")),
        ),
        "示范市监员",
        Message("市场监管部门人员", "official of market supervision"),
        Message(
            "全市企业，限专项检查和投诉核查；看不到其他部门的提请",
            "the whole city, special inspections and complaints only; sees no other department's proposals",
        ),
    ),
    Demonstrator(
        Post(Role.AUDITOR, department="示范市审计局"),
        "示范审计员",
        Message("审计员", "auditor"),
        Message("只读全部操作记录和查看次数", "reads the record and the figures of looks, changes nothing"),
    ),
)


@dataclass(frozen=True, slots=True)
class ReadyLogin:
    """A person of the demonstration with a link that works once."""

    who: Demonstrator
    link: str

    @property
    def role(self) -> Role:
        return self.who.place.role


def demonstration_logins(
    db: Database, settings: Settings, *, uscc: str, now: datetime
) -> tuple[ReadyLogin, ...]:
    """Make a login link for everybody of the demonstration, the license holder of `uscc` first; earlier links end.

    The persons are made once, and keep to the remits above. Raises: DemonstrationOnlyError when this hub is no
    demonstration, InvalidInputError when the enterprise does not exist.
    """
    if not settings.demo:
        raise errors.DemonstrationOnlyError
    people = _people(uscc)

    def work(session: Session) -> tuple[ReadyLogin, ...]:
        check_enterprise(session, people[0].place)
        session.execute(delete(Invitation).where(Invitation.purpose == "login", Invitation.used_at.is_(None)))
        origin = passkey_origin(settings.base_url)
        return tuple(ReadyLogin(who, f"{origin}/access/link/{_token(session, who, now)}") for who in people)

    return db.run(work)


def _people(uscc: str) -> Sequence[Demonstrator]:
    owner, *staff = DEMONSTRATORS
    return (replace(owner, place=replace(owner.place, uscc=uscc)), *staff)


def _token(session: Session, who: Demonstrator, now: datetime) -> str:
    appointment, until = _appointed(session, who, now), now + DEMONSTRATION_LIFE
    token = new_link(session, appointment, purpose="login", expires_at=until, now=now)
    link = {BEGINS: token_hash(token), "until": moment(until)}
    record_account(session, "account.linked", appointment, by=Operator(DEMONSTRATION), now=now, data=link)
    return token


def _appointed(session: Session, who: Demonstrator, now: datetime) -> Appointment:
    place, number = who.place, Appointment.certificate_no
    told = place.certificate_no
    found = session.scalar(
        select(Appointment).where(
            Appointment.by == DEMONSTRATION,
            Appointment.role == place.role,
            number.is_(None)
            if told is None
            else may_be(session, number, told),  # tells those of a role apart
            or_(Appointment.uscc.is_(None), Appointment.uscc == place.uscc),
            Appointment.ended_at.is_(None),
        )
    )
    if found is None:
        holder = select(Enterprise.person).where(Enterprise.uscc == place.uscc)
        name = who.name or session.scalars(holder).one()
        made = appoint_at(session, place, name=name, by=DEMONSTRATION, now=now)
        record_account(session, "account.invited", made, by=Operator(DEMONSTRATION), now=now)
        return made
    if place.role in SERVING and remits.standing(session, found, now=now) != (place.remit,):
        remits.replace(session, found, given=[place.remit], by=Operator(DEMONSTRATION), now=now)
    return found
