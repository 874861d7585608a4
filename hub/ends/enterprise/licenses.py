"""The wallet: all licenses, one license, and the table to take away."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, render_template, request
from flask_babel import gettext as _

from hub.access.matrix import Category
from hub.documents.service import print_license
from hub.ends.enterprise.blueprint import EVERYONE, blueprint
from hub.ends.enterprise.context import own_space, own_uscc
from hub.ends.enterprise.filters import WalletFilter, matching
from hub.kernel.exports import Cell
from hub.licenses import pages
from hub.licenses.rules import STATE_NAMES
from hub.licenses.space import LicenseView, Space
from hub.web import downloads
from hub.web.context import clearance, language, now, reference, require_actor, services, today
from hub.web.guards import roles
from hub.web.limits import Rate


@blueprint.get("/licenses")
@roles(*EVERYONE)
def licenses_page() -> str:
    space = own_space()
    wanted = WalletFilter.of(request.args)
    return render_template(
        "enterprise/licenses.html",
        space=space,
        wanted=wanted,
        shown=matching(space.licenses, wanted),
        kinds=sorted({(one.type_code, one.title) for one in space.licenses}, key=lambda kind: kind[0]),
    )


@blueprint.get("/licenses/<uuid:license_id>")
@roles(*EVERYONE)
def license_page(license_id: UUID) -> str:
    own = pages.own_license(
        own_uscc(),
        license_id,
        by=require_actor(),
        clearance=clearance(),
        on=today(),
        reference=reference(),
        db=services().db,
    )
    space, found = own.space, own.license
    return render_template(
        "enterprise/license.html",
        space=space,
        license=found,
        premises=space.place_of(found),
        versions=own.versions,
        renewal=found.renewal(space.on),
        duties=own.duties,
        state_names=STATE_NAMES,
    )


@blueprint.get("/licenses/export.<any(csv, xlsx):form>")
@roles(*EVERYONE, rate=Rate.EXPORT)
def export_licenses(form: str) -> Response:
    space = own_space()
    chosen = matching(space.licenses, WalletFilter.of(request.args))
    headers, rows = clearance().columns(_CATEGORIES, _headers(), [_row(one, space) for one in chosen])
    name = f"licenses-{space.enterprise.uscc}-{services().settings.today(now()):%Y%m%d}"
    return downloads.table(form, name, headers, rows, title=_("Licenses"))


@blueprint.post("/licenses/<uuid:license_id>/signed.pdf")
@roles(*EVERYONE, rate=Rate.EXPORT)
def signed_license(license_id: UUID) -> Response:
    """Send a signed copy of a license. A POST, for the making of each copy is an act on record."""
    printed = print_license(
        license_id,
        uscc=own_uscc(),
        shop=services().print_shop,
        clearance=clearance(),
        by=require_actor(),
        now=now(),
        db=services().db,
    )
    return downloads.download(printed.body, name=printed.file_name, mimetype="application/pdf")


_CATEGORIES = (  # of the columns, in their order
    *(Category.PERMITS,) * 4,
    Category.PREMISES,
    *(Category.PERMITS,) * 3,
    *(Category.PERMIT_COLOUR,) * 3,
    *(Category.PERMITS,) * 2,
)


def _headers() -> Sequence[str]:
    return (
        _("License"),
        _("Number"),
        _("Holder"),
        _("Issued by"),
        _("Premises"),
        _("Issued on"),
        _("Valid from"),
        _("Valid to"),
        _("State"),
        _("Colour"),
        _("Why"),
        _("Renewal opens"),
        _("Renewal closes"),
    )


def _row(one: LicenseView, space: Space) -> Sequence[Cell]:
    place = space.premises_by_id.get(one.premises_id) if one.premises_id else None
    return (
        _said(one.title),
        one.number,
        one.holder_name,
        one.issuer,
        place.name if place else one.address,
        one.issued_on,
        one.valid_from,
        one.valid_to,
        _said(STATE_NAMES[one.state]),
        _said(one.face.name),
        _said(one.reason),
        one.window.opens if one.window else None,
        one.window.closes if one.window else None,
    )


def _said(message: object) -> str:
    return str(getattr(message, language()))
