"""From stored values to the facts by which colours and tiers are judged; every view and every count goes through here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from uuid import UUID

from hub.kernel.calendar.loader import shipped_calendar
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.catalogue.rules import LicenseNature, Window, renewal_window
from hub.licenses.colours.rules import BusinessFacts, PermitFacts
from hub.licenses.rules import LicenseState
from hub.licenses.tiers.rules import HeldCertificate, RequiredPermit
from hub.licenses.tiers.vocabulary import PriorTerm, Reform
from hub.registry.rules import EntityState, Overlay
from hub.registry.scope.catalogue import load_catalogue
from hub.registry.scope.items import PermitNeed, ScopeItem
from hub.registry.scope.rules import is_settled

WINDOWS_KEPT = (
    65_536  # kinds × last days met in a city; a window in working days costs a walk over the calendar
)


@lru_cache(maxsize=WINDOWS_KEPT)
def window_of(type_code: str, valid_to: date | None) -> Window | None:
    """When a license of this kind, valid through that day, is to be renewed; None for kinds outside the catalogue."""
    kind = shipped_catalogue().find(type_code)
    return None if kind is None else renewal_window(kind, valid_to, shipped_calendar())


def nature_of(type_code: str) -> LicenseNature:
    """A kind outside the catalogue counts as a permit: the strictest reading."""
    kind = shipped_catalogue().find(type_code)
    return LicenseNature.PERMIT if kind is None else kind.nature


def business_facts(
    *, state: EntityState, term_to: date | None, established_on: date | None, overlays: Iterable[Overlay]
) -> BusinessFacts:
    """Filed annual reports are not gathered; a missing one is known only through its overlay."""
    return BusinessFacts(
        state=state,
        term_to=term_to,
        established_on=established_on,
        overlays=frozenset(overlays),
        reported_years=None,
    )


def permit_facts(
    *,
    type_code: str,
    state: LicenseState,
    entity_state: EntityState,
    valid_from: date | None,
    valid_to: date | None,
) -> PermitFacts:
    window = window_of(type_code, valid_to)
    return PermitFacts(
        state=state,
        entity_state=entity_state,
        valid_from=valid_from,
        valid_to=valid_to,
        window_opens=None if window is None else window.opens,
        renewal_pending=state is LicenseState.RENEWING,
    )


def held_certificate(
    *, license_id: UUID, type_code: str, state: LicenseState, valid_to: date | None, premises_id: UUID | None
) -> HeldCertificate:
    return HeldCertificate(
        license_id=license_id,
        type_code=type_code,
        nature=nature_of(type_code),
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


def scope_needs(lines: Iterable[tuple[str | None, float, bool]]) -> ScopeNeeds:
    """From the lines of a parsed scope: item code, confidence, whether the license leaves the item to branches."""
    certain, guessed, branches = set[str](), set[str](), set[str]()
    for code, confidence, branch_only in lines:
        if code is not None:
            kind = branches if branch_only else certain if is_settled(code, confidence) else guessed
            kind.add(code)
    return ScopeNeeds(requirements(certain), requirements(guessed - certain), requirements(branches))


def requirements(item_codes: Iterable[str]) -> tuple[RequiredPermit, ...]:
    """What the items of a business scope call for, each item once; codes outside the catalogue call for nothing."""
    found = (_requirements_of(code) for code in sorted(set(item_codes)))
    return tuple(permit for permits in found for permit in permits)


@cache
def _requirements_of(item_code: str) -> tuple[RequiredPermit, ...]:
    item = load_catalogue().by_code.get(item_code)
    return () if item is None else tuple(_required(item, need) for need in item.permits)


def _required(item: ScopeItem, need: PermitNeed) -> RequiredPermit:
    """A permit that the license catalogue does not list is still called for, under its name."""
    kind = shipped_catalogue().by_name(need.permit)
    return RequiredPermit(
        type_code=need.permit if kind is None else kind.code,
        item_code=item.code,
        nature=LicenseNature.PERMIT if kind is None else kind.nature,
        site_bound=item.site_bound if kind is None else kind.site_bound,
        reform=Reform.NONE if need.reform_mode is None else Reform(need.reform_mode.value),
        prior=PriorTerm(need.prior.value),
        condition=need.condition,
    )
