"""Words for names and numbers for licenses: enough of them, each once, none of them anybody's."""

import random
from math import gcd

import pytest

from hub.demo.districts import AREAS, AREAS_OF, BY_REGION, authority
from hub.demo.numbers import FORMS, STRIDE, SUBJECTS, NumberFacts, credit_code, license_number
from hub.demo.permits import OFFICES, permit_kinds
from hub.demo.showcase import WORD
from hub.demo.trades import TRADES
from hub.demo.words import (
    GIVEN_FIRST,
    GIVEN_LAST,
    MAX_WORDS,
    SURNAMES,
    THIRD,
    is_brand,
    pairs,
    person,
    shop_word,
)
from hub.kernel.identifiers import find_region, uscc_problems
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.catalogue.rules import number_problem
from tests.conftest import NOW

TODAY = NOW.date()


def test_there_is_a_word_for_every_enterprise_of_the_whole_city() -> None:
    assert len(pairs()) * len(THIRD) >= MAX_WORDS


def test_no_two_enterprises_share_a_word() -> None:
    words = {shop_word(number, 20_261_121) for number in range(MAX_WORDS)}

    assert len(words) == MAX_WORDS
    assert WORD not in words


def test_no_word_holds_a_brand() -> None:
    assert [word + third for word in pairs() for third in THIRD if is_brand(word + third)] == []


def test_no_two_enterprises_share_a_credit_code() -> None:
    assert gcd(STRIDE, SUBJECTS) == 1
    codes = [credit_code("92", "330802", number, 99) for number in range(5_000)]
    assert len(set(codes)) == len(codes)
    assert [problem for code in codes for problem in uscc_problems(code)] == []


@pytest.mark.parametrize(
    "code", sorted(set(FORMS) & {"food-operation", "prepackaged-food-filing", "food-production"})
)
def test_food_numbers_are_read_by_the_hub(code: str) -> None:
    facts = NumberFacts("330881", "江山", 2024, 2029, 123_456, "", 2)

    assert number_problem(shipped_catalogue().by_code(code), license_number(code, facts)) is None


def test_every_kind_in_the_catalogue_has_an_office() -> None:
    assert {kind.department.zh for kind in shipped_catalogue().types} <= set(OFFICES)
    assert set(permit_kinds(shipped_catalogue(), today=TODAY)) == {
        kind.code for kind in shipped_catalogue().types
    }


def test_every_form_belongs_to_a_kind_in_the_catalogue() -> None:
    assert set(FORMS) <= {kind.code for kind in shipped_catalogue().types}


def test_districts_are_those_of_the_city_and_each_has_an_area() -> None:
    assert all(find_region(region, on=TODAY) for region in BY_REGION)
    assert len(AREAS) == 11
    assert all(AREAS_OF.values())


@pytest.mark.parametrize(
    ("region", "name"),
    [("330802", "衢州市柯城区教育局"), ("330881", "江山市教育局"), ("330825", "龙游县教育局")],
)
def test_an_office_is_named_as_its_district_signs(region: str, name: str) -> None:
    assert authority(region, "教育局") == name


def test_trades_have_industries_and_weights_for_every_form() -> None:
    for trade in TRADES:
        assert trade.industry[0].isalpha()
        assert trade.industry[1:].isdigit()
        assert len(trade.forms) == 6
        assert trade.general + trade.licensed


def test_a_person_has_a_common_surname_and_nothing_more() -> None:
    dice = random.Random(1)

    for name in (person(dice) for _ in range(500)):
        assert name[0] in SURNAMES
        assert name[1] in GIVEN_FIRST
        assert name[2:] in GIVEN_LAST


def test_no_brand_arises_where_a_word_meets_the_rest_of_the_name() -> None:
    heads = {district.short[-1] for district in BY_REGION.values()} | set("州市江区县")
    tails = {*(trade.company for trade in TRADES), *(shop for trade in TRADES for shop in trade.shops)}
    ends = {word[-1] for word in pairs()} | set(filter(None, THIRD))

    assert [head + word for head in heads for word in {w[0] for w in pairs()} if is_brand(head + word)] == []
    assert [end + tail for end in ends for tail in tails if is_brand(end + tail)] == []
