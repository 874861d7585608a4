"""Verification by who asks: shown codes used once, officers on record, typed numbers for them alone."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from hub.codes import dynamic
from hub.codes.models import DynamicUse, Scan
from hub.codes.plates import queries
from hub.codes.verification.service import Verification
from hub.codes.verification.verdicts import CodeVerdict
from hub.config import Settings
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.kernel.outcomes import Outcome
from tests.support.plates import (
    NOW,
    OFFICER,
    OFFICIAL,
    OTHER_USCC,
    OWNER,
    USCC,
    add_enterprise,
    add_plate,
    press_of,
    verification_of,
)
from tests.support.threads import at_once

AUDITOR = Actor(UUID(int=9), "审计员", Role.AUDITOR, department="审计局")


@pytest.fixture
def verification(any_db: Database, settings: Settings) -> Iterator[Verification]:
    service = verification_of(any_db, settings)
    yield service
    service.close()


def show(settings: Settings, *, by: Actor = OWNER) -> str:
    return dynamic.new_dynamic(USCC, press=press_of(settings), seconds=60, by=by, now=NOW).text


def test_anyone_may_look_at_a_shown_code_until_it_expires(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    add_enterprise(any_db)
    text = show(settings)

    assert [verification.verify(text, now=NOW).outcome for _ in range(3)] == [Outcome.VALID] * 3

    expired = verification.verify(text, now=NOW + timedelta(seconds=60))
    assert (expired.outcome, expired.reasons) == (Outcome.REFUSED, ("CODE_EXPIRED",))


def test_of_fifty_who_use_a_shown_code_at_once_one_succeeds(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    add_enterprise(any_db)
    text = show(settings)

    results = at_once(50, lambda n: verification.verify(text, now=NOW, by=OFFICER if n % 2 else OFFICIAL))

    verdicts = [each for each in results if isinstance(each, CodeVerdict)]
    assert len(verdicts) == 50
    assert sum(each.genuine for each in verdicts) == 1
    assert {each.reasons for each in verdicts if not each.genuine} == {("CODE_USED",)}
    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(DynamicUse)) == 1
        assert session.scalar(select(func.count()).select_from(Scan)) == 1


def test_a_used_code_stays_used_after_a_restart(any_db: Database, settings: Settings) -> None:
    add_enterprise(any_db)
    text = show(settings)
    outcomes = []

    for _ in range(2):
        service = verification_of(any_db, settings)
        outcomes.append(service.verify(text, now=NOW, by=OFFICER).outcome)
        service.close()

    assert outcomes == [Outcome.VALID, Outcome.REFUSED]


def test_an_officers_scan_is_on_record_before_the_answer(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    plate = add_plate(any_db, settings)

    verification.verify(plate.text, now=NOW, by=OFFICER)

    (scan,) = queries.scans_by(OFFICER.person_id, db=any_db)
    assert (scan.uscc, scan.plate_id, scan.audience, scan.verdict) == (
        USCC,
        plate.plate_id,
        "officer",
        "valid",
    )
    assert queries.scans_of(USCC, db=any_db) == (scan,)


def test_a_typed_plate_number_is_for_officers_and_officials_only(
    any_db: Database, settings: Settings, verification: Verification
) -> None:
    plate = add_plate(any_db, settings)
    typed = f" {plate.plate_id[:5].lower()}-{plate.plate_id[5:]}"

    for actor in (OFFICER, OFFICIAL):
        assert verification.verify_typed(typed, now=NOW, by=actor).plate_id == plate.plate_id
    for other in (OWNER, AUDITOR):
        with pytest.raises((NotAllowedError, NotFoundError)):
            verification.verify_typed(typed, now=NOW, by=other)
    assert verification.verify_typed("0000000000", now=NOW, by=OFFICER).outcome is Outcome.REFUSED
    pasted = f"{plate.plate_id[:5]}\ufe0f{plate.plate_id[5:]}\u202c\U000e0041"
    assert verification.verify_typed(pasted, now=NOW, by=OFFICER).plate_id == plate.plate_id
    mistyped = verification.verify_typed(plate.plate_id[:-1] + "?", now=NOW, by=OFFICER)
    assert mistyped.reasons == ("PLATE_ID_ALPHABET",)


def test_an_owner_shows_only_the_code_of_his_own_enterprise(any_db: Database, settings: Settings) -> None:
    add_enterprise(any_db, uscc=OTHER_USCC)

    with pytest.raises(NotFoundError):
        dynamic.new_dynamic(OTHER_USCC, press=press_of(settings), seconds=60, by=OWNER, now=NOW)


def test_a_shown_code_of_an_enterprise_that_is_gone_is_refused(
    settings: Settings, verification: Verification
) -> None:
    verdict = verification.verify(show(settings), now=NOW)

    assert verdict.reasons == ("CODE_ENDED",)
