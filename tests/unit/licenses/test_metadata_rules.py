from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.licenses.metadata.holders import HOLDER_CODE_TYPES
from hub.licenses.metadata.rules import (
    DELIVERED,
    ELEMENTS,
    STANDARD_CODES,
    ElementMissingError,
    HolderCodeTypeError,
    LicenseMetadata,
    delivered,
    to_36903,
)
from schemas.metadata import LicenseElementsSchema

IDENTIFIER = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
RECORD = LicenseMetadata(
    type_name="增值电信业务经营许可证",
    number="浙B2-20239789",
    holder="衢州市示例科技有限公司",
    holder_code="91330803MACTBRK227",
    issuer="衢州市通信管理局",
    issued_on=date(2023, 11, 27),
    valid_from=date(2023, 11, 27),
    valid_to=date(2028, 11, 26),
    state="有效",
)
MANDATORY = {"ZZMC": "type_name", "ZZBH": "number", "CZZT": "holder", "CZZTDM": "holder_code"}


def test_a_license_is_written_under_its_element_codes_and_without_what_it_lacks() -> None:
    assert to_36903(RECORD) == {
        "ZZMC": "增值电信业务经营许可证",
        "ZZBH": "浙B2-20239789",
        "CZZT": "衢州市示例科技有限公司",
        "CZZTDM": "91330803MACTBRK227",
        "CZZTDMLX": "统一社会信用代码",
        "CZZTDMLXDM": "001",
        "ZZBFJG": "衢州市通信管理局",
        "ZZBFRQ": "2023-11-27",
        "ZZYXQQSRQ": "2023-11-27",
        "ZZYXQJZRQ": "2028-11-26",
        "ZT": "有效",
    }


def test_no_end_is_written_in_words_and_a_time_in_shanghai() -> None:
    sealed = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    written = to_36903(LicenseMetadata("营业执照", "1", "店", "c", sealed_at=sealed))

    assert written["ZZYXQJZRQ"] == "长期"
    assert written["ZZQZSJ"] == "2026-11-22 00:30:00"


@pytest.mark.parametrize(("element", "attribute"), MANDATORY.items())
def test_a_record_without_a_mandatory_element_cannot_be_made(element: str, attribute: str) -> None:
    columns = dict.fromkeys(MANDATORY.values(), "x") | {attribute: " "}
    with pytest.raises(ElementMissingError) as refused:
        LicenseMetadata(**columns)

    assert (refused.value.field, refused.value.reason) == (element, "METADATA_MISSING")
    assert {one.code for one in ELEMENTS if one.required} == set(MANDATORY)


def test_a_kind_of_holder_code_outside_the_standard_is_refused() -> None:
    with pytest.raises(HolderCodeTypeError) as refused:
        LicenseMetadata("n", "1", "h", "c", holder_code_type="777")

    assert refused.value.field == "CZZTDMLXDM"
    assert len(HOLDER_CODE_TYPES) == 18
    assert HOLDER_CODE_TYPES["111"] == "公民身份号码"


def test_what_a_department_delivered_under_element_codes_is_passed_on() -> None:
    found = delivered(
        {"ZZBS": IDENTIFIER.lower(), "ZZBFJGDM": " 11430000006122244L ", "ZZQZSJ": "2026-11-22 00:30:00"}
    )

    assert found == {
        "identifier": IDENTIFIER,
        "issuer_code": "11430000006122244L",
        "sealed_at": datetime(2026, 11, 21, 16, 30, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    "columns",
    [
        {"ZZBS": IDENTIFIER[:-1] + "V"},  # its check fails
        {"ZZBS": "1.2.3"},
        {"ZZQZSJ": "yesterday"},
        {"ZZQZSJ": "2026-02-30 00:00:00"},
        {"ZZBFJGDM": "  "},
        {
            "KZXX": "{}",
            "DZ": "荷花一路12号",
            "ZT": "有效",
            "CZZT": "他人",
        },  # not for the department's copy to say
    ],
)
def test_what_does_not_hold_or_is_the_hubs_own_is_left_out(columns: dict[str, str]) -> None:
    assert delivered(columns) == {}


@given(st.dictionaries(st.sampled_from([*DELIVERED, "X"]), st.text(max_size=80)))
def test_any_delivered_text_is_read_or_left_out(columns: dict[str, str]) -> None:
    written = to_36903(LicenseMetadata("n", "1", "h", "c", **delivered(columns)))

    assert LicenseElementsSchema().validate(written) == {}


def test_element_codes_and_attributes_are_one_to_one_and_described_on_the_wire() -> None:
    assert len({element.code for element in ELEMENTS}) == len({element.attribute for element in ELEMENTS})
    assert set(LicenseElementsSchema().fields) == STANDARD_CODES
    required = {name for name, field in LicenseElementsSchema().fields.items() if field.required}
    assert required == {element.code for element in ELEMENTS if element.required}
