"""Values of the capabilities in the shapes of the wire."""

from datetime import date

from hub.access.matrix import declared
from hub.kernel.instants import instant
from hub.licenses.colours.facts import business_facts
from hub.licenses.colours.rules import business_license_colour
from hub.licenses.space import LicenseView
from hub.registry.queries import EnterpriseView

ENTERPRISE = declared(
    "uscc",
    BUSINESS_LICENSE="name type person capital established_on term_to authority address scope",
    LICENSE_COLOUR="status colour reason",
)
LICENSE = declared(
    "id",
    "source",
    "received_at",
    PERMITS="type number issuer valid_from valid_to",
    PERMIT_COLOUR="status colour reason",
)


def enterprise_resource(view: EnterpriseView, *, on: date) -> dict[str, object]:
    """Return the face, with the colour it has on that legal day."""
    judged = business_license_colour(
        business_facts(
            state=view.state,
            term_to=view.term_to,
            established_on=view.established_on,
            overlays=view.overlay_kinds,
            reports=view.reports,
        ),
        on,
    )
    return {
        "uscc": view.uscc,
        "name": view.name,
        "type": view.type_text,
        "person": view.person,
        "capital": view.capital,
        "established_on": _day(view.established_on),
        "term_to": _day(view.term_to),
        "authority": view.authority,
        "status": view.state.value,
        "address": view.address,
        "scope": view.scope_text,
        "colour": judged.colour.value,
        "reason": judged.reason,
    }


def license_resource(view: LicenseView) -> dict[str, object]:
    return {
        "id": str(view.id),
        "type": view.title.as_json(),
        "number": view.number,
        "issuer": view.issuer,
        "valid_from": _day(view.valid_from),
        "valid_to": _day(view.valid_to),
        "status": view.state.value,
        "colour": view.colour,
        "reason": None if view.verdict is None else view.verdict.reason,
        "source": view.source,
        "received_at": instant(view.received_at),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
