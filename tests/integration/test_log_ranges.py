"""More acts than are compared at a time: where one range ends and the next begins, nothing is left out or taken twice."""

from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.log.audit import AuditReason, AuditReport, audit
from hub.trust.log.row_audit import ACTS_AT_ONCE
from hub.trust.record import events
from tests.support.feed_shapes import credit_code
from tests.support.plates import NOW, issuer_of
from tests.support.records import enterprises, shop
from tests.support.tampering import behind_its_back, extend

CODES = sorted(credit_code(number) for number in range(1, 31))
ACTS_EACH = 700  # of 30 enterprises: 21 000, three ranges, and two whole thousands to be told of


def test_rows_of_every_range_are_held_against_their_acts(db: Database, settings: Settings) -> None:
    enterprises(db, *(shop(code) for code in CODES))
    with db.write() as session:
        drafts = [events.Draft("test.done", uscc, "x", {}) for uscc in CODES for _ in range(ACTS_EACH)]
        events.record_many(session, drafts, by="tests", now=NOW)
        events.record_many(session, [events.Draft("test.done", "", "x", {})], by="tests", now=NOW)
    size = extend(db, settings, now=NOW)
    assert size > 2 * ACTS_AT_ONCE

    told: list[int] = []
    clean = audited(db, settings, told)
    behind_its_back(db, "UPDATE registry_enterprise SET name = '别的商行'")
    edited = audited(db, settings, [])

    assert clean.findings == ()
    assert clean.leaves == clean.size == size
    assert told == [ACTS_AT_ONCE, ACTS_AT_ONCE]
    assert edited.rows == clean.rows >= len(CODES)
    assert [(each.reason, each.table) for each in edited.findings] == [
        (AuditReason.ROW_EDITED, "registry_enterprise")
    ] * len(CODES)
    assert sorted(each.key for each in edited.findings) == CODES


def audited(db: Database, settings: Settings, told: list[int]) -> AuditReport:
    issuer = issuer_of(settings)
    return audit(db, keys=issuer.key_set, origin=settings.log_origin, now=NOW, progress=told.append)
