"""Storing what departments say of enterprises: few statements for many records, every change kept as a version.

Nothing here commits: rows, versions, parsed scope, main premises and search terms move in the caller's transaction.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from hub.kernel.bulk import table_of
from hub.kernel.messages import Message
from hub.registry.models import Enterprise, EnterpriseVersion
from hub.registry.premises_store import RegisteredAddress, move_main_places, store_premises
from hub.registry.records import EnterpriseRecord, OverlayFact, PremisesRecord, Provenance, StoreOutcome
from hub.registry.rules import EntityState
from hub.registry.scope.items import ScopeCatalogue
from hub.registry.scope.store import replace_scope
from hub.registry.search_index import index_terms
from hub.registry.statuses import StoredEnterprise, publish_states
from hub.registry.versioned import Changes, Row, Versioned, store

__all__ = [
    "EnterpriseRecord",
    "OverlayFact",
    "PremisesRecord",
    "StoreOutcome",
    "store_enterprises",
    "store_premises",
]


def _is_older(record: EnterpriseRecord, stored: Row) -> bool:
    """A record approved on an earlier day."""
    day, before = record.approved_on, stored["approved_on"]
    return day is not None and before is not None and day < before


VERSIONED = Versioned(
    act="enterprise",
    name=Message("主体信息", "Enterprise"),
    table=table_of(Enterprise),
    versions=table_of(EnterpriseVersion),
    key=("uscc",),
    compared=("approved_on", "name", "address", "scope_text", "state", "overlays"),
    is_older=_is_older,
    states=True,
)


def store_enterprises(
    session: Session,
    records: Sequence[EnterpriseRecord],
    *,
    provenance: Provenance,
    items: ScopeCatalogue,
    replay: bool = False,
) -> list[StoreOutcome]:
    """Store enterprises and what follows from them: main premises, parsed scope, search terms, published statuses.

    Return one outcome for each record, in order. `items`: by which business scopes are read. `replay`: see
    `hub.registry.versioned.look_up`.
    """
    changes, outcomes = store(session, VERSIONED, records, provenance, replay=replay, more=_overlays)
    publish_states(session, list(_published(changes)), now=provenance.now)
    newest = {
        record.uscc: record
        for record, outcome in zip(records, outcomes, strict=True)
        if outcome is StoreOutcome.ACCEPTED
    }
    _write_surroundings(session, changes, list(newest.values()), items)
    return outcomes


def _overlays(record: EnterpriseRecord, before: Row | None) -> dict[str, Any]:
    """A source that says nothing of lists leaves what stands."""
    if record.overlays is not None:
        return {"overlays": [fact.content() for fact in record.overlays]}
    return {"overlays": [] if before is None else before["overlays"]}


def _published(changes: Changes) -> Iterator[StoredEnterprise]:
    for key, row in changes.rows.items():
        state, before = EntityState(row["state"]), changes.stored.get(key)
        if before is None:
            yield StoredEnterprise(row["uscc"], state, content={}, replaces=None)
        else:
            yield StoredEnterprise(row["uscc"], state, changes.contents[key], before["version"])


def _write_surroundings(
    session: Session, changes: Changes, records: Sequence[EnterpriseRecord], items: ScopeCatalogue
) -> None:
    """Main premises, parsed scope and search terms of what is new or differs."""
    stored = {uscc: row for (uscc,), row in changes.stored.items()}
    new = [record for record in records if record.uscc not in stored]
    changed = [(record, stored[record.uscc]) for record in records if record.uscc in stored]
    moved = [
        _main_place(record, before["name"])
        for record, before in changed
        if (before["name"], before["address"]) != (record.name, record.address)
    ]
    first = [_main_place(record, record.name) for record in new]
    move_main_places(session, new=first, moved=moved, provenance=changes.provenance)
    rescoped = [record for record, before in changed if before["scope_text"] != record.scope_text]
    replace_scope(
        session,
        [(record.uscc, record.scope_text) for record in (*new, *rescoped)],
        items,
        replaced=[record.uscc for record in rescoped],
    )
    renamed = [record for record, before in changed if before["name"] != record.name]
    index_terms(
        session,
        [(record.uscc, record.name) for record in (*new, *renamed)],
        replaced=[record.uscc for record in renamed],
    )


def _main_place(record: EnterpriseRecord, name_before: str) -> RegisteredAddress:
    return RegisteredAddress(
        record=PremisesRecord(
            uscc=record.uscc,
            name=record.name,
            address=record.address,
            region=record.region,
            is_residence=record.is_residence,
        ),
        name_before=name_before,
    )
