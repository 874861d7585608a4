"""Headings and sentences that speak of a whole list: what is excluded, of branches, of an earlier scope; how far they reach."""

import pytest

from hub.registry.scope.pieces import MarkKind
from tests.support.scopes import needs_review
from tests.unit.registry.test_scope_phrasings import names, owed, read
from tests.unit.registry.test_scope_rules import assert_covers

LIST = "餐饮服务；住宿服务"
EXCLUDED_LISTS = [
    f"不得从事：{LIST}",
    f"不含以下项目：{LIST}",
    f"禁止经营项目：{LIST}",
    f"除以下项目外：{LIST}",
    f"下列项目除外：{LIST}",
    f"下列不属于经营范围：{LIST}",
    "以下项目不得经营：餐饮服务、住宿服务",
    f"本公司不得从事下列经营活动：{LIST}",
    f"法律法规禁止经营的项目：{LIST}",
    f"不含许可项目：{LIST}",
    f"未经批准不得从事：{LIST}",
    f"以下项目除外，{LIST}",
    f"不含以下项目{LIST}",
    f"（以下项目除外）{LIST}",
    f"不得从事：\n1、餐饮服务\n2、住宿服务；{LIST}",
    f"负面清单：{LIST}",
    f"已取消的经营项目：{LIST}",
    f"暂停经营 ： {LIST}",
    f"不得从事：{LIST}。",
    f"(不得从事：{LIST})",
    f"{LIST}（以上项目除外）",
    f"{LIST}。以上项目除外。",
    f"{LIST}；以上各项均不得经营",
    f"{LIST}（上述两项除外）",
]


@pytest.mark.parametrize("text", EXCLUDED_LISTS)
@pytest.mark.parametrize("before", ["", "一般项目：软件开发。许可项目："])
def test_an_excluded_list_holds_no_item_that_is_owed(before: str, text: str) -> None:
    whole = before + text
    parsed = read(whole)

    assert owed(parsed) == (["软件开发"] if before else [])
    assert MarkKind.EXCLUSION in {one.kind for one in parsed.marks}
    assert_covers(parsed, whole)


@pytest.mark.parametrize("text", EXCLUDED_LISTS)
def test_behind_the_next_heading_items_are_carried_on_again(text: str) -> None:
    assert owed(read(f"{text}；许可项目：典当业务；食品销售")) == ["典当业务", "食品销售"]
    assert owed(read(f"{text}。经营范围：典当业务")) == ["典当业务"]


def test_an_excluded_list_in_semicolons_is_marked_whole() -> None:
    text = "软件开发；不得从事：餐饮服务；住宿服务"
    parsed = read(text)
    marked = [text[one.start : one.end] for one in parsed.marks if one.kind is MarkKind.EXCLUSION]

    assert names(parsed.lines) == owed(parsed) == ["软件开发"]
    assert marked == ["不得从事：", "餐饮服务", "住宿服务"]


@pytest.mark.parametrize("end", ["。", "\n", "。\n"])
def test_behind_a_full_stop_after_an_excluded_list_a_person_decides(end: str) -> None:
    parsed = read(f"软件开发；不得从事：餐饮服务；住宿服务{end}食品销售；典当业务")

    assert names(parsed.lines) == ["软件开发", "食品销售", "典当业务"]
    assert owed(parsed) == ["软件开发"]
    assert needs_review(parsed)


def test_an_exclusion_with_a_number_of_its_own_ends_in_doubt_at_the_next_number() -> None:
    parsed = read("1、软件开发；2、不得从事：餐饮服务；3、食品销售")

    assert names(parsed.lines) == ["软件开发", "食品销售"]
    assert owed(parsed) == ["软件开发"]


@pytest.mark.parametrize(
    "text",
    [
        "不锈钢：餐饮服务",
        "除尘设备：餐饮服务",
        "货运：普通货运",
        "零售：餐饮服务",
        "原料：餐饮服务",
        "非处方药：餐饮服务",
        "现场制售：餐饮服务",
    ],
)
def test_a_colon_alone_excludes_nothing(text: str) -> None:
    parsed = read(f"{text}；住宿服务")

    assert [one.kind for one in parsed.marks] == [MarkKind.SEPARATOR]
    assert owed(parsed)[-1] == "住宿服务"


BRANCH_LISTS = [
    f"下属分支机构经营：{LIST}",
    f"（限分支机构经营）{LIST}",
    f"【仅限分支机构经营】{LIST}",
    f"衢州分公司经营：{LIST}",
    f"所属分公司经营范围：{LIST}",
    f"分支机构：{LIST}",
    f"以下项目仅限下属分支机构经营：{LIST}",
    f"{LIST}（以上两项限分支机构经营）",
    f"{LIST}（以上2项限分支机构经营）",
    f"{LIST}（前两项限分支机构经营）",
    f"{LIST}（后二项由分公司经营）",
    f"{LIST}（第1、2项限分支机构经营）",
    f"{LIST}（上述第一至二项限分支机构经营）",
    f"{LIST}（第一项、第二项仅限分支机构经营）",
    f"{LIST}（1-2项限分支机构经营）",
    f"{LIST}。以上各项限分支机构经营",
]


@pytest.mark.parametrize("text", BRANCH_LISTS)
@pytest.mark.parametrize("before", ["", "一般项目：软件开发；许可项目："])
def test_a_list_of_branches_is_not_owed_by_the_enterprise(before: str, text: str) -> None:
    whole = before + text
    parsed = read(whole)

    assert names(parsed.lines)[-2:] == ["餐饮服务", "住宿服务"]
    assert [line.branch_only for line in parsed.lines][-2:] == [True, True]
    assert owed(parsed) == (["软件开发"] if before else [])
    assert MarkKind.BRANCH_ONLY in {one.kind for one in parsed.marks}
    assert_covers(parsed, whole)


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("后两项", ["食品销售"]),
        ("最后两项", ["食品销售"]),
        ("以上两项", ["食品销售"]),
        ("前两项", ["住宿服务"]),
        ("其中前2项", ["住宿服务"]),
        ("上述第1项", ["餐饮服务", "住宿服务"]),
        ("第二项", ["食品销售", "住宿服务"]),
        ("第1、3项", ["餐饮服务"]),
        ("第1项和第2项", ["住宿服务"]),
        ("第二至三项", ["食品销售"]),
        ("前三项", []),
        ("最后一项", ["食品销售", "餐饮服务"]),
        ("后2个项目", ["食品销售"]),
    ],
)
@pytest.mark.parametrize("parting", ["；", "、"])
@pytest.mark.parametrize("heading", ["", "许可项目："])
def test_counted_items_are_of_branches_and_the_others_of_the_enterprise(
    heading: str, parting: str, said: str, own: list[str]
) -> None:
    listed = parting.join(["食品销售", "餐饮服务", "住宿服务"])

    assert owed(read(f"{heading}{listed}（{said}限分支机构经营）")) == own
    assert owed(read(f"{heading}{listed}（{said}除外）")) == own


def test_where_semicolons_and_commas_count_otherwise_a_person_decides() -> None:
    parsed = read("食品销售；餐饮服务、住宿服务（后两项限分支机构经营）")

    assert [line.branch_only for line in parsed.lines] == [False, True, True]
    assert owed(parsed) == []


def test_a_count_beyond_the_list_leaves_it_to_a_person() -> None:
    parsed = read("食品销售；餐饮服务（后三项限分支机构经营）")

    assert names(parsed.lines) == ["食品销售", "餐饮服务"]
    assert owed(parsed) == []


PAST = [
    "原经营范围：餐饮服务；住宿服务。现经营范围：食品销售",
    "原：餐饮服务；住宿服务；现：食品销售",
    "变更前：餐饮服务；住宿服务。变更后：食品销售",
    "变更前经营范围:餐饮服务;变更后经营范围:食品销售",
    "经营范围变更前：餐饮服务；经营范围变更后：食品销售",
    "（变更前）餐饮服务；住宿服务（变更后）食品销售",
    "原登记经营范围为：餐饮服务、住宿服务，现变更为：食品销售",
    "原经营范围：一般项目：旅馆；许可项目：餐饮服务。现经营范围：许可项目：食品销售",
    "现经营范围：食品销售；原经营范围：餐饮服务；住宿服务",
    "调整前：餐饮服务\n调整后：食品销售",
    "（原经营范围：餐饮服务；住宿服务）现经营范围：食品销售",
    "原经营范围：餐饮服务→现经营范围：食品销售",
]


@pytest.mark.parametrize("text", PAST)
def test_an_earlier_scope_is_past(text: str) -> None:
    parsed = read(text)

    assert names(parsed.lines) == owed(parsed) == ["食品销售"]
    assert "past" in {one.kind.value for one in parsed.marks}
    assert_covers(parsed, text)


def test_an_earlier_scope_of_which_no_end_is_told_leaves_the_next_heading_to_a_person() -> None:
    parsed = read("原经营范围：餐饮服务。许可项目：食品销售")

    assert (names(parsed.lines), owed(parsed)) == (["食品销售"], [])
