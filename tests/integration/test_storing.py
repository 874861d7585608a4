"""Storing records: versions, moves, merges, links, kept counts; few statements whatever the number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from hub.credit.reported import PENALTIES, PenaltyRecord
from hub.credit.rules import PenaltyLevel
from hub.kernel.database import Database
from hub.licenses import summaries
from hub.licenses.models import License, LicenseVersion, Summary
from hub.licenses.rules import LicenseState
from hub.registry.models import Enterprise, EnterpriseVersion, Premises, PremisesIndex, ScopeLine
from hub.registry.records import Provenance
from hub.registry.rules import EntityState, Overlay
from hub.registry.store import OverlayFact, PremisesRecord, StoreOutcome
from hub.registry.versioned import store
from tests.support.feed_shapes import SCOPES, credit_code
from tests.support.loading import NOW, TODAY
from tests.support.records import CODE, enterprises, licenses, permit, places, shop
from tests.support.reference import REFERENCE

ACCEPTED, DUPLICATE, SUPERSEDED = StoreOutcome.ACCEPTED, StoreOutcome.DUPLICATE, StoreOutcome.SUPERSEDED


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_one_call_sees_its_own_earlier_records(any_db: Database) -> None:
    changed = shop(name="柯城新名商行", approved_on=date(2021, 1, 1))

    assert enterprises(any_db, shop(), shop(), changed, shop()) == [ACCEPTED, DUPLICATE, ACCEPTED, SUPERSEDED]

    with any_db.read() as session:
        row = session.scalars(select(Enterprise)).one()
        assert (row.name, row.version) == ("柯城新名商行", 2)
        assert sorted(session.scalars(select(EnterpriseVersion.version))) == [1, 2]
        assert session.scalars(select(Premises.name)).all() == ["柯城新名商行"]


def test_a_replayed_file_never_brings_back_what_a_newer_one_changed(any_db: Database) -> None:
    enterprises(any_db, shop(), shop(name="柯城新名商行"))

    assert enterprises(any_db, shop(), shop(name="柯城新名商行"), replay=True) == [SUPERSEDED, DUPLICATE]


def test_a_move_takes_the_main_place_along_and_keeps_its_id(any_db: Database) -> None:
    enterprises(any_db, shop())
    with any_db.read() as session:
        before = session.scalars(select(Premises.id)).one()

    enterprises(any_db, shop(address="浙江省衢州市柯城区新路9号", scope_text=SCOPES[1]))

    with any_db.read() as session:
        place = session.scalars(select(Premises)).one()
        assert (place.id, place.address, place.version) == (before, "浙江省衢州市柯城区新路9号", 2)
        assert session.scalars(select(PremisesIndex.premises_id)).all() == [before]
        texts = session.scalars(select(ScopeLine.text).order_by(ScopeLine.position)).all()
        assert texts == ["日用百货销售", "食品销售", "烟草制品零售"]


def test_a_move_to_a_known_place_makes_that_the_main_one(any_db: Database) -> None:
    enterprises(any_db, shop())
    places(any_db, PremisesRecord(uscc=CODE, name="二店", address="衢州市柯城区新路9号"))

    enterprises(any_db, shop(address="浙江省衢州市柯城区新路9号"))

    with any_db.read() as session:
        rows = {place.name: place.is_main for place in session.scalars(select(Premises))}
    assert rows == {"柯城试验商行": False, "二店": True}


def test_an_address_that_comes_late_is_the_place_already_reported_there(any_db: Database) -> None:
    enterprises(any_db, shop(address=""))
    places(any_db, PremisesRecord(uscc=CODE, name="柯城试验商行", address="浙江省衢州市柯城区试验路1号"))

    assert enterprises(any_db, shop()) == [ACCEPTED]

    with any_db.read() as session:
        place = session.scalars(select(Premises)).one()
        assert (place.is_main, place.version) == (True, 1)


def test_a_place_at_the_registered_address_merges_into_the_main_one(any_db: Database) -> None:
    enterprises(any_db, shop(is_residence=True))
    told = PremisesRecord(
        uscc=CODE, name="试验小店", address="柯城区试验路1号", area="南孔古城", latitude=28.9, longitude=118.8
    )

    assert places(any_db, told, told) == [ACCEPTED, DUPLICATE]
    assert places(any_db, replace(told, area="水亭门")) == [ACCEPTED]

    with any_db.read() as session:
        place = session.scalars(select(Premises)).one()
        assert (place.name, place.address, place.area) == (
            "试验小店",
            "浙江省衢州市柯城区试验路1号",
            "水亭门",
        )
        assert (place.region, place.latitude, place.is_main, place.is_residence) == (
            "330802",
            28.9,
            True,
            True,
        )
        assert place.version == 3


def test_two_shops_under_one_roof_are_two_places(any_db: Database) -> None:
    enterprises(any_db, shop())
    one = PremisesRecord(uscc=CODE, name="一店", address="柯城区新路9号")

    assert places(any_db, one, replace(one, name="二店")) == [ACCEPTED, ACCEPTED]


def test_a_license_is_linked_by_address_or_to_the_only_place_and_again_when_places_come(
    any_db: Database,
) -> None:
    enterprises(any_db, shop())
    licenses(
        any_db,
        permit(),
        permit(number="JY23308020000026", address="衢州市柯城区新路9号"),
        permit(number="JY23308020000034", address="柯城区试验路1号"),
    )

    def linked() -> dict[str, str]:
        with any_db.read() as session:
            names: dict[UUID | None, str] = {row.id: row.name for row in session.scalars(select(Premises))}
            return {row.number[-2:]: names[row.premises_id] for row in session.scalars(select(License))}

    assert linked() == {"18": "柯城试验商行", "26": "柯城试验商行", "34": "柯城试验商行"}

    places(any_db, PremisesRecord(uscc=CODE, name="二店", address="浙江省衢州市柯城区新路9号"))
    assert linked() == {"18": "柯城试验商行", "26": "二店", "34": "柯城试验商行"}
    with any_db.read() as session:
        assert set(session.scalars(select(License.version))) == {1}


def test_a_license_follows_the_departments_version_then_the_date_of_issue(any_db: Database) -> None:
    enterprises(any_db, shop())
    renewed = permit(issued_on=date(2025, 1, 1), valid_to=date(2030, 12, 31))
    suspended = replace(renewed, state=LicenseState.SUSPENDED)

    assert licenses(any_db, renewed, permit(), suspended, renewed) == [
        ACCEPTED,
        SUPERSEDED,
        ACCEPTED,
        ACCEPTED,
    ]
    assert licenses(any_db, permit(source_version=2), renewed) == [ACCEPTED, SUPERSEDED]
    assert licenses(any_db, permit(source_version=2, issuer="新局"), replay=True) == [SUPERSEDED]

    with any_db.read() as session:
        row = session.scalars(select(License)).one()
        assert (row.version, row.source_version) == (4, 2)
        assert len(session.scalars(select(LicenseVersion.version)).all()) == 4


def test_another_name_on_the_license_is_a_doubt(any_db: Database) -> None:
    enterprises(any_db, shop())
    licenses(any_db, permit(), permit(number="JY23308020000026", holder_name="柯城旧名商行"))

    with any_db.read() as session:
        assert {row.number[-2:]: row.quality for row in session.scalars(select(License))} == {
            "18": [],
            "26": ["HOLDER_NAME_DIFFERS"],
        }


def test_overlays_stay_when_a_source_says_nothing_of_them(any_db: Database) -> None:
    fact = OverlayFact(kind=Overlay.ABNORMAL.value, since=date(2026, 1, 1), source="test")
    enterprises(any_db, shop(overlays=(fact,)))

    enterprises(any_db, shop(person="李四"))

    with any_db.read() as session:
        assert session.scalars(select(Enterprise.overlays)).one() == [
            {"kind": "经营异常名录", "since": "2026-01-01", "source": "test"}
        ]
    enterprises(any_db, shop(person="王五", overlays=()))
    with any_db.read() as session:
        assert session.scalars(select(Enterprise.overlays)).one() == []


def test_overlays_stay_when_the_next_record_of_the_same_call_says_nothing_of_them(any_db: Database) -> None:
    fact = OverlayFact(kind=Overlay.ABNORMAL.value, since=date(2026, 1, 1), source="test")

    enterprises(any_db, shop(overlays=(fact,)), shop(person="李四"))

    with any_db.read() as session:
        assert len(session.scalars(select(Enterprise.overlays)).one()) == 1


def test_a_penalty_is_known_by_its_number_and_the_later_decision_counts(any_db: Database) -> None:
    enterprises(any_db, shop())
    first = PenaltyRecord(
        uscc=CODE,
        decision_no="衢市监处罚〔2026〕1号",
        act="超范围经营",
        kind="罚款",
        level=PenaltyLevel.ORDINARY,
        decided_on=date(2026, 1, 1),
        authority="局",
    )
    later = replace(first, decided_on=date(2026, 2, 1), level=PenaltyLevel.MINOR)

    provenance = Provenance(source="test", now=NOW)
    with any_db.write() as session:
        _, outcomes = store(session, PENALTIES.stored, [first, later, first, later], provenance)
    with any_db.write() as session:
        _, again = store(session, PENALTIES.stored, [first, later], provenance)

    assert outcomes == [ACCEPTED, ACCEPTED, SUPERSEDED, DUPLICATE]
    assert again == [SUPERSEDED, DUPLICATE]


def test_summaries_count_colours_and_duties_and_know_when_they_go_stale(any_db: Database) -> None:
    enterprises(any_db, shop(), shop(credit_code(2), name="空壳商行", state=EntityState.REVOKED))
    licenses(
        any_db,
        permit(valid_to=date(2026, 11, 21)),
        permit(type_code="tobacco-retail", number="1", valid_to=None),
    )
    with any_db.write() as session:
        summaries.mark_stale(session, [CODE, credit_code(2)], on=TODAY)

    assert summaries.refresh_stale(any_db, on=TODAY, limit=10, reference=REFERENCE) == 2
    assert summaries.refresh_stale(any_db, on=TODAY, limit=10, reference=REFERENCE) == 0

    with any_db.read() as session:
        mine = session.get_one(Summary, CODE)
        other = session.get_one(Summary, credit_code(2))
        assert (mine.blue, mine.yellow, mine.red, mine.grey) == (1, 1, 0, 0)
        assert (mine.required, mine.held, mine.missing) == (1, 1, 0)
        assert mine.stale_on == date(2026, 11, 22)
        assert (mine.business_colour, other.business_colour) == ("blue", "red")

    assert summaries.refresh_stale(any_db, on=date(2026, 11, 22), limit=10, reference=REFERENCE) == 1
    with any_db.read() as session:
        mine = session.get_one(Summary, CODE)
        assert (mine.yellow, mine.red, mine.missing) == (0, 1, 1)
        assert (
            session.scalars(select(License.colour_reason).where(License.number != "1")).one() == "PM_EXPIRED"
        )


def test_a_change_of_state_reaches_the_colours_of_all_licenses(any_db: Database) -> None:
    enterprises(any_db, shop())
    licenses(any_db, permit())
    enterprises(any_db, shop(state=EntityState.DEREGISTERED, approved_on=date(2026, 1, 1)))

    with any_db.write() as session:
        assert summaries.refresh(session, [CODE], on=TODAY, reference=REFERENCE) == 1

    with any_db.read() as session:
        assert session.scalars(select(License.colour)).one() == "grey"
        assert session.get_one(Summary, CODE).state == "注销"


def test_the_number_of_statements_does_not_grow_with_the_number_of_records(any_db: Database) -> None:
    def statements(first: int, count: int) -> int:
        codes = [credit_code(number) for number in range(first, first + count)]
        with counted(any_db.engine) as seen:
            enterprises(any_db, *(shop(code) for code in codes))
            licenses(any_db, *(permit(code) for code in codes))
            places(any_db, *(PremisesRecord(uscc=code, name="二店", address="新路9号") for code in codes))
            with any_db.write() as session:
                summaries.refresh(session, codes, on=TODAY, reference=REFERENCE)
        return len(seen)

    assert statements(100, 3) == statements(200, 300)
