"""The generated city holds by the hub's own rules, and is the same for the same seed, day and size."""

from collections import Counter
from datetime import date
from itertools import chain

import pytest

from hub.demo.city import City, build_city
from hub.demo.districts import AREAS
from hub.demo.records import DemoEnterprise, PlateFate
from hub.demo.showcase import ITEMS
from hub.demo.words import BRANDS, MAX_WORDS, is_brand
from hub.kernel.calendar.loader import shipped_calendar
from hub.kernel.identifiers import region_warnings, uscc_problems
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.catalogue.rules import normalise_number, number_problem, renewal_window
from hub.licenses.colours.rules import (
    BusinessFacts,
    Colour,
    PermitFacts,
    business_license_colour,
    permit_colour,
)
from hub.licenses.rules import LicenseState
from hub.registry.rules import EntityState, Overlay, entity_type, name_problem
from hub.registry.scope.loader import load_catalogue
from hub.registry.scope.rules import MatchKind, parse_scope

TODAY = date(2026, 11, 21)
SEED = 20_261_121


def city(*, size: int = 300, seed: int = SEED, today: date = TODAY) -> City:
    return build_city(seed=seed, today=today, size=size)


@pytest.fixture(scope="module")
def small() -> tuple[DemoEnterprise, ...]:
    return tuple(city())


@pytest.fixture(scope="module")
def large() -> tuple[DemoEnterprise, ...]:
    return tuple(city(size=4_000))


def colours(enterprises: tuple[DemoEnterprise, ...]) -> Counter[tuple[Colour, str]]:
    catalogue, calendar = shipped_catalogue(), shipped_calendar()
    out: Counter[tuple[Colour, str]] = Counter()
    for enterprise in enterprises:
        for permit in enterprise.permits:
            window = renewal_window(catalogue.by_code(permit.type_code), permit.valid_to, calendar)
            facts = PermitFacts(
                state=permit.state,
                entity_state=enterprise.face.state,
                valid_from=permit.valid_from,
                valid_to=permit.valid_to,
                window_opens=None if window is None else window.opens,
            )
            verdict = permit_colour(facts, TODAY)
            out[verdict.colour, verdict.reason] += 1
    return out


def test_the_same_seed_day_and_size_make_the_same_city(small: tuple[DemoEnterprise, ...]) -> None:
    assert tuple(city()) == small


def test_any_part_of_the_city_can_be_made_alone(small: tuple[DemoEnterprise, ...]) -> None:
    assert city().enterprise(217) == small[217]


@pytest.mark.parametrize("other", [{"seed": 7}, {"today": date(2026, 11, 22)}])
def test_another_seed_or_day_makes_another_city(
    small: tuple[DemoEnterprise, ...], other: dict[str, int]
) -> None:
    assert tuple(city(**other)) != small  # type: ignore[arg-type]  # one keyword of either kind


def test_every_credit_code_holds_is_marked_and_stands_once(large: tuple[DemoEnterprise, ...]) -> None:
    codes = [enterprise.face.uscc for enterprise in large]

    assert [problem for code in codes for problem in uscc_problems(code)] == []
    assert {code[8:12] for code in codes} == {"DEM0"}
    assert len(set(codes)) == len(codes)
    assert all(region_warnings(enterprise.face.region, on=TODAY) == () for enterprise in large)


def test_every_license_number_has_the_form_of_its_kind(large: tuple[DemoEnterprise, ...]) -> None:
    catalogue = shipped_catalogue()
    wrong = {
        (permit.type_code, permit.number, problem)
        for permit in chain.from_iterable(enterprise.permits for enterprise in large)
        if (problem := number_problem(catalogue.by_code(permit.type_code), normalise_number(permit.number)))
    }

    assert wrong == set()


def test_no_enterprise_has_one_license_twice(large: tuple[DemoEnterprise, ...]) -> None:
    for enterprise in large:
        keys = [(permit.type_code, permit.number) for permit in enterprise.permits]
        assert len(set(keys)) == len(keys), enterprise.face.name


def test_the_type_on_the_face_reads_as_the_type_meant(large: tuple[DemoEnterprise, ...]) -> None:
    for enterprise in large:
        assert entity_type(enterprise.face.uscc, enterprise.face.type_text) is enterprise.face.entity_type


def test_every_scope_is_read_by_the_hub_item_by_item(large: tuple[DemoEnterprise, ...]) -> None:
    catalogue = load_catalogue()

    for enterprise in large:
        parsed = parse_scope(enterprise.face.scope_text, catalogue)
        assert parsed.lines
        assert {line.match for line in parsed.lines} == {MatchKind.EXACT}, enterprise.face.scope_text


def test_older_scopes_are_free_text_and_newer_ones_in_the_national_format(
    large: tuple[DemoEnterprise, ...],
) -> None:
    is_national = Counter(
        enterprise.face.scope_text.startswith(("一般项目", "许可项目")) for enterprise in large
    )

    assert is_national[True] > is_national[False] > 100


def test_names_are_fit_to_store_stand_once_and_hold_no_brand(large: tuple[DemoEnterprise, ...]) -> None:
    names = [enterprise.face.name for enterprise in large]

    assert [name for name in names if name_problem(name)] == []
    assert len(set(names)) == len(names)
    assert [name for name in names if is_brand(name)] == []


def test_a_name_with_a_brand_in_it_is_known_as_such() -> None:
    assert all(is_brand(f"衢州{brand}餐饮店") for brand in BRANDS)


def test_dates_are_in_order_and_addresses_distinct(large: tuple[DemoEnterprise, ...]) -> None:
    for enterprise in large:
        assert enterprise.face.established_on <= TODAY
        assert len({place.address for place in enterprise.places}) == len(enterprise.places)
        for permit in enterprise.permits:
            assert enterprise.face.established_on <= permit.valid_from
            assert permit.valid_to is None or permit.valid_from <= permit.valid_to
            assert permit.place is None or permit.place < len(enterprise.places)
        for each in enterprise.punishments:
            assert enterprise.face.established_on <= each.decided_on <= TODAY


def test_a_small_city_shows_every_state_overlay_and_boundary_day(small: tuple[DemoEnterprise, ...]) -> None:
    permits = [permit for enterprise in small for permit in enterprise.permits]
    ends = {(permit.valid_to - TODAY).days for permit in permits if permit.valid_to}

    assert {enterprise.face.state for enterprise in small} == set(EntityState) - {EntityState.UNCONFIRMED}
    assert {listing.kind for enterprise in small for listing in enterprise.listings} == set(Overlay)
    assert {permit.state for permit in permits} == set(LicenseState)
    assert {0, -1} <= ends
    assert any(permit.valid_from > TODAY for permit in permits)


def test_a_small_city_shows_every_colour_and_reason_of_a_permit(small: tuple[DemoEnterprise, ...]) -> None:
    reasons = {reason for _, reason in colours(small)}

    assert reasons >= {
        "PM_OK", "PM_DUE", "PM_NOT_YET", "PM_RENEWING", "PM_EXPIRED", "PM_SUSPENDED", "PM_REVOKED", "PM_ANNULLED",
        "PM_ENDED", "PM_ENTITY", "PM_DORMANT",
    }  # fmt: skip


def test_four_of_five_permits_are_blue(large: tuple[DemoEnterprise, ...]) -> None:
    counted = colours(large)
    share = {
        colour: sum(n for (c, _), n in counted.items() if c is colour) / counted.total() for colour in Colour
    }

    assert 0.70 <= share[Colour.BLUE] <= 0.85
    assert 0.04 <= share[Colour.YELLOW] <= 0.12
    assert 0.04 <= share[Colour.RED] <= 0.12
    assert 0.04 <= share[Colour.GREY] <= 0.20


def test_business_licenses_show_all_four_colours_and_mostly_blue(small: tuple[DemoEnterprise, ...]) -> None:
    counted = Counter(
        business_license_colour(
            BusinessFacts(
                state=enterprise.face.state,
                term_to=enterprise.face.term_to,
                overlays=frozenset(listing.kind for listing in enterprise.listings),
            ),
            TODAY,
        ).colour
        for enterprise in small
    )

    assert set(counted) == set(Colour)
    assert counted[Colour.BLUE] / len(small) >= 0.7


def test_states_and_lists_have_the_shares_of_a_city(large: tuple[DemoEnterprise, ...]) -> None:
    states = Counter(enterprise.face.state for enterprise in large)
    lists = Counter(listing.kind for enterprise in large for listing in enterprise.listings)

    assert 0.82 <= states[EntityState.ACTIVE] / len(large) <= 0.90
    assert 0.01 <= lists[Overlay.ABNORMAL] / len(large) <= 0.05
    assert lists[Overlay.SERIOUS] / len(large) < 0.01


def test_most_places_in_the_eleven_areas_have_a_plate_and_no_other_has(
    small: tuple[DemoEnterprise, ...],
) -> None:
    places = [place for enterprise in small for place in enterprise.places]
    inside = [place for place in places if place.area]

    assert {place.area for place in inside} == {area.name for area in AREAS}
    assert sum(place.plate is not PlateFate.NONE for place in inside) / len(inside) > 0.85
    assert {place.plate for place in inside} == set(PlateFate)
    assert {place.plate for place in places if not place.area} == {PlateFate.NONE}


def test_no_telephone_number_can_ring(large: tuple[DemoEnterprise, ...]) -> None:
    phones = {place.phone for enterprise in large for place in enterprise.places}

    assert all(phone.startswith("0570-0") and len(phone) == len("0570-0123456") for phone in phones)


def test_no_person_has_a_number_or_an_address_of_his_own(large: tuple[DemoEnterprise, ...]) -> None:
    people = {enterprise.face.person for enterprise in large}

    assert all(2 <= len(name) <= 3 and name.isalpha() for name in people)


def test_the_areas_hold_no_more_shops_when_the_city_is_large() -> None:
    big = city(size=MAX_WORDS)
    sample = [big.enterprise(number) for number in range(1, MAX_WORDS, 137)]
    inside = sum(bool(place.area) for enterprise in sample for place in enterprise.places)

    assert inside / len(sample) * MAX_WORDS < 9_000


@pytest.mark.parametrize("number", [-1, MAX_WORDS])
def test_the_city_ends_where_the_words_end(number: int) -> None:
    with pytest.raises(ValueError, match="enterprises 0 to"):
        city().enterprise(number)


def test_the_showcase_is_a_restaurant_with_every_colour_a_plate_and_one_gap(
    small: tuple[DemoEnterprise, ...],
) -> None:
    first = small[0]
    needed = {(code, place) for code in city().needs.of(ITEMS) for place in (0, 1)}
    held = {(permit.type_code, permit.place) for permit in first.permits}

    assert {colour for colour, _ in colours((first,))} == set(Colour)
    assert needed - held == {("prepackaged-food-filing", 1)}
    assert [place.area for place in first.places] == ["水亭门历史文化街区", "南孔古城"]
    assert {place.plate for place in first.places} == {PlateFate.PLACED}
