"""The first keys of several ranges of one index, in order: as many rows read as are asked for, however long each is."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.kernel.bulk import batches

RANGES_AT_ONCE = 200  # SQLite joins at most 500 selects into one

Key = tuple[Any, ...]


def first_keys(
    session: Session,
    ranges: Sequence[Sequence[ColumnElement[bool]]],
    key: Sequence[InstrumentedAttribute[Any]],
    *,
    after: Key | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """At most `limit` keys beyond `after` of rows that are in one of the ranges, lowest first.

    Each range is a set of equalities that an index holds together with the key. One statement for 200 ranges.
    """
    beyond = () if after is None else (tuple_(*key) > tuple_(*after),)
    found: list[Row[Any]] = []
    for some in batches(ranges, RANGES_AT_ONCE):
        pieces = [
            select(select(*key).where(*conditions, *beyond).order_by(*key).limit(limit).subquery())
            for conditions in some
        ]
        together = union_all(*pieces).subquery()
        found += session.execute(select(together).order_by(*together.c).limit(limit))
    return sorted(found, key=tuple)[:limit]
