"""A small hub with a day of everything in its log, and ways to change it behind its back."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import select

from hub.access.models import Appointment
from hub.access.service import Post, end_appointment, invite
from hub.access.sessions import open_session
from hub.cli.log_checks import checks_of
from hub.codes.models import Plate
from hub.codes.plates import service as codes
from hub.codes.rules import PlateAction, PlateState
from hub.config import Settings
from hub.credentials.maker import CredentialOffice
from hub.credentials.service import CredentialRequest, take_credential
from hub.demo.load import load
from hub.feeds.service import LoadRequest, load_file, settle
from hub.kernel.actor import Actor, Operator, Role
from hub.kernel.database import Database
from hub.licenses.models import License
from hub.licenses.records import LicenseRecord
from hub.licenses.rules import LicenseState
from hub.licenses.service import WaiverDeclaration, declare_waiver, revoke_waiver
from hub.licenses.store import store_licenses
from hub.licenses.summaries import mark_stale
from hub.registry.models import Enterprise
from hub.registry.records import Provenance
from hub.registry.rules import EntityState
from hub.registry.store import StoreOutcome, store_enterprises
from hub.supervision.models import PublicReport
from hub.supervision.rules import ReportAction, ReportState
from hub.supervision.service import handle_report
from hub.trust.keys.issuer import Issuer
from hub.trust.log.audit import AuditReport, Check, audit
from hub.trust.log.sequencer import sequence_all
from hub.trust.record import guard
from hub.trust.statuses.publication import publish
from hub.trust.witnesses.record import WitnessRecord
from tests.support.feeds import Feeds
from tests.support.plates import NOW, OFFICIAL, OPERATOR, issuer_of, owner_of, press_of
from tests.support.records import shop
from tests.support.reference import REFERENCE, TABLES

LATER = NOW + timedelta(minutes=5)
SIZE = 40  # with the files some 700 leaves: two full tiles and one that is not


def live(db: Database, settings: Settings, folder: Path) -> None:
    """A city, department files, accounts, declarations, plates, reports; every transaction guarded."""
    guard.install(db)
    today = settings.today(NOW)
    load(
        db,
        press=press_of(settings),
        size=SIZE,
        seed=None,
        today=today,
        now=NOW,
        by=OPERATOR,
        progress=lambda _count: None,
    )
    extend(db, settings, now=NOW)
    folder.mkdir(exist_ok=True)
    for path in Feeds(enterprises=20, seed=3).write(folder):
        load_file(LoadRequest(path, None, Operator("tests"), LATER, today, reference=REFERENCE), db=db)
    settle(db, today=today, reference=REFERENCE)
    extend(db, settings, now=LATER)
    act(db, settings)
    settle(db, today=today, reference=REFERENCE)
    publish(db, issuer=issuer_of(settings), base_url=settings.base_url, now=LATER)
    extend(db, settings, now=LATER)


def act(db: Database, settings: Settings) -> None:
    """What people do by hand."""
    with db.read() as session:
        uscc = session.scalars(select(License.uscc).order_by(License.uscc)).first()
        plate_id = session.scalars(select(Plate.plate_id).where(Plate.state == PlateState.PLACED)).first()
        received = PublicReport.state == ReportState.RECEIVED
        report = session.execute(select(PublicReport.uscc, PublicReport.id).where(received)).first()
    assert uscc is not None
    assert plate_id is not None
    assert report is not None
    owner = invite(
        Post(Role.OWNER, uscc=uscc), name="领照人", by=OPERATOR, base_url=settings.base_url, now=LATER, db=db
    )
    officer = invite(
        Post(Role.OFFICER, department="局"),
        name="执法员",
        by=OPERATOR,
        base_url=settings.base_url,
        now=LATER,
        db=db,
    )
    with db.write() as session:
        appointment = session.get_one(Appointment, (officer.person_id, officer.appointment_id))
        open_session(session, appointment, method="passkey", now=LATER)
    actor = Actor(owner.person_id, "领照人", Role.OWNER, uscc=uscc)
    told = WaiverDeclaration("food-operation", None, "本店不经营该项目")
    for is_kept in (False, True):
        waiver = declare_waiver(
            told, uscc=uscc, actor=actor, now=LATER, today=settings.today(NOW), db=db, reference=REFERENCE
        )
        if not is_kept:
            revoke_waiver(
                waiver,
                uscc=uscc,
                actor=actor,
                now=LATER,
                today=settings.today(NOW),
                db=db,
                reference=REFERENCE,
            )
    end_appointment(owner.appointment_id, by=OPERATOR, now=LATER, db=db)
    codes.change_plate(plate_id, action=PlateAction.SUSPEND, by=OFFICIAL, now=LATER, db=db)
    handle_report(*report, action=ReportAction.TAKE, answer="", actor=OFFICIAL, now=LATER, db=db)
    end_license(db, settings)


def end_license(db: Database, settings: Settings) -> None:
    """A credential is taken, its license revoked, and the enterprise with a plate deregistered: statuses follow."""
    with db.read() as session:
        held = session.scalars(
            select(License)
            .join(Enterprise, Enterprise.uscc == License.uscc)
            .where(License.state == LicenseState.VALID, License.colour == "blue")
            .where(Enterprise.state == EntityState.ACTIVE)
            .order_by(License.number)
        ).first()
        assert held is not None
        record = LicenseRecord(
            uscc=held.uscc,
            type_code=held.type_code,
            number=held.number,
            holder_name=held.holder_name,
            issuer=held.issuer,
            state=LicenseState.REVOKED,
            valid_from=held.valid_from,
            valid_to=held.valid_to,
            issued_on=held.issued_on,
            source_version=held.source_version + 1,
        )
        wish = CredentialRequest(str(held.id))
    office = CredentialOffice(issuer_of(settings), settings.base_url, TABLES, settings.timezone)
    take_credential(wish, office=office, by=owner_of(record.uscc), now=LATER, db=db)
    with db.write() as session:
        provenance = Provenance(source="tests", now=LATER)
        assert store_licenses(
            session, [record], today=settings.today(NOW), reference=REFERENCE, provenance=provenance
        ) == [StoreOutcome.ACCEPTED]
        gone = shop(record.uscc, state=EntityState.DEREGISTERED, state_text="注销", approved_on=None)
        assert store_enterprises(session, [gone], items=REFERENCE.items, provenance=provenance) == [
            StoreOutcome.ACCEPTED
        ]
        mark_stale(session, [record.uscc], on=settings.today(NOW))


def extend(db: Database, settings: Settings, *, now: datetime) -> int:
    return sequence_all(db, issuer=issuer_of(settings), origin=settings.log_origin, now=now)


def audited(
    db: Database, issuer: Issuer, *, now: datetime = LATER, checks: Iterable[Check] = ()
) -> AuditReport:
    report = audit(db, keys=issuer.key_set, origin="127.0.0.1:8000/log", now=now, checks=checks)
    said = [text for found in report.findings for text in (found.table, found.key, found.detail)]
    assert all(isinstance(text, str) and text != "None" for text in said), "a finding that names nothing"
    return report


def audited_wholly(db: Database, settings: Settings, *, now: datetime = LATER) -> AuditReport:
    """As `hub log verify` does."""
    issuer, record = issuer_of(settings), WitnessRecord(settings.home)
    checks = checks_of(
        db, record=record, keys=issuer.key_set, now=now, today=settings.today(now), reference=REFERENCE
    )
    return audited(db, issuer, now=now, checks=checks)


def behind_its_back(db: Database, *statements: str) -> None:
    """Run SQL as somebody with the database's own tool would, past everything of ours."""
    url = db.engine.url
    if db.is_sqlite:
        plain = sqlite3.connect(url.database or "")
        with plain:
            counts = [plain.execute(statement).rowcount for statement in statements]
        plain.close()
    else:
        with psycopg.connect(f"host={url.query['host']} user=hub dbname={url.database}") as other:
            counts = [other.execute(statement.encode()).rowcount for statement in statements]
    assert all(counts), "a statement changed nothing"


def looked_up(db: Database, statement: str) -> str:
    """The one value that a statement gives."""
    with db.engine.connect() as connection:
        return str(connection.exec_driver_sql(statement).scalar_one())
