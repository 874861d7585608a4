"""What a month of use leaves behind: scans counted by day, officers' scans, looks, and reports of passers-by.

All of it is invented like the city itself. The hub's own acts (plates) bear the time at which they were done.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.looks import record_look
from hub.access.remits import RemitInput, give
from hub.codes.models import Plate, Scan, ScanDay
from hub.codes.rules import PlateState, Viewer
from hub.kernel import counts
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.kernel.outcomes import Outcome
from hub.supervision.clones.geography import Position
from hub.supervision.clones.rules import SightingSource
from hub.supervision.clones.service import Asker, SeenPlate, note_sighting
from hub.supervision.models import REPORTS, PublicReport
from hub.supervision.rules import ReportKind, ReportState
from hub.trust.record import events

DAYS = 30
OFFICER_SCANS = 24
OFFICER = "示范执法员"
DEPARTMENT = "示范市市场监督管理局"  # no office of a real city looks at invented firms

SEEN_BY = 2  # officers who agree are enough for a suspicion
COPY_SEEN_AT = Position(29.262, 118.163, 20)  # the hills of Kaihua, where none of the invented areas is

_AUDIENCES = (  # audience, scans a day for every hundred plates in place
    (Viewer.PUBLIC, 46),
    (Viewer.ENTERPRISE, 6),
    (Viewer.OFFICER, 4),
    (Viewer.OFFICIAL, 1),
    (Viewer.PLATFORM, 9),
)
_OUTCOMES = ((Outcome.VALID, 0.87), (Outcome.ATTENTION, 0.11), (Outcome.REFUSED, 0.02))
WEEKEND = 5  # Saturday in `date.weekday()`

_REPORTS = (  # kind, what was written, state, answer, days ago
    (ReportKind.ADDRESS, "门牌号对不上，这里是另外一家店。", ReportState.RECEIVED, None, 1),
    (ReportKind.PLATE, "码牌右下角被海报盖住了，扫不出来。", ReportState.RECEIVED, None, 2),
    (ReportKind.NAME, "门头上的店名和扫出来的不一样。", ReportState.HANDLING, None, 4),
    (
        ReportKind.CLOSED,
        "已经关门好几个星期了。",
        ReportState.ANSWERED,
        "已现场核实，确已停止经营，告知其办理歇业备案。",
        9,
    ),
    (
        ReportKind.LICENSE,
        "扫码看到许可证快到期，店里还在正常营业。",
        ReportState.UNFOUNDED,
        "许可证在有效期内，正在办理延续。",
        12,
    ),
    (ReportKind.OTHER, "建议在店门口再放一块码牌。", ReportState.ANSWERED, "已补充铺设。", 15),
)
_LOOKS = (  # days ago, purpose, reason, view
    (1, "routine", "", "企业空间"),
    (3, "complaint", "核查与现场不符的举报", "企业空间"),
    (8, "permit", "食品经营许可延续", "证照详情"),
)


def leave_traces(session: Session, *, seed: int, today: date, now: datetime) -> None:
    """Store a month of scans and some reports on plates that are in place, inside the caller's transaction."""
    dice = random.Random(f"{seed}/traces")
    plates = _some_plates(session, limit=OFFICER_SCANS)
    _count_days(session, dice, today=today, placed=_placed(session))
    session.add_all(_officer_scans(dice, plates, now=now))
    for report in _reports(plates, now=now):
        session.add(report)
        counts.add(session, REPORTS, {report.state: 1})
        data = {"kind": report.kind, "plate": report.plate_id, "state": report.state}
        events.record(
            session,
            kind="report.filed",
            uscc=report.uscc,
            subject=str(report.id),
            by="public",
            data=data,
            now=now,
            rows=[report],
        )


def leave_looks(db: Database, *, uscc: str, now: datetime) -> None:
    """Record an officer's looks at the enterprise; it sees every one in its own space."""
    officer = Actor(person_id=new_id(now), name=OFFICER, role=Role.OFFICER, department=DEPARTMENT)
    began = now - timedelta(days=DAYS)

    def appoint(session: Session) -> None:
        place = (officer.person_id, officer.role, DEPARTMENT)
        given = give(session, *place, given=RemitInput(), by="demonstration", now=began)
        events.record(
            session,
            kind="account.remit",
            uscc="",
            subject=str(officer.person_id),
            by="demonstration",
            data={"districts": [given.district], "purposes": [given.purposes]},
            now=began,
            rows=[given],
        )

    db.run(appoint)
    for days, purpose, reason, seen in _LOOKS:
        record_look(
            actor=officer,
            uscc=uscc,
            purpose=purpose,
            reason=reason,
            seen=seen,
            now=now - timedelta(days=days),
            db=db,
        )


def leave_suspicion(db: Database, *, now: datetime) -> None:
    """Store sightings by officers of a plate elsewhere in the city: a suspicion that it was copied."""
    with db.read() as session:
        rows = [(each.uscc, each.plate_id, each.premises_id) for each in _some_plates(session, limit=1)]
    for uscc, plate_id, premises_id in rows:
        for number in range(SEEN_BY):
            asker = Asker(f"demonstration {number}", "demonstration", SightingSource.OFFICER)
            note_sighting(SeenPlate(uscc, plate_id, premises_id), COPY_SEEN_AT, asker=asker, now=now, db=db)


def _some_plates(session: Session, *, limit: int) -> Sequence[Plate]:
    """Plates in place, the same ones for the same city: in the order of the credit codes."""
    statement = (
        select(Plate).where(Plate.state == PlateState.PLACED).order_by(Plate.uscc, Plate.text).limit(limit)
    )
    return session.scalars(statement).all()


def _placed(session: Session) -> int:
    return session.scalar(select(func.count()).where(Plate.state == PlateState.PLACED)) or 0


def _count_days(session: Session, dice: random.Random, *, today: date, placed: int) -> None:
    """One row per day, audience and outcome up to yesterday; weekends are livelier, and use grows slowly."""
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        busy = (1.35 if day.weekday() >= WEEKEND else 1.0) * (1.3 - back / 100) * placed / 100
        for audience, daily in _AUDIENCES:
            scans = daily * busy * dice.uniform(0.85, 1.15)
            for outcome, share in _OUTCOMES:
                count = round(scans * share)
                if count:
                    session.add(ScanDay(day=day, audience=audience, verdict=outcome, count=count))


def _officer_scans(dice: random.Random, plates: Sequence[Plate], *, now: datetime) -> list[Scan]:
    officers: list[UUID] = [new_id(now) for _ in range(3)]
    scans = []
    for plate in plates:
        at = now - timedelta(minutes=dice.randint(30, DAYS * 24 * 60))
        outcome = dice.choices([Outcome.VALID, Outcome.ATTENTION], [9, 1])[0]
        person = dice.choice(officers)
        scans.append(
            Scan(
                uscc=plate.uscc,
                id=new_id(at),
                plate_id=None,
                audience=Viewer.OFFICER,
                verdict=outcome,
                person_id=person,
                at=at,
            )
        )
    return scans


def _reports(plates: Sequence[Plate], *, now: datetime) -> list[PublicReport]:
    reports = []
    for plate, (kind, text, state, answer, days) in zip(plates, _REPORTS, strict=False):
        at = now - timedelta(days=days, hours=days)
        is_handled = answer is not None
        reports.append(
            PublicReport(
                uscc=plate.uscc,
                id=new_id(at),
                plate_id=plate.plate_id,
                premises_id=plate.premises_id,
                kind=kind,
                text=text,
                contact=None,
                state=state,
                answer=answer,
                created_at=at,
                handled_at=at + timedelta(days=1) if is_handled else None,
                handled_by=f"{DEPARTMENT} {OFFICER}" if is_handled else None,
            )
        )
    return reports
