"""Which place of business a license belongs to: the one with its address, or the only one there is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.kernel.bulk import among, batches, table_of, update_rows
from hub.licenses.acts import record_links
from hub.licenses.models import License
from hub.registry.models import Premises
from hub.registry.records import address_key

_LICENSE = table_of(License)


@dataclass(frozen=True, slots=True)
class LinkablePremises:
    id: UUID
    key: str
    is_main: bool


def places_of(session: Session, usccs: Iterable[str]) -> dict[str, list[LinkablePremises]]:
    """Places per enterprise, the registered address first."""
    statement = select(Premises.uscc, Premises.id, Premises.address, Premises.is_main)
    out: dict[str, list[LinkablePremises]] = {}
    for batch in batches(usccs):
        ordered = statement.where(among(session, Premises.uscc, batch)).order_by(
            Premises.uscc, Premises.is_main.desc(), Premises.id
        )
        for uscc, place_id, address, is_main in session.execute(ordered):
            out.setdefault(uscc, []).append(LinkablePremises(place_id, address_key(address), is_main))
    return out


def linked_place(address: str, places: Sequence[LinkablePremises]) -> UUID | None:
    """Return the place at that address; the only place when the address fits none or is not given; else None."""
    key = address_key(address)
    if key:
        here = next((place.id for place in places if place.key == key), None)
        if here is not None:
            return here
    return places[0].id if len(places) == 1 else None


def relink(session: Session, usccs: Iterable[str], *, now: datetime) -> None:
    """After places changed: link licenses again. One without an address keeps the place it had.

    The link is ours, not the department's: it makes no version, only an act.
    """
    known = set(usccs)
    places = places_of(session, known)
    statement = select(License.uscc, License.id, License.address, License.premises_id)
    rows = []
    for batch in batches(known):
        unsettled = or_(License.address != "", License.premises_id.is_(None))
        for uscc, license_id, address, before in session.execute(
            statement.where(among(session, License.uscc, batch), unsettled)
        ):
            after = linked_place(address, places.get(uscc, ())) or before
            if after != before:
                rows.append({"uscc": uscc, "id": license_id, "premises_id": after})
    update_rows(session, _LICENSE, ("uscc", "id"), rows)
    record_links(session, rows, now=now)
