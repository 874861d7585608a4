"""What the records say of a code at this moment: two prepared statements, plain rows, nothing kept.

A scan is the hub's most frequent request by far, so its statements are compiled once and run on a pooled
connection without the session around them (36 instead of 120 microseconds on SQLite). Each statement sees the last
committed state: nothing here is ever older than the request.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Text, and_, bindparam, cast, null, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.codes.models import Plate, PlateIndex
from hub.kernel.database import Database
from hub.kernel.errors import UnavailableError
from hub.kernel.prepared import Prepared, Row, cursor
from hub.licenses.models import License
from hub.registry.models import Enterprise, Premises
from signing import DynamicClaims, PlateClaims

Claims = PlateClaims | DynamicClaims


@dataclass(frozen=True, slots=True)
class Head:
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


@dataclass(frozen=True, slots=True)
class Term:
    valid_from: date | None
    valid_to: date | None


_FACE = (
    Enterprise.name,
    Enterprise.state,
    Enterprise.term_to,
    Enterprise.established_on,
    cast(Enterprise.overlays, Text).label("overlays"),
)
_PLATE_HEAD = (
    select(
        Plate.uscc,
        Plate.plate_id,
        Plate.state.label("plate_state"),
        Premises.id.label("premises_id"),
        Premises.name.label("premises_name"),
        Premises.address,
        Premises.area,
        Premises.is_residence,
        *_FACE,
    )
    .select_from(Plate)
    .join(Premises, and_(Premises.uscc == Plate.uscc, Premises.id == Plate.premises_id))
    .join(Enterprise, Enterprise.uscc == Plate.uscc)
)
_ENTERPRISE_HEAD = select(Enterprise.uscc, *(null() for _ in range(7)), *_FACE)
PREMISES_COLUMN = 3  # of a head: where the plate hangs, compared with a permit's last column
_PERMIT = select(
    License.type_code,
    License.number,
    License.state,
    License.valid_from,
    License.valid_to,
    License.premises_id,
)


CHUNK = 100  # codes per statement of a batch: ten pairs of statements for the largest batch

_MANY: list[BindParameter[str]] = [bindparam(f"wanted{number}") for number in range(CHUNK)]
_IS_INDEXED = and_(PlateIndex.uscc == Plate.uscc, PlateIndex.plate_id == Plate.plate_id)
_MANY_INDEXED = PlateIndex.plate_id.in_(_MANY)


class RecordsAwayError(UnavailableError):
    """The database does not answer: nothing can be said of any code."""

    reason = "RECORDS_AWAY"


@dataclass(frozen=True, slots=True)
class Found:
    """The rows as the driver gave them: equal rows mean equal standing, and they serve as a key for it."""

    head: Row
    permits: tuple[Row, ...]


class Lookup:
    """The statements of a verification, bound to one database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        driver = db.engine.dialect.loaded_dbapi
        self._away = (driver.OperationalError, driver.InterfaceError, DBAPIError, PoolTimeoutError)
        self._plate = Prepared(
            _PLATE_HEAD.where(Plate.uscc == bindparam("uscc"), Plate.plate_id == bindparam("plate_id")), db
        )
        self._enterprise = Prepared(_ENTERPRISE_HEAD.where(Enterprise.uscc == bindparam("uscc")), db)
        self._permits = Prepared(_PERMIT.where(License.uscc == bindparam("uscc")), db)
        self._term = Prepared(select(License.valid_from, License.valid_to), db)
        self._owner = Prepared(
            select(PlateIndex.uscc).where(PlateIndex.plate_id == bindparam("plate_id")), db
        )
        self._many_plates = Prepared(_PLATE_HEAD.join(PlateIndex, _IS_INDEXED).where(_MANY_INDEXED), db)
        self._many_enterprises = Prepared(_ENTERPRISE_HEAD.where(Enterprise.uscc.in_(_MANY)), db)
        self._many_permits = Prepared(_PERMIT.add_columns(License.uscc).where(License.uscc.in_(_MANY)), db)

    def plate(self, uscc: str, plate_id: str) -> Found | None:
        """Raises: RecordsAwayError."""
        return self._find(self._plate, {"uscc": uscc, "plate_id": plate_id})

    def enterprise(self, uscc: str) -> Found | None:
        """Raises: RecordsAwayError."""
        return self._find(self._enterprise, {"uscc": uscc})

    def claims_of(self, plate_id: str) -> PlateClaims | None:
        """Whose plate has this id (canonical form). Raises: RecordsAwayError."""
        with self._cursor() as cursor:
            row = self._owner.run(cursor, {"plate_id": plate_id}).fetchone()
        return None if row is None else PlateClaims(row[0], plate_id)

    def many(self, wanted: Iterable[Claims]) -> dict[Claims, Found]:
        """What is found of many codes, two statements for every 100 of a kind. Raises: RecordsAwayError."""
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
            owners = {row[0] for row in (*heads.values(), *faces.values())}
            permits: dict[str, list[Row]] = {uscc: [] for uscc in owners}
            for row in self._rows(cursor, self._many_permits, owners):
                permits[row[-1]].append(row[:-1])
        rows: dict[Claims, Row | None] = {each: heads.get((each.uscc, each.plate_id)) for each in plates}
        rows |= {each: faces.get(each.uscc) for each in shown}
        return {each: Found(row, tuple(permits[row[0]])) for each, row in rows.items() if row is not None}

    def head(self, found: Found) -> Head:
        return Head(*self._plate.typed(found.head))

    def term(self, valid_from: Any, valid_to: Any) -> Term:
        """Two dates of a permit as the driver gave them."""
        return Term(*self._term.typed((valid_from, valid_to)))

    def _find(self, heads: Prepared, wanted: Mapping[str, str]) -> Found | None:
        with self._cursor() as cursor:
            head = heads.run(cursor, wanted).fetchone()
            if head is None:
                return None
            return Found(head, tuple(self._permits.run(cursor, {"uscc": head[0]}).fetchall()))

    def _rows(self, cursor: Any, statement: Prepared, wanted: Iterable[str]) -> Iterator[Row]:
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
