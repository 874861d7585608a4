"""From stored values to the facts by which colours and tiers are judged; every view and every count goes through here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hub.licenses.colours.rules import BusinessFacts, PermitFacts
from hub.licenses.reference.rules import Reference
from hub.licenses.rules import LicenseState
from hub.licenses.tiers.rules import HeldCertificate, RequiredPermit
from hub.registry.rules import EntityState, Overlay
from hub.registry.scope.rules import is_settled


def business_facts(
    *,
    state: EntityState,
    term_to: date | None,
    established_on: date | None,
    overlays: Iterable[Overlay],
    reports: Iterable[Sequence[Any]] | None,
) -> BusinessFacts:
    """Return what decides the colour of a business license.

    `reports`: pairs of a year and whether its annual report is filed (`Enterprise.reports`); None: nothing was told.
    Where only missing reports were told, nothing is claimed of other years.
    """
    told = [(int(year), bool(is_filed)) for year, is_filed in reports or ()]
    filed = frozenset(year for year, is_filed in told if is_filed)
    return BusinessFacts(
        state=state,
        term_to=term_to,
        established_on=established_on,
        overlays=frozenset(overlays),
        reported_years=filed or None,
        missing_years=frozenset(year for year, is_filed in told if not is_filed),
    )


def permit_facts(
    *,
    type_code: str,
    state: LicenseState,
    entity_state: EntityState,
    valid_from: date | None,
    valid_to: date | None,
    inspection_due: date | None,
    reference: Reference,
) -> PermitFacts:
    window = reference.window_of(type_code, valid_to)
    return PermitFacts(
        state=state,
        entity_state=entity_state,
        valid_from=valid_from,
        valid_to=valid_to,
        window_opens=None if window is None else window.opens,
        renewal_pending=state is LicenseState.RENEWING,
        inspection_due=inspection_due,
    )


def held_certificate(
    *,
    license_id: UUID,
    type_code: str,
    state: LicenseState,
    valid_to: date | None,
    premises_id: UUID | None,
    reference: Reference,
) -> HeldCertificate:
    return HeldCertificate(
        license_id=license_id,
        type_code=type_code,
        nature=reference.nature_of(type_code),
        state=state,
        valid_to=valid_to,
        premises_id=premises_id,
        renewal_pending=state is LicenseState.RENEWING,
    )


@dataclass(frozen=True, slots=True)
class ScopeNeeds:
    """What a scope calls for: `certain`; `guessed`, before a person confirms the item; `branches`, of branches only."""

    certain: tuple[RequiredPermit, ...]
    guessed: tuple[RequiredPermit, ...]
    branches: tuple[RequiredPermit, ...]


def scope_needs(lines: Iterable[tuple[str | None, float, bool]], reference: Reference) -> ScopeNeeds:
    """From the lines of a parsed scope: item code, confidence, whether the license leaves the item to branches."""
    certain, guessed, branches = set[str](), set[str](), set[str]()
    for code, confidence, branch_only in lines:
        if code is not None:
            kind = branches if branch_only else certain if is_settled(code, confidence) else guessed
            kind.add(code)
    return ScopeNeeds(
        reference.requirements(certain),
        reference.requirements(guessed - certain),
        reference.requirements(branches),
    )
