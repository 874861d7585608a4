"""Numbers of the demonstration city: credit codes and license numbers that hold by every check and belong to nobody.

The subject part of every credit code begins with `DEM0`: registration authorities have issued digits and `M…` since
2015 and never `D…`, so no code of this city is the code of a firm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hub.kernel.identifiers import hybrid_check
from hub.kernel.identifiers.checks import ALPHABET_31, DIGITS, organisation_check, uscc_check

SUBJECT_MARK = "DEM0"
SUBJECTS = len(ALPHABET_31) ** 4  # 923 521: four places after the mark
STRIDE = 382_541  # no common divisor with 31: neighbours in the list are strangers in their codes
FOOD_CLASSES = 31  # classes of food in production numbers, 101 to 131


def credit_code(category: str, region: str, number: int, offset: int) -> str:
    """Return a synthetic USCC (GB 32100-2015) of `category` ("91", "92", "93"); unique for every number below `SUBJECTS`."""
    place = (number * STRIDE + offset) % SUBJECTS
    tail = ""
    for _ in range(4):
        place, digit = divmod(place, len(ALPHABET_31))
        tail += ALPHABET_31[digit]
    subject = SUBJECT_MARK + tail
    body = category + region + subject + organisation_check(subject)
    return body + uscc_check(body)


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What a license number is made of. `serial` < 1 000 000, distinct for every enterprise and place in the city."""

    region: str
    short: str
    year: int
    year_to: int
    serial: int
    uscc: str
    food_form: int  # 1 sale, 2 catering


# Forms after the catalogue's patterns; a trailing "#" stands for the MOD 11,10 digit of GB/T 17710.
FORMS: Mapping[str, str] = MappingProxyType(
    {
        "food-operation": "JY{f.food_form}{f.region}{f.serial:06d}#",
        "prepackaged-food-filing": "YB1{f.region}{f.serial:06d}#",
        "food-production": "SC{food_class}{f.region}{food_serial:04d}#",
        "drug-operation": "浙DB570{f.serial:06d}",
        "device-operation": "浙衢药监械经营许{f.year}{last4:04d}号",
        "device-operation-filing": "浙衢药监械经营备{f.year}{last4:04d}号",
        "device-production": "浙药监械生产许{f.year}{last4:04d}号",
        "cosmetics-production": "浙妆{f.year}{last4:04d}",
        "special-equipment-production": "TS2{f.serial:06d}-{f.year_to}",
        "inspection-testing": "{yy:02d}1108{f.serial:06d}",
        "public-hygiene": "(衢{f.short})卫公证字[{f.year}]第{f.serial:06d}号",
        "medical-institution": "PDY0{f.serial:06d}{f.region}17A100",
        "clinic-filing": "PDY0{f.serial:06d}{f.region}17D211",
        "private-school": "教民1{f.region}{f.serial:08d}号",
        "hr-service": "3308{f.year}{f.serial:06d}",
        "labour-dispatch": "330800{f.year}{f.serial:06d}",
        "road-transport": "浙交运管许可衢字{f.region}{f.serial:06d}号",
        "hazardous-road-transport": "浙交运管许可衢字{f.region}{f.serial:06d}号(危)",
        "hazardous-chemicals": "浙衢危化经字[{f.year}]{f.serial:06d}号",
        "safety-production": "(浙)JZ安许证字[{f.year}]{f.serial:06d}",
        "fireworks-retail": "(浙)YHLS[{f.year}]{f.serial:06d}",
        "construction-qualification": "D333{f.serial:06d}",
        "real-estate-development": "衢房开{f.serial:06d}号",
        "pollutant-discharge": "{f.uscc}001X",
        "drainage": "浙衢排字第{f.serial:06d}号",
        "tobacco-retail": "{f.region}{f.serial:06d}",
        "publications": "新出发浙衢零字第{f.serial:06d}号",
        "printing": "浙新出印证字F{f.serial:06d}号",
        "internet-culture": "浙网文[{f.year}]{last4:04d}-{last3:03d}号",
        "entertainment": "浙衢文娱字[{f.year}]{f.serial:06d}号",
        "performance": "浙演[{f.year}]{f.serial:06d}号",
        "travel-agency": "L-ZJ-QZ{last5:05d}",
        "special-trade": "衢{f.short}公特旅字第{f.serial:06d}号",
        "fire-check": "衢{f.short}消安检字[{f.year}]第{f.serial:06d}号",
        "telecom-value-added": "浙B2-{f.year}{last4:04d}",
        "pesticide": "农药经许(浙){f.region}{f.serial:06d}",
        "seed": "C(浙衢)农种许字({f.year})第{f.serial:06d}号",
        "veterinary-drug": "兽药经营证字{f.region}{f.serial:06d}号",
        "animal-clinic": "浙衢动诊证[{f.year}]第{f.serial:06d}号",
        "security-service": "浙公保服{f.year}{last4:04d}号",
        "pawn": "33{f.region}{f.serial:06d}",
    }
)


def license_number(type_code: str, facts: NumberFacts) -> str:
    """Return the number of a license of this kind. Raises: KeyError for a kind the city has no form of."""
    number = FORMS[type_code].format(
        f=facts,
        yy=facts.year % 100,
        last3=facts.serial % 1000,
        last4=facts.serial % 10_000,
        last5=facts.serial % 100_000,
        food_class=101 + facts.serial % FOOD_CLASSES,
        food_serial=facts.serial // FOOD_CLASSES % 10_000,
    )
    if not number.endswith("#"):
        return number
    return number[:-1] + hybrid_check(number[2:-1], DIGITS)
