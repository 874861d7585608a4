"""A kind of row that nobody knew: its declaration and its table are all that reading, storing and recording need."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Column, Date, Integer, MetaData, String, Table, Uuid, select
from sqlalchemy.orm import Session

from hub.feeds.checks import CheckContext
from hub.feeds.chunks import ChunkResult, judge, store
from hub.feeds.kinds import Origin
from hub.feeds.readers.rows import RawRow
from hub.feeds.recognition import RecognisedFile
from hub.feeds.sources import Need, Source, SourceField
from hub.kernel.database import Database, Moment, Uscc
from hub.kernel.ids import new_id
from hub.kernel.messages import Message
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.models import Summary
from hub.registry.reading.cells import CellForm
from hub.registry.reading.errors import RowRefusedError
from hub.registry.reading.holders import registered
from hub.registry.reading.kinds import FieldText, RowKind, day, one_of, uscc
from hub.registry.records import OURS, DepartmentRecord, Provenance, StoreOutcome
from hub.registry.versioned import Changes, Row, Versioned
from hub.schema import METADATA
from hub.trust.record.bound_rows import bound
from tests.support.feed_shapes import credit_code
from tests.support.loading import NOW, TODAY
from tests.support.records import CODE, enterprises, shop
from tests.support.reference import REFERENCE

TABLES = MetaData()
VISIT = Table(
    "toy_visit",
    TABLES,
    Column("uscc", Uscc, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("number", String(40)),
    Column("result", String(10)),
    Column("place", String(10)),
    Column("visited_on", Date),
    Column("version", Integer),
    Column("source", String(40)),
    Column("received_at", Moment),
    Column("content_hash", String(64)),
    **bound(),
)
VERSION = Table(
    "toy_visit_version",
    TABLES,
    Column("uscc", Uscc, primary_key=True),
    Column("visit_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", JSON),
    Column("source", String(40)),
    Column("batch_id", Uuid),
    Column("recorded_at", Moment),
    Column("received_at", Moment),
    **bound(),
)
INDEX = Table(
    "toy_visit_index", TABLES, Column("visit_id", Uuid, primary_key=True), Column("uscc", String(18))
)
FOLLOWED: list[set[str]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(DepartmentRecord):
    uscc: str
    number: str
    result: str
    visited_on: date
    place: str = field(default="", metadata=OURS)


class ResultError(RowRefusedError):
    reason = "RESULT"
    zh = "结果不在词表中。"
    en = "The result is in no vocabulary."


class UnknownNumberError(RowRefusedError):
    reason = "UNKNOWN_NUMBER"
    zh = "没有这个编号。"
    en = "There is no such number."


def _is_older(record: Visit, stored: Row) -> bool:
    return bool(record.visited_on < stored["visited_on"])


def _then(_session: Session, changes: Changes) -> None:
    FOLLOWED.append({row["result"] for row in changes.rows.values()})


def _with_places(_session: Session, records: Sequence[Visit]) -> Sequence[DepartmentRecord | RowRefusedError]:
    """A visit speaks of something that is found out when it is stored; what is unknown is refused."""
    return [
        UnknownNumberError("number", each.number) if each.number == "Z9" else replace(each, place="found")
        for each in records
    ]


VISITS = RowKind(
    name="visits",
    record=Visit,
    fields=(
        FieldText("uscc", CellForm.NUMBER, 60, uscc),
        FieldText("number", CellForm.NUMBER, 40),
        FieldText(
            "word", CellForm.FOLDED, 10, one_of({"合格": "fit", "不合格": "unfit"}, ResultError), "result"
        ),
        FieldText("visited_on", CellForm.DAY, 40, day),
    ),
    stored=Versioned(
        act="visit",
        name=Message("走访", "Visit"),
        table=VISIT,
        versions=VERSION,
        index=INDEX,
        key=("uscc", "number"),
        compared=("visited_on", "result"),
        is_older=_is_older,
        then=_then,
    ),
    finders=(registered, _with_places),
    recoloured=True,
    refusals=(ResultError, UnknownNumberError),
)
FIELDS = tuple(SourceField(each.name, (each.name,), Need.VALUE) for each in VISITS.fields)
SOURCE = Source("visits", VISITS, Message("走访", "Visits"), Message("局", "Office"), FIELDS)


def visit(**changes: str) -> dict[str, str]:
    return {"uscc": CODE, "number": "Z1", "word": "合格", "visited_on": "2026-11-01"} | changes


def deliver(db: Database, *rows: dict[str, str]) -> ChunkResult:
    recognised = RecognisedFile(SOURCE, (), {"": {each.name: each.name for each in FIELDS}})
    context = CheckContext(SOURCE, shipped_catalogue(), TODAY, ZoneInfo("Asia/Shanghai"))
    chunk = judge([RawRow(line, row) for line, row in enumerate(rows, 2)], recognised, context)
    provenance = Provenance(source="visits", batch_id=new_id(NOW), now=NOW)
    origin = Origin(provenance=provenance, today=TODAY, reference=REFERENCE, replay=False)
    return db.run(lambda session: store(session, chunk, VISITS, origin))


def acts(db: Database) -> list[tuple[str, dict[str, Any], int]]:
    table = METADATA.tables["trust_event"]
    with db.read() as session:
        rows = session.execute(select(table).where(table.c.kind.startswith("visit.")).order_by(table.c.id))
        return [(row.kind, {**row.data, "batch": ""}, len(row.rows)) for row in rows]


def test_rows_of_a_new_kind_are_read_stored_and_recorded_as_it_declares(any_db: Database) -> None:
    TABLES.create_all(any_db.engine.execution_options(hub_write=True))
    enterprises(any_db, shop())

    result = deliver(
        any_db,
        visit(),
        visit(),
        visit(word="不合格", visited_on="2026年11月2日"),
        visit(visited_on="2026-10-01", number="Z1"),
        visit(uscc=credit_code(77), number="Z2"),
        visit(word="尚可"),
        visit(number="1.2E+16"),
        visit(number="Z9"),
    )

    assert result.outcomes == {
        StoreOutcome.ACCEPTED: 2,
        StoreOutcome.DUPLICATE: 1,
        StoreOutcome.SUPERSEDED: 1,
    }
    refused = sorted((row.line, row.column, row.reason) for row in result.refused)
    assert refused == [
        (6, "uscc", "UNKNOWN_HOLDER"),
        (7, "word", "RESULT"),
        (8, "number", "NUMBER_ROUNDED"),
        (9, "number", "UNKNOWN_NUMBER"),
    ]
    assert acts(any_db) == [
        ("visit.recorded", {"source": "visits", "batch": "", "version": 1}, 1),
        ("visit.changed", {"source": "visits", "batch": "", "version": 2}, 2),
    ]
    with any_db.read() as session:
        assert session.get_one(Summary, CODE).stale_on == TODAY
    assert FOLLOWED.pop() == {"unfit"}
    with any_db.read() as session:
        row = session.execute(select(VISIT)).one()
        assert (row.result, row.place, row.version) == ("unfit", "found", 2)
        contents = session.execute(select(VERSION.c.content).order_by(VERSION.c.version)).scalars().all()
        assert [content["result"] for content in contents] == ["fit", "unfit"]
        ids: list[UUID] = [*session.execute(select(INDEX.c.visit_id)).scalars()]
        assert ids == [row.id]


def test_acts_of_a_new_kind_have_names_in_both_languages() -> None:
    assert VISITS.stored.act_names == {
        "visit.recorded": Message("走访入库", "Visit recorded"),
        "visit.changed": Message("走访变更", "Visit changed"),
    }
