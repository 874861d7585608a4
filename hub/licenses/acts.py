"""What the hub's own linking of licenses to places puts on record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, table_of
from hub.licenses.models import License
from hub.trust.record import events
from hub.trust.record.events import Draft, image

Row = Mapping[str, Any]
LINKER = "hub:linking"  # addresses are compared by the hub itself

_LICENSE = table_of(License)


def record_links(session: Session, links: Sequence[Row], *, now: datetime) -> None:
    """Each link (`uscc`, `id`, `premises_id`) that was just stored."""
    linked = {link["id"] for link in links}
    rows = [
        dict(row)
        for batch in batches({link["uscc"] for link in links})
        for row in session.execute(select(_LICENSE).where(among(session, License.uscc, batch))).mappings()
        if row["id"] in linked
    ]
    drafts = [
        Draft(
            "license.linked",
            row["uscc"],
            str(row["id"]),
            {"premises": str(row["premises_id"])},
            [image(_LICENSE, row)],
        )
        for row in rows
    ]
    events.record_many(session, drafts, by=LINKER, now=now)
