"""Whose rows they are: a row of an enterprise that is not registered is refused."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches
from hub.registry.models import Enterprise
from hub.registry.reading.errors import RowRefusedError, UnknownHolderError
from hub.registry.records import DepartmentRecord


def registered(
    session: Session, records: Sequence[DepartmentRecord]
) -> list[DepartmentRecord | RowRefusedError]:
    """Return each record whose enterprise is in the registry, and in place of the others why not. One statement."""
    known = {
        uscc
        for batch in batches({record.uscc for record in records})
        for uscc in session.scalars(select(Enterprise.uscc).where(among(session, Enterprise.uscc, batch)))
    }
    return [record if record.uscc in known else UnknownHolderError("uscc", record.uscc) for record in records]
