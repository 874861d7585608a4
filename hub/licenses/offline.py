"""What an officer takes along into places without signal: a district's enterprises, premises and licenses today."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Executable, Select, select
from sqlalchemy.orm import Session

from hub.access.matrix import AudienceColumn, Category, declared
from hub.licenses.colours import facts
from hub.licenses.colours.rules import business_license_colour, permit_colour
from hub.licenses.models import License
from hub.licenses.reference.rules import Reference
from hub.licenses.rules import LicenseState
from hub.registry.models import Enterprise, Premises
from hub.registry.rules import EntityState, Overlay
from signing.bundle import CarriedEnterprise, CarriedLicense, CarriedPremises, District

BUSINESS_LICENSE = "营业执照"  # the first of every enterprise's licenses; its number is the credit code

ENTERPRISE = declared(
    "uscc", "licenses", BUSINESS_LICENSE="name", LICENSE_COLOUR="status", PREMISES="premises"
)
OWN_LICENSE = declared("type", "number", BUSINESS_LICENSE="valid_to", LICENSE_COLOUR="colour reason")
PERMIT = declared(PERMITS="type number valid_to", PERMIT_COLOUR="colour reason")
_LISTED = dict.fromkeys(("BL_SERIOUS", "BL_ABNORMAL"), declared(LISTS="reason"))  # reasons that name a list

Chosen = Select[str]


def district(
    session: Session,
    region: str,
    *,
    members: Chosen,
    on: date,
    reference: Reference,
    clearance: AudienceColumn,
) -> District:
    """Return what an audience is told of these enterprises of a region on that day.

    `members`: their credit codes, as a statement. `reference`: what is in force on that day.
    What is not told is empty, as in every row of a bundle.
    """
    chosen = members
    places = _grouped(
        session.execute(
            select(Premises.uscc, Premises.id, Premises.address)
            .where(Premises.uscc.in_(chosen))
            .order_by(Premises.uscc, Premises.is_main.desc(), Premises.id)
        )
    )
    held = _grouped(session.execute(_licenses(chosen)))
    enterprises = session.execute(_enterprises(chosen))
    return District.of(
        region,
        (
            _told(_carried(row, places.get(row.uscc, []), held.get(row.uscc, []), on, reference), clearance)
            for row in enterprises
        ),
    )


def _told(one: CarriedEnterprise, clearance: AudienceColumn) -> CarriedEnterprise:
    own, *permits = one.licenses
    fields = {**OWN_LICENSE, **({} if clearance.tells(Category.LISTS) else _LISTED.get(own.reason, {}))}
    return replace(
        clearance.kept(one, ENTERPRISE),
        licenses=(
            clearance.kept(own, fields),
            *(clearance.each(permits, PERMIT) if clearance.tells(Category.PERMITS) else ()),
        ),
    )


def _enterprises(chosen: Chosen) -> Executable:
    columns = (
        Enterprise.uscc,
        Enterprise.name,
        Enterprise.state,
        Enterprise.term_to,
        Enterprise.established_on,
        Enterprise.overlays,
        Enterprise.reports,
    )
    return select(*columns).where(Enterprise.uscc.in_(chosen)).order_by(Enterprise.uscc)


def _licenses(chosen: Chosen) -> Executable:
    columns = (
        License.uscc,
        License.type_code,
        License.number,
        License.state,
        License.valid_from,
        License.valid_to,
        License.inspection_due,
    )
    return select(*columns).where(License.uscc.in_(chosen)).order_by(License.uscc, License.id)


def _grouped(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.uscc, []).append(row)
    return found


def _carried(
    row: Any, places: list[Any], held: list[Any], on: date, reference: Reference
) -> CarriedEnterprise:
    state = EntityState(row.state)
    judged = business_license_colour(
        facts.business_facts(
            state=state,
            term_to=row.term_to,
            established_on=row.established_on,
            overlays=[Overlay(overlay["kind"]) for overlay in row.overlays],
            reports=row.reports,
        ),
        on,
    )
    own = CarriedLicense(BUSINESS_LICENSE, row.uscc, _day(row.term_to), judged.colour.value, judged.reason)
    return CarriedEnterprise(
        uscc=row.uscc,
        name=row.name,
        status=state.value,
        premises=tuple(CarriedPremises(str(place.id), place.address) for place in places),
        licenses=(own, *(_license(each, state, on, reference) for each in held)),
    )


def _license(row: Any, entity_state: EntityState, on: date, reference: Reference) -> CarriedLicense:
    judged = permit_colour(
        facts.permit_facts(
            type_code=row.type_code,
            state=LicenseState(row.state),
            entity_state=entity_state,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            reference=reference,
            inspection_due=row.inspection_due,
        ),
        on,
    )
    return CarriedLicense(
        reference.title_of(row.type_code).zh,
        row.number,
        _day(row.valid_to),
        judged.colour.value,
        judged.reason,
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
