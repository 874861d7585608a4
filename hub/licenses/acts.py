"""What storing puts on record: one act for each accepted version of a license, and for each new link to a place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, table_of
from hub.licenses.models import License, LicenseVersion
from hub.registry.acts import kind
from hub.registry.records import Provenance
from hub.trust.record import events
from hub.trust.record.events import Draft, image

Row = Mapping[str, Any]
LINKER = "hub:linking"  # addresses are compared by the hub itself

_LICENSE, _VERSION = table_of(License), table_of(LicenseVersion)


def record_licenses(
    session: Session,
    *,
    versions: Iterable[Row],
    rows: Iterable[Row],
    states: Mapping[UUID, str],
    came: Provenance,
) -> None:
    """`versions` as stored, in order; `rows`: the licenses as they stand now; `states`: before, by license id."""
    before = dict(states)
    standing = {row["id"]: row for row in rows}
    drafts = []
    for version in versions:
        license_id, state = version["license_id"], version["content"]["state"]
        data = came.act_data(version["version"], before=before.get(license_id), after=state)
        before[license_id] = state
        images = [image(_VERSION, version)]
        if standing[license_id]["version"] == version["version"]:
            images.append(image(_LICENSE, standing[license_id]))
        drafts.append(Draft(kind("license", version), version["uscc"], str(license_id), data, images))
    events.record_many(session, drafts, by=came.by, now=came.now)


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
