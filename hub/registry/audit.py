"""What is derived from enterprises held against them: the parsed scope, and what their state means for what they hold."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches
from hub.kernel.locks import ENTERPRISE
from hub.registry.annual_reports import reports_of
from hub.registry.models import Enterprise, ScopeLine
from hub.registry.scope.items import ScopeCatalogue
from hub.registry.scope.rereading import is_being_read
from hub.registry.scope.store import scope_lines
from hub.registry.statuses import OF_STATE
from hub.trust.log.audit import AuditFinding, AuditReason
from hub.trust.statuses.models import StatusEntry, StatusStanding

AT_ONCE = 2_000  # enterprises

_COLUMNS = tuple(column for column in ScopeLine.__table__.columns if column.name != "uscc")


def differing_scopes(session: Session, items: ScopeCatalogue) -> Iterator[AuditFinding]:
    """Find enterprises whose stored lines are not what this version of the parser reads in their text, and lines of nobody."""
    if is_being_read(session, items):
        return  # lines of an earlier version are no fault; the worker replaces them
    texts = select(Enterprise.uscc, Enterprise.scope_text).order_by(Enterprise.uscc)
    for batch in batches(session.execute(texts, execution_options={"yield_per": AT_ONCE}), AT_ONCE):
        stored = _stored(session, [uscc for uscc, _ in batch])
        for uscc, text in batch:
            if stored.get(uscc, []) != [dict(line) for line in scope_lines(text, items)]:
                yield AuditFinding(AuditReason.DERIVED_WRONG, ScopeLine.__tablename__, uscc)
    # The loop above goes by enterprises and cannot meet lines that belong to none.
    known = select(Enterprise.uscc).where(Enterprise.uscc == ScopeLine.uscc)
    for uscc in session.scalars(select(ScopeLine.uscc).where(~known.exists()).distinct()):
        yield AuditFinding(AuditReason.DERIVED_WRONG, ScopeLine.__tablename__, uscc, "no such enterprise")


def differing_reports(session: Session) -> Iterator[AuditFinding]:
    """Find enterprises with which something else is kept of their annual reports than their rows say."""
    kept = select(Enterprise.uscc, Enterprise.reports).order_by(Enterprise.uscc)
    for batch in batches(session.execute(kept, execution_options={"yield_per": AT_ONCE}), AT_ONCE):
        told = dict(reports_of(session, {uscc for uscc, _ in batch}))
        for uscc, reports in batch:
            if reports != told.get(uscc):
                yield AuditFinding(AuditReason.DERIVED_WRONG, Enterprise.__tablename__, uscc, "reports")


def differing_enterprise_statuses(session: Session) -> Iterator[AuditFinding]:
    """Find standings and entries that do not say of an enterprise what its state means. Three statements."""
    meaning = case(
        {state.value: int(status) for state, status in OF_STATE.items()}, value=Enterprise.state, else_=0
    )
    own = and_(StatusStanding.uscc == Enterprise.uscc, StatusStanding.subject == ENTERPRISE)
    # An enterprise without a standing counts as valid.
    kept = func.coalesce(StatusStanding.value, 0)
    unlike = select(Enterprise.uscc).outerjoin(StatusStanding, own).where(kept != meaning)
    unknown = (
        select(StatusStanding.uscc)
        .outerjoin(Enterprise, Enterprise.uscc == StatusStanding.uscc)
        .where(StatusStanding.subject == ENTERPRISE, StatusStanding.value != 0, Enterprise.uscc.is_(None))
    )
    for statement in (unlike, unknown):
        for uscc in session.scalars(statement):
            yield AuditFinding(AuditReason.DERIVED_WRONG, StatusStanding.__tablename__, uscc)
    entries = (
        select(StatusEntry.uscc, StatusEntry.kind, StatusEntry.subject)
        .outerjoin(Enterprise, Enterprise.uscc == StatusEntry.uscc)
        .where(StatusEntry.enterprise != func.coalesce(meaning, 0))
    )
    for key in session.execute(entries):
        yield AuditFinding(AuditReason.DERIVED_WRONG, StatusEntry.__tablename__, "/".join(key), "enterprise")


def _stored(session: Session, usccs: list[str]) -> Mapping[str, list[dict[str, Any]]]:
    statement = select(ScopeLine.uscc, *_COLUMNS).where(among(session, ScopeLine.uscc, usccs))
    rows = session.execute(statement.order_by(ScopeLine.uscc, ScopeLine.position))
    names = [column.name for column in _COLUMNS]
    return {
        uscc: [dict(zip(names, row[1:], strict=True)) for row in lines]
        for uscc, lines in groupby(rows, key=itemgetter(0))
    }
