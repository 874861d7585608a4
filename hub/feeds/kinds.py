"""Every kind of row that departments report, and what the rooms beside its own do when rows of it are stored.

A kind is declared where its rows live (`reported.py` of a room) and stored as it declares, unless more comes of it.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, cast

from sqlalchemy.orm import Session

from hub.codes.plates import coverage
from hub.credit import reported as credit
from hub.licenses import reported as licenses
from hub.licenses.premises_links import relink
from hub.licenses.records import LicenseRecord
from hub.licenses.reference.rules import Reference
from hub.licenses.reported import LICENSES
from hub.licenses.store import store_licenses
from hub.licenses.summaries import mark_stale
from hub.registry import reported as registry
from hub.registry.premises_store import store_premises
from hub.registry.reading.kinds import RowKind
from hub.registry.records import DepartmentRecord, EnterpriseRecord, PremisesRecord, Provenance, StoreOutcome
from hub.registry.reported import ENTERPRISES, PREMISES
from hub.registry.store import store_enterprises
from hub.registry.versioned import store

KINDS: Final = (*registry.KINDS, *licenses.KINDS, *credit.KINDS)  # in the order in which a city loads them


@dataclass(frozen=True, slots=True)
class Origin:
    """Where some rows come from. `reference`: what is in force on `today`. `replay`: the same file was loaded before to its end."""

    provenance: Provenance
    today: date
    reference: Reference
    replay: bool


def store_rows(
    session: Session, kind: RowKind, records: Sequence[DepartmentRecord], origin: Origin
) -> list[StoreOutcome]:
    """Store records of one kind; return one outcome for each, in order."""
    more = _STORES.get(kind)
    if more is not None:
        return more(session, records, origin)
    return store(session, kind.stored, records, origin.provenance, replay=origin.replay)[1]


def follow_up(session: Session, kind: RowKind, changed: AbstractSet[str], origin: Origin) -> None:
    """Let other rooms follow what became of these enterprises.

    Links at once; colours and counts once for all files of a run and not for every row, by `hub.feeds.service.settle`.
    """
    for follow in _FOLLOW_UPS.get(kind, (_colour,) if kind.recoloured else ()):
        follow(session, changed, origin)


def _store_enterprises(
    session: Session, records: Sequence[DepartmentRecord], origin: Origin
) -> list[StoreOutcome]:
    enterprises = cast("Sequence[EnterpriseRecord]", records)
    return store_enterprises(
        session, enterprises, items=origin.reference.items, provenance=origin.provenance, replay=origin.replay
    )


def _store_licenses(
    session: Session, records: Sequence[DepartmentRecord], origin: Origin
) -> list[StoreOutcome]:
    records = cast("Sequence[LicenseRecord]", records)
    return store_licenses(
        session,
        records,
        today=origin.today,
        reference=origin.reference,
        provenance=origin.provenance,
        replay=origin.replay,
    )


def _store_premises(
    session: Session, records: Sequence[DepartmentRecord], origin: Origin
) -> list[StoreOutcome]:
    return store_premises(
        session, cast("Sequence[PremisesRecord]", records), provenance=origin.provenance, replay=origin.replay
    )


def _link(session: Session, changed: AbstractSet[str], origin: Origin) -> None:
    relink(session, changed, now=origin.provenance.now)


def _colour(session: Session, changed: AbstractSet[str], origin: Origin) -> None:
    mark_stale(session, changed, on=origin.today)


def _cover(session: Session, changed: AbstractSet[str], _origin: Origin) -> None:
    coverage.refresh(session, changed)


_STORES: Final[
    Mapping[RowKind, Callable[[Session, Sequence[DepartmentRecord], Origin], list[StoreOutcome]]]
] = MappingProxyType(
    {
        ENTERPRISES: _store_enterprises,
        LICENSES: _store_licenses,
        PREMISES: _store_premises,
    }
)
_FOLLOW_UPS: Final[Mapping[RowKind, tuple[Callable[[Session, AbstractSet[str], Origin], None], ...]]] = (
    MappingProxyType({ENTERPRISES: (_colour, _cover), PREMISES: (_link, _colour, _cover)})
)
