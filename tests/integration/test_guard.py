"""The guard: what changes a bound row without an act is refused, what is only kept for convenience is not."""

from uuid import UUID

import pytest
from sqlalchemy import Delete, Insert, delete, insert, select, update

from hub.kernel.bulk import table_of, update_rows
from hub.kernel.database import Database
from hub.licenses.models import License
from hub.trust.record import events, guard
from hub.trust.record.errors import UnloggedChangeError
from tests.support.plates import NOW, OPERATOR, USCC, add_enterprise, add_license


@pytest.fixture
def guarded(any_db: Database) -> Database:
    guard.install(any_db)
    return any_db


def change(db: Database, **values: object) -> None:
    add_enterprise(db)
    row = {"uscc": USCC, "id": add_license(db), **values}
    with db.write() as session:
        update_rows(session, table_of(License), ("uscc", "id"), [row])


def test_columns_that_are_computed_anew_change_by_many_without_an_act(guarded: Database) -> None:
    change(guarded, colour="red", colour_reason="PM_EXPIRED", colour_until=None)


def test_columns_that_rest_on_acts_do_not(guarded: Database) -> None:
    with pytest.raises(UnloggedChangeError):
        change(guarded, number="JY23308020000099")


@pytest.mark.parametrize(("values", "is_refused"), [({"colour": "red"}, False), ({"state": "撤销"}, True)])
def test_nor_by_a_statement_that_says_its_values_itself(
    guarded: Database, values: dict[str, str], *, is_refused: bool
) -> None:
    add_enterprise(guarded)
    add_license(guarded)
    statement = update(License).values(**values)

    def work() -> None:
        with guarded.write() as session:
            session.execute(statement)

    if not is_refused:
        work()
        return
    with pytest.raises(UnloggedChangeError):
        work()


@pytest.mark.parametrize(
    "statement", [delete(License), delete(License).where(License.uscc == USCC), insert(License)]
)
def test_nor_are_rows_that_rest_on_acts_removed_or_added_by_many(
    guarded: Database, statement: Delete | Insert
) -> None:
    add_enterprise(guarded)
    add_license(guarded)
    with guarded.engine.connect() as connection:
        row = dict(connection.execute(select(table_of(License))).mappings().one()) | {
            "id": UUID(int=9),
            "number": "JY9",
        }
    given = [row] if isinstance(statement, Insert) else None

    def work() -> None:
        with guarded.write() as session:
            session.execute(statement, given)

    with pytest.raises(UnloggedChangeError):
        work()
    with guarded.read() as session:
        assert len(session.scalars(select(License.id)).all()) == 1


def test_an_act_in_a_session_that_nobody_seals_is_refused(any_db: Database) -> None:
    with any_db.read() as session, pytest.raises(TypeError):
        events.record(session, kind="plate.issued", uscc=USCC, subject="x", by=OPERATOR, data={}, now=NOW)
