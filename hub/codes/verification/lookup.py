"""What the records say of a code at this moment: one prepared statement, one plain row, nothing kept.

A scan is the hub's most frequent request by far, so its statement is compiled once and runs on a pooled connection
without the session around it. It sees the last committed state, plate, enterprise and permits at one moment: nothing
here is ever older than the request. The permits come as one JSON text: a driver that lets go of the interpreter at
every row costs more, under many threads, than all the rest of a scan.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, Text, and_, bindparam, cast, func, null, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.codes.models import Plate, PlateIndex
from hub.kernel.database import Database
from hub.kernel.errors import UnavailableError
from hub.kernel.prepared_statements import PreparedReads, PreparedStatement, Row, cursor
from hub.licenses.models import License
from hub.registry.models import Enterprise, Premises
from signing import DynamicClaims, PlateClaims

Claims = PlateClaims | DynamicClaims
_Select = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """Whose code it is. `plate_state` and the premises are None for a dynamic code."""

    uscc: str
    plate_id: str | None
    plate_state: str | None
    premises_id: UUID | None
    premises_name: str | None
    address: str | None
    area: str | None
    is_residence: bool | None
    name: str
    state: str
    term_to: date | None
    established_on: date | None
    overlays: str  # JSON text
    reports: str | None  # JSON text


@dataclass(frozen=True, slots=True)
class PermitRecord:
    """`valid_from`, `valid_to` None: no such end. `premises_id` None: for the whole enterprise."""

    type_code: str
    number: str
    state: str
    valid_from: str | None  # ISO 8601
    valid_to: str | None
    inspection_due: str | None
    premises_id: str | None


_FACE = (
    Enterprise.name,
    Enterprise.state,
    Enterprise.term_to,
    Enterprise.established_on,
    cast(Enterprise.overlays, Text).label("overlays"),
    cast(Enterprise.reports, Text).label("reports"),
)
_PLACE = (
    Plate.plate_id,
    Plate.state.label("plate_state"),
    Premises.id.label("premises_id"),
    Premises.name.label("premises_name"),
    Premises.address,
    Premises.area,
    Premises.is_residence,
)
_PERMIT = (
    License.type_code,
    License.number,
    License.state,
    License.valid_from,
    License.valid_to,
    License.inspection_due,
    License.premises_id,
)

CHUNK = 100  # codes per statement of a batch: ten statements for the largest batch of plates

_MANY: list[BindParameter[str]] = [bindparam(f"wanted{number}") for number in range(CHUNK)]
_IS_INDEXED = and_(PlateIndex.uscc == Plate.uscc, PlateIndex.plate_id == Plate.plate_id)
_MANY_INDEXED = PlateIndex.plate_id.in_(_MANY)


class RecordsAwayError(UnavailableError):
    """The database does not answer: nothing can be said of any code."""

    reason = "RECORDS_AWAY"
    zh = "登记数据暂时无法读取。"
    en = "The records cannot be read at the moment."


@dataclass(frozen=True, slots=True)
class LookupRow:
    """The row as the driver gave it: equal rows are judged alike, and they serve as a key for that."""

    head: Row
    permits: str | None


class Lookup:
    """The statements of a verification, bound to one database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._reads = PreparedReads(db)
        driver = db.engine.dialect.loaded_dbapi
        self._away = (driver.OperationalError, driver.InterfaceError, DBAPIError, PoolTimeoutError)
        plate, enterprise = _statements(is_sqlite=db.is_sqlite)
        one_plate = (Plate.uscc == bindparam("uscc"), Plate.plate_id == bindparam("plate_id"))
        self._plate = PreparedStatement(plate.where(*one_plate), db)
        self._enterprise = PreparedStatement(enterprise.where(Enterprise.uscc == bindparam("uscc")), db)
        self._owner = PreparedStatement(
            select(PlateIndex.uscc).where(PlateIndex.plate_id == bindparam("plate_id")), db
        )
        self._many_plates = PreparedStatement(plate.join(PlateIndex, _IS_INDEXED).where(_MANY_INDEXED), db)
        self._many_enterprises = PreparedStatement(enterprise.where(Enterprise.uscc.in_(_MANY)), db)

    def plate(self, uscc: str, plate_id: str) -> LookupRow | None:
        """Raises: RecordsAwayError."""
        return self._find(self._plate, {"uscc": uscc, "plate_id": plate_id})

    def enterprise(self, uscc: str) -> LookupRow | None:
        """Raises: RecordsAwayError."""
        return self._find(self._enterprise, {"uscc": uscc})

    def claims_of(self, plate_id: str) -> PlateClaims | None:
        """Return whose plate has this id (canonical form). Raises: RecordsAwayError."""
        row = self._first(self._owner, {"plate_id": plate_id})
        return None if row is None else PlateClaims(row[0], plate_id)

    def many(self, wanted: Iterable[Claims]) -> dict[Claims, LookupRow]:
        """Return what is found of many codes, one statement for every 100 of a kind. Raises: RecordsAwayError."""
        distinct = tuple(dict.fromkeys(wanted))
        plates = [each for each in distinct if isinstance(each, PlateClaims)]
        shown = [each for each in distinct if isinstance(each, DynamicClaims)]
        with self._cursor() as cursor:
            heads = {
                (row[0], row[1]): row
                for row in self._rows(cursor, self._many_plates, {p.plate_id for p in plates})
            }
            faces = {
                row[0]: row for row in self._rows(cursor, self._many_enterprises, {d.uscc for d in shown})
            }
        rows: dict[Claims, Row | None] = {each: heads.get((each.uscc, each.plate_id)) for each in plates}
        rows |= {each: faces.get(each.uscc) for each in shown}
        return {each: _found(row) for each, row in rows.items() if row is not None}

    def head(self, found: LookupRow) -> CodeRecord:
        return CodeRecord(*self._plate.typed((*found.head, None))[:-1])

    def permits(self, found: LookupRow) -> list[PermitRecord]:
        """In no order."""
        return [PermitRecord(*row) for row in json.loads(found.permits or "[]")]

    def _find(self, statement: PreparedStatement, wanted: Mapping[str, str]) -> LookupRow | None:
        row = self._first(statement, wanted)
        return None if row is None else _found(row)

    def _first(self, statement: PreparedStatement, wanted: Mapping[str, str]) -> Row | None:
        try:
            return self._reads.first(statement, wanted)
        except self._away as error:
            raise RecordsAwayError from error

    def _rows(self, cursor: Any, statement: PreparedStatement, wanted: Iterable[str]) -> Iterator[Row]:
        ordered = sorted(wanted)
        for start in range(0, len(ordered), CHUNK):
            chunk = ordered[start : start + CHUNK]
            padded = chunk + chunk[-1:] * (CHUNK - len(chunk))  # one text of the statement for every length
            yield from statement.run(
                cursor, {f"wanted{number}": value for number, value in enumerate(padded)}
            ).fetchall()

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        try:
            with cursor(self._db) as opened:
                yield opened
        except self._away as error:
            raise RecordsAwayError from error


def _found(row: Row) -> LookupRow:
    return LookupRow(row[:-1], row[-1])


def _statements(*, is_sqlite: bool) -> tuple[_Select, _Select]:
    """By plate, and by enterprise for a dynamic code; the same columns, the last one the permits."""
    permits = _permits(is_sqlite=is_sqlite)
    plate = (
        select(Plate.uscc, *_PLACE, *_FACE, permits)
        .select_from(Plate)
        .join(Premises, and_(Premises.uscc == Plate.uscc, Premises.id == Plate.premises_id))
        .join(Enterprise, Enterprise.uscc == Plate.uscc)
    )
    return plate, select(Enterprise.uscc, *(null() for _ in _PLACE), *_FACE, permits)


def _permits(*, is_sqlite: bool) -> ColumnElement[str]:
    """Every permit of the enterprise as one JSON text: an array of arrays."""
    gathered = (
        func.json_group_array(func.json_array(*_PERMIT))
        if is_sqlite
        else func.json_agg(func.json_build_array(*_PERMIT))
    )
    of_this = select(cast(gathered, Text)).where(License.uscc == Enterprise.uscc).correlate(Enterprise)
    return of_this.scalar_subquery()
