"""Which source a file is of, by its header: variants, titles, two lines, and what cannot be told."""

import pytest

from hub.feeds.errors import (
    AmbiguousSourceError,
    DuplicateColumnsError,
    MissingColumnsError,
    NoSuchSourceError,
    UnknownSourceError,
)
from hub.feeds.readers.rows import FirstRows, HeadRow
from hub.feeds.recognition import RecognisedFile, recognise
from hub.feeds.sources import header_key, shipped_sources
from hub.licenses.catalogue.loader import shipped_catalogue
from tests.support import feed_shapes
from tests.support.reference import REFERENCE


def head(*rows: list[str], sheet: str = "") -> FirstRows:
    return FirstRows(tuple(HeadRow(number, cells) for number, cells in enumerate(rows, 1)), sheet=sheet)


def found(*heads: FirstRows, named: str | None = None) -> RecognisedFile:
    return recognise(heads, shipped_sources(), named=named, catalogue=REFERENCE.types)


@pytest.mark.parametrize(
    ("header", "source"),
    [
        (feed_shapes.MARKET_HEADER, "market-entities"),
        (feed_shapes.FOOD_HEADER, "food-permits"),
        (feed_shapes.SHEET_HEADER, "health-police-tobacco"),
        (feed_shapes.CODES_HEADER, "other-permits-36903"),
        (feed_shapes.PENALTY_HEADER, "penalties"),
        (feed_shapes.PREMISES_HEADER, "premises"),
    ],
)
def test_every_shape_is_recognised_in_any_order_and_spelling(header: list[str], source: str) -> None:
    assert found(head(header)).source.id == source
    assert found(head(header[::-1])).source.id == source
    assert found(head([f"* {name.replace('(', '（').lower()} " for name in header])).source.id == source
    assert found(head([*header, "备注", "", ""])).source.id == source


def test_columns_that_no_source_knows_keep_names_of_their_own() -> None:
    header = found(head([*feed_shapes.FOOD_HEADER, "备注", "", "备注", "末列"])).headers[0]

    assert header.columns[-4:] == ("备注", "列12", "备注#13", "末列")
    assert "备注" not in header.strict


def test_a_title_and_a_header_of_two_lines_are_met() -> None:
    title = ["证照归集表", "", "", "", "", "", "", ""]
    upper = ["证照", "", "持证主体", "", "有效期", "", "机关", "状态"]
    lower = ["类型名称", "证照编号", "名称", "代码", "起始", "截止", "颁发机构", ""]

    known = found(head(title, upper, lower, ["x"] * 8))

    assert known.source.id == "health-police-tobacco"
    assert known.headers[0].last_line == 3
    assert known.fields[""]["type"] == "类型名称"
    assert known.fields[""]["state"] == "状态"
    assert known.fields[""]["uscc"] == "代码"


def test_only_sheets_with_the_header_are_read() -> None:
    notes = head(["填表说明"], sheet="说明")
    table = head(feed_shapes.SHEET_HEADER, sheet="数据")
    more = head(["某表"], feed_shapes.SHEET_HEADER, sheet="续表")

    known = found(notes, table, more)

    assert [(one.head.sheet, one.last_line) for one in known.headers] == [("数据", 1), ("续表", 2)]


def test_missing_columns_are_named() -> None:
    with pytest.raises(MissingColumnsError) as caught:
        found(head([name for name in feed_shapes.MARKET_HEADER if name not in {"登记状态", "经营范围"}]))

    assert caught.value.detail == "登记状态, 经营范围 (market-entities)"


def test_a_foreign_header_lists_the_known_sources() -> None:
    for heads in ((head(["甲", "乙", "丙"]),), (head([]),), ()):
        with pytest.raises(UnknownSourceError) as caught:
            found(*heads)
        assert "food-permits" in caught.value.detail


def test_the_same_column_twice_is_refused_and_a_better_name_wins_over_a_worse() -> None:
    with pytest.raises(DuplicateColumnsError) as caught:
        found(head([*feed_shapes.PREMISES_HEADER, "场所地址"]))
    assert "场所地址" in caught.value.detail

    known = found(head(["地址", *feed_shapes.PREMISES_HEADER]))
    assert known.fields[""]["address"] == "场所地址"


def test_a_header_that_fits_several_sources_wants_a_name() -> None:
    header = "证书编号,证书名称,持证人,社会信用代码,起始日期,截止日期,发证单位,证书状态".split(",")  # noqa: SIM905  # as it stands in a file
    with pytest.raises(AmbiguousSourceError) as caught:
        found(head(header))
    assert "food-permits" in caught.value.detail

    assert found(head(header), named="food-permits").source.id == "food-permits"
    row = ["1", "烟草专卖零售许可证", "商行", "9", "2024-01-01", "长期", "局", "有效"]
    assert found(head(header, row)).source.id == "health-police-tobacco"
    with pytest.raises(AmbiguousSourceError):
        found(head(header, row, ["2", "食品经营许可证", *row[2:]]))
    with pytest.raises(NoSuchSourceError):
        found(head(header), named="moon")


def test_a_header_is_compared_without_widths_blanks_and_marks() -> None:
    for text in ("* 注册资本（万元）", "注册资本(万元)(必填)", " 注册资本\n(万元)： "):
        assert header_key(text) == "注册资本(万元)"
    assert header_key("Holder_Code") == header_key("holderCode")


def test_no_two_sources_report_one_kind_of_license_and_together_they_report_all() -> None:
    codes = [kind.code for kind in shipped_catalogue().types]
    types = [code for source in shipped_sources().values() for code in codes if source.may_report(code)]

    assert len(types) == len(set(types))
    assert set(types) == set(codes)
    assert {code for source in shipped_sources().values() for code in source.types} <= set(codes)


def test_no_source_knows_one_header_under_two_fields() -> None:
    for source in shipped_sources().values():
        headers = [
            header_key(text) for field in source.fields for text in set(map(header_key, field.headers))
        ]
        assert len(headers) == len(set(headers)), source.id
