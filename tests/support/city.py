"""A small city for tests: enterprises with summaries and search terms, areas with plates, reports, batches."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hub.feeds.models import Batch, Refusal
from hub.kernel.database import Database
from hub.kernel.ids import new_id
from hub.licenses.summaries import refresh
from hub.registry.search_index import index_terms
from hub.supervision.models import PublicReport
from tests.support.beside import beside, recount
from tests.support.plates import NOW, USCC, add_enterprise
from tests.support.reference import REFERENCE

TODAY = date(2026, 11, 21)
CODES = (  # well formed, with right check characters
    "91330802MA2TEXT162",
    "91330802MA2TEXT597",
    "91330800MA28F00G7T",
)


def add_summarised(db: Database, uscc: str, name: str, *, on: date = TODAY, **changes: object) -> str:
    """An enterprise as it is once loaded: on record, counted, found by its name."""
    add_enterprise(db, uscc=uscc, name=name, **changes)
    summarise(db, uscc, name, on=on)
    return uscc


def summarise(db: Database, uscc: str, name: str, *, on: date = TODAY) -> None:
    with beside(db) as session:
        refresh(session, [uscc], on=on, reference=REFERENCE)
        index_terms(session, [(uscc, name)])


def add_report(db: Database, *, uscc: str = USCC, at: datetime = NOW, **changes: object) -> UUID:
    columns: dict[str, object] = {
        "uscc": uscc,
        "id": new_id(at),
        "plate_id": "7K2M9QXT4R",
        "premises_id": None,
        "kind": "address",
        "text": "门牌号对不上",
        "contact": None,
        "state": "received",
        "answer": None,
        "created_at": at,
        "handled_at": None,
        "handled_by": None,
    }
    row = PublicReport(**{**columns, **changes})
    with beside(db) as session:
        session.add(row)
    recount(db)
    return row.id


def add_batch(db: Database, refusals: list[tuple[int, str, str, str]], *, at: datetime = NOW) -> UUID:
    """A loaded file with refused rows (line, column, value, reason)."""
    counts: dict[str, int] = {}
    for _line, _column, _value, reason in refusals:
        counts[reason] = counts.get(reason, 0) + 1
    batch = Batch(
        id=new_id(at),
        source="premises",
        file_name="场所.csv",
        sha256="ab" * 32,
        state="done",
        position=100 + len(refusals),
        accepted=100,
        duplicate=0,
        superseded=0,
        blank=0,
        refused=counts,
        started_at=at,
        finished_at=at + timedelta(seconds=2),
        by="operator:tests",
        failure=None,
    )
    rows = [
        Refusal(batch_id=batch.id, sheet="", line=line, column=column, value=value, reason=reason, row={})
        for line, column, value, reason in refusals
    ]
    with beside(db) as session:
        session.add_all([batch, *rows])
    recount(db)
    return batch.id
