"""A clock that was set back: nothing is called false, nothing is written, and it ends by itself."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from hub import config
from hub.cli import doctor_security
from hub.cli.doctor_findings import FindingLevel
from hub.codes.dynamic import forgotten_until, new_dynamic
from hub.codes.rules import Viewer
from hub.codes.verification.scans import forget_expired
from hub.config import Settings
from hub.credentials.verification import PresentedCredential
from hub.kernel.database import Database
from hub.kernel.errors import ReadOnlyError
from hub.kernel.outcomes import Outcome
from hub.trust.clock import ClockWatch
from hub.trust.receipts import judge_receipt
from hub.trust.record import events
from hub.trust.statuses.models import StatusPublication
from hub.trust.witnesses.cosigning import own_key
from hub.trust.witnesses.record import Witness, WitnessRecord
from hub.web.context import EXTENSION, Services
from keys import Purpose
from tests.support.logs import LogHub
from tests.support.plates import (
    OFFICER,
    OPERATOR,
    OWNER,
    USCC,
    add_enterprise,
    add_premises,
    lay_plate,
    press_of,
)

HOUR = timedelta(hours=1)


class Moment:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = config.now()

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def services(app: Flask, clock: Moment) -> Services:
    found: Services = app.extensions[EXTENSION]
    found.db.clock = watch(found.db, found.settings, clock)
    return found


def watch(db: Database, settings: Settings, clock: Moment) -> ClockWatch:
    return ClockWatch(db, settings.home, now=clock, bounds=(forgotten_until,))


@pytest.fixture
def plate(services: Services, clock: Moment) -> str:
    add_enterprise(services.db)
    premises = add_premises(services.db)
    press = press_of(services.settings)
    made = lay_plate(premises, press=press, now=clock(), db=services.db)
    services.db.clock = watch(services.db, services.settings, clock)  # it asks every few seconds
    return made.text


def test_a_genuine_plate_is_unknown_and_nothing_is_written_until_the_clock_is_right(
    app: Flask, services: Services, plate: str, clock: Moment
) -> None:
    verification, right = services.verification, clock()
    for wrong in (right - HOUR, right - timedelta(days=400)):
        clock.at = wrong
        verdict = verification.verify(plate, now=clock())
        (many,) = verification.verify_many([plate], now=clock(), by=Viewer.PLATFORM)
        ready = app.test_client().get("/readyz").get_json()

        assert (verdict.outcome, verdict.reasons) == (Outcome.UNKNOWN, ("CLOCK_BEHIND",))
        assert many.reasons == ("CLOCK_BEHIND",)
        assert verdict.message.zh
        assert ready["status"] == "read-only"
        assert "clock" in ready["message"]["en"]
        assert "时钟" in ready["message"]["zh"]
        with pytest.raises(ReadOnlyError), services.db.write():
            pass
    clock.at = right

    assert verification.verify(plate, now=clock()).outcome in {Outcome.VALID, Outcome.ATTENTION}
    assert app.test_client().get("/readyz").get_json() == {"status": "ready"}
    with services.db.write():
        pass


def test_a_second_of_difference_between_machines_is_no_clock_that_was_set_back(
    services: Services, plate: str, clock: Moment
) -> None:
    clock.at -= timedelta(seconds=30)

    assert services.verification.verify(plate, now=clock()).outcome is not Outcome.UNKNOWN


def test_receipts_and_credentials_are_unknown_too(services: Services, plate: str, clock: Moment) -> None:
    assert plate
    clock.at -= HOUR
    receipt = judge_receipt(
        "eyJ", issuer=services.issuer, base_url=services.settings.base_url, now=clock(), db=services.db
    )
    credential = services.credentials.verify(PresentedCredential("eyJ~", None, None, None), now=clock())

    assert receipt.outcome is Outcome.UNKNOWN
    assert credential.outcome is Outcome.UNKNOWN


def test_status_lists_that_have_expired_are_told_by_readiness_and_doctor(
    app: Flask, services: Services, clock: Moment
) -> None:
    """A day ahead, with nobody who signs anew, the lists answer 503: not silently."""
    blank = dict.fromkeys(("uri", "kid", "token", "etag"), "x")
    with services.db.write() as session:
        session.add(
            StatusPublication(number=1, version=1, signed_at=clock(), expires_at=clock() - HOUR, **blank)
        )
    ready = app.test_client().get("/readyz")

    assert app.test_client().get("/status/1").status_code == 503
    assert ready.status_code == 200
    assert "状态列表" in ready.get_json()["warning"]["zh"]
    assert [
        found.level for found in doctor_security.clock(services.settings) if found.what == "status lists"
    ] == [FindingLevel.FIX]


def test_what_a_witness_has_cosigned_bounds_the_clock(services: Services, clock: Moment) -> None:
    record = WitnessRecord(services.settings.home)
    services.db.clock = watch(services.db, services.settings, clock)
    assert services.db.read_only is None
    vkey = own_key(services.issuer.signer(Purpose.LOG), name="w.example").vkey()
    record.put(Witness("https://w.example", vkey, at=clock() + HOUR))
    services.db.clock = watch(services.db, services.settings, clock)

    assert services.db.read_only is not None


def test_before_the_keys_began_to_sign_a_genuine_plate_is_unknown(services: Services, plate: str) -> None:
    services.db.clock = None
    earlier = min(key.info.created_at for key in services.issuer.key_set) - HOUR

    assert services.verification.verify(plate, now=earlier).reasons == ("CLOCK_BEHIND",)


def test_a_used_code_is_not_accepted_again_after_its_use_was_forgotten_and_the_clock_set_back(
    services: Services, plate: str, clock: Moment
) -> None:
    assert plate
    start = clock()
    press, verification = press_of(services.settings), services.verification
    shown = new_dynamic(USCC, press=press, seconds=60, by=OWNER, now=start)
    first = verification.verify(shown.text, now=start, by=OFFICER)
    clock.at = start + timedelta(minutes=10)
    assert forget_expired(services.db, now=clock()) >= 1
    clock.at = start + timedelta(seconds=10)
    services.db.clock = watch(services.db, services.settings, clock)
    again = verification.verify(shown.text, now=clock(), by=OFFICER)

    assert first.genuine
    assert again.reasons == ("CLOCK_BEHIND",)
    assert not again.genuine


def test_records_of_a_time_that_never_was_are_given_up_in_words(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    hub = LogHub.make(tmp_path_factory.mktemp("hub") / "var")
    hub.add(1)
    assert hub.run("log", "accept-clock", "--reason", "nothing is wrong").exit_code != 0
    with hub.db.write() as session:
        events.record(
            session, kind="account.invited", uscc="", subject="s", by=OPERATOR, data={}, now=config.now() + 400 * 24 * HOUR
        )  # fmt: skip
    refused = hub.run("account", "invite", "--role", "official", "--name", "甲", "--department", "局")
    doctor = hub.run("doctor")
    accepted = hub.run("log", "accept-clock", "--reason", "the clock ran ahead")
    invited = hub.run("account", "invite", "--role", "official", "--name", "甲", "--department", "局")

    assert isinstance(refused.exception, ReadOnlyError)
    assert doctor.exit_code == 1
    assert "accept-clock" in doctor.output
    assert accepted.exit_code == 0, accepted.output
    assert invited.exit_code == 0, invited.exception
    hub.db.close()
