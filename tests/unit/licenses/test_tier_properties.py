from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

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
from hub.licenses.tiers.vocabulary import TIER_REASONS, PriorTerm, Reform, TierStatus
from hub.registry.rules import EntityState

TODAY = date(2026, 11, 21)
MAIN, BRANCH, KIOSK = (UUID(int=n) for n in (1, 2, 3))
TYPES = st.sampled_from(["food", "road", "packaged"])
REQUIREMENTS = st.lists(
    st.builds(
        RequiredPermit,
        type_code=TYPES,
        item_code=st.sampled_from("abcd"),
        nature=st.sampled_from(LicenseNature),
        site_bound=st.booleans(),
        reform=st.sampled_from(Reform),
        prior=st.sampled_from(PriorTerm),
        condition=st.none() | st.sampled_from(["x", "y"]),
    ),
    max_size=6,
).map(tuple)
HELD = st.lists(
    st.builds(
        HeldCertificate,
        license_id=st.integers(0, 99).map(lambda n: UUID(int=n)),
        type_code=TYPES,
        nature=st.sampled_from(LicenseNature),
        state=st.sampled_from(LicenseState),
        valid_to=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 10)),
        premises_id=st.none() | st.sampled_from([MAIN, BRANCH, KIOSK]),
        renewal_pending=st.booleans(),
        items=st.none() | st.frozensets(st.sampled_from("abcd")),
    ),
    max_size=6,
    unique_by=lambda certificate: certificate.license_id,
).map(tuple)
HOLDINGS = st.builds(
    TierFacts,
    requirements=REQUIREMENTS,
    held=HELD,
    premises=st.sampled_from([(), (MAIN,), (MAIN, BRANCH), (BRANCH, KIOSK)]),
    main=st.none() | st.sampled_from([MAIN, BRANCH]),
    entity_state=st.sampled_from(EntityState),
    waivers=st.lists(
        st.builds(WaiverFact, type_code=TYPES, reason=st.just("无"), premises_id=st.none() | st.just(MAIN)),
        max_size=1,
    ).map(tuple),
    declared=st.dictionaries(st.sampled_from(["x", "y"]), st.booleans()),
)
POLICIES = st.sampled_from(UnlinkedCertificates)
Duty = tuple[str, LicenseNature, UUID | None, str]


def duties(items: tuple[TierItem, ...]) -> set[Duty]:
    return {
        (
            item.type_code,
            LicenseNature.FILING if item.nature is LicenseNature.FILING else LicenseNature.PERMIT,
            item.premises_id,
            code,
        )
        for item in items
        for code in item.items
    }


@given(HOLDINGS, POLICIES)
def test_required_is_done_and_missing_without_overlap(
    case: TierFacts, unlinked: UnlinkedCertificates
) -> None:
    found = tiers(case, TODAY, unlinked=unlinked)

    assert sorted(map(repr, found.required)) == sorted(map(repr, found.done + found.missing))
    assert all((item.reason is None) == (item.status is TierStatus.DONE) for item in found.required)
    assert all((item.severity is None) == (item.reason is None) for item in found.required)
    assert {item.reason for item in found.missing} <= set(TIER_REASONS)


@given(HOLDINGS, REQUIREMENTS)
def test_a_further_scope_item_never_shrinks_what_is_required(
    case: TierFacts, more: tuple[RequiredPermit, ...]
) -> None:
    before = duties(tiers(case, TODAY).required)
    after = duties(tiers(replace(case, requirements=case.requirements + more), TODAY).required)

    assert before <= after


@given(HOLDINGS, HELD, POLICIES)
def test_what_is_required_does_not_depend_on_what_is_held(
    case: TierFacts, other: tuple[HeldCertificate, ...], unlinked: UnlinkedCertificates
) -> None:
    assert duties(tiers(case, TODAY, unlinked=unlinked).required) == duties(
        tiers(replace(case, held=other), TODAY).required
    )


@given(HOLDINGS, POLICIES)
def test_only_certificates_of_its_nature_in_force_at_its_place_serve_a_duty(
    case: TierFacts, unlinked: UnlinkedCertificates
) -> None:
    by_id = {certificate.license_id: certificate for certificate in case.held}
    for item in tiers(case, TODAY, unlinked=unlinked).required:
        serving = [by_id[license_id] for license_id in item.covered_by]

        assert item.status is TierStatus.MISSING or serving
        assert all(
            (c.nature is LicenseNature.FILING) == (item.nature is LicenseNature.FILING) for c in serving
        )
        assert all(c.state in {"有效", "延续审查中"} for c in serving)
        assert item.premises_id is None or all(c.premises_id in {None, item.premises_id} for c in serving)


@given(HOLDINGS)
def test_an_unlinked_certificate_trusted_everywhere_never_covers_less(case: TierFacts) -> None:
    def done(unlinked: UnlinkedCertificates) -> set[Duty]:
        return duties(tiers(case, TODAY, unlinked=unlinked).done)

    assert (
        done(UnlinkedCertificates.NONE) <= done(UnlinkedCertificates.MAIN) <= done(UnlinkedCertificates.ALL)
    )


@given(HOLDINGS)
def test_no_certificate_is_both_called_for_and_an_other(case: TierFacts) -> None:
    found = tiers(case, TODAY)
    called_for = {item.type_code for item in found.required}
    kinds = {certificate.license_id: certificate.type_code for certificate in case.held}

    assert all(kinds[license_id] not in called_for for license_id in found.others)
