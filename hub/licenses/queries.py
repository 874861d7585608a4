"""The whole space of an enterprise in a handful of statements, whatever it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.matrix import AudienceColumn
from hub.kernel.errors import NotFoundError
from hub.licenses.colours import facts
from hub.licenses.colours.rules import Colour, ColourVerdict, business_license_colour, permit_colour
from hub.licenses.models import License, LicenseVersion, Waiver
from hub.licenses.reference.rules import Reference
from hub.licenses.rules import LicenseState
from hub.licenses.space import LicenseView, Space, TierRow, WaiverView
from hub.licenses.tiers import rules as tiers
from hub.licenses.tiers.vocabulary import Severity
from hub.licenses.todos import HeldLicense, dues, todos
from hub.licenses.visibility import told_space
from hub.registry import queries as registry
from hub.registry.queries import Change, EnterpriseView, PremisesView, ScopeLineView
from hub.registry.rules import EntityState

MAX_VERSIONS = 50  # renewals and corrections of one license; a license lives five years

_URGENCY = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREY)
_DERIVED = frozenset({"kind", "state", "quality", "verdict", "window"})
_AS_STORED = tuple(name for name in LicenseView.__dataclass_fields__ if name not in _DERIVED)


@dataclass(frozen=True, slots=True)
class LicenseVersionView:
    """One version of a license; the first has no changes."""

    version: int
    source: str
    recorded_at: datetime
    received_at: datetime | None  # where it came before it was put on record
    changes: tuple[Change, ...]


def space(session: Session, uscc: str, *, on: date, reference: Reference, clearance: AudienceColumn) -> Space:
    """Return what an audience is told of one enterprise on one legal day, in five statements. Raises: NotFoundError.

    `reference`: what is in force on that day.
    """
    enterprise = registry.enterprise(session, uscc)
    premises = registry.premises(session, uscc)
    scope = registry.scope(session, uscc)
    held = licenses(session, uscc, entity_state=enterprise.state, on=on, reference=reference)
    declared = _waivers(session, uscc, premises, reference)
    return told_space(
        _gather(enterprise, premises, scope, held, declared, on=on, reference=reference), clearance
    )


def licenses(
    session: Session, uscc: str, *, entity_state: EntityState, on: date, reference: Reference
) -> tuple[LicenseView, ...]:
    """Return every license with its colour on that day: red first, then what ends soonest. One statement."""
    rows = session.scalars(select(License).where(License.uscc == uscc))
    views = [_license(row, entity_state=entity_state, on=on, reference=reference) for row in rows]
    return tuple(sorted(views, key=_by_urgency))


def license_versions(session: Session, uscc: str, license_id: UUID) -> tuple[LicenseVersionView, ...]:
    """Return how a license came to be what it is, newest first. One statement."""
    rows = session.scalars(
        select(LicenseVersion)
        .where(LicenseVersion.uscc == uscc, LicenseVersion.license_id == license_id)
        .order_by(LicenseVersion.version.desc())
        .limit(MAX_VERSIONS)
    ).all()
    contents = (row.content for row in rows[1:])
    return tuple(
        LicenseVersionView(
            row.version, row.source, row.recorded_at, row.received_at, registry.changes(before, row.content)
        )
        for row, before in zip_longest(rows, contents)  # each with the one before it
    )


def license_of(
    session: Session, uscc: str, license_id: UUID, *, on: date, reference: Reference
) -> LicenseView:
    """Return one license of this enterprise. Two statements. Raises: NotFoundError."""
    row = session.get(License, (uscc, license_id))
    if row is None:
        raise NotFoundError
    state = registry.enterprise(session, uscc).state
    return _license(row, entity_state=state, on=on, reference=reference)


def _waivers(
    session: Session, uscc: str, premises: tuple[PremisesView, ...], reference: Reference
) -> tuple[WaiverView, ...]:
    places = {place.id: place for place in premises}
    rows = session.scalars(
        select(Waiver)
        .where(Waiver.uscc == uscc, Waiver.revoked_at.is_(None))
        .order_by(Waiver.declared_at, Waiver.id)
    )
    return tuple(
        WaiverView(
            id=row.id,
            type_code=row.type_code,
            title=reference.title_of(row.type_code),
            premises_id=row.premises_id,
            premises=None if row.premises_id is None else places.get(row.premises_id),
            reason=row.reason,
            declared_at=row.declared_at,
            declared_by=row.declared_by,
        )
        for row in rows
    )


def _license(row: License, *, entity_state: EntityState, on: date, reference: Reference) -> LicenseView:
    stored = {name: getattr(row, name) for name in _AS_STORED}
    state = LicenseState(row.state)
    told = facts.permit_facts(
        type_code=row.type_code,
        state=state,
        entity_state=entity_state,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        reference=reference,
        inspection_due=row.inspection_due,
    )
    return LicenseView(
        **stored,
        kind=reference.find(row.type_code),
        state=state,
        quality=tuple(row.quality),
        verdict=permit_colour(told, on),
        window=reference.window_of(row.type_code, row.valid_to),
    )


def judged(view: LicenseView) -> ColourVerdict:
    """Return the colour of a license as the records give it, before anybody is told."""
    if view.verdict is None:
        raise AssertionError("a license is judged before it is told")
    return view.verdict


def _by_urgency(view: LicenseView) -> tuple[int, date, str, str]:
    return (_URGENCY.index(judged(view).colour), view.valid_to or date.max, view.type_code, view.number)


def _gather(
    enterprise: EnterpriseView,
    premises: tuple[PremisesView, ...],
    scope: tuple[ScopeLineView, ...],
    held: tuple[LicenseView, ...],
    waivers: tuple[WaiverView, ...],
    *,
    on: date,
    reference: Reference,
) -> Space:
    business = facts.business_facts(
        state=enterprise.state,
        term_to=enterprise.term_to,
        established_on=enterprise.established_on,
        overlays=enterprise.overlay_kinds,
        reports=enterprise.reports,
    )
    verdict = business_license_colour(business, on)
    found = tiers.tiers(_holding(enterprise, premises, scope, held, waivers, reference), on)
    rows = _tier_rows(found.required, premises=premises, scope=scope, held=held, reference=reference)
    owned = [_held(view) for view in held]
    missing = [(row.item, row.title) for row in rows if not row.is_done]
    return Space(
        on=on,
        enterprise=enterprise,
        verdict=verdict,
        premises=premises,
        scope=scope,
        licenses=held,
        tiers=found,
        tier_rows=rows,
        unconfirmed=_tier_rows(
            found.unconfirmed, premises=premises, scope=scope, held=held, reference=reference
        ),
        waivers=waivers,
        due=dues(business, owned, on=on),
        todos=todos(business, verdict, held=owned, missing=missing, on=on),
    )


def _holding(
    enterprise: EnterpriseView,
    premises: tuple[PremisesView, ...],
    scope: tuple[ScopeLineView, ...],
    held: tuple[LicenseView, ...],
    waivers: tuple[WaiverView, ...],
    reference: Reference,
) -> tiers.TierFacts:
    lines = ((line.item_code, line.confidence, line.branch_only) for line in scope)
    needs = facts.scope_needs(lines, reference)
    return tiers.TierFacts(
        requirements=needs.certain,
        guessed=needs.guessed,
        branches=needs.branches,
        held=tuple(
            facts.held_certificate(
                license_id=view.id,
                type_code=view.type_code,
                state=view.state,
                valid_to=view.valid_to,
                premises_id=view.premises_id,
                reference=reference,
            )
            for view in held
        ),
        premises=tuple(place.id for place in premises),
        main=next((place.id for place in premises if place.is_main), None),
        entity_state=enterprise.state,
        waivers=tuple(tiers.WaiverFact(one.type_code, one.reason, one.premises_id) for one in waivers),
    )


def _tier_rows(
    duties: Iterable[tiers.TierItem],
    *,
    premises: tuple[PremisesView, ...],
    scope: tuple[ScopeLineView, ...],
    held: tuple[LicenseView, ...],
    reference: Reference,
) -> tuple[TierRow, ...]:
    """Missing duties first, the overdue ones before the others."""
    places = {place.id: place for place in premises}
    owned = {view.id: view for view in held}
    rows = [
        TierRow(
            item=item,
            title=reference.title_of(item.type_code),
            kind=reference.find(item.type_code),
            premises=None if item.premises_id is None else places.get(item.premises_id),
            scope=tuple(line for line in scope if line.item_code in item.items),
            covered_by=tuple(owned[license_id] for license_id in item.covered_by),
        )
        for item in duties
    ]
    return tuple(
        sorted(
            rows, key=lambda row: (row.is_done, row.item.severity is not Severity.OVERDUE, row.item.type_code)
        )
    )


def _held(view: LicenseView) -> HeldLicense:
    return HeldLicense(
        id=view.id,
        type_code=view.type_code,
        title=view.title,
        premises_id=view.premises_id,
        state=view.state,
        valid_to=view.valid_to,
        inspection_due=view.inspection_due,
        window=view.window,
        verdict=judged(view),
    )
