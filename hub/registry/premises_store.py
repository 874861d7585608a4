"""Storing places of business; the registered address is the main one, whoever reports it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, insert_rows, table_of, update_rows
from hub.kernel.ids import new_id
from hub.registry.acts import record_premises
from hub.registry.models import Premises, PremisesIndex, PremisesVersion
from hub.registry.records import Outcome, PremisesRecord, Provenance, address_key, digest

_PREMISES = table_of(Premises)
_VERSION = table_of(PremisesVersion)
_INDEX = table_of(PremisesIndex)


@dataclass(frozen=True, slots=True)
class MainPlace:
    """The registered address as an enterprise record gives it; `name_before`: the enterprise's name until now."""

    record: PremisesRecord
    name_before: str


@dataclass(frozen=True, slots=True)
class _Place:
    """One place as it stands."""

    id: UUID
    name: str
    address: str
    region: str
    area: str
    latitude: float | None
    longitude: float | None
    phone: str | None
    is_main: bool
    is_residence: bool
    version: int
    content_hash: str


@dataclass(slots=True)
class _Plan:
    """Places of the enterprises concerned, and what has become of them; rows are written once, at the end."""

    came: Provenance
    places: dict[str, list[_Place]]
    stored: set[UUID] = field(init=False)
    touched: dict[UUID, str] = field(default_factory=dict)  # id → USCC, in order
    versions: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stored = {place.id for places in self.places.values() for place in places}

    def put(self, uscc: str, place: _Place, content: dict[str, Any] | None) -> None:
        """Add or replace a place; `content` None: only our own marking changed, which makes no version."""
        others = [other for other in self.places.get(uscc, ()) if other.id != place.id]
        self.places[uscc] = [*others, place]
        self.touched[place.id] = uscc
        if content is not None:
            self.versions.append(
                {
                    "uscc": uscc,
                    "premises_id": place.id,
                    "version": place.version,
                    "content": content,
                    **self.came.version_columns(),
                }
            )


def store_premises(
    session: Session,
    records: Sequence[PremisesRecord],
    *,
    source: str,
    batch_id: UUID | None,
    now: datetime,
    replay: bool = False,
) -> list[Outcome]:
    """Store places of enterprises that are in the registry; one outcome per record, in order.

    A place with the registered address merges into the main place, which keeps its id and so its plate.
    `replay`: the same file was loaded before to its end; whatever differs from it is newer and stays.
    """
    usccs = {record.uscc for record in records}
    plan = _Plan(Provenance(source=source, batch_id=batch_id, now=now), _places(session, usccs))
    outcomes = [_decide(plan, record, replay=replay) for record in records]
    _write(session, plan)
    return outcomes


def move_main_places(
    session: Session, *, new: Sequence[MainPlace], moved: Sequence[MainPlace], came: Provenance
) -> None:
    """Make the main places of new enterprises; follow the registered address and name of changed ones."""
    plan = _Plan(came, _places(session, [main.record.uscc for main in moved]) if moved else {})
    for main in new:
        if main.record.address:
            _add(plan, main.record, is_main=True)
    for main in moved:
        _follow(plan, main)
    _write(session, plan)


def _places(session: Session, usccs: Iterable[str]) -> dict[str, list[_Place]]:
    columns = [getattr(Premises, name) for name in _Place.__dataclass_fields__]
    out: dict[str, list[_Place]] = {}
    for batch in batches(usccs):
        statement = (
            select(Premises.uscc, *columns).where(among(session, Premises.uscc, batch)).order_by(Premises.id)
        )
        for row in session.execute(statement):
            out.setdefault(row[0], []).append(_Place(*row[1:]))
    return out


def _decide(plan: _Plan, record: PremisesRecord, *, replay: bool) -> Outcome:
    before = _match(plan.places.get(record.uscc, ()), record)
    if before is None:
        _add(plan, record, is_main=False)
        return Outcome.ACCEPTED
    content = record.content()
    content_hash = digest(content)
    if before.content_hash == content_hash:
        return Outcome.DUPLICATE
    if replay:
        return Outcome.SUPERSEDED
    plan.put(record.uscc, _merged(before, record, content_hash), content)
    return Outcome.ACCEPTED


def _match(places: Iterable[_Place], record: PremisesRecord) -> _Place | None:
    """The same name at the same address, or else whatever stands at the registered address."""
    key = address_key(record.address)
    here = [place for place in places if address_key(place.address) == key]
    named = (place for place in here if place.name == record.name)
    return next(named, next((place for place in here if place.is_main), None))


def _merged(before: _Place, record: PremisesRecord, content_hash: str) -> _Place:
    """What the source leaves open stays as it was; the registered address keeps the registry's wording."""
    return replace(
        before,
        name=record.name,
        address=before.address if before.is_main else record.address,
        region=record.region or before.region,
        area=record.area or before.area,
        latitude=before.latitude if record.latitude is None else record.latitude,
        longitude=before.longitude if record.longitude is None else record.longitude,
        phone=record.phone or before.phone,
        is_residence=before.is_residence if record.is_residence is None else record.is_residence,
        version=before.version + 1,
        content_hash=content_hash,
    )


def _add(plan: _Plan, record: PremisesRecord, *, is_main: bool) -> None:
    content = record.content()
    place = _Place(
        id=new_id(plan.came.now),
        name=record.name,
        address=record.address,
        region=record.region,
        area=record.area,
        latitude=record.latitude,
        longitude=record.longitude,
        phone=record.phone,
        is_main=is_main,
        is_residence=bool(record.is_residence),
        version=1,
        content_hash=digest(content),
    )
    plan.put(record.uscc, place, content)


def _follow(plan: _Plan, main: MainPlace) -> None:
    """The enterprise moved or was renamed. A known place at the new address becomes the main one."""
    record = main.record
    places = plan.places.get(record.uscc, [])
    old = next((place for place in places if place.is_main), None)
    if old is None:
        if record.address:
            _add(plan, record, is_main=True)
        return
    there = _other_place_at(record.address, places, old)
    if there is not None:
        plan.put(record.uscc, replace(old, is_main=False), None)
        plan.put(record.uscc, replace(there, is_main=True), None)
        return
    taken = {(place.name, place.address) for place in places}
    renamed = old.name == main.name_before and (record.name, record.address) not in taken
    name = record.name if renamed else old.name
    content = replace(record, name=name).content()
    moved = replace(old, name=name, address=record.address, region=record.region or old.region)
    plan.put(record.uscc, replace(moved, version=old.version + 1, content_hash=digest(content)), content)


def _other_place_at(address: str, places: Iterable[_Place], old: _Place) -> _Place | None:
    key = address_key(address)
    if address_key(old.address) == key:
        return None
    return next((place for place in places if address_key(place.address) == key), None)


def _write(session: Session, plan: _Plan) -> None:
    places = {place.id: place for places in plan.places.values() for place in places}
    rows = [_row(plan.touched[key], places[key], plan.came) for key in plan.touched]
    insert_rows(session, _PREMISES, [row for row in rows if row["id"] not in plan.stored])
    update_rows(session, _PREMISES, ("uscc", "id"), [row for row in rows if row["id"] in plan.stored])
    insert_rows(session, _VERSION, plan.versions)
    record_premises(session, versions=plan.versions, rows=rows, came=plan.came)
    insert_rows(
        session,
        _INDEX,
        [{"premises_id": row["id"], "uscc": row["uscc"]} for row in rows if row["id"] not in plan.stored],
    )


def _row(uscc: str, place: _Place, came: Provenance) -> dict[str, Any]:
    columns = {name: getattr(place, name) for name in _Place.__dataclass_fields__}
    return columns | {"uscc": uscc, "source": came.source, "received_at": came.now}
