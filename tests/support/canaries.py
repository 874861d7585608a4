"""A row in every table with personal fields, with a text of its own in each of them."""

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, Date, Integer, LargeBinary, Table, Uuid

from hub.kernel.database import Base, Database, Moment
from hub.kernel.ids import new_id
from hub.kernel.personal import Personal, personal_columns
from tests.support.plates import NOW, USCC

Planted = dict[tuple[str, str], list[str]]  # by table and column: what each row was given


def plant(db: Database, *, rows: int = 1) -> Planted:
    """Store so many rows in each such table, through the mapper as all of the hub does; return what stands where."""
    planted: Planted = {}
    for table in dict.fromkeys(column.table for column in personal_columns(Base.metadata)):
        for number in range(rows):
            with db.write() as session:
                session.add(_class_of(table)(**dict(_values(table, number, planted))))
    return planted


def _class_of(table: Table) -> type[Any]:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)


def _values(table: Table, number: int, planted: Planted) -> Iterator[tuple[str, Any]]:
    for column in table.columns:
        if isinstance(column.type, Personal):
            text = f"金丝雀{table.name}.{column.name}{number}"
            planted.setdefault((table.name, column.name), []).append(text)
            yield column.name, text
        elif not column.nullable:
            yield column.name, _anything(column)


def _anything(column: Column[Any]) -> object:
    match column.type:
        case Uuid():
            return new_id(NOW)
        case Moment():
            return NOW
        case Date():
            return date(2026, 11, 21)
        case JSON():
            return {}
        case LargeBinary():
            return os.urandom(16)
        case Integer():
            return 0
        case _:
            return USCC if column.name == "uscc" else "x"
