"""What of a verdict its audience is told: every field of a face names its category, and the matrix decides."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hub.access.matrix import Audience, AudienceColumn, Category, declared
from hub.codes.rules import Viewer
from hub.codes.verification.verdicts import EnterpriseFace, LicenseFace, PremisesFace
from hub.licenses.colours.reasons import REASONS

AUDIENCES: Mapping[Viewer, Audience] = MappingProxyType(
    {
        Viewer.PUBLIC: Audience.PUBLIC,
        Viewer.ENTERPRISE: Audience.PUBLIC,  # of a code of its own it has its own view; of another's it is the public
        Viewer.PLATFORM: Audience.PUBLIC,
        Viewer.OFFICER: Audience.ENFORCEMENT,
        Viewer.OFFICIAL: Audience.GOVERNMENT,
    }
)

ENTERPRISE = declared(
    "uscc",  # the code itself says it
    BUSINESS_LICENSE="name",
    LICENSE_COLOUR="state colour reason",
    LISTS="overlays",
)
LICENSE = declared(PERMITS="type_code type_name number valid_to", PERMIT_COLOUR="colour reason")
PLATE = declared(
    "plate",  # it hangs where everybody reads it
    BUSINESS_LICENSE="enterprise_name",
    PREMISES="premises_name address area",
)
PLACE = declared(  # of a list of places with their plates
    "uscc",
    "premises_id",
    "is_ended",
    "is_codable",
    "plate_id",
    "plate_state",
    "placed_at",
    BUSINESS_LICENSE="enterprise_name",
    PREMISES="name address",
)
SCAN = declared("uscc", "plate_id", "audience", "verdict", "at", BUSINESS_LICENSE="enterprise_name")
_LISTED = frozenset({"BL_SERIOUS", "BL_ABNORMAL"})  # reasons that say on which list the enterprise is
_REASONS: Mapping[Category, frozenset[str]] = MappingProxyType(
    {
        Category.LICENSE_COLOUR: frozenset(reason for reason in REASONS if reason.startswith("BL_")),
        Category.LISTS: _LISTED,
        Category.PERMIT_COLOUR: frozenset({"LICENSE_RED"}),
    }
)


def untold(clearance: AudienceColumn) -> frozenset[str]:
    """Return the reasons of a verdict that this audience does not read."""
    hidden = (reasons for category, reasons in _REASONS.items() if not clearance.tells(category))
    return frozenset[str]().union(*hidden)


def told_enterprise(face: EnterpriseFace, clearance: AudienceColumn) -> EnterpriseFace:
    """Return the face, and no reason that names what is not told."""
    told = clearance.kept(face, ENTERPRISE)
    return replace(told, reason="") if told.reason in untold(clearance) else told


def told_premises(face: PremisesFace | None, clearance: AudienceColumn) -> PremisesFace | None:
    """Return the place, or nothing: where only a summary is told the address was masked as one is read (`judging`)."""
    return face if clearance.shows(Category.PREMISES) else None


def told_licenses(faces: tuple[LicenseFace, ...], clearance: AudienceColumn) -> tuple[LicenseFace, ...]:
    """Return the licenses without what is not told; none where the faces of licenses are not."""
    return clearance.each(faces, LICENSE) if clearance.tells(Category.PERMITS) else ()
