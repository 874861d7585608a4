"""What of an enterprise's space an audience is told: every field of a view names its category, and the matrix decides."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from hub.access.matrix import AudienceColumn, Category, declared
from hub.licenses.colours.rules import ColourVerdict
from hub.licenses.space import LicenseView, Space, TierRow
from hub.licenses.todos import Deadline, DueKind, Todo, TodoKind
from hub.registry.queries import EnterpriseView, PremisesView

ENTERPRISE = declared(
    "uscc",  # whoever asks named it
    "kind",  # decides what the lines of the face are called
    "state",  # shown with the colour or not at all
    "region",
    "version",
    "source",
    "received_at",
    BUSINESS_LICENSE="name type_text person capital established_on term_to authority approved_on address industry"
    " scope_text quality",
    LICENSE_COLOUR="state_text",
    LISTS="overlays",
    ANNUAL_REPORTS="reports",
)
ROW = declared(  # of a list of enterprises
    "uscc",
    "region",
    BUSINESS_LICENSE="name",
    LICENSE_COLOUR="state colour",
    PERMIT_COLOUR="permits",
    TIERS="missing",
)
UNMATCHED = declared(  # of a list of items that nobody could read
    "uscc", "position", BUSINESS_LICENSE="enterprise_name before text after section item"
)
_LISTED = frozenset({"BL_SERIOUS", "BL_ABNORMAL"})
_TODO_OF: Mapping[TodoKind, Category] = MappingProxyType(
    {
        TodoKind.DEREGISTER: Category.LICENSE_COLOUR,
        TodoKind.LEAVE_SERIOUS: Category.LISTS,
        TodoKind.LEAVE_ABNORMAL: Category.LISTS,
        TodoKind.EXTEND_TERM: Category.BUSINESS_LICENSE,
        TodoKind.CONFIRM_STATE: Category.LICENSE_COLOUR,
        TodoKind.APPLY: Category.TIERS,
        TodoKind.RECOVER: Category.PERMITS,
        TodoKind.REAPPLY: Category.PERMITS,
        TodoKind.RENEW: Category.PERMITS,
        TodoKind.RENEW_LATE: Category.PERMITS,
        TodoKind.INSPECTION: Category.PERMITS,
        TodoKind.FILE_REPORT: Category.LICENSE_COLOUR,
    }
)
_DUE_OF: Mapping[DueKind, Category] = MappingProxyType(
    {
        DueKind.RENEWAL: Category.PERMITS,
        DueKind.EXPIRY: Category.PERMITS,
        DueKind.TERM: Category.BUSINESS_LICENSE,
    }
)


def told_space(space: Space, clearance: AudienceColumn) -> Space:
    """Return the space without what the audience is not told. What is derived was derived from all of it."""
    enterprise = told_enterprise(space.enterprise, clearance)
    if enterprise.name != space.enterprise.name:
        space = _unnamed(space)
    return replace(
        space,
        enterprise=enterprise,
        verdict=told_verdict(space.verdict, clearance),
        premises=told_premises(space.premises, clearance),
        scope=space.scope if clearance.tells(Category.BUSINESS_LICENSE) else (),
        licenses=told_licenses(space.licenses, clearance),
        tier_rows=_tier_rows(space.tier_rows, clearance),
        unconfirmed=_tier_rows(space.unconfirmed, clearance),
        waivers=tuple(
            one if clearance.tells(Category.PREMISES) else replace(one, premises=None)
            for one in space.waivers
        )
        if clearance.tells(Category.TIERS)
        else (),
        due=tuple(one for one in space.due if _is_due_told(one, clearance)),
        todos=tuple(one for one in space.todos if _is_todo_told(one, clearance)),
    )


def _unnamed(space: Space) -> Space:
    """The registered place bears the enterprise's name: where that is not told, it is not told by the place either."""

    def unnamed(place: PremisesView) -> PremisesView:
        return replace(place, name="") if place.name == space.enterprise.name else place

    def row(one: TierRow) -> TierRow:
        return one if one.premises is None else replace(one, premises=unnamed(one.premises))

    return replace(
        space,
        premises=tuple(unnamed(place) for place in space.premises),
        tier_rows=tuple(row(one) for one in space.tier_rows),
        unconfirmed=tuple(row(one) for one in space.unconfirmed),
        waivers=tuple(
            one if one.premises is None else replace(one, premises=unnamed(one.premises))
            for one in space.waivers
        ),
    )


def told_enterprise(view: EnterpriseView, clearance: AudienceColumn) -> EnterpriseView:
    return clearance.kept(view, ENTERPRISE)


def told_verdict(verdict: ColourVerdict | None, clearance: AudienceColumn) -> ColourVerdict | None:
    """Return the colour of the business license; without its reason where that names a list that is not told."""
    if verdict is None or not clearance.tells(Category.LICENSE_COLOUR):
        return None
    if verdict.reason in _LISTED and not clearance.tells(Category.LISTS):
        return replace(verdict, reason="")
    return verdict


def told_premises(views: tuple[PremisesView, ...], clearance: AudienceColumn) -> tuple[PremisesView, ...]:
    return views if clearance.tells(Category.PREMISES) else ()


def told_licenses(views: tuple[LicenseView, ...], clearance: AudienceColumn) -> tuple[LicenseView, ...]:
    """Return the licenses without what is not told; the address on one is that of its place of business."""
    if not clearance.tells(Category.PERMITS):
        return ()
    hidden: dict[str, Any] = (
        {} if clearance.tells(Category.PERMIT_COLOUR) else {"verdict": None, "inspection_due": None}
    )
    hidden |= {} if clearance.tells(Category.PREMISES) else {"address": ""}
    return tuple(replace(view, **hidden) for view in views) if hidden else views


def _tier_rows(rows: tuple[TierRow, ...], clearance: AudienceColumn) -> tuple[TierRow, ...]:
    if not clearance.tells(Category.TIERS):
        return ()
    return tuple(
        replace(
            row,
            premises=row.premises if clearance.tells(Category.PREMISES) else None,
            scope=row.scope if clearance.tells(Category.BUSINESS_LICENSE) else (),
            covered_by=told_licenses(row.covered_by, clearance),
        )
        for row in rows
    )


def _is_due_told(due: Deadline, clearance: AudienceColumn) -> bool:
    return clearance.tells(_DUE_OF[due.kind])


def _is_todo_told(todo: Todo, clearance: AudienceColumn) -> bool:
    return clearance.tells(_TODO_OF[todo.kind])
