"""`hub log verify`: the log recomputed, and every act and every bound row held against it.

Everything is read in one transaction, so that what others write meanwhile makes no difference. It takes some 20
microseconds for an act and 33 bytes of memory for a leaf.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from hub.kernel.database import Database
from hub.trust.log.findings import ODD_VALUES, SENTENCES, AuditFinding, AuditReason, AuditReport, Findings
from hub.trust.log.row_audit import Progress, RowAudit
from hub.trust.log.tree_audit import Leaves, audit_tree
from keys import KeySet

Check = Callable[[Session], Iterable[AuditFinding]]
"""A comparison that only a capability above can make: rows that it derives from others."""

__all__ = ["SENTENCES", "AuditFinding", "AuditReason", "AuditReport", "Check", "audit"]


def audit(
    db: Database,
    *,
    keys: KeySet,
    origin: str,  # noqa: ARG001  # part of the promise; checkpoints under earlier names of the log count as well
    now: datetime,
    progress: Progress | None = None,
    checks: Iterable[Check] = (),
) -> AuditReport:
    """Compare everything; nothing is changed. `progress` is told how many more acts were compared.

    What cannot be read at all ends one comparison with a finding; the others go on.
    """
    found = Findings()
    with db.read() as session:
        leaves, rows = _compared(session, keys=keys, now=now, found=found, progress=progress or _silently)
        for check in checks:
            try:
                for finding in check(session):
                    found.add(finding.reason, finding.table, finding.key, finding.detail)
            except ODD_VALUES as error:
                found.add(AuditReason.UNREADABLE, _name_of(check), str(error))
    return AuditReport(
        findings=tuple(found.kept), found=found.count, leaves=len(leaves.seen), rows=rows, size=leaves.size
    )


def _compared(
    session: Session, *, keys: KeySet, now: datetime, found: Findings, progress: Progress
) -> tuple[Leaves, int]:
    """The leaves and the number of rows; without a tree that can be read, rows have nothing to be held against."""
    try:
        leaves = audit_tree(session, keys=keys, now=now, found=found)
    except ODD_VALUES as error:
        found.add(AuditReason.UNREADABLE, "tree", str(error))
        return Leaves(), 0
    rows = RowAudit(session, leaves, found, progress)
    try:
        rows.run()
    except ODD_VALUES as error:
        found.add(AuditReason.UNREADABLE, "rows", str(error))
    return leaves, rows.rows


def _name_of(check: Check) -> str:
    """The comparison that was cut short, as the code calls it."""
    return str(getattr(check.func if isinstance(check, partial) else check, "__name__", "check"))


def _silently(_count: int) -> None:
    return
