"""A stolen database: a text of its own stands in every personal field, and none is in what a thief reads."""

import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.kernel.database import Base, Database
from hub.kernel.personal import personal_columns
from keys.errors import SealedValueError
from tests.support.canaries import Planted, plant
from tests.support.plates import USCC
from tests.support.tampering import behind_its_back, looked_up

USCC_MARK = USCC.encode()  # no personal field: the code of the register
FIELDS = [(column.table.name, column.name) for column in personal_columns(Base.metadata)]


def found_in(raw: bytes, planted: Planted) -> list[str]:
    forms = ("utf-8", "utf-16-le", "utf-16-be", "unicode_escape")
    texts = [each for texts in planted.values() for each in texts]
    return [each for each in texts if any(each.encode(form) in raw for form in forms)]


def sqlite_files(db: Database) -> bytes:
    """The database and the log of changes beside it, as they are at this moment."""
    path = Path(db.engine.url.database or "")
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def test_the_files_of_sqlite_hold_no_personal_field_in_the_clear(db: Database) -> None:
    planted = plant(db, rows=3)
    assert set(planted) == set(FIELDS)
    with db.read():  # a reader keeps the changes in the log beside the file
        beside = sqlite_files(db)
    db.close()

    assert USCC_MARK in beside, "the search finds what is there"
    assert found_in(beside, planted) == []
    assert found_in(sqlite_files(db), planted) == []


@pytest.mark.xdist_group("postgresql")
def test_a_dump_of_postgresql_holds_no_personal_field_in_the_clear(postgres_db: Database) -> None:
    planted = plant(postgres_db, rows=3)
    url = postgres_db.engine.url

    dump = subprocess.run(
        ["pg_dump", "--host", str(url.query["host"]), "--username", "hub", str(url.database)],
        env=dict(os.environ),
        capture_output=True,
        check=True,
    ).stdout

    assert USCC_MARK in dump, "the search finds what is there"
    assert found_in(dump, planted) == []


@pytest.mark.parametrize(("table", "column"), FIELDS, ids=".".join)
def test_what_was_planted_is_read_again(any_db: Database, table: str, column: str) -> None:
    planted = plant(any_db, rows=2)

    assert sorted(read(any_db, table, column)) == planted[table, column]


@pytest.mark.parametrize(("table", "column"), FIELDS, ids=".".join)
def test_a_cell_copied_to_another_row_is_refused_and_named(db: Database, table: str, column: str) -> None:
    plant(db, rows=2)
    one = stored(db, table, column)
    behind_its_back(db, f"{put(table, column, one)} WHERE {column} <> '{one}'")

    with pytest.raises(SealedValueError, match=f"{table}.{column}.*moved here"):
        read(db, table, column)


@pytest.mark.parametrize(("table", "column"), FIELDS, ids=".".join)
def test_a_cell_copied_to_another_column_is_refused_and_named(db: Database, table: str, column: str) -> None:
    plant(db)
    others = [each for each in FIELDS if each != (table, column)]
    source = next((each for each in others if each[0] == table), others[0])
    behind_its_back(db, put(table, column, stored(db, *source)))

    with pytest.raises(SealedValueError, match=f"{table}.{column}.*moved here"):
        read(db, table, column)


def stored(db: Database, table: str, column: str) -> str:
    return looked_up(db, f"SELECT min({column}) FROM {table}")  # noqa: S608  # names of our own tables


def put(table: str, column: str, kept: str) -> str:
    return f"UPDATE {table} SET {column} = '{kept}'"  # noqa: S608  # names of our own tables, base64


def read(db: Database, table: str, column: str) -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Base.metadata.tables[table].c[column])))
