"""Storing what departments say of enterprises: few statements for many records, every change kept as a version.

Nothing here commits: rows, versions, parsed scope, main premises and search terms move in the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, insert_rows, table_of, update_rows
from hub.registry.acts import record_enterprises
from hub.registry.models import Enterprise, EnterpriseVersion
from hub.registry.premises_store import MainPlace, move_main_places, store_premises
from hub.registry.records import (
    EnterpriseRecord,
    Outcome,
    OverlayFact,
    PremisesRecord,
    Provenance,
    digest,
)
from hub.registry.scope.store import replace_scope
from hub.registry.search_index import index_terms
from hub.registry.statuses import StoredEnterprise, carry

__all__ = [
    "EnterpriseRecord",
    "Outcome",
    "OverlayFact",
    "PremisesRecord",
    "known_usccs",
    "store_enterprises",
    "store_premises",
]

_ENTERPRISE = table_of(Enterprise)
_VERSION = table_of(EnterpriseVersion)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is stored of one enterprise, as far as the next record is compared with it."""

    content_hash: str
    version: int
    approved_on: date | None
    name: str
    address: str
    scope_text: str
    state: str
    overlays: list[dict[str, Any]]


@dataclass(slots=True)
class _Plan:
    """What one call will write: the newest record of each enterprise, and a version for every change on the way."""

    stored: Mapping[str, _Standing]
    standing: dict[str, _Standing] = field(default_factory=dict)
    newest: dict[str, EnterpriseRecord] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)


def known_usccs(session: Session, usccs: Iterable[str]) -> set[str]:
    """Which of these enterprises are in the registry."""
    return {
        uscc
        for batch in batches(set(usccs))
        for uscc in session.scalars(select(Enterprise.uscc).where(among(session, Enterprise.uscc, batch)))
    }


def store_enterprises(
    session: Session,
    records: Sequence[EnterpriseRecord],
    *,
    source: str,
    batch_id: UUID | None,
    now: datetime,
    replay: bool = False,
) -> list[Outcome]:
    """Store enterprises; one outcome per record, in order.

    A record approved on an earlier day than the stored one is superseded. `replay`: the same file was loaded
    before to its end, so that whatever differs from it is newer and stays.
    """
    came = Provenance(source=source, batch_id=batch_id, now=now)
    stored = _standing(session, {record.uscc for record in records})
    plan = _Plan(stored, dict(stored))
    outcomes = [_decide(plan, record, came, replay=replay) for record in records]
    _write(session, plan, came)
    return outcomes


def _standing(session: Session, usccs: Iterable[str]) -> dict[str, _Standing]:
    columns = (
        Enterprise.uscc,
        Enterprise.content_hash,
        Enterprise.version,
        Enterprise.approved_on,
        Enterprise.name,
        Enterprise.address,
        Enterprise.scope_text,
        Enterprise.state,
        Enterprise.overlays,
    )
    return {
        row[0]: _Standing(*row[1:])
        for batch in batches(usccs)
        for row in session.execute(select(*columns).where(among(session, Enterprise.uscc, batch)))
    }


def _decide(plan: _Plan, record: EnterpriseRecord, came: Provenance, *, replay: bool) -> Outcome:
    content = record.content()
    content_hash = digest(content)
    before = plan.standing.get(record.uscc)
    if before is not None:
        if before.content_hash == content_hash:
            return Outcome.DUPLICATE
        if replay or _is_older(record.approved_on, before.approved_on):
            return Outcome.SUPERSEDED
    version = 1 if before is None else before.version + 1
    plan.standing[record.uscc] = _Standing(
        content_hash,
        version,
        record.approved_on,
        record.name,
        record.address,
        record.scope_text,
        record.state.value,
        [] if before is None else before.overlays,
    )
    plan.newest[record.uscc] = record
    plan.versions.append(
        {"uscc": record.uscc, "version": version, "content": content, **came.version_columns()}
    )
    return Outcome.ACCEPTED


def _is_older(day: date | None, stored: date | None) -> bool:
    return day is not None and stored is not None and day < stored


def _write(session: Session, plan: _Plan, came: Provenance) -> None:
    new = [record for uscc, record in plan.newest.items() if uscc not in plan.stored]
    changed = [record for uscc, record in plan.newest.items() if uscc in plan.stored]
    rows = {record.uscc: _row(record, plan.standing[record.uscc], came) for record in plan.newest.values()}
    insert_rows(session, _ENTERPRISE, [rows[record.uscc] for record in new])
    update_rows(session, _ENTERPRISE, ("uscc",), [rows[record.uscc] for record in changed])
    insert_rows(session, _VERSION, plan.versions)
    states = {uscc: standing.state for uscc, standing in plan.stored.items()}
    record_enterprises(session, versions=plan.versions, rows=rows, states=states, came=came)
    carry(session, [_stored(plan, record) for record in plan.newest.values()], now=came.now)
    _write_surroundings(session, plan, new, changed, came)


def _stored(plan: _Plan, record: EnterpriseRecord) -> StoredEnterprise:
    before = plan.stored.get(record.uscc)
    if before is None:
        return StoredEnterprise(record.uscc, record.state, content={}, replaces=None)
    return StoredEnterprise(record.uscc, record.state, content=record.content(), replaces=before.version)


def _write_surroundings(
    session: Session,
    plan: _Plan,
    new: list[EnterpriseRecord],
    changed: list[EnterpriseRecord],
    came: Provenance,
) -> None:
    """Main premises, parsed scope and search terms of what is new or differs."""
    moved = [record for record in changed if _face(plan.stored[record.uscc]) != (record.name, record.address)]
    move_main_places(
        session,
        new=[_main_place(record, record.name) for record in new],
        moved=[_main_place(record, plan.stored[record.uscc].name) for record in moved],
        came=came,
    )
    rescoped = [record for record in changed if plan.stored[record.uscc].scope_text != record.scope_text]
    replace_scope(
        session,
        [(record.uscc, record.scope_text) for record in (*new, *rescoped)],
        replaced=[record.uscc for record in rescoped],
    )
    renamed = [record for record in changed if plan.stored[record.uscc].name != record.name]
    index_terms(
        session,
        [(record.uscc, record.name) for record in (*new, *renamed)],
        replaced=[record.uscc for record in renamed],
    )


def _face(standing: _Standing) -> tuple[str, str]:
    return standing.name, standing.address


def _main_place(record: EnterpriseRecord, name_before: str) -> MainPlace:
    return MainPlace(
        record=PremisesRecord(
            uscc=record.uscc,
            name=record.name,
            address=record.address,
            region=record.region,
            is_residence=record.is_residence,
        ),
        name_before=name_before,
    )


def _overlays(facts: Iterable[OverlayFact]) -> list[dict[str, str]]:
    return [{"kind": fact.kind, "since": fact.since.isoformat(), "source": fact.source} for fact in facts]


def _row(record: EnterpriseRecord, standing: _Standing, came: Provenance) -> dict[str, Any]:
    return {
        "uscc": record.uscc,
        "name": record.name,
        "entity_type": record.entity_type.value,
        "type_text": record.type_text,
        "person": record.person,
        "capital": record.capital,
        "established_on": record.established_on,
        "term_to": record.term_to,
        "authority": record.authority,
        "approved_on": record.approved_on,
        "state": record.state.value,
        "state_text": record.state_text,
        "address": record.address,
        "region": record.region,
        "industry": record.industry,
        "scope_text": record.scope_text,
        "overlays": standing.overlays if record.overlays is None else _overlays(record.overlays),
        "quality": list(record.quality),
        "version": standing.version,
        "content_hash": standing.content_hash,
        "source": came.source,
        "received_at": came.now,
    }
