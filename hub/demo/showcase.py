"""The demonstration owner's enterprise, written by hand: a restaurant in the old town with two places.

It shows at one glance all four colours, a permit to renew in twelve days, and one permit never applied for.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hub.demo.districts import AREAS, BY_REGION, Area, authority
from hub.demo.numbers import NumberFacts, credit_code, license_number
from hub.demo.permits import PermitKind
from hub.demo.records import DemoEnterprise, DemoLicense, DemoPremises, Face, PlateFate, Punishment
from hub.demo.scopes import Needs
from hub.demo.trades import COMPANY, PREPACKAGED, RESTAURANT
from hub.demo.words import person
from hub.kernel.calendar.rules import add_months
from hub.licenses.rules import LicenseState
from hub.registry.rules import EntityState, EntityType

SHOWCASE = 0  # its number in the city
REGION = "330802"
WORD = "禾悦"  # not among the words of which the others are made
ITEMS = ("外卖递送服务", PREPACKAGED, "餐饮服务", "烟草制品零售")
AGE_DAYS = 2_900
_OLD_TOWN, _SECOND = AREAS[0], AREAS[1]


@dataclass(frozen=True, slots=True)
class _Row:
    """One license: at which place (None: it names none), how many days it still runs (negative: it ran out; None: without end)."""

    type_code: str
    place: int | None
    remaining: int | None
    state: LicenseState = LicenseState.VALID


# The scope asks for food, tobacco and the prepackaged-food filing at both places; the filing is missing at the second.
_ROWS = (
    _Row("food-operation", 0, 12),
    _Row("food-operation", 1, 1_200),
    _Row("tobacco-retail", 0, 900),
    _Row("tobacco-retail", 1, 1_100),
    _Row("prepackaged-food-filing", 0, None),
    _Row("drainage", 0, 700),
    _Row("performance", None, -20),
    _Row("public-hygiene", 0, 300, LicenseState.DEREGISTERED),
)


def showcase_enterprise(
    *, seed: int, today: date, kinds: Mapping[str, PermitKind], needs: Needs
) -> DemoEnterprise:
    dice = random.Random(f"{seed}/{SHOWCASE}")
    uscc = credit_code(COMPANY.category, REGION, SHOWCASE, seed)
    name = COMPANY.pattern.format(city="衢州", word=WORD, company=RESTAURANT.company)
    face = Face(
        uscc=uscc,
        name=name,
        entity_type=EntityType.COMPANY,
        type_text=COMPANY.type_text,
        person=person(dice),
        capital="200",
        established_on=today - timedelta(days=AGE_DAYS),
        term_to=None,
        authority=authority(REGION, "市场监督管理局"),
        state=EntityState.ACTIVE,
        region=REGION,
        industry=RESTAURANT.industry,
        scope_text=needs.national(ITEMS),
    )
    return DemoEnterprise(
        number=SHOWCASE,
        face=face,
        places=(_place(name, _OLD_TOWN, 18), _place(f"{name}({_SECOND.name}店)", _SECOND, 66)),
        permits=tuple(_permit(row, kinds[row.type_code], uscc=uscc, today=today) for row in _ROWS),
        punishments=(_punishment(today),),
    )


def _place(name: str, area: Area, door: int) -> DemoPremises:
    return DemoPremises(
        name=name,
        address=f"浙江省衢州市{BY_REGION[REGION].name}{area.street}{door}号",
        area=area.name,
        latitude=area.latitude,
        longitude=area.longitude,
        phone="0570-0000000",
        is_residence=False,
        plate=PlateFate.PLACED,
    )


def _permit(row: _Row, kind: PermitKind, *, uscc: str, today: date) -> DemoLicense:
    end = None if row.remaining is None else today + timedelta(days=row.remaining)
    start = today - timedelta(days=800) if end is None else _start(end, kind)
    facts = NumberFacts(
        region=REGION,
        short=BY_REGION[REGION].short,
        year=start.year,
        year_to=(end or start).year,
        serial=row.place or 0,
        uscc=uscc,
        food_form=2,
    )
    return DemoLicense(
        type_code=row.type_code,
        number=license_number(row.type_code, facts),
        issuer=authority(REGION, kind.office),
        issued_on=start,
        valid_from=start,
        valid_to=end,
        state=row.state,
        place=row.place,
    )


def _start(end: date, kind: PermitKind) -> date:
    if kind.months is None:
        raise ValueError(f"{kind.code} runs without end")
    return add_months(end, -kind.months) + timedelta(days=1)


def _punishment(today: date) -> Punishment:
    decided = today - timedelta(days=140)
    return Punishment(
        decision_no=f"衢市监处罚〔{decided.year}〕0号",
        act="未按规定明码标价",
        kind="罚款",
        fine_yuan=1000,
        level="一般",
        decided_on=decided,
        authority=authority(REGION, "市场监督管理局"),
    )
