"""From the texts of a row to a record, or the first reason against it."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from hub.credit.reported import PenaltyRecord
from hub.credit.rules import PenaltyLevel
from hub.feeds.checks import CheckContext, Row, check
from hub.feeds.kinds import KINDS
from hub.feeds.reasons import QUALITY, REASONS
from hub.feeds.sources import Source, shipped_sources
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.records import LicenseRecord
from hub.licenses.rules import LicenseState
from hub.registry.reading.cells import CellForm
from hub.registry.reading.errors import RowRefusedError
from hub.registry.records import DepartmentRecord, EnterpriseRecord, PremisesRecord
from hub.registry.rules import EntityState, EntityType
from tests.support.feed_shapes import credit_code, food_number

TODAY = date(2026, 11, 21)
CODE = credit_code(1)
MARKET = {
    "uscc": CODE,
    "name": "柯城试验商行",
    "type_text": "有限责任公司",
    "person": "张三",
    "capital": "50",
    "established_on": "2020-01-02",
    "term_to": "长期",
    "authority": "衢州市市场监督管理局",
    "state": "存续(在营、开业、在册)",
    "address": "浙江省衢州市柯城区试验路1号",
    "region": "330802",
    "industry": "F5299",
    "scope_text": "食品销售。",
    "approved_on": "2021-03-04",
}
FOOD = {
    "uscc": CODE,
    "type": "食品经营许可证",
    "number": food_number(1),
    "holder_name": "柯城试验商行",
    "issuer": "局",
    "address": "柯城区试验路1号",
    "valid_from": "2024-01-01",
    "valid_to": "2028-12-31",
    "state": "有效",
    "version": "2",
}
OTHER = {**FOOD, "type": "旅行社业务经营许可证", "number": "L-ZJ08413", "valid_to": "", "holder_kind": "001"}
PLACE = {
    "uscc": CODE,
    "name": "一店",
    "address": "试验路1号",
    "latitude": "28.9",
    "longitude": "118.8",
    "region": "柯城区",
}
PENALTY = {
    "uscc": CODE,
    "decision_no": "衢市监处罚〔2026〕45号",
    "act": "超范围经营",
    "penalty_kind": "罚款",
    "fine_yuan": "5000",
    "level": "一般失信行为",
    "decided_on": "2026-01-02",
    "authority": "局",
}


def judged(
    source: str | Source, texts: Mapping[str, str], extra: Mapping[str, str] | None = None
) -> DepartmentRecord:
    known = shipped_sources()[source] if isinstance(source, str) else source
    return check(
        Row(texts, extra or {}), CheckContext(known, shipped_catalogue(), TODAY, ZoneInfo("Asia/Shanghai"))
    )


def refusal(source: str, texts: Mapping[str, str]) -> tuple[str, str]:
    with pytest.raises(RowRefusedError) as caught:
        judged(source, texts)
    assert caught.value.reason in REASONS
    return caught.value.reason, caught.value.field


def test_an_enterprise_is_read_whole() -> None:
    record = judged("market-entities", MARKET)

    assert record == EnterpriseRecord(
        uscc=CODE,
        name="柯城试验商行",
        entity_type=EntityType.COMPANY,
        type_text="有限责任公司",
        person="张三",
        capital="50",
        established_on=date(2020, 1, 2),
        term_to=None,
        authority="衢州市市场监督管理局",
        approved_on=date(2021, 3, 4),
        state=EntityState.ACTIVE,
        state_text="存续(在营、开业、在册)",
        address="浙江省衢州市柯城区试验路1号",
        region="330802",
        industry="F5299",
        scope_text="食品销售。",
    )


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({"region": "柯城区"}, ()),
        ({"region": "990000"}, ("REGION_UNKNOWN",)),
        ({"region": "某区"}, ("REGION_UNKNOWN",)),
        ({"region": "330821"}, ("REGION_RETIRED",)),
        ({"state": "停业"}, ("STATE_UNCONFIRMED",)),
        ({"person": ""}, ("FACE_INCOMPLETE",)),
        ({"established_on": "2026-11-22"}, ("IN_FUTURE",)),
        ({"capital": "五十万"}, ("AMOUNT_TEXT",)),
        ({"capital": "1,000万元人民币"}, ()),
        ({"capital": ""}, ()),
    ],
)
def test_a_doubt_marks_the_enterprise_and_does_not_refuse_it(
    changes: dict[str, str], flags: tuple[str, ...]
) -> None:
    record = judged("market-entities", MARKET | changes)

    assert isinstance(record, EnterpriseRecord)
    assert record.quality == flags
    assert set(flags) <= set(QUALITY)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"uscc": ""}, ("MISSING", "uscc")),
        ({"name": "—"}, ("MISSING", "name")),
        ({"uscc": CODE[:-1]}, ("USCC_LENGTH", "uscc")),
        ({"name": "柯城\u202e商行"}, ("NAME_CONTROL_CHARACTERS", "name")),
        ({"established_on": "2020-02-30"}, ("DATE", "established_on")),
        ({"term_to": "2019-01-01"}, ("PERIOD_REVERSED", "term_to")),
        ({"approved_on": "昨天"}, ("DATE", "approved_on")),
        ({"state": "很好"}, ("STATUS", "state")),
        ({"capital": "-5"}, ("AMOUNT", "capital")),
        ({"address": "试验\u2066路"}, ("CONTROL_CHARACTERS", "address")),
        ({"name": "商" * 201}, ("TOO_LONG", "name")),
        ({"scope_text": "售" * 20_001}, ("TOO_LONG", "scope_text")),
        ({"scope_text": "=1+1"}, ("FORMULA", "scope_text")),
    ],
)
def test_an_enterprise_is_refused_for_its_first_fault(
    changes: dict[str, str], reason: tuple[str, str]
) -> None:
    assert refusal("market-entities", MARKET | changes) == reason


def test_a_license_is_read_whole() -> None:
    record = judged("food-permits", FOOD, {"备注": "首次"})

    assert record == LicenseRecord(
        uscc=CODE,
        type_code="food-operation",
        number=food_number(1),
        holder_name="柯城试验商行",
        issuer="局",
        state=LicenseState.VALID,
        valid_from=date(2024, 1, 1),
        valid_to=date(2028, 12, 31),
        address="柯城区试验路1号",
        source_version=2,
        extra={"备注": "首次"},
    )


@pytest.mark.parametrize(
    ("source", "texts", "reason"),
    [
        ("food-permits", FOOD | {"type": "烟草专卖零售许可证"}, ("TYPE_OF_OTHER_SOURCE", "type")),
        ("food-permits", FOOD | {"type": "飞行许可证"}, ("LICENSE_TYPE", "type")),
        ("food-permits", FOOD | {"type": '=HYPERLINK("x")'}, ("LICENSE_TYPE", "type")),
        ("food-permits", FOOD | {"number": food_number(1)[:-1] + "x"}, ("NUMBER_FORM", "number")),
        ("food-permits", FOOD | {"valid_to": "2023-12-31"}, ("PERIOD_REVERSED", "valid_to")),
        ("food-permits", FOOD | {"valid_from": "长期"}, ("DATE", "valid_from")),
        ("food-permits", FOOD | {"state": "99"}, ("STATUS", "state")),
        ("food-permits", FOOD | {"version": "新"}, ("VERSION", "version")),
        ("food-permits", FOOD | {"issuer": "null"}, ("MISSING", "issuer")),
        ("food-permits", FOOD | {"holder_name": "=1+1"}, ("FORMULA", "holder_name")),
        ("other-permits-36903", OTHER | {"holder_kind": "111"}, ("HOLDER_KIND", "holder_kind")),
        ("other-permits-36903", OTHER | {"type": "食品经营许可证"}, ("TYPE_OF_OTHER_SOURCE", "type")),
        ("other-permits-36903", OTHER | {"issued_on": "2024"}, ("DATE", "issued_on")),
    ],
)
def test_a_license_is_refused_for_its_first_fault(
    source: str, texts: dict[str, str], reason: tuple[str, str]
) -> None:
    assert refusal(source, texts) == reason


def test_a_wrong_check_digit_of_a_food_number_is_refused() -> None:
    number = food_number(1)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert refusal("food-permits", FOOD | {"number": wrong}) == ("NUMBER_CHECK", "number")


@pytest.mark.parametrize(
    ("texts", "flags"),
    [
        (OTHER, ()),
        (OTHER | {"type": "安全生产许可证", "number": "x"}, ("NO_END_UNUSUAL", "NUMBER_FORM")),
        (OTHER | {"issued_on": "2026-12-01"}, ("IN_FUTURE",)),
    ],
)
def test_a_doubt_marks_the_license_and_does_not_refuse_it(
    texts: dict[str, str], flags: tuple[str, ...]
) -> None:
    record = judged("other-permits-36903", texts)

    assert isinstance(record, LicenseRecord)
    assert record.quality == flags
    assert set(flags) <= set(QUALITY)


def test_a_source_has_its_own_codes_for_states() -> None:
    source = shipped_sources()["health-police-tobacco"]
    texts = FOOD | {"type": "烟草专卖零售许可证", "number": "330802000001", "state": "7"}

    record = judged(source, texts)

    assert isinstance(record, LicenseRecord)
    assert record.state is LicenseState.REVOKED


def test_a_source_of_one_kind_needs_no_column_for_it() -> None:
    food = shipped_sources()["food-permits"]
    fields = tuple(field for field in food.fields if field.name != "type")
    source = Source(
        food.id, food.kind, food.title, food.department, fields, food.types, fixed_type="food-operation"
    )

    record = judged(source, {name: text for name, text in FOOD.items() if name != "type"})

    assert isinstance(record, LicenseRecord)
    assert record.type_code == "food-operation"


def test_premises_are_read_whole() -> None:
    assert judged("premises", PLACE) == PremisesRecord(
        uscc=CODE, name="一店", address="试验路1号", region="330802", latitude=28.9, longitude=118.8
    )
    assert judged("premises", {**PLACE, "latitude": "", "longitude": ""}).content()["latitude"] is None
    assert refusal("premises", PLACE | {"longitude": ""}) == ("COORDINATES", "longitude")
    assert refusal("premises", PLACE | {"phone": "<b>"}) == ("PHONE", "phone")


def test_a_penalty_is_read_whole() -> None:
    record = judged("penalties", PENALTY)

    assert isinstance(record, PenaltyRecord)
    assert record.level is PenaltyLevel.ORDINARY
    assert record.content()["fine_yuan"] == "5000.00"
    assert refusal("penalties", PENALTY | {"level": "较重"}) == ("LEVEL", "level")
    assert refusal("penalties", PENALTY | {"fine_yuan": "-1"}) == ("AMOUNT", "fine_yuan")
    assert refusal("penalties", PENALTY | {"decided_on": ""}) == ("MISSING", "decided_on")


def test_every_field_of_every_source_is_declared_and_every_kind_has_a_source() -> None:
    for source in shipped_sources().values():
        assert {field.name for field in source.fields} <= set(source.kind.by_name)
    assert {source.kind for source in shipped_sources().values()} == set(KINDS)


def test_no_text_is_longer_than_its_column() -> None:
    """What is kept as written must fit; what is read into a day or a number may be written longer."""
    for kind in KINDS:
        columns = kind.stored.table.columns
        for field in kind.fields:
            kept = columns.get(field.member or field.name)
            length = getattr(kept.type, "length", None) if kept is not None else None
            if length is not None and field.form is CellForm.KEPT and field.name != "state":
                assert field.max_chars <= length, (kind.name, field.name)


def test_every_reason_is_said_in_both_languages() -> None:
    for table in (REASONS, QUALITY):
        for message in table.values():
            assert message.zh.endswith("。")
            assert message.en.endswith(".")
