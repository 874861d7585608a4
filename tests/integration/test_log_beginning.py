"""A hub that is older than its log: everything it had is taken in once, and nothing after that."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import insert, select

from hub.access.models import Person
from hub.config import Settings
from hub.kernel.bulk import table_of
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.registry.audit import differing_scopes
from hub.trust.keys.issuer import Issuer
from hub.trust.log.adoption import BEGAN, begin
from hub.trust.log.audit import AuditReason, audit
from hub.trust.log.sequencer import sequence_all
from hub.trust.record.models import Event
from tests.support.plates import NOW, OPERATOR, OTHER_USCC, USCC, add_license, add_premises, issuer_of
from tests.support.records import CODE, enterprises, shop
from tests.support.reference import REFERENCE
from tests.support.spaces import add_space
from tests.support.tampering import audited, behind_its_back

ORIGIN = "127.0.0.1:8000/log"
ACTS, PEOPLE = 3, 2


@pytest.fixture
def issuer(settings: Settings) -> Issuer:
    return issuer_of(settings)


@pytest.fixture
def older(any_db: Database) -> Database:
    """Rows and acts as a hub without a log left them."""
    add_space(any_db)
    add_premises(any_db, uscc=OTHER_USCC)
    acts = [
        {
            "uscc": USCC,
            "id": new_id(NOW),
            "kind": "plate.made",
            "subject": str(number),
            "by": "x",
            "at": NOW - timedelta(days=number),
            "data": {"serial": number},
        }
        for number in range(ACTS)
    ]
    with any_db.write() as session:
        session.execute(insert(table_of(Event)), acts)
        for number in range(PEOPLE):
            name, handle = f"老用户{number}", bytes([number]) * 16
            session.add(Person(id=new_id(NOW), name=name, user_handle=handle, created_at=NOW))
    return any_db


def extend(db: Database, issuer: Issuer) -> int:
    return sequence_all(db, issuer=issuer, origin=ORIGIN, now=NOW)


def test_without_a_beginning_every_old_row_and_act_is_a_finding(older: Database, issuer: Issuer) -> None:
    found = audited(older, issuer).findings

    assert {each.reason for each in found} == {AuditReason.ROW_ADDED, AuditReason.EVENT_ADDED}
    assert [each.table for each in found].count("access_person") == PEOPLE
    assert [each.table for each in found].count("trust_event") == ACTS


def test_what_was_there_before_the_log_is_taken_in_once(older: Database, issuer: Issuer) -> None:
    assert begin(older, by=OPERATOR, now=NOW) == 2
    assert begin(older, by=OPERATOR, now=NOW) == 0
    extend(older, issuer)

    report = audited(older, issuer)

    assert {found.reason for found in report.findings} <= {
        AuditReason.INDEX_MISSING
    }  # as the builders left it
    with older.read() as session:
        assert len(session.scalars(select(Event).where(Event.kind == BEGAN)).all()) == 1


def test_a_row_that_comes_later_without_an_act_stays_a_finding(older: Database, issuer: Issuer) -> None:
    begin(older, by=OPERATOR, now=NOW)
    late = add_license(older, number="JY23308020000099")
    begin(older, by=OPERATOR, now=NOW)
    extend(older, issuer)

    told = [found for found in audited(older, issuer).findings if found.reason is AuditReason.ROW_ADDED]

    assert [(found.table, found.key) for found in told] == [("licenses_license", f"{USCC}/{late}")]


def test_a_scope_line_that_the_text_does_not_give_is_named(any_db: Database, issuer: Issuer) -> None:
    enterprises(any_db, shop())
    extend(any_db, issuer)
    behind_its_back(any_db, "UPDATE registry_scope_line SET item_code = NULL WHERE position = 0")

    report = audit(
        any_db,
        keys=issuer.key_set,
        origin=ORIGIN,
        now=NOW,
        checks=(partial(differing_scopes, items=REFERENCE.items),),
    )

    assert [(found.reason, found.table, found.key) for found in report.findings] == [
        (AuditReason.DERIVED_WRONG, "registry_scope_line", CODE)
    ]
