"""Storing what departments say of licenses: every version kept, an old one never over a newer one, linked to places."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel import counts
from hub.kernel.bulk import among, batches, table_of
from hub.kernel.messages import Message
from hub.licenses.colours.stored import LicenseDays, colour_columns
from hub.licenses.models import License, LicenseIndex, LicenseVersion
from hub.licenses.premises_links import LinkablePremises, linked_place, places_of
from hub.licenses.records import LicenseRecord
from hub.licenses.recount import LICENSES, license_changes
from hub.licenses.reference.rules import Reference
from hub.licenses.rules import EFFECTIVE, LicenseState
from hub.licenses.statuses import StoredLicense, carry
from hub.registry.models import Enterprise
from hub.registry.names import is_same_name
from hub.registry.records import Provenance, StoreOutcome
from hub.registry.rules import EntityState
from hub.registry.versioned import Changes, Row, Versioned, store

__all__ = ["LicenseRecord", "StoreOutcome", "store_licenses"]

HOLDER_NAME_DIFFERS = (
    "HOLDER_NAME_DIFFERS"  # the permit was written out to another name than the registry knows
)


@dataclass(frozen=True, slots=True)
class _Holder:
    name: str
    state: EntityState


def _is_older(record: LicenseRecord, stored: Row) -> bool:
    """A lower version of the department, or at the same version an earlier date of issue."""
    if record.source_version != stored["source_version"]:
        return bool(record.source_version < stored["source_version"])
    pairs = ((record.issued_on, stored["issued_on"]), (record.valid_from, stored["valid_from"]))
    day, before = next((pair for pair in pairs if None not in pair), (None, None))
    return day is not None and before is not None and day < before


VERSIONED = Versioned(
    act="license",
    name=Message("证照信息", "License"),
    table=table_of(License),
    versions=table_of(LicenseVersion),
    index=table_of(LicenseIndex),
    key=("uscc", "type_code", "number"),
    narrowed_by="number",
    compared=("source_version", "issued_on", "valid_from", "state", "colour", "inspection_due"),
    is_older=_is_older,
    states=True,
)


def store_licenses(
    session: Session,
    records: Sequence[LicenseRecord],
    *,
    provenance: Provenance,
    today: date,
    reference: Reference,
    replay: bool = False,
) -> list[StoreOutcome]:
    """Store licenses of enterprises that are in the registry, linked to their places and coloured.

    `today`: the legal day of the colours, on which `reference` is in force.
    Return one outcome for each record, in order. `replay`: see `hub.registry.versioned.look_up`.
    """
    usccs = {record.uscc for record in records}
    holders, places = _holders(session, usccs), places_of(session, usccs)

    def more(record: LicenseRecord, before: Row | None) -> dict[str, Any]:
        due = None if before is None else before["inspection_due"]
        return _found_out(
            record,
            holders.get(record.uscc),
            places.get(record.uscc, ()),
            inspection_due=due,
            today=today,
            reference=reference,
        )

    changes, outcomes = store(session, VERSIONED, records, provenance, replay=replay, more=more)
    counts.add(session, LICENSES, license_changes(_moves(changes)))
    carry(session, list(_carried(changes)), now=provenance.now)
    return outcomes


def _holders(session: Session, usccs: Iterable[str]) -> dict[str, _Holder]:
    statement = select(Enterprise.uscc, Enterprise.name, Enterprise.state)
    return {
        uscc: _Holder(name, EntityState(state))
        for batch in batches(usccs)
        for uscc, name, state in session.execute(statement.where(among(session, Enterprise.uscc, batch)))
    }


def _moves(changes: Changes) -> Iterator[tuple[str, str | None, str]]:
    for row in changes.new:
        yield row["type_code"], None, row["colour"]
    for row in changes.changed:
        yield row["type_code"], changes.stored[VERSIONED.key_of(row)]["colour"], row["colour"]


def _carried(changes: Changes) -> Iterator[StoredLicense]:
    """What the status lists are told: every change, and new licenses that are not in force."""
    for key, content in changes.contents.items():
        row, before = changes.rows[key], changes.stored.get(key)
        state = LicenseState(row["state"])
        if before is not None or state not in EFFECTIVE:
            replaces = None if before is None else before["version"]
            yield StoredLicense(row["uscc"], row["id"], state, content, replaces)


def _found_out(
    record: LicenseRecord,
    holder: _Holder | None,
    places: Sequence[LinkablePremises],
    *,
    inspection_due: date | None,
    today: date,
    reference: Reference,
) -> dict[str, Any]:
    """What the hub finds out itself: the place of business, doubts about the holder's name, and the colour to count."""
    state = EntityState.UNCONFIRMED if holder is None else holder.state
    return {
        "premises_id": linked_place(record.address, places),
        "quality": _quality(record, holder),
        "inspection_due": inspection_due,
        **colour_columns(
            type_code=record.type_code,
            state=record.state,
            entity_state=state,
            days=LicenseDays(record.valid_from, record.valid_to, inspection_due),
            on=today,
            reference=reference,
        ),
    }


def _quality(record: LicenseRecord, holder: _Holder | None) -> list[str]:
    if holder is None or is_same_name(record.holder_name, holder.name):
        return [*record.quality]
    return [*record.quality, HOLDER_NAME_DIFFERS]
