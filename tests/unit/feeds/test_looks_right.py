"""Values that look right and are not: errors, rounded numbers, formulas, unseen characters; and kept characters."""

from zoneinfo import ZoneInfo

import pytest

from hub.credit.reported import PenaltyRecord
from hub.feeds.checks import CheckContext, Row, check
from hub.feeds.reasons import QUALITY, REASONS
from hub.feeds.sources import shipped_sources
from hub.kernel.identifiers.checks import organisation_check, uscc_check
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.records import LicenseRecord
from hub.registry.reading.errors import RowRefusedError
from hub.registry.records import DepartmentRecord, EnterpriseRecord, PremisesRecord
from tests.support.feed_shapes import credit_code
from tests.unit.feeds.test_checks import CODE, FOOD, MARKET, OTHER, PENALTY, PLACE, TODAY

DAYS = frozenset(
    {"established_on", "term_to", "approved_on", "issued_on", "valid_from", "valid_to", "decided_on"}
)
ROWS = {
    "market-entities": MARKET,
    "food-permits": FOOD | {"issued_on": "2024-01-01"},
    "other-permits-36903": OTHER,
    "premises": PLACE | {"phone": "05703033000", "area": "南孔古城"},
    "penalties": PENALTY,
}
ERRORS = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#FIELD!",
    "#UNKNOWN!",
    "#BLOCKED!",
    "#CONNECT!",
    "#BUSY!",
    "#PYTHON!",
    "#EXTERNAL!",
    "#n/a",
    "#Ref!",
    "＃N/A",
    "#NV",
    "#BEZUG!",
    "#WERT!",
    "#VALEUR!",
    "#¡REF!",
    "#¿NOMBRE?",
    "#ССЫЛКА!",
    "#溢出！",
    "#名称？",
    "Err:502",
    "#####",
    "#########",
]
ALL_DIGITS = "913308029373909922"  # holds by both checks


def judged(source: str, **changes: str) -> DepartmentRecord:
    texts = {**ROWS[source], **changes}
    return check(
        Row(texts, {}),
        CheckContext(shipped_sources()[source], shipped_catalogue(), TODAY, ZoneInfo("Asia/Shanghai")),
    )


def refusal(source: str, **changes: str) -> tuple[str, str]:
    with pytest.raises(RowRefusedError) as caught:
        judged(source, **changes)
    assert caught.value.reason in REASONS
    return caught.value.reason, caught.value.field


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("source", ROWS)
def test_a_spreadsheets_error_is_refused_in_every_column(source: str, error: str) -> None:
    for field in ROWS[source]:
        assert refusal(source, **{field: error}) == ("DATE" if field in DAYS else "CELL_ERROR", field)


def test_a_number_sign_before_a_house_is_no_error() -> None:
    record = judged("premises", address="#3幢 B座", name="#1 商店")

    assert isinstance(record, PremisesRecord)
    assert (record.address, record.name) == ("#3幢 B座", "#1 商店")


@pytest.mark.parametrize("word", ["-", "——", "无", "null", "NaN", "N/A", "undefined", "/", "#N/A"])
@pytest.mark.parametrize(("source", "field"), [("market-entities", "term_to"), ("food-permits", "valid_to")])
def test_a_dash_or_null_is_no_end_of_a_period(source: str, field: str, word: str) -> None:
    assert refusal(source, **{field: word}) == ("DATE", field)


@pytest.mark.parametrize(
    "text",
    [
        "9.13308029373909922E+17",
        "9.13308E+17",
        "9.13308e+17",
        "9.1e17",
        "1e17",
        "1E+17",
        "913308029373909922.0",
        "９.13308Ｅ+17",
        "'9.13308E+17",
        '="9.13308E+17"',
    ],
)
def test_a_code_that_went_through_a_floating_point_number_is_refused(text: str) -> None:
    for source in ROWS:
        assert refusal(source, uscc=text) == ("NUMBER_ROUNDED", "uscc")
    assert refusal("other-permits-36903", number=text) == ("NUMBER_ROUNDED", "number")
    assert refusal("penalties", decision_no=text) == ("NUMBER_ROUNDED", "decision_no")
    assert refusal("premises", phone=text) == ("NUMBER_ROUNDED", "phone")


def test_digits_as_text_are_a_code_and_rounded_digits_are_none() -> None:
    assert judged("market-entities", uscc=ALL_DIGITS).uscc == ALL_DIGITS
    assert refusal("market-entities", uscc="913308029373909000")[0] in {"NUMBER_ROUNDED", "USCC_CHECK"}


def test_rounded_digits_that_pass_the_check_by_chance_are_refused_when_the_code_inside_fails() -> None:
    chance = next(
        code
        for code in (f"91330802{number:07d}000" for number in range(1_000_000, 1_010_000))
        if uscc_check(code[:17]) == code[17] and organisation_check(code[8:16]) != code[16]
    )

    assert refusal("market-entities", uscc=chance) == ("NUMBER_ROUNDED", "uscc")


@pytest.mark.parametrize(("text", "read"), [("13812345678.0", "13812345678"), ("05703033000", "05703033000")])
def test_a_short_number_with_a_decimal_point_is_the_number(text: str, read: str) -> None:
    record = judged("premises", phone=text)

    assert isinstance(record, PremisesRecord)
    assert record.phone == read


@pytest.mark.parametrize(
    "text",
    [
        f'="{CODE}"',
        f'= "{CODE}"',
        f"'{CODE}",
        f"’{CODE}",
        f"\u202d{CODE}\u202c",
        f"\u2066{CODE}\u2069",
        f"\u200e{CODE}\u200f",
        f"\ufeff{CODE}\u200b",
        f"{CODE[:9]}\u200b\u200c\u200d\u2060\u00ad\ufe0f\u034f\U000e0100{CODE[9:]}",
        f"\u00a0{CODE[:4]}\u00a0{CODE[4:]}\u3000",
        f"{CODE[:9]}\u061c\u180e{CODE[9:]}",
    ],
)
def test_a_code_in_its_wrapping_is_the_code(text: str) -> None:
    for source in ROWS:
        assert judged(source, uscc=text).uscc == CODE


@pytest.mark.parametrize(
    "formula",
    [
        "=A1",
        "=1+1",
        '=HYPERLINK("x")',
        '="a"&"b"',
        '=TEXT(A1,"0")',
        "＝A1",
        '=""',
        "=913308029373909922",
        "=",
    ],
)
@pytest.mark.parametrize("source", ROWS)
def test_every_other_formula_is_refused(source: str, formula: str) -> None:
    for field in ROWS[source]:
        expected = "LICENSE_TYPE" if field == "type" else "FORMULA"
        assert refusal(source, **{field: formula}) == (expected, field)


def test_a_constant_formula_is_its_text_in_every_kind_of_column() -> None:
    record = judged("food-permits", valid_to='="2028-12-31"', holder_name='="甲""乙""商行"', state='="有效"')

    assert isinstance(record, LicenseRecord)
    assert (str(record.valid_to), record.holder_name) == ("2028-12-31", '甲"乙"商行')


KEPT = "衢州Ⅱ号㎡店№①（个体工商户）Ａ１　ｶﾌｪ豈\uf900é\u0065\u0301"


def test_names_people_and_addresses_keep_their_characters() -> None:
    one = judged("market-entities", name=KEPT, person=KEPT, address=KEPT, authority=KEPT, type_text=KEPT)
    two = judged("food-permits", holder_name=KEPT, issuer=KEPT, address=KEPT)
    three = judged("premises", name=KEPT, address=KEPT, area=KEPT)
    four = judged("penalties", act=KEPT, penalty_kind=KEPT, authority=KEPT)

    assert isinstance(one, EnterpriseRecord)
    assert (one.name, one.person, one.address, one.authority, one.type_text) == (KEPT,) * 5
    assert isinstance(two, LicenseRecord)
    assert (two.holder_name, two.issuer, two.address) == (KEPT,) * 3
    assert isinstance(three, PremisesRecord)
    assert (three.name, three.address, three.area) == (KEPT,) * 3
    assert isinstance(four, PenaltyRecord)
    assert (four.act, four.kind, four.authority) == (KEPT,) * 3


def test_words_of_a_vocabulary_are_read_in_any_width() -> None:
    record = judged(
        "market-entities", state="存续（在营、开业、在册）", region="３３０８０２", capital="５０"
    )

    assert isinstance(record, EnterpriseRecord)
    assert (record.state_text, record.region) == ("存续（在营、开业、在册）", "330802")


@pytest.mark.parametrize(
    "character", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\ufe0f", "\u034f", "\U000e0100", "\x00"]
)
def test_a_name_with_what_cannot_be_seen_is_refused(character: str) -> None:
    for text in (f"衢州{character}商行", f"{character}衢州商行", f"衢州商行{character}。"):
        assert refusal("market-entities", name=text) == ("NAME_CONTROL_CHARACTERS", "name")


@pytest.mark.parametrize(
    "text", ["衢州A&amp;B商行", "衢州&#38;商行", "衢州&quot;好&quot;商行", "衢州&nbsp;商行"]
)
def test_a_name_with_a_markup_entity_gets_a_mark(text: str) -> None:
    assert "MARKUP_IN_NAME" in QUALITY
    one, two = judged("market-entities", name=text), judged("food-permits", holder_name=text)
    assert isinstance(one, EnterpriseRecord)
    assert isinstance(two, LicenseRecord)
    assert "MARKUP_IN_NAME" in one.quality
    assert "MARKUP_IN_NAME" in two.quality
    assert one.name == text
    plain = judged("market-entities", name="衢州A&B商行")
    assert isinstance(plain, EnterpriseRecord)
    assert "MARKUP_IN_NAME" not in plain.quality


def test_the_holder_of_another_code_is_another_holder() -> None:
    assert judged("premises", uscc=credit_code(2)).uscc == credit_code(2)
