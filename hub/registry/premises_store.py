"""Storing places of business; the registered address is the main one, whoever reports it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from hub.kernel.bulk import table_of
from hub.kernel.messages import Message
from hub.registry.models import Premises, PremisesIndex, PremisesVersion
from hub.registry.records import PremisesRecord, Provenance, StoreOutcome, address_key, digest
from hub.registry.versioned import Changes, Row, Versioned, look_up

VERSIONED = Versioned(
    act="premises",
    name=Message("经营场所", "Place of business"),
    table=table_of(Premises),
    versions=table_of(PremisesVersion),
    index=table_of(PremisesIndex),
    key=("uscc", "id"),  # found by name and address, not by key
    compared=(
        "name",
        "address",
        "region",
        "area",
        "latitude",
        "longitude",
        "phone",
        "is_main",
        "is_residence",
    ),
    is_older=lambda _record, _stored: False,  # nothing in it says when it was true: the last word counts
)


@dataclass(frozen=True, slots=True)
class RegisteredAddress:
    """The registered address as an enterprise record gives it; `name_before`: the enterprise's name until now."""

    record: PremisesRecord
    name_before: str


def store_premises(
    session: Session,
    records: Sequence[PremisesRecord],
    *,
    provenance: Provenance,
    replay: bool = False,
) -> list[StoreOutcome]:
    """Store places of enterprises that are in the registry; return one outcome for each record, in order.

    A place with the registered address merges into the main place, which keeps its id and so its plate.
    `replay`: see `hub.registry.versioned.look_up`.
    """
    changes = look_up(session, VERSIONED, records, provenance, replay=replay)
    outcomes = [changes.offer(record, _match(changes.of(record.uscc), record), _merged) for record in records]
    changes.write(session)
    return outcomes


def move_main_places(
    session: Session,
    *,
    new: Sequence[RegisteredAddress],
    moved: Sequence[RegisteredAddress],
    provenance: Provenance,
) -> None:
    """Make the main places of new enterprises; follow the registered address and name of changed ones."""
    changes = look_up(session, VERSIONED, [main.record for main in moved], provenance)
    for main in new:
        if main.record.address:
            changes.offer(main.record, None, _main)
    for main in moved:
        _follow(changes, main)
    changes.write(session)


# Two shops may stand at one address, so the name decides first. The main premises take what matches no name: the
# registry calls them by the enterprise's name and a department by what hangs over the door.
def _match(places: Iterable[Row], record: PremisesRecord) -> Row | None:
    """Return the place of that name at that address, or else whatever stands at the registered address."""
    key = address_key(record.address)
    here = [place for place in places if address_key(place["address"]) == key]
    named = (place for place in here if place["name"] == record.name)
    return next(named, next((place for place in here if place["is_main"]), None))


def _merged(record: PremisesRecord, before: Row | None) -> dict[str, Any]:
    """What the source leaves open stays as it was; the registered address keeps the registry's wording."""
    if before is None:
        return {"is_main": False, "is_residence": bool(record.is_residence)}
    return {
        "address": before["address"] if before["is_main"] else record.address,
        "region": record.region or before["region"],
        "area": record.area or before["area"],
        "latitude": before["latitude"] if record.latitude is None else record.latitude,
        "longitude": before["longitude"] if record.longitude is None else record.longitude,
        "phone": record.phone or before["phone"],
        "is_main": before["is_main"],
        "is_residence": before["is_residence"] if record.is_residence is None else record.is_residence,
    }


def _main(record: PremisesRecord, _before: Row | None) -> dict[str, Any]:
    return {"is_main": True, "is_residence": bool(record.is_residence)}


def _follow(changes: Changes, main: RegisteredAddress) -> None:
    """The enterprise moved or was renamed. A known place at the new address becomes the main one."""
    record = main.record
    places = changes.of(record.uscc)
    old = next((place for place in places if place["is_main"]), None)
    there = _other_place_at(record.address, places, old)
    # The known premises keep their id, and with it the plate on their wall; only the mark of the main one moves.
    if there is not None:
        if old is not None:
            changes.put({**old, "is_main": False}, None)
        changes.put({**there, "is_main": True}, None)
        return
    if old is None:
        if record.address:
            changes.offer(record, None, _main)
        return
    # Name and address are unique within an enterprise: following a new name may not collide with other premises.
    taken = {(place["name"], place["address"]) for place in places}
    renamed = old["name"] == main.name_before and (record.name, record.address) not in taken
    name = record.name if renamed else old["name"]
    content = replace(record, name=name).content()
    moved = {**old, "name": name, "address": record.address, "region": record.region or old["region"]}
    changes.put(moved | changes.following(old, digest(content)), content)


def _other_place_at(address: str, places: Iterable[Row], main: Row | None) -> Row | None:
    key = address_key(address)
    if not key or (main is not None and address_key(main["address"]) == key):
        return None
    return next((place for place in places if address_key(place["address"]) == key), None)
