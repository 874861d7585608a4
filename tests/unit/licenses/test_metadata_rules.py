from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.licenses.metadata.holders import HOLDER_CODE_TYPES
from hub.licenses.metadata.rules import (
    ELEMENTS,
    METADATA_PROBLEMS,
    NO_END_DATES,
    STANDARD_CODES,
    LicenseMetadata,
    MetadataError,
    from_36903,
    to_36903,
)

ROW = {
    "ZZMC": "增值电信业务经营许可证",
    "ZZBH": "浙B2-20239789",
    "CZZT": "衢州市示例科技有限公司",
    "CZZTDM": "91330803MACTBRK227",
    "CZZTDMLXDM": "001",
    "ZZBFJG": "衢州市通信管理局",
    "ZZBFRQ": "20231127",
    "ZZYXQQSRQ": "2023-11-27",
    "ZZYXQJZRQ": "20281126",
    "ZT": "有效",
}


def test_a_department_row_is_read_under_its_element_codes() -> None:
    record = from_36903(ROW)

    assert record == LicenseMetadata(
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


def test_a_record_is_written_with_the_name_of_its_holder_code_type() -> None:
    written = to_36903(from_36903(ROW))

    assert written == {
        **ROW,
        "ZZBFRQ": "2023-11-27",
        "ZZYXQJZRQ": "2028-11-26",
        "CZZTDMLX": "统一社会信用代码",
    }


def test_times_are_written_in_shanghai_and_unknown_elements_are_kept() -> None:
    record = from_36903({**ROW, "ZZQZSJ": "2026-11-21 16:00:00", "KZXX": "{}", "CZZTDMLX": "whatever"})

    assert record.sealed_at == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    assert record.extra == (("KZXX", "{}"),)
    assert to_36903(record)["ZZQZSJ"] == "2026-11-21 16:00:00"


@pytest.mark.parametrize("text", ["长期", "", " ", "9999-12-31", "20991231"])
def test_no_end_is_understood_in_every_spelling(text: str) -> None:
    record = from_36903({**ROW, "ZZYXQJZRQ": text})

    assert record.valid_to is None
    assert to_36903(record)["ZZYXQJZRQ"] == "长期"


@pytest.mark.parametrize(
    ("change", "element", "reason"),
    [
        ({"ZZMC": ""}, "ZZMC", "MISSING"),
        ({"CZZTDM": "  "}, "CZZTDM", "MISSING"),
        ({"ZZBFRQ": "2023/11/27"}, "ZZBFRQ", "DATE"),
        ({"ZZBFRQ": "2023-W48-1"}, "ZZBFRQ", "DATE"),
        ({"ZZYXQQSRQ": "2023-1127"}, "ZZYXQQSRQ", "DATE"),
        ({"ZZYXQJZRQ": "2023-02-30"}, "ZZYXQJZRQ", "DATE"),
        ({"ZZQZSJ": "yesterday"}, "ZZQZSJ", "DATE"),
        ({"CZZTDMLXDM": "777"}, "CZZTDMLXDM", "HOLDER_CODE_TYPE"),
    ],
)
def test_a_row_that_breaks_the_standard_is_refused_with_its_element(
    change: dict[str, str], element: str, reason: str
) -> None:
    with pytest.raises(MetadataError) as refused:
        from_36903({**ROW, **change})

    assert (refused.value.field, refused.value.reason) == (element, reason)
    assert refused.value.message == METADATA_PROBLEMS[reason]


def test_a_row_without_a_mandatory_element_is_refused() -> None:
    with pytest.raises(MetadataError, match="ZZBH: MISSING"):
        from_36903({code: text for code, text in ROW.items() if code != "ZZBH"})


def test_an_extra_element_may_not_pose_as_a_standard_one() -> None:
    with pytest.raises(MetadataError, match="ZZBS: ELEMENT_TWICE"):
        LicenseMetadata("n", "1", "h", "c", extra=(("ZZBS", "x"),))


def test_persons_and_organisations_are_told_apart() -> None:
    assert {code for code, row in HOLDER_CODE_TYPES.items() if not row.is_person} == {"001", "099"}
    assert len(HOLDER_CODE_TYPES) == 18
    assert HOLDER_CODE_TYPES["111"].name.zh == "公民身份号码"


def test_element_codes_and_attributes_are_one_to_one() -> None:
    assert len({element.code for element in ELEMENTS}) == len({element.attribute for element in ELEMENTS})
    assert len(STANDARD_CODES) == len(ELEMENTS) + 1


NAMED = st.text(min_size=1, max_size=20).filter(str.strip)
OPTIONAL = st.just("") | NAMED
DATES = st.dates(date(1949, 10, 1), date(2150, 1, 1))
RECORDS = st.builds(
    LicenseMetadata,
    type_name=NAMED,
    number=NAMED,
    holder=NAMED,
    holder_code=NAMED,
    holder_code_type=st.sampled_from(sorted(HOLDER_CODE_TYPES)),
    type_code=OPTIONAL,
    identifier=OPTIONAL,
    issuer=OPTIONAL,
    issuer_code=OPTIONAL,
    issuer_level=OPTIONAL,
    issued_on=st.none() | DATES,
    valid_from=st.none() | DATES,
    valid_to=st.none() | DATES.filter(lambda day: day not in NO_END_DATES),
    sealed_by=OPTIONAL,
    sealed_at=st.none()
    | st.datetimes(datetime(1992, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001  # bounds of an aware strategy
        lambda moment: moment.replace(microsecond=0)
    ),
    seal_name=OPTIONAL,
    state=OPTIONAL,
    extra=st.dictionaries(
        NAMED.filter(lambda code: code not in STANDARD_CODES), st.text(max_size=9), max_size=3
    ).map(lambda pairs: tuple(sorted(pairs.items()))),
)


@given(RECORDS)
def test_what_is_written_is_read_back_the_same(record: LicenseMetadata) -> None:
    assert from_36903(to_36903(record)) == record
