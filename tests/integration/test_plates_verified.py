"""Verification against the real databases: live, exact, cheap."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from hub.codes import dynamic
from hub.codes.plates import service
from hub.codes.rules import PlateAction, PlateEnd, Viewer
from hub.codes.verification.lookup import Lookup, RecordsAwayError
from hub.codes.verification.service import Verification
from hub.config import Settings
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.outcomes import Outcome
from hub.licenses.models import License
from hub.registry.models import Enterprise
from hub.trust.record.database import open_database
from signing import new_plate_id, sign_plate
from tests.support.plates import (
    NOW,
    OFFICER,
    OPERATOR,
    OTHER_USCC,
    OWNER,
    USCC,
    add_enterprise,
    add_license,
    add_plate,
    add_premises,
    lay_plate,
    press_of,
    replace_plate,
    verification_of,
)

AUDITOR = Actor(UUID(int=9), "审计员", Role.AUDITOR, department="审计局")


@pytest.fixture
def verification(any_db: Database, settings: Settings) -> Iterator[Verification]:
    service = verification_of(any_db, settings)
    yield service
    service.close()


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """Every statement that reaches the driver, through SQLAlchemy or beside it."""
    told: list[str] = []

    class Counting:
        def __init__(self, cursor: object) -> None:
            self._cursor = cursor

        def __getattr__(self, name: str) -> object:
            return getattr(self._cursor, name)

        def execute(self, statement: str, *rest: object) -> object:
            told.append(statement)
            return self._cursor.execute(statement, *rest)  # type: ignore[attr-defined]

    connection_class = type(db.engine.raw_connection())
    original = connection_class.cursor
    connection_class.cursor = lambda self, *a, **k: Counting(original(self, *a, **k))  # type: ignore[method-assign]
    try:
        yield told
    finally:
        connection_class.cursor = original  # type: ignore[method-assign]


def show(settings: Settings, *, by: Actor = OWNER) -> str:
    return dynamic.new_dynamic(USCC, press=press_of(settings), seconds=60, by=by, now=NOW).text


def test_a_plate_is_told_with_enterprise_premises_and_permits(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    plate = add_plate(any_db, settings)
    add_license(any_db, number="JY2", valid_to=date(2026, 11, 21))
    add_license(any_db, number="JY1", valid_to=None)

    verdict = verification.verify(plate.text, now=NOW)

    assert (verdict.outcome, verdict.reasons) == (Outcome.VALID, ("PLATE_ACTIVE", "BL_OK"))
    assert verdict.enterprise is not None
    assert (verdict.enterprise.uscc, verdict.enterprise.colour) == (USCC, "blue")
    assert verdict.premises is not None
    assert verdict.premises.id == plate.premises_id
    assert [(each.number, each.colour, each.reason) for each in verdict.licenses] == [
        ("JY1", "blue", "PM_OK"),
        ("JY2", "yellow", "PM_DUE"),
    ]


def test_colours_are_those_of_the_day_of_the_request(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    plate = add_plate(any_db, settings)
    add_license(any_db, valid_to=date(2026, 11, 21), colour="blue")

    last_moment = NOW.replace(hour=15, minute=59, second=59)  # 23:59:59 in Quzhou
    assert verification.verify(plate.text, now=last_moment).licenses[0].colour == "yellow"

    after = verification.verify(plate.text, now=last_moment + timedelta(seconds=1))
    assert (after.licenses[0].colour, after.licenses[0].reason) == ("red", "PM_EXPIRED")
    assert (after.outcome, after.reasons[-1]) == (Outcome.ATTENTION, "LICENSE_RED")


def test_a_change_in_the_records_is_told_by_the_very_next_scan(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    plate = add_plate(any_db, settings)
    add_license(any_db)
    assert verification.verify(plate.text, now=NOW).outcome is Outcome.VALID

    with any_db.write() as session:
        session.execute(update(License).values(state="吊销"))
    assert verification.verify(plate.text, now=NOW).reasons[-1] == "LICENSE_RED"
    with any_db.write() as session:
        session.execute(
            update(Enterprise).values(overlays=[{"kind": "严重违法失信名单", "since": None, "source": "x"}])
        )
    assert "BL_SERIOUS" in verification.verify(plate.text, now=NOW).reasons
    service.change_plate(plate.plate_id, action=PlateAction.SUSPEND, by=OPERATOR, now=NOW, db=any_db)
    assert verification.verify(plate.text, now=NOW).reasons == ("PLATE_ENDED",)


@pytest.mark.parametrize("action", [PlateAction.SUSPEND, PlateAction.REPORT_LOST])
def test_a_plate_out_of_use_is_refused_without_its_enterprise(
    any_db: Database, settings: Settings, verification: Verification, action: PlateAction
) -> None:
    plate = add_plate(any_db, settings)
    service.change_plate(plate.plate_id, action=action, by=OPERATOR, now=NOW, db=any_db)

    verdict = verification.verify(plate.text, now=NOW)

    assert (verdict.outcome, verdict.enterprise, verdict.premises, verdict.licenses) == (
        Outcome.REFUSED,
        None,
        None,
        (),
    )


def test_ended_superseded_and_never_recorded_plates_are_told_in_the_same_words(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    superseded = add_plate(any_db, settings)
    press = press_of(settings)
    ended = replace_plate(superseded.plate_id, reason=PlateEnd.DAMAGED, press=press, now=NOW, db=any_db)
    service.end_plate(ended.plate_id, reason=PlateEnd.CLOSED, by=OPERATOR, now=NOW, db=any_db)
    unrecorded = sign_plate(
        uscc=OTHER_USCC,
        plate_id=new_plate_id(),
        origin=press.origin,
        signer=press.issuer.plate_signer,
    )

    told = [
        verification.verify(text, now=NOW).as_json() for text in (superseded.text, ended.text, unrecorded)
    ]

    assert told[0] == told[1] == told[2]
    assert told[0]["verdict"] == "refused"


def test_a_signed_plate_that_was_never_recorded_does_not_borrow_another_of_the_enterprise(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    standing = add_plate(any_db, settings)
    press = press_of(settings)
    signer = press.issuer.plate_signer
    strangers = [
        sign_plate(uscc=USCC, plate_id=new_plate_id(), origin=press.origin, signer=signer) for _ in range(20)
    ]

    assert verification.verify(standing.text, now=NOW).genuine
    assert {verification.verify(text, now=NOW).reasons for text in strangers} == {("PLATE_ENDED",)}


def test_permits_of_other_premises_and_replaced_ones_are_not_told(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    plate = add_plate(any_db, settings)
    elsewhere = add_premises(any_db, name="分店", is_main=False)
    add_license(any_db, number="HERE", premises_id=plate.premises_id)
    add_license(any_db, number="ALL")
    add_license(any_db, number="ELSEWHERE", premises_id=elsewhere)
    add_license(any_db, number="OLD", state="被替换")

    verdict = verification.verify(plate.text, now=NOW)

    assert [each.number for each in verdict.licenses] == ["ALL", "HERE"]


def test_a_home_is_told_without_its_house_number(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    plate = add_plate(any_db, settings, is_residence=True)

    verdict = verification.verify(plate.text, now=NOW)

    assert verdict.premises is not None
    assert verdict.premises.address == "浙江省衢州市柯城区荷花一路***"


@pytest.mark.parametrize("permits", [0, 1, 40])
def test_a_scan_costs_one_statement_whatever_the_enterprise_holds(
    any_db: Database, settings: Settings, verification: Verification, permits: int
) -> None:
    plate = add_plate(any_db, settings)
    for number in range(permits):
        add_license(any_db, number=f"JY{number}")
    verification.verify(plate.text, now=NOW)

    with statements(any_db) as told:
        verdict = verification.verify(plate.text, now=NOW)

    assert len(verdict.licenses) == permits
    assert len(told) == 1


def test_a_batch_costs_statements_by_the_hundred_and_keeps_its_order(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    add_enterprise(any_db)
    press = press_of(settings)
    plates = [
        lay_plate(add_premises(any_db, name=f"店{n}"), press=press, now=NOW, db=any_db) for n in range(12)
    ]
    shown = show(settings)
    texts: list[object] = [*(plate.text for plate in plates), "nonsense", shown, plates[3].text, 7]

    with statements(any_db) as told:
        verdicts = verification.verify_many(texts, now=NOW, by=Viewer.PLATFORM)

    assert [each.plate_id for each in verdicts[:12]] == [plate.plate_id for plate in plates]
    assert [each.outcome for each in verdicts[12:]] == ["refused", "valid", "valid", "refused"]
    assert verdicts[14] == verdicts[3]
    assert len(told) == 2  # plates, and the enterprises of shown codes
    assert verdicts[:14] == [verification.verify(text, now=NOW, by=Viewer.PLATFORM) for text in texts[:14]]


def test_without_its_records_the_hub_cannot_tell(settings: Settings, tmp_path: object) -> None:
    away = open_database(f"sqlite:///{tmp_path}/no-such-folder/hub.sqlite3")
    service = verification_of(away, settings)
    text = dynamic.new_dynamic(USCC, press=press_of(settings), seconds=60, by=OWNER, now=NOW).text

    for verdict in (
        service.verify(text, now=NOW),
        service.verify_typed(new_plate_id(), now=NOW, by=OFFICER),
        service.verify(text, now=NOW, by=OFFICER),
        service.verify_many([text], now=NOW, by=Viewer.PLATFORM)[0],
    ):
        assert (verdict.outcome, verdict.reasons, verdict.genuine) == (
            Outcome.UNKNOWN,
            ("RECORDS_AWAY",),
            False,
        )
    with pytest.raises(RecordsAwayError):
        Lookup(away).claims_of("0000000000")
    service.close()  # says that the counts could not be written
