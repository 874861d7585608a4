"""Every kept count of the city with what it counts, for the duty that sets it right, `hub doctor` and `hub log verify`."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from hub.codes.plates import recount as codes
from hub.feeds import queries as feeds
from hub.kernel import counts
from hub.kernel.database import Database
from hub.licenses import recount as licenses
from hub.registry.scope import review
from hub.supervision import queries as supervision
from hub.trust.log.findings import AuditFinding, AuditReason

COUNTINGS: Mapping[str, counts.Counting] = {
    **review.COUNTINGS,
    **licenses.COUNTINGS,
    **codes.COUNTINGS,
    **supervision.COUNTINGS,
    **feeds.COUNTINGS,
}
PLACE_TABLE = "codes_place"
COUNT_TABLE = counts.Count.__tablename__


def differing_counts(session: Session) -> Iterator[AuditFinding]:
    """Kept places and counts that are not what the tables hold."""
    for uscc in sorted(codes.differing_places(session)):
        yield AuditFinding(AuditReason.DERIVED_WRONG, PLACE_TABLE, uscc)
    for each in counts.drift(session, COUNTINGS):
        key = f"{each.kind}/{each.key}"
        yield AuditFinding(
            AuditReason.DERIVED_WRONG, COUNT_TABLE, key, f"{each.missing:+} to what it should be"
        )


def repair(db: Database) -> int:
    """Set right what `differing_counts` names; how many places and counts were wrong."""
    return codes.repair_places(db) + len(counts.repair(db, COUNTINGS))
