"""What `hub log verify` compares besides acts and bound rows: everything that is derived, served or only kept."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from hub.access.audit import unfounded_access
from hub.access.district_looks import differing_carryings
from hub.access.look_recount import differing_looks
from hub.cli.recount import differing_counts
from hub.codes.plates.bundle_rows import differing_rows
from hub.kernel.database import Database
from hub.licenses.audit import differing_license_statuses, differing_summaries, differing_yearly_checks
from hub.licenses.reference.rules import Reference
from hub.registry.audit import differing_enterprise_statuses, differing_reports, differing_scopes
from hub.trust.blind_indexes import differing_blind_indexes
from hub.trust.log.audit import AuditFinding, AuditReason, Check
from hub.trust.log.batch_numbers import missing_batches
from hub.trust.statuses.audit import differing_publications, spent_counters
from hub.trust.witnesses.read_only import standing
from hub.trust.witnesses.record import FOLDER, WitnessRecord
from keys import KeySet


def checks_of(
    db: Database,
    *,
    record: WitnessRecord,
    keys: KeySet,
    now: datetime,
    today: date,
    reference: Reference,
) -> tuple[Check, ...]:
    """Return every comparison that needs to know more than the log.

    `today`: the legal day of `now`; `reference`: what is in force on it.
    """
    return (
        partial(differing_scopes, items=reference.items),
        partial(differing_summaries, on=today, reference=reference),
        differing_reports,
        differing_yearly_checks,
        differing_enterprise_statuses,
        differing_license_statuses,
        partial(differing_publications, keys=keys),
        spent_counters,
        partial(unfounded_access, now=now),
        differing_carryings,
        differing_looks,
        differing_blind_indexes,
        differing_rows,
        missing_batches,
        differing_counts,
        partial(_cosigned, db=db, record=record),
    )


def _cosigned(_session: Session, *, db: Database, record: WitnessRecord) -> Iterator[AuditFinding]:
    """The record lies beside the database, and the comparison with it opens a transaction of its own."""
    told = standing(db, record)
    if told is not None:
        yield AuditFinding(AuditReason.COSIGNED_AHEAD, FOLDER, str(record.folder), told.en)
