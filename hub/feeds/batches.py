"""The batches: begun, moved on with every chunk, finished or failed; always in the transaction of what they count."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from hub.feeds.chunks import Chunk, ChunkResult
from hub.feeds.errors import AlreadyLoadingError
from hub.feeds.members import told
from hub.feeds.models import REFUSALS, Batch, Refusal
from hub.feeds.reasons import APART
from hub.kernel import counts
from hub.kernel.actor import Doer
from hub.kernel.bulk import insert_rows, table_of
from hub.kernel.ids import new_id
from hub.registry.records import StoreOutcome
from hub.trust.record import events

LOADING, DONE, FAILED = "loading", "done", "failed"
HELD, APPROVED = "held", "approved"  # waits for a person; may be loaded
UNRECOGNISED = ""  # source of a file that could not be read
MAX_NAME_CHARS = 255

_BATCH = table_of(Batch)
_REFUSAL = table_of(Refusal)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a batch remembers of its file."""

    name: str
    sha256: str
    source: str


@dataclass(frozen=True, slots=True)
class Loading:
    """A batch under way, with its counts so far. `received_at`: when its file came."""

    batch_id: UUID
    file: FileFacts
    received_at: datetime
    replay: bool = False
    position: int = 0
    accepted: int = 0
    duplicate: int = 0
    superseded: int = 0
    blank: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)  # rows that were read and not stored, by reason
    state: str = LOADING
    difference: dict[str, Any] | None = None  # of a batch that waits or waited for a person
    unread: tuple[str, ...] = ()  # columns that no field reads, of the rows read by this run

    @property
    def is_held(self) -> bool:
        return self.state == HELD

    @property
    def is_assessed(self) -> bool:
        """Whether some of it is stored already, or a person has agreed to what it changes."""
        return self.position > 0 or self.difference is not None

    @property
    def refused(self) -> Mapping[str, int]:
        return {code: count for code, count in self.reasons.items() if code not in APART}

    @property
    def apart(self) -> Mapping[str, int]:
        """Rows that are no data, or that somebody hid or struck out: neither stored nor refused."""
        return {code: count for code, count in self.reasons.items() if code in APART}


def begin(session: Session, file: FileFacts, *, by: Doer, now: datetime) -> Loading:
    """Go on with the batch of this file that was stopped, waits or was approved, or begin one."""
    same = (Batch.sha256 == file.sha256, Batch.source == file.source)
    replay = session.scalars(select(Batch.id).where(*same, Batch.state == DONE).limit(1)).first() is not None
    stopped = session.scalars(
        select(Batch)
        .where(*same, Batch.state.in_((LOADING, HELD, APPROVED)))
        .order_by(Batch.started_at.desc())
        .limit(1)
    ).first()
    if stopped is not None:
        if stopped.state == APPROVED:
            stopped.state = LOADING
        return Loading(
            batch_id=stopped.id,
            file=file,
            received_at=stopped.started_at,
            replay=replay,
            position=stopped.position,
            accepted=stopped.accepted,
            duplicate=stopped.duplicate,
            superseded=stopped.superseded,
            blank=stopped.blank,
            reasons=dict(stopped.refused),
            state=stopped.state,
            difference=stopped.difference,
        )
    loading = Loading(batch_id=new_id(now), file=file, received_at=now, replay=replay)
    insert_rows(session, _BATCH, [_row(loading, state=LOADING, by=by, now=now)])
    return loading


def advance(session: Session, loading: Loading, chunk: Chunk, stored: ChunkResult) -> Loading:
    """Count a stored chunk in its own transaction. Raises: AlreadyLoadingError when another process did."""
    reasons = Counter(row.reason for row in stored.refused)
    moved = replace(
        loading,
        position=loading.position + chunk.rows,
        accepted=loading.accepted + stored.outcomes.get(StoreOutcome.ACCEPTED, 0),
        duplicate=loading.duplicate + stored.outcomes.get(StoreOutcome.DUPLICATE, 0),
        superseded=loading.superseded + stored.outcomes.get(StoreOutcome.SUPERSEDED, 0),
        blank=loading.blank + chunk.blank,
        reasons=dict(sorted((Counter(loading.reasons) + reasons).items())),
        unread=told(dict.fromkeys((*loading.unread, *chunk.unread))),
    )
    _update(session, loading, _counts(moved))  # first: another process may have stored this chunk
    insert_rows(
        session,
        _REFUSAL,
        [
            {
                "batch_id": loading.batch_id,
                "sheet": row.sheet[:31],
                "line": row.line,
                "column": row.column[:100],
                "value": row.value,
                "reason": row.reason,
                "row": dict(row.row),
            }
            for row in stored.refused
        ],
    )
    counts.add(session, REFUSALS, {"": sum(row.reason not in APART for row in stored.refused)})
    return moved


def finish(session: Session, loading: Loading, *, by: Doer, now: datetime) -> None:
    """Close a batch and put it on record. Raises: AlreadyLoadingError."""
    _update(session, loading, {"state": DONE, "finished_at": now})
    _note(session, loading, "feeds.loaded", by=by, now=now)


def hold(session: Session, loading: Loading, difference: dict[str, Any], *, by: Doer, now: datetime) -> None:
    """Let a batch of which nothing is stored wait for a person, on record. Raises: AlreadyLoadingError."""
    _update(session, loading, {"state": HELD, "difference": difference})
    _note(session, loading, "feeds.held", by=by, now=now)


def approve(session: Session, row: Batch, *, by: Doer, now: datetime) -> None:
    """The batch may be loaded as it is; on record, as the row stands then."""
    row.state = APPROVED
    session.flush()
    file = FileFacts(row.file_name, row.sha256, row.source)
    _note(session, Loading(row.id, file, row.started_at), "feeds.approved", by=by, now=now)


def _note(session: Session, loading: Loading, kind: str, *, by: Doer, now: datetime) -> None:
    """Put the batch on record as it ended."""
    events.record(
        session,
        kind=kind,
        uscc="",
        subject=str(loading.batch_id),
        by=by,
        data={
            "source": loading.file.source,
            "sha256": loading.file.sha256,
            "rows": loading.position,
            "accepted": loading.accepted,
            "duplicate": loading.duplicate,
            "superseded": loading.superseded,
            "blank": loading.blank,
            "refused": dict(loading.reasons),
        },
        now=now,
        rows=[session.get_one(Batch, loading.batch_id, populate_existing=True)],
    )


def fail(session: Session, loading: Loading, *, failure: str, by: Doer, now: datetime) -> None:
    """The file turned out damaged after some rows: what is stored stays counted. Raises: AlreadyLoadingError."""
    _update(session, loading, {"state": FAILED, "finished_at": now, "failure": failure})
    _note(session, loading, "feeds.failed", by=by, now=now)


def reject(session: Session, file: FileFacts, *, failure: str, by: Doer, now: datetime) -> None:
    """Remember a file of which nothing could be read."""
    loading = Loading(batch_id=new_id(now), file=file, received_at=now)
    row = _row(loading, state=FAILED, by=by, now=now)
    insert_rows(session, _BATCH, [row | {"finished_at": now, "failure": failure}])
    _note(session, loading, "feeds.failed", by=by, now=now)


def _update(session: Session, loading: Loading, values: Mapping[str, object]) -> None:
    statement = (
        update(_BATCH)
        .where(
            _BATCH.c.id == loading.batch_id,
            _BATCH.c.position == loading.position,
            _BATCH.c.state == LOADING,
        )
        .values(**values)
    )
    result = session.execute(statement)
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise AlreadyLoadingError


def _counts(loading: Loading) -> dict[str, object]:
    return {
        "position": loading.position,
        "accepted": loading.accepted,
        "duplicate": loading.duplicate,
        "superseded": loading.superseded,
        "blank": loading.blank,
        "refused": dict(loading.reasons),
    }


def _row(loading: Loading, *, state: str, by: Doer, now: datetime) -> dict[str, object]:
    return {
        "id": loading.batch_id,
        "source": loading.file.source,
        "file_name": loading.file.name[:MAX_NAME_CHARS],
        "sha256": loading.file.sha256,
        "state": state,
        **_counts(loading),
        "started_at": now,
        "finished_at": None,
        "by": events.pseudonym(by),
        "failure": None,
        "difference": None,
    }
