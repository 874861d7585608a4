"""Storing what departments say of licenses: every version kept, an old one never over a newer one, linked to places."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.kernel import counts
from hub.kernel.bulk import among, batches, insert_rows, table_of, update_rows
from hub.kernel.ids import new_id
from hub.licenses.acts import record_licenses
from hub.licenses.colours.stored import colour_columns
from hub.licenses.models import License, LicenseIndex, LicenseVersion
from hub.licenses.premises_links import Place, linked_place, places_of
from hub.licenses.records import LicenseRecord
from hub.licenses.recount import LICENSES, license_changes
from hub.licenses.rules import EFFECTIVE
from hub.licenses.statuses import StoredLicense, carry
from hub.registry.models import Enterprise
from hub.registry.names import is_same_name
from hub.registry.records import Outcome, Provenance, digest
from hub.registry.rules import EntityState

__all__ = ["LicenseRecord", "Outcome", "store_licenses"]

HOLDER_NAME_DIFFERS = (
    "HOLDER_NAME_DIFFERS"  # the permit was written out to another name than the registry knows
)

_LICENSE = table_of(License)
_VERSION = table_of(LicenseVersion)
_INDEX = table_of(LicenseIndex)

Key = tuple[str, str, str]  # USCC, type code, number


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is stored of one license, as far as the next record is compared with it."""

    id: UUID
    content_hash: str
    version: int
    source_version: int
    issued_on: date | None
    valid_from: date | None
    state: str
    colour: str


@dataclass(frozen=True, slots=True)
class _Holder:
    name: str
    state: EntityState


@dataclass(slots=True)
class _Plan:
    came: Provenance
    today: date
    stored: Mapping[Key, _Standing]
    holders: Mapping[str, _Holder]
    places: Mapping[str, list[Place]]
    standing: dict[Key, _Standing] = field(default_factory=dict)
    newest: dict[Key, LicenseRecord] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)


def store_licenses(  # the promised signature
    session: Session,
    records: Sequence[LicenseRecord],
    *,
    source: str,
    batch_id: UUID | None,
    now: datetime,
    today: date,
    replay: bool = False,
) -> list[Outcome]:
    """Store licenses of enterprises that are in the registry; one outcome per record, in order.

    A lower version of the department, or at the same version an earlier date of issue, is superseded.
    `replay`: the same file was loaded before to its end; whatever differs from it is newer and stays.
    """
    usccs = {record.uscc for record in records}
    stored = _standing(session, records)
    plan = _Plan(
        came=Provenance(source=source, batch_id=batch_id, now=now),
        today=today,
        stored=stored,
        holders=_holders(session, usccs),
        places=places_of(session, usccs),
        standing=dict(stored),
    )
    outcomes = [_decide(plan, record, replay=replay) for record in records]
    _write(session, plan)
    return outcomes


def _standing(session: Session, records: Sequence[LicenseRecord]) -> dict[Key, _Standing]:
    columns: tuple[InstrumentedAttribute[Any], ...] = (
        License.uscc,
        License.type_code,
        License.number,
        License.id,
        License.content_hash,
        License.version,
        License.source_version,
        License.issued_on,
        License.valid_from,
        License.state,
        License.colour,
    )
    out = {}
    for batch in batches(records):
        statement = select(*columns).where(
            among(session, License.uscc, {record.uscc for record in batch}),
            among(session, License.number, {record.number for record in batch}),
        )
        for row in session.execute(statement):
            out[row[0], row[1], row[2]] = _Standing(*row[3:])
    return out


def _holders(session: Session, usccs: Iterable[str]) -> dict[str, _Holder]:
    statement = select(Enterprise.uscc, Enterprise.name, Enterprise.state)
    return {
        uscc: _Holder(name, EntityState(state))
        for batch in batches(usccs)
        for uscc, name, state in session.execute(statement.where(among(session, Enterprise.uscc, batch)))
    }


def _decide(plan: _Plan, record: LicenseRecord, *, replay: bool) -> Outcome:
    key = (record.uscc, record.type_code, record.number)
    content = record.content()
    content_hash = digest(content)
    before = plan.standing.get(key)
    if before is not None:
        if before.content_hash == content_hash:
            return Outcome.DUPLICATE
        if replay or _is_older(record, before):
            return Outcome.SUPERSEDED
    after = _Standing(
        id=new_id(plan.came.now) if before is None else before.id,
        content_hash=content_hash,
        version=1 if before is None else before.version + 1,
        source_version=record.source_version,
        issued_on=record.issued_on,
        valid_from=record.valid_from,
        state=record.state.value,
        colour="",  # what is stored is computed with the row
    )
    plan.standing[key] = after
    plan.newest[key] = record
    plan.versions.append(
        {
            "uscc": record.uscc,
            "license_id": after.id,
            "version": after.version,
            "content": content,
            **plan.came.version_columns(),
        }
    )
    return Outcome.ACCEPTED


def _is_older(record: LicenseRecord, before: _Standing) -> bool:
    if record.source_version != before.source_version:
        return record.source_version < before.source_version
    pairs = ((record.issued_on, before.issued_on), (record.valid_from, before.valid_from))
    day, stored = next((pair for pair in pairs if None not in pair), (None, None))
    return day is not None and stored is not None and day < stored


def _write(session: Session, plan: _Plan) -> None:
    new = [_row(plan, key) for key in plan.newest if key not in plan.stored]
    changed = [_row(plan, key) for key in plan.newest if key in plan.stored]
    insert_rows(session, _LICENSE, new)
    update_rows(session, _LICENSE, ("uscc", "id"), changed)
    counts.add(session, LICENSES, license_changes(_moves(plan, (*new, *changed))))
    insert_rows(session, _VERSION, plan.versions)
    states = {standing.id: standing.state for standing in plan.stored.values()}
    record_licenses(session, versions=plan.versions, rows=(*new, *changed), states=states, came=plan.came)
    insert_rows(session, _INDEX, [{"license_id": row["id"], "uscc": row["uscc"]} for row in new])
    told = [key for key, record in plan.newest.items() if key in plan.stored or record.state not in EFFECTIVE]
    carry(session, [_carried(plan, key) for key in told], now=plan.came.now)


def _moves(plan: _Plan, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str | None, str]]:
    for row in rows:
        before = plan.stored.get((row["uscc"], row["type_code"], row["number"]))
        yield row["type_code"], None if before is None else before.colour, row["colour"]


def _carried(plan: _Plan, key: Key) -> StoredLicense:
    record, before = plan.newest[key], plan.stored.get(key)
    return StoredLicense(
        uscc=record.uscc,
        license_id=plan.standing[key].id,
        state=record.state,
        content=record.content(),
        replaces=None if before is None else before.version,
    )


def _row(plan: _Plan, key: Key) -> dict[str, Any]:
    record, standing = plan.newest[key], plan.standing[key]
    holder = plan.holders.get(record.uscc)
    state = EntityState.UNCONFIRMED if holder is None else holder.state
    return {
        "uscc": record.uscc,
        "id": standing.id,
        "type_code": record.type_code,
        "number": record.number,
        "holder_name": record.holder_name,
        "issuer": record.issuer,
        "address": record.address,
        "issued_on": record.issued_on,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "state": record.state.value,
        "premises_id": linked_place(record.address, plan.places.get(record.uscc, ())),
        "extra": dict(record.extra),
        "quality": _quality(record, holder),
        "source_version": record.source_version,
        "version": standing.version,
        "source": plan.came.source,
        "received_at": plan.came.now,
        "content_hash": standing.content_hash,
        **colour_columns(
            type_code=record.type_code,
            state=record.state,
            entity_state=state,
            valid_from=record.valid_from,
            valid_to=record.valid_to,
            on=plan.today,
        ),
    }


def _quality(record: LicenseRecord, holder: _Holder | None) -> list[str]:
    if holder is None or is_same_name(record.holder_name, holder.name):
        return [*record.quality]
    return [*record.quality, HOLDER_NAME_DIFFERS]
