from datetime import date

import pytest

from hub.licenses.catalogue.loader import shipped_catalogue
from hub.registry.scope.items import (
    CONDITIONS,
    Nature,
    Prior,
    ReformMode,
    ScopeCatalogue,
    ScopeItem,
    UnknownItemError,
)
from hub.registry.scope.loader import LATEST, load_catalogue, read_catalogue
from hub.registry.scope.text import item_key

HEADER = (
    "item_code,name,nature,permits,site_bound,reform_mode,prior,condition,aliases,keywords,"
    "valid_from,valid_to,basis,verified,note"
)
ROW = "S1,甲,一般,,false,,,,,,2021-07-01,,,false,"


def item(name: str) -> ScopeItem:
    return load_catalogue().names[item_key(name)]


def read(*rows: str) -> ScopeCatalogue:
    return read_catalogue("test", "\n".join((HEADER, *rows)).encode())


def test_the_catalogue_is_loaded_once_and_names_its_content() -> None:
    catalogue = load_catalogue()

    assert catalogue is load_catalogue(LATEST)
    assert catalogue.version.startswith("items-2026-11@")
    assert read(ROW).version != read(ROW.replace("甲", "乙")).version


def test_a_catalogue_that_is_not_shipped_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        load_catalogue("items-1999-01")


def test_an_item_is_found_by_code_and_an_unknown_code_is_refused() -> None:
    catalogue = load_catalogue()

    assert catalogue.find("S0001").name == "餐饮服务"
    with pytest.raises(UnknownItemError):
        catalogue.find("S9999")


def test_every_permit_an_item_calls_for_is_in_the_license_catalogue_and_each_is_called_for() -> None:
    called_for = {need.permit for each in load_catalogue().items for need in each.permits}

    assert called_for == {kind.name for kind in shipped_catalogue().types}


def test_a_place_bound_item_calls_for_a_place_bound_permit() -> None:
    bound = {kind.name: kind.site_bound for kind in shipped_catalogue().types}
    wrong = [
        each.name
        for each in load_catalogue().items
        if each.permits and not each.site_bound and any(bound[need.permit] for need in each.permits)
    ]
    assert wrong == []


def test_a_licensed_item_calls_for_something_and_an_abolished_one_for_nothing() -> None:
    for each in load_catalogue().items:
        assert each.permits or each.nature is Nature.GENERAL, each.name
        if each.reform_mode is ReformMode.ABOLISHED:
            assert each.permits == ()
        for need in each.permits:
            assert (need.prior is Prior.FILING) == (need.reform_mode is ReformMode.FILING)


def test_every_condition_is_asked_in_both_languages_and_used() -> None:
    used = {need.condition for each in load_catalogue().items for need in each.permits if need.condition}

    assert used == set(CONDITIONS)


def test_a_permit_with_a_condition_is_called_for_until_the_fact_is_declared_untrue() -> None:
    (need,) = item("道路货物运输(不含危险货物)").permits

    assert need.condition == "vehicle_over_4_5t"
    assert need.holds({})
    assert need.holds({"vehicle_over_4_5t": True})
    assert not need.holds({"vehicle_over_4_5t": False})
    (unconditional,) = item("餐饮服务").permits
    assert unconditional.holds({"vehicle_over_4_5t": False})


def test_each_permit_of_an_item_has_its_own_condition_and_reform() -> None:
    needs = item("住宿服务").permits

    assert [need.condition for need in needs] == [None, None, "public_assembly"]
    assert [need.reform_mode for need in needs] == [
        ReformMode.EASED,
        ReformMode.EASED,
        ReformMode.COMMITMENT,
    ]
    assert item("营利性民办学校(营利性民办培训机构)").permits[0].prior is Prior.PERMIT_FIRST
    assert item("第二类医疗器械销售").permits[0].prior is Prior.FILING


def test_an_item_is_valid_on_both_its_ends() -> None:
    each = read(ROW.replace("2021-07-01,,", "2021-07-01,2026-12-31,")).items[0]

    assert each.valid_on(date(2021, 7, 1))
    assert each.valid_on(date(2026, 12, 31))
    assert not each.valid_on(date(2021, 6, 30))
    assert not each.valid_on(date(2027, 1, 1))
    assert read(ROW).items[0].valid_on(date.max)


def test_nothing_unchecked_is_called_verified() -> None:
    assert not any(each.verified for each in load_catalogue().items)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((ROW, ROW), "claimed twice"),
        ((ROW, ROW.replace("S1,", "S2,")), "claimed twice"),
        ((ROW.replace("一般", "特殊"),), "S1"),
        ((ROW.replace("false,,,,", "maybe,,,,", 1),), "S1"),
        ((ROW.replace("2021-07-01", "yesterday"),), "S1"),
        (("S1,甲,许可,证,true,,先照后证,on_sundays,,,2021-07-01,,,false,",), "no such condition"),
        (("S1,甲,许可,证一|证二,true,,先照后证,||a,,,2021-07-01,,,false,",), "S1"),
        (("S1,甲,许可",), "S1"),
    ],
)
def test_a_damaged_row_stops_the_loading_and_is_named(rows: tuple[str, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read(*rows)


def test_an_empty_catalogue_matches_nothing() -> None:
    empty = read()

    assert (empty.most_pieces, empty.longest_key, empty.hinted("食品")) == (1, 0, ())
