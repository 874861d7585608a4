"""The metadata of licenses by GB/T 36903, for an enterprise's own people or under a look that stands."""

from datetime import datetime
from uuid import UUID

from hub.access.looks import require_entry
from hub.kernel.actor import Actor
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.licenses.metadata import queries
from hub.licenses.metadata.queries import HeldMetadata
from hub.licenses.metadata.rules import LicenseMetadata
from hub.licenses.reference.rules import Reference


def enterprise_metadata_for(
    uscc: str, *, by: Actor, reference: Reference, now: datetime, db: Database
) -> HeldMetadata:
    """Return the metadata of all licenses. Raises: NotFoundError, NotAllowedError, LookNeededError."""
    require_entry(actor=by, uscc=uscc, now=now, db=db)
    with db.read() as session:
        return queries.enterprise_metadata(session, uscc, reference=reference)


def license_metadata_for(
    uscc: str, license_id: str, *, by: Actor, reference: Reference, now: datetime, db: Database
) -> LicenseMetadata:
    """Return the metadata of one license. `license_id`: as the address says it.

    Raises: NotFoundError, also for a text that is no id, NotAllowedError, LookNeededError.
    """
    require_entry(actor=by, uscc=uscc, now=now, db=db)
    try:
        known = UUID(license_id)
    except ValueError as error:
        raise NotFoundError from error
    with db.read() as session:
        return queries.license_metadata(session, uscc, known, reference=reference)
