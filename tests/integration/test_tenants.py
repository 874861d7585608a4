"""The second lock: with the first one taken away, PostgreSQL still keeps one enterprise from another's rows."""

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from hub import schema
from hub.access.matrix import MATRIX, Audience
from hub.kernel import tenants
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.kernel.ids import new_id
from hub.licenses import queries
from hub.licenses.models import License
from hub.registry.models import Enterprise, Premises, PremisesIndex
from tests.support.plates import NOW, OTHER_USCC, USCC, add_enterprise, add_license, add_premises
from tests.support.reference import REFERENCE

pytestmark = pytest.mark.xdist_group("postgresql")
TODAY = NOW.date()


@pytest.fixture
def db(postgres_db: Database) -> Database:
    """Two enterprises, each with a place and a license."""
    for uscc in (USCC, OTHER_USCC):
        add_enterprise(postgres_db, uscc=uscc)
        add_premises(postgres_db, uscc=uscc)
        add_license(postgres_db, uscc=uscc, number=f"JY1330802000{uscc[-4:]}")
    return postgres_db


def seen(session: Session) -> dict[str, set[str]]:
    return {
        table.__tablename__: set(session.scalars(select(table.uscc)))
        for table in (Enterprise, Premises, License)
    }


def test_a_read_that_forgets_to_ask_shows_only_the_own_rows(db: Database) -> None:
    with tenants.confined(USCC), db.read() as session:
        assert set(map(frozenset, seen(session).values())) == {frozenset({USCC})}
        assert session.scalar(select(func.count()).select_from(Enterprise)) == 1
    with db.read() as session:  # the control: the lock is not simply shut
        assert seen(session)["registry_enterprise"] == {USCC, OTHER_USCC}


def test_a_use_case_called_for_another_enterprise_finds_nothing(db: Database) -> None:
    with db.read() as session:
        assert (
            queries.space(
                session,
                OTHER_USCC,
                on=TODAY,
                clearance=MATRIX.clearance(Audience.ENTERPRISE),
                reference=REFERENCE,
            ).enterprise.uscc
            == OTHER_USCC
        )
    with tenants.confined(USCC), db.read() as session, pytest.raises(NotFoundError):
        queries.space(
            session,
            OTHER_USCC,
            on=TODAY,
            clearance=MATRIX.clearance(Audience.ENTERPRISE),
            reference=REFERENCE,
        )


def test_nothing_of_another_enterprise_is_changed_deleted_or_added(db: Database) -> None:
    with tenants.confined(USCC), Session(db.engine.execution_options(hub_write=True)) as session:
        changed = session.execute(update(Premises).where(Premises.uscc == OTHER_USCC).values(name="偷换"))
        deleted = session.execute(
            text("DELETE FROM registry_premises WHERE uscc = :other"), {"other": OTHER_USCC}
        )
        assert (changed.rowcount, deleted.rowcount) == (0, 0)
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(insert(PremisesIndex).values(premises_id=new_id(NOW), uscc=OTHER_USCC))
        session.rollback()


def test_a_connection_goes_back_to_the_pool_as_it_came(db: Database) -> None:
    with tenants.confined(USCC), db.read() as session:
        assert session.scalar(text("SELECT current_user")) == tenants.ROLE
    with db.read() as session:
        assert session.scalar(text("SELECT current_user")) != tenants.ROLE
        assert not session.scalar(text("SELECT current_setting('hub.uscc', true)"))


def test_who_takes_the_role_without_saying_for_whom_sees_nothing(db: Database) -> None:
    with db.read() as session:
        session.execute(text(f"SET LOCAL ROLE {tenants.ROLE}"))
        assert seen(session) == {
            name: set() for name in ("registry_enterprise", "registry_premises", "licenses_license")
        }


def test_every_table_of_enterprises_is_locked_and_one_that_is_not_is_named(db: Database) -> None:
    tables = schema.METADATA.sorted_tables
    with db.engine.begin() as connection:
        assert tenants.unprotected(connection, tables) == []
        connection.exec_driver_sql("ALTER TABLE licenses_license DISABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql("DROP POLICY hub_own_rows ON registry_premises")
        assert tenants.unprotected(connection, tables) == ["licenses_license", "registry_premises"]
    schema.upgrade(db)
    with db.engine.begin() as connection:
        assert tenants.unprotected(connection, tables) == []


def test_the_role_owns_nothing_and_cannot_log_in(db: Database) -> None:
    with db.read() as session:
        powers = session.execute(
            text(
                "SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole FROM pg_roles WHERE rolname = :name"
            ),
            {"name": tenants.ROLE},
        ).one()
        owned = session.scalar(
            text("SELECT count(*) FROM pg_tables WHERE tableowner = :name"), {"name": tenants.ROLE}
        )
    assert tuple(powers) == (False, False, False, False)
    assert owned == 0
