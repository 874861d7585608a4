from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from hub.kernel.errors import InvalidInputError
from hub.licenses.catalogue.rules import LicenseNature
from hub.licenses.rules import LicenseState
from hub.licenses.tiers.rules import (
    HeldCertificate,
    RequiredPermit,
    TierFacts,
    TierItem,
    UnlinkedCertificates,
    WaiverFact,
    tiers,
)
from hub.licenses.tiers.vocabulary import (
    SEVERITY_NAMES,
    TIER_REASONS,
    PriorTerm,
    Reform,
    Severity,
    TierStatus,
)
from hub.registry.rules import EntityState

TODAY = date(2026, 11, 21)
MAIN, BRANCH, KIOSK = (UUID(int=n) for n in (1, 2, 3))
DINING = RequiredPermit("food", "dining", LicenseNature.PERMIT, site_bound=True)
SELLING = RequiredPermit("food", "selling", LicenseNature.PERMIT, site_bound=True)
HAULAGE = RequiredPermit("road", "haulage", LicenseNature.PERMIT, site_bound=False)
SCHOOL = RequiredPermit(
    "school", "tuition", LicenseNature.PERMIT, site_bound=False, prior=PriorTerm.PERMIT_FIRST
)
PACKAGED = RequiredPermit("packaged", "packaged", LicenseNature.FILING, site_bound=True, reform=Reform.FILING)


def held(number: int = 9, type_code: str = "food", **changes: object) -> HeldCertificate:
    base = HeldCertificate(UUID(int=number), type_code, LicenseNature.PERMIT, LicenseState.VALID, None)
    return replace(base, **changes)  # type: ignore[arg-type]  # terse builder


def holding(*requirements: RequiredPermit, **changes: object) -> TierFacts:
    base = TierFacts(
        requirements=requirements, held=(), premises=(MAIN,), main=MAIN, entity_state=EntityState.ACTIVE
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # terse builder


def only(case: TierFacts, unlinked: UnlinkedCertificates = UnlinkedCertificates.MAIN) -> TierItem:
    (item,) = tiers(case, TODAY, unlinked=unlinked).required
    return item


def test_a_permit_called_for_and_not_held_is_missing() -> None:
    assert only(holding(DINING)) == TierItem(
        type_code="food",
        premises_id=MAIN,
        items=("dining",),
        nature=LicenseNature.PERMIT,
        status=TierStatus.MISSING,
        reason="TIER_NEVER",
        severity=Severity.ORDINARY,
        covered_by=(),
    )


def test_one_certificate_serves_several_items_of_its_place() -> None:
    item = only(holding(SELLING, DINING, held=(held(),)))

    assert (item.status, item.items, item.covered_by) == (
        TierStatus.DONE,
        ("dining", "selling"),
        (UUID(int=9),),
    )
    assert (item.reason, item.severity) == (None, None)


@pytest.mark.parametrize(
    ("certificate", "reason", "severity"),
    [
        (held(valid_to=TODAY - timedelta(days=1)), "TIER_EXPIRED", Severity.OVERDUE),
        (held(state=LicenseState.EXPIRED), "TIER_EXPIRED", Severity.OVERDUE),
        (held(state=LicenseState.REVOKED), "TIER_ENDED", Severity.OVERDUE),
        (held(state=LicenseState.ANNULLED), "TIER_ENDED", Severity.OVERDUE),
        (held(state=LicenseState.WITHDRAWN), "TIER_ENDED", Severity.OVERDUE),
        (held(state=LicenseState.DEREGISTERED), "TIER_ENDED", Severity.OVERDUE),
        (held(state=LicenseState.SUSPENDED), "TIER_SUSPENDED", Severity.OVERDUE),
        (
            held(state=LicenseState.SUSPENDED, valid_to=TODAY - timedelta(days=1)),
            "TIER_EXPIRED",
            Severity.OVERDUE,
        ),
        (held(premises_id=BRANCH), "TIER_SITE", Severity.ORDINARY),
        (held(premises_id=BRANCH, state=LicenseState.REVOKED), "TIER_NEVER", Severity.ORDINARY),
        (held(items=frozenset({"selling"})), "TIER_SCOPE", Severity.ORDINARY),
        (held(type_code="road"), "TIER_NEVER", Severity.ORDINARY),
    ],
)
def test_a_missing_permit_says_why(certificate: HeldCertificate, reason: str, severity: Severity) -> None:
    item = only(holding(DINING, held=(certificate,)))

    assert (item.status, item.reason, item.severity) == (TierStatus.MISSING, reason, severity)


@pytest.mark.parametrize(
    "certificate",
    [
        held(valid_to=TODAY),
        held(state=LicenseState.RENEWING, valid_to=TODAY - timedelta(days=99)),
        held(renewal_pending=True, valid_to=TODAY - timedelta(days=1)),
        held(premises_id=MAIN),
        held(items=frozenset({"dining"})),
    ],
)
def test_a_certificate_in_force_at_the_place_counts(certificate: HeldCertificate) -> None:
    assert only(holding(DINING, held=(certificate,))).status is TierStatus.DONE


def test_the_most_alive_certificate_gives_the_reason() -> None:
    certificates = (
        held(1, state=LicenseState.REVOKED),
        held(2, state=LicenseState.EXPIRED),
        held(3, state=LicenseState.SUSPENDED),
    )

    assert only(holding(DINING, held=certificates)).reason == "TIER_SUSPENDED"
    assert only(holding(DINING, held=certificates[:2])).reason == "TIER_EXPIRED"


def test_a_certificate_for_part_of_the_items_is_named_but_does_not_do() -> None:
    item = only(holding(DINING, SELLING, held=(held(items=frozenset({"selling"})),)))

    assert (item.reason, item.covered_by) == ("TIER_SCOPE", (UUID(int=9),))


def test_two_certificates_together_may_cover_all_items() -> None:
    both = (held(8, items=frozenset({"selling"})), held(7, items=frozenset({"dining"})))

    assert only(holding(DINING, SELLING, held=both)).covered_by == (UUID(int=7), UUID(int=8))


def test_a_site_bound_permit_is_counted_place_by_place() -> None:
    case = holding(DINING, premises=(MAIN, BRANCH), held=(held(premises_id=BRANCH),))

    assert [(item.premises_id, item.reason) for item in tiers(case, TODAY).required] == [
        (MAIN, "TIER_SITE"),
        (BRANCH, None),
    ]


@pytest.mark.parametrize(
    ("unlinked", "done"),
    [
        (UnlinkedCertificates.MAIN, [BRANCH]),
        (UnlinkedCertificates.ALL, [MAIN, BRANCH]),
        (UnlinkedCertificates.NONE, []),
    ],
)
def test_what_an_unlinked_certificate_covers_is_chosen_by_name(
    unlinked: UnlinkedCertificates, done: list[UUID]
) -> None:
    case = holding(DINING, premises=(MAIN, BRANCH), main=BRANCH, held=(held(),))

    assert [item.premises_id for item in tiers(case, TODAY, unlinked=unlinked).done] == done


def test_without_a_marked_registered_address_the_first_place_stands_for_it() -> None:
    case = holding(DINING, premises=(MAIN, BRANCH), main=None, held=(held(),))

    assert [item.premises_id for item in tiers(case, TODAY).done] == [MAIN]


def test_an_enterprise_without_known_places_owes_a_site_bound_permit_once() -> None:
    case = holding(DINING, premises=(), main=None, held=(held(),))

    assert [(item.premises_id, item.status) for item in tiers(case, TODAY).required] == [
        (None, TierStatus.DONE)
    ]


def test_a_permit_not_bound_to_a_place_is_owed_once() -> None:
    case = holding(HAULAGE, premises=(MAIN, BRANCH), held=(held(type_code="road", premises_id=BRANCH),))

    assert only(case).status is TierStatus.DONE
    assert only(case).premises_id is None


def test_an_abolished_approval_is_never_called_for() -> None:
    case = holding(replace(DINING, reform=Reform.ABOLISHED), held=(held(),))

    assert tiers(case, TODAY).required == ()
    assert tiers(case, TODAY).others == (UUID(int=9),)


def test_a_filing_satisfies_only_a_filing_and_a_permit_only_a_permit() -> None:
    filing = held(type_code="packaged", nature=LicenseNature.FILING)
    permit = held(type_code="packaged")

    assert only(holding(PACKAGED, held=(filing,))).status is TierStatus.DONE
    assert only(holding(PACKAGED, held=(filing,))).nature is LicenseNature.FILING
    assert only(holding(PACKAGED, held=(permit,))).reason == "TIER_NEVER"
    assert only(holding(DINING, held=(held(nature=LicenseNature.FILING),))).reason == "TIER_NEVER"


def test_an_approval_turned_into_a_filing_asks_for_a_filing() -> None:
    turned = replace(DINING, reform=Reform.FILING)

    assert only(holding(turned, held=(held(),))).reason == "TIER_NEVER"
    assert only(holding(turned, held=(held(nature=LicenseNature.FILING),))).status is TierStatus.DONE


@pytest.mark.parametrize(
    ("certificates", "reason"),
    [
        ((), "TIER_LOST"),
        ((held(type_code="school", state=LicenseState.REVOKED),), "TIER_LOST"),
        ((held(type_code="school", valid_to=TODAY - timedelta(days=1)),), "TIER_LOST"),
        ((held(type_code="school", state=LicenseState.SUSPENDED),), "TIER_SUSPENDED"),
        ((held(type_code="school"),), None),
    ],
)
def test_a_permit_that_precedes_the_business_license_can_only_be_lost(
    certificates: tuple[HeldCertificate, ...], reason: str | None
) -> None:
    item = only(holding(SCHOOL, held=certificates))

    assert (item.reason, item.severity) == (reason, Severity.OVERDUE if reason else None)


def test_a_condition_holds_unless_the_fact_is_declared_untrue() -> None:
    conditional = replace(HAULAGE, condition="vehicle_over_4_5t")

    assert len(tiers(holding(conditional), TODAY).required) == 1
    assert len(tiers(holding(conditional, declared={"vehicle_over_4_5t": True}), TODAY).required) == 1
    assert tiers(holding(conditional, declared={"vehicle_over_4_5t": False}), TODAY).required == ()


def test_a_waiver_takes_a_duty_away() -> None:
    here = WaiverFact("food", "本店只做外带", MAIN)
    everywhere = WaiverFact("food", "不从事餐饮")
    case = holding(DINING, premises=(MAIN, BRANCH))

    found = tiers(replace(case, waivers=(here,)), TODAY)
    assert [item.premises_id for item in found.required] == [BRANCH]
    assert tiers(replace(case, waivers=(everywhere,)), TODAY).required == ()


def test_a_waiver_without_a_reason_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        WaiverFact("food", "  ")

    assert refused.value.reason == "WAIVER_REASON"


@pytest.mark.parametrize("state", [state for state in EntityState if state.ended])
def test_an_enterprise_that_has_ended_owes_nothing(state: EntityState) -> None:
    assert tiers(holding(DINING, HAULAGE, entity_state=state), TODAY).required == ()


@pytest.mark.parametrize("state", [EntityState.REVOKED, EntityState.DORMANT, EntityState.UNCONFIRMED])
def test_an_enterprise_not_known_to_have_ended_still_owes(state: EntityState) -> None:
    assert len(tiers(holding(DINING, entity_state=state), TODAY).required) == 1


def test_live_certificates_nobody_calls_for_are_listed_as_others() -> None:
    certificates = (
        held(5, "road"),
        held(4, "road", state=LicenseState.EXPIRED),
        held(3, "road", state=LicenseState.DEREGISTERED),
        held(2),
    )

    assert tiers(holding(DINING, held=certificates), TODAY).others == (UUID(int=4), UUID(int=5))


def test_reasons_and_severities_are_said_in_both_languages() -> None:
    assert set(SEVERITY_NAMES) == set(Severity)
    assert len(TIER_REASONS) == 7
