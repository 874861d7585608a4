"""What departments deliver a second time is on record too: changes, moves, links, word for word repeats."""

import pytest
from sqlalchemy import select

from hub.config import Settings
from hub.kernel.database import Database
from hub.licenses.models import License
from hub.licenses.rules import LicenseState
from hub.registry.store import PremisesRecord, StoreOutcome
from hub.trust.record import guard
from hub.trust.record.models import Event
from tests.support.plates import NOW, issuer_of
from tests.support.records import CODE, enterprises, licenses, permit, places, shop
from tests.support.tampering import audited

STREET = "浙江省衢州市柯城区新街9号"


@pytest.fixture
def guarded(any_db: Database) -> Database:
    guard.install(any_db)
    enterprises(any_db, shop())
    return any_db


def kinds(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Event.kind).order_by(Event.batch_id, Event.place)))


def test_a_license_that_is_linked_to_a_new_place_says_so(guarded: Database, settings: Settings) -> None:
    places(guarded, PremisesRecord(uscc=CODE, name="另一店", address="浙江省衢州市柯城区旧街1号"))
    licenses(guarded, permit(address=STREET))
    places(guarded, PremisesRecord(uscc=CODE, name="新街店", address=STREET))

    with guarded.read() as session:
        assert session.scalars(select(License.premises_id)).one() is not None
    assert kinds(guarded)[-2:] == ["premises.recorded", "license.linked"]
    assert audited(guarded, issuer_of(settings), now=NOW).findings == ()


def test_changes_within_one_delivery_and_between_two_are_on_record(
    guarded: Database, settings: Settings
) -> None:
    licenses(guarded, permit(), permit(source_version=2, state=LicenseState.SUSPENDED))
    licenses(guarded, permit(source_version=3))
    enterprises(guarded, shop(name="改名商行", address=STREET), shop(name="又改名商行", address=STREET))
    enterprises(guarded, shop(name="又改名商行", address=STREET))

    with guarded.read() as session:
        told = session.scalars(
            select(Event.data).where(Event.kind == "license.changed").order_by(Event.id)
        ).all()
    assert [(data["version"], data["from"], data["to"]) for data in told] == [
        (2, "有效", "暂扣"),
        (3, "暂扣", "有效"),
    ]
    assert kinds(guarded).count("enterprise.changed") == 2
    assert audited(guarded, issuer_of(settings), now=NOW).findings == ()


def test_what_is_delivered_again_leaves_no_act(guarded: Database) -> None:
    licenses(guarded, permit())
    before = kinds(guarded)

    assert licenses(guarded, permit()) == [StoreOutcome.DUPLICATE]
    assert kinds(guarded) == before
