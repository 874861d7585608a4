"""What storing puts on record: one act for each accepted version of an enterprise or a place of business."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from hub.kernel.bulk import table_of
from hub.registry.models import Enterprise, EnterpriseVersion, Premises, PremisesVersion
from hub.registry.records import Provenance
from hub.trust.record import events
from hub.trust.record.events import Draft, image

Row = Mapping[str, Any]

_ENTERPRISE, _ENTERPRISE_VERSION = table_of(Enterprise), table_of(EnterpriseVersion)
_PREMISES, _PREMISES_VERSION = table_of(Premises), table_of(PremisesVersion)
_NEW, _NEXT = ".recorded", ".changed"


def record_enterprises(
    session: Session,
    *,
    versions: Iterable[Row],
    rows: Mapping[str, Row],
    states: Mapping[str, str],
    came: Provenance,
) -> None:
    """`versions` as stored, in order; `rows`: the enterprises as they stand now, by USCC; `states`: before, by USCC."""
    before = dict(states)
    drafts = []
    for version in versions:
        uscc, state = version["uscc"], version["content"]["state"]
        data = came.act_data(version["version"], before=before.get(uscc), after=state)
        before[uscc] = state
        images = [image(_ENTERPRISE_VERSION, version)]
        if version["version"] == rows[uscc]["version"]:
            images.append(image(_ENTERPRISE, rows[uscc]))
        drafts.append(Draft(kind("enterprise", version), uscc, uscc, data, images))
    events.record_many(session, drafts, by=came.by, now=came.now)


def record_premises(
    session: Session, *, versions: Sequence[Row], rows: Iterable[Row], came: Provenance
) -> None:
    """`versions` as stored, in order; `rows`: every place touched, as it stands now."""
    standing: dict[UUID, Row] = {row["id"]: row for row in rows}
    drafts = []
    for version in versions:
        place = version["premises_id"]
        images = [image(_PREMISES_VERSION, version)]
        if place in standing and standing[place]["version"] == version["version"]:
            images.append(image(_PREMISES, standing.pop(place)))
        data = came.act_data(version["version"])
        drafts.append(Draft(kind("premises", version), version["uscc"], str(place), data, images))
    for place, row in standing.items():  # only which of them is the main one
        data = came.act_data(row["version"])
        drafts.append(Draft("premises.marked", row["uscc"], str(place), data, [image(_PREMISES, row)]))
    events.record_many(session, drafts, by=came.by, now=came.now)


def kind(of: str, version: Row) -> str:
    """`license.recorded` for a first version, `license.changed` for a later one."""
    return of + (_NEW if version["version"] == 1 else _NEXT)
