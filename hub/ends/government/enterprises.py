"""Finding enterprises, and the official's view of one, opened by a purpose on record."""

from typing import Any

from flask import Response, render_template, url_for

from hub.access.looks import PURPOSES, record_look, standing_look
from hub.ends.government.blueprint import PAGE, blueprint
from hub.ends.government.context import argument, back_to, cursor
from hub.kernel.actor import Role
from hub.kernel.identifiers import REGIONS
from hub.licenses import pages
from hub.licenses.colours.rules import FACES, Colour
from hub.licenses.overview import EnterpriseFilter
from hub.registry.rules import EntityState
from hub.steward.dossier import dossier, name_of
from hub.web import forms
from hub.web.context import clearance, now, reference, require_actor, services, today
from hub.web.guards import roles
from hub.web.i18n import said
from hub.web.navigation import pager
from schemas.enforcement import LookPurposeSchema

SEEN = "企业详情(政务端)"
CITIES = frozenset({"330000", "330800"})  # whole province and city: no enterprise lives in them alone


@blueprint.get("/enterprises")
@roles(Role.OFFICIAL)
def enterprises() -> str:
    wanted = _wanted()
    page = pages.enterprises(
        wanted,
        by=require_actor(),
        clearance=clearance(),
        cursor=cursor(),
        limit=PAGE,
        db=services().db,
    )
    query: dict[str, Any] = {
        "q": wanted.words or None,
        "region": wanted.region or None,
        "state": wanted.state,
        "colour": wanted.colour,
    }
    regions = [one for one in REGIONS if one.valid_on(today()) and one.code not in CITIES]
    return render_template(
        "government/enterprises.html",
        page=page,
        wanted=wanted,
        pager=pager("government.enterprises", is_first=not cursor(), older=page.next_cursor, **query),
        regions=[(one.code, said(one.name)) for one in regions],
        states=[(one, said(one.label)) for one in EntityState],
        colours=[(colour, f"{said(face.name)} · {said(face.word)}") for colour, face in FACES.items()],
    )


@blueprint.get("/enterprises/<uscc>")
@roles(Role.OFFICIAL)
def enterprise(uscc: str) -> str:
    look = standing_look(actor=require_actor(), uscc=uscc, now=now(), db=services().db)
    if look is None:
        name = name_of(uscc, clearance=clearance(), db=services().db)
        return render_template("government/purpose.html", uscc=uscc, name=name, purposes=PURPOSES)
    found = dossier(look, clearance=clearance(), on=today(), reference=reference(), db=services().db)
    return render_template("government/enterprise.html", dossier=found, space=found.space)


@blueprint.post("/enterprises/<uscc>/look")
@roles(Role.OFFICIAL)
def look(uscc: str) -> Response:
    """Put the look on record; only then the page opens, and the enterprise sees who looked and why."""
    data = LookPurposeSchema().load(forms.submitted())
    name_of(uscc, clearance=clearance(), db=services().db)
    record_look(actor=require_actor(), uscc=uscc, **data, seen=SEEN, now=now(), db=services().db)
    return back_to(url_for("government.enterprise", uscc=uscc))


def _wanted() -> EnterpriseFilter:
    state, colour = argument("state"), argument("colour")
    return EnterpriseFilter(
        words=argument("q"),
        region=argument("region"),
        state=EntityState(state) if state in set(EntityState) else None,
        colour=Colour(colour) if colour in set(Colour) else None,
    )
