"""The catalogue in the database: begun with what ships, edited by dated rows, on record, read again when it changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from hub.access.rules import Action, may
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError
from hub.licenses import rereading, summaries
from hub.licenses.audit import differing_summaries
from hub.licenses.catalogue.errors import (
    CatalogueNotBegunError,
    TypeCodeError,
    TypeNameTakenError,
    TypeTwiceError,
)
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.models import License, Summary
from hub.licenses.reference.models import LicenseTypeRow
from hub.licenses.reference.service import begin_catalogue, put_license_types, stored_types
from hub.licenses.reference.stored_tables import LOOK_SECONDS, StoredReferenceTables
from hub.trust.log.audit import AuditReason
from hub.trust.record.models import Event
from tests.support.city import TODAY
from tests.support.plates import NOW, OFFICIAL, OPERATOR
from tests.support.records import enterprises, licenses, permit, shop
from tests.support.reference import TABLES
from tests.support.tampering import LATER, audited_wholly, behind_its_back, extend

FOOD = shipped_catalogue().by_code("food-operation")
TOMORROW = TODAY + timedelta(days=1)
STRICTER = replace(FOOD, valid_from=TOMORROW, validity_months=36)


@pytest.fixture
def begun(any_db: Database) -> Database:
    assert begin_catalogue(TABLES.rows, by=OPERATOR, now=NOW, db=any_db) == len(TABLES.rows)
    return any_db


def tables_of(db: Database) -> StoredReferenceTables:
    return StoredReferenceTables(db, TABLES)


def acts(db: Database) -> list[tuple[str, str, str]]:
    statement = select(Event.kind, Event.subject, Event.by).where(Event.kind.startswith("catalogue."))
    with db.read() as session:
        return [(kind, subject, by) for kind, subject, by in session.execute(statement.order_by(Event.id))]


def test_a_hub_begins_with_the_shipped_rows_once_and_on_record(begun: Database) -> None:
    assert begin_catalogue(TABLES.rows, by=OPERATOR, now=NOW, db=begun) == 0

    with begun.read() as session:
        assert set(stored_types(session)) == set(TABLES.rows)
    assert [kind for kind, _, _ in acts(begun)] == ["catalogue.begun"]
    assert tables_of(begun).on(TODAY).types_version == TABLES.on(TODAY).types_version


def test_a_later_version_of_the_hub_adds_kinds_and_never_overrides_the_citys_rows(begun: Database) -> None:
    put_license_types([replace(FOOD, validity_months=36)], by=OFFICIAL, now=NOW, db=begun)
    shipped = (replace(FOOD, validity_months=12), replace(FOOD, code="new-kind", name="新证", aliases=()))

    assert begin_catalogue(shipped, by=OPERATOR, now=NOW, db=begun) == 1

    reference = tables_of(begun).on(TODAY)
    assert reference.types.by_code("food-operation").validity_months == 36
    assert reference.types.by_code("new-kind").name == "新证"


def test_an_official_puts_a_row_that_counts_from_its_day_on(begun: Database) -> None:
    assert put_license_types([STRICTER], by=OFFICIAL, now=NOW, db=begun)
    assert not put_license_types([STRICTER], by=OFFICIAL, now=NOW, db=begun)  # says nothing new

    tables = tables_of(begun)
    assert tables.on(TODAY).types.by_code("food-operation") == FOOD
    assert tables.on(TOMORROW).types.by_code("food-operation") == STRICTER
    by = f"{OFFICIAL.role}:{OFFICIAL.person_id}"
    assert acts(begun)[1:] == [("catalogue.type_put", "food-operation", by)]


def test_a_row_with_the_first_day_of_another_corrects_it_and_both_stay_in_the_table(begun: Database) -> None:
    for months in (24, 36):
        put_license_types([replace(FOOD, validity_months=months)], by=OFFICIAL, now=NOW, db=begun)

    assert tables_of(begun).on(TODAY).types.by_code("food-operation").validity_months == 36
    with begun.read() as session:
        versions = session.scalars(
            select(LicenseTypeRow.version).where(LicenseTypeRow.code == "food-operation").order_by("version")
        )
        assert list(versions) == [1, 2, 3]


def test_only_officials_edit_the_catalogue(begun: Database) -> None:
    for role in Role:
        actor = replace(OFFICIAL, role=role)
        if may(actor, Action.EDIT_CATALOGUE):
            continue
        with pytest.raises(NotAllowedError):
            put_license_types([STRICTER], by=actor, now=NOW, db=begun)

    assert len(acts(begun)) == 1


def test_of_several_rows_all_are_put_or_none(begun: Database) -> None:
    thief = replace(FOOD, code="thief", valid_from=TOMORROW)

    with pytest.raises(TypeNameTakenError):
        put_license_types([STRICTER, thief], by=OFFICIAL, now=NOW, db=begun)
    with pytest.raises(TypeTwiceError):
        put_license_types([STRICTER, STRICTER], by=OFFICIAL, now=NOW, db=begun)
    with pytest.raises(TypeCodeError):
        put_license_types([STRICTER, replace(STRICTER, code="?")], by=OFFICIAL, now=NOW, db=begun)

    assert len(acts(begun)) == 1
    assert tables_of(begun).on(TOMORROW).types.by_code("food-operation") == FOOD


def test_a_name_may_be_taken_over_on_the_day_after_its_kind_has_ended(begun: Database) -> None:
    ended = replace(FOOD, valid_to=TODAY)
    heir = replace(FOOD, code="food-new", valid_from=TODAY)

    with pytest.raises(TypeNameTakenError):
        put_license_types([ended, heir], by=OFFICIAL, now=NOW, db=begun)
    assert put_license_types([ended, replace(heir, valid_from=TOMORROW)], by=OFFICIAL, now=NOW, db=begun) == 2

    found = tables_of(begun).on(TOMORROW).types.by_name("食品经营许可证")
    assert found is not None
    assert found.code == "food-new"


def test_before_the_catalogue_is_begun_what_ships_counts_and_nothing_is_put(any_db: Database) -> None:
    assert tables_of(any_db).on(TODAY).types == TABLES.on(TODAY).types

    with pytest.raises(CatalogueNotBegunError):
        put_license_types([STRICTER], by=OFFICIAL, now=NOW, db=any_db)


def test_a_running_process_sees_a_new_row_at_its_next_look_and_asks_nothing_between(begun: Database) -> None:
    moment = [0.0]
    tables = StoredReferenceTables(begun, TABLES, clock=lambda: moment[0])
    before = tables.on(TOMORROW)
    put_license_types([STRICTER], by=OFFICIAL, now=NOW, db=begun)
    statements: list[str] = []

    def note(*told: object) -> None:
        if "SELECT" in str(told[2]):
            statements.append(str(told[2]))

    event.listen(begun.engine, "before_cursor_execute", note)

    assert tables.on(TOMORROW) is before
    assert statements == []
    moment[0] += LOOK_SECONDS
    assert tables.on(TOMORROW).types.by_code("food-operation") == STRICTER
    assert len(statements) == 1  # the rows; the look itself is outside of any session
    moment[0] += LOOK_SECONDS
    assert tables.on(TOMORROW) is tables.on(TOMORROW)
    assert len(statements) == 1
    assert before.types.by_code("food-operation") == FOOD


def test_while_the_database_is_away_what_was_known_goes_on(
    begun: Database, caplog: pytest.LogCaptureFixture
) -> None:
    moment = [0.0]
    tables = StoredReferenceTables(begun, TABLES, clock=lambda: moment[0])
    put_license_types([STRICTER], by=OFFICIAL, now=NOW, db=begun)
    known = tables.on(TOMORROW)
    with begun.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE licenses_type RENAME TO elsewhere")
    moment[0] += LOOK_SECONDS

    assert tables.on(TOMORROW) is known
    assert "catalogue" in caplog.text


def test_an_edited_row_brings_the_citys_colours_and_counts_up_to_date(begun: Database) -> None:
    """A window that opens sooner turns a license yellow that was blue; the stored colour follows with the worker's walk."""
    rereading.begin_counting(begun, reference=tables_of(begun).on(TODAY))
    enterprises(begun, shop())
    licenses(begun, permit(valid_to=TODAY + timedelta(days=200)))
    summaries.refresh_stale(begun, on=TODAY, reference=tables_of(begun).on(TODAY), limit=10)
    assert FOOD.renewal is not None
    early = replace(FOOD, renewal=replace(FOOD.renewal, opens=300))
    put_license_types([early], by=OFFICIAL, now=NOW, db=begun)
    reference = tables_of(begun).on(TODAY)

    assert colour(begun) == "blue"
    with begun.read() as session:
        assert (
            list(differing_summaries(session, on=TODAY, reference=reference)) == []
        )  # not counted yet is no fault
    while rereading.go_on(begun, on=TODAY, reference=reference):
        pass
    assert summaries.refresh_stale(begun, on=TODAY, reference=reference, limit=10) == 1

    assert colour(begun) == "yellow"
    assert not rereading.count_by_types_again(begun, on=TODAY, reference=reference)
    with begun.read() as session:
        assert session.scalars(select(Summary.yellow)).one() == 1
        assert list(differing_summaries(session, on=TODAY, reference=reference)) == []


def colour(db: Database) -> str:
    with db.read() as session:
        return session.scalars(select(License.colour)).one()


def test_the_log_names_a_row_that_was_changed_added_or_removed_behind_the_hubs_back(
    begun: Database, settings: Settings
) -> None:
    put_license_types([STRICTER], by=OFFICIAL, now=NOW, db=begun)
    extend(begun, settings, now=LATER)
    assert audited_wholly(begun, settings).findings == ()

    behind_its_back(
        begun,
        "UPDATE licenses_type SET valid_to = '2030-01-01' WHERE code = 'printing'",
        "DELETE FROM licenses_type WHERE code = 'pawn'",
        "INSERT INTO licenses_type SELECT code, valid_from, 9, valid_to, content, recorded_at, recorded_by "
        "FROM licenses_type WHERE code = 'seed'",
    )

    found = {(one.reason, one.table) for one in audited_wholly(begun, settings).findings}
    assert found == {
        (AuditReason.ROW_EDITED, "licenses_type"),
        (AuditReason.ROW_REMOVED, "licenses_type"),
        (AuditReason.ROW_ADDED, "licenses_type"),
    }
