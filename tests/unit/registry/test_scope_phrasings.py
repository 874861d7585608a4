"""Phrasings of real licenses: what is excluded, what stands inside longer words, what is left to branches, what is no item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.registry.scope.items import Nature
from hub.registry.scope.loader import load_catalogue
from hub.registry.scope.pieces import LICENSED_TAIL, MarkKind
from hub.registry.scope.rules import (
    BASE_CONFIDENCE,
    MatchKind,
    ParsedLine,
    ParsedScope,
    is_settled,
    parse_scope,
)
from hub.registry.scope.text import item_key
from tests.support.scopes import needs_review

CATALOGUE = load_catalogue()
LICENSED = [
    item
    for item in CATALOGUE.items
    if item.nature is Nature.LICENSED and item.permits and "(" not in item.name
]
PLAIN = [item.name for item in LICENSED if "、" not in item.name and "/" not in item.name]


def read(text: str) -> ParsedScope:
    return parse_scope(text, CATALOGUE)


def names(lines: tuple[ParsedLine, ...]) -> list[str]:
    return [CATALOGUE.find(line.item_code).name for line in lines if line.item_code is not None]


def owed(parsed: ParsedScope) -> list[str]:
    """Items that call for permits of the enterprise itself."""
    return names(
        tuple(
            line
            for line in parsed.lines
            if is_settled(line.item_code, line.confidence) and not line.branch_only
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "一般经营项目：生产非危险化学品类混配涂料及稀释剂；销售本公司所生产的产品。",
        "非危险化学品销售",
        "生产、销售非危险化学品",
        "化工产品(非危险化学品)批发",
        "不含危险化学品",
        "涂料(不含危险化学品)",
        "涂料(不包括危险化学品、易制毒化学品)销售",
        "涂料批发(除危险化学品)",
        "涂料批发(除危险化学品外)",
        "除危险化学品以外的涂料批发",
        "涂料批发，危险化学品除外",
        "涂料批发(危险化学品、烟花爆竹除外)",
        "不得经营危险化学品",
        "危险化学品不得经营",
        "未取得许可证的危险化学品",
        "不从事危险化学品",
        "禁止销售危险化学品",
        "严禁经营危险化学品",
        "本公司不经营危险化学品",
        "危险化学品包装",
        "危险化学品包装物、容器生产",
        "危险化学品应急救援服务",
        "危险化学品仓储设备租赁",
        "涉及危险化学品的技术咨询",
        "食品包装材料销售",
        "食品机械设备加工",
        "药品包装材料零售",
        "餐饮设备销售",
        "餐饮企业管理软件开发",
        "卷烟包装材料销售",
        "烟草机械零售",
        "无烟草零售",
        "兽药品零售",
        "完美发型设计",
        "健美发展咨询",
        "物理发泡材料生产",
        "宾馆用品批发",
        "汽车美容用品销售",
        "仿真烟花零售",
        "电梯配件制造",
        "锅炉配件制造",
        "压力容器制造技术研发",
        "水路货物运输",
        "国际货运代理",
        "教育培训咨询",
        "劳务派遣管理软件销售",
        "不锈钢锅炉配件制造",
        "网吧设备安装",
    ],
)
def test_no_permit_is_guessed_from_what_is_excluded_or_inside_a_longer_word(text: str) -> None:
    assert names(read(text).lines) == []


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("中式快餐", "餐饮服务"),
        ("快餐服务", "餐饮服务"),
        ("危险化学品批发零售", "危险化学品经营"),
        ("批发、零售危险化学品", "危险化学品经营"),
        ("各类卷烟", "烟草制品零售"),
        ("非处方药零售", "药品零售"),
        ("铁矿开采", "非煤矿山矿产资源开采"),
        ("道路货物运输(含危险货物)", "道路危险货物运输"),
        ("不锈钢制品、足浴", "足浴服务"),
        ("除尘器、美发", "理发服务"),
    ],
)
def test_a_word_that_stands_for_itself_is_still_a_guess_and_only_that(text: str, item: str) -> None:
    parsed = read(text)

    assert item in names(parsed.lines)
    assert needs_review(parsed)
    assert item not in owed(parsed) or all(line.match is not MatchKind.KEYWORD for line in parsed.lines)


@pytest.mark.parametrize(
    "opener", ["不含", "不包括", "不得从事", "不从事", "禁止", "严禁", "不涉及", "但不含", "本公司不从事"]
)
@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=4, unique=True))
def test_nothing_of_a_list_behind_a_negation_is_an_item(opener: str, excluded: list[str]) -> None:
    text = f"软件开发，{opener}{'、'.join(excluded)}；文具用品零售"
    parsed = read(text)

    assert names(parsed.lines) == ["软件开发", "文具用品零售"]
    marked = "".join(text[one.start : one.end] for one in parsed.marks if one.kind is MarkKind.EXCLUSION)
    assert marked == opener + "".join(excluded)


@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=3, unique=True))
def test_of_a_list_that_ends_in_an_exception_nothing_is_certain(excluded: list[str]) -> None:
    parsed = read(f"软件开发；{'、'.join(excluded)}除外")

    assert owed(parsed) == ["软件开发"]
    assert all(line.confidence <= BASE_CONFIDENCE for line in parsed.lines[1:])


def test_behind_a_comma_after_an_exclusion_a_person_decides() -> None:
    parsed = read("软件开发，不含危险化学品经营，食品销售")

    assert names(parsed.lines) == ["软件开发", "食品销售"]
    assert owed(parsed) == ["软件开发"]
    assert owed(read("软件开发，不含危险化学品经营；食品销售")) == ["软件开发", "食品销售"]


BRANCH_BRACKETS = [
    "（仅限分支机构经营）",
    "(限分支机构经营)",
    "（限分支机构）",
    "（分支机构经营）",
    "（另设分支机构经营）",
    "（限下属分支机构经营）",
    "（由分支机构经营）",
    "（在分支机构经营）",
    "（只限分公司经营）",
    "（仅限江山市分公司经营）",
    "（限分支机构凭许可证经营）",
    "【仅限分支机构经营】",
    "（ 仅限 分支机构 经营 ）",
    "仅限分支机构经营",
    "（该项目限分支机构经营）",
    "（仅限分支机构经营，凭许可证经营）",
]


@pytest.mark.parametrize("bracket", BRANCH_BRACKETS)
@pytest.mark.parametrize("name", ["餐饮服务", "住宿服务", "危险化学品经营", "第二类增值电信业务"])
def test_what_is_left_to_branches_is_not_owed_by_the_enterprise(name: str, bracket: str) -> None:
    parsed = read(f"许可项目：食品销售；{name}{bracket}；典当业务")

    assert names(parsed.lines) == ["食品销售", name, "典当业务"]
    assert owed(parsed) == ["食品销售", "典当业务"]
    assert [one.kind for one in parsed.marks].count(MarkKind.BRANCH_ONLY) == 1


@pytest.mark.parametrize(
    "mark",
    [
        "（以上项目在分支机构经营）",
        "（以上项目限分支机构经营）",
        "（以上经营范围仅限分支机构经营）",
        "（上述项目由分支机构经营）",
        "。以上项目限分支机构经营。",
        "（以上项目限下属分支机构凭许可证经营）",
        "（以上限分支机构经营）",
        "（前述项目仅限分公司经营）",
    ],
)
def test_what_is_said_of_all_items_above_holds_for_their_section_only(mark: str) -> None:
    parsed = read(f"一般项目：第二类医疗器械销售。许可项目：餐饮服务；住宿服务{mark}")

    assert owed(parsed) == ["第二类医疗器械销售"]
    assert names(parsed.lines) == ["第二类医疗器械销售", "餐饮服务", "住宿服务"]


@pytest.mark.parametrize(
    "heading",
    [
        "以下限分支机构经营：",
        "以下项目限分支机构经营：",
        "下列项目仅限分支机构经营:",
        "分支机构经营：",
        "仅限分支机构经营：",
        "（以下项目由分支机构经营）",
        "(以下限分支机构经营)",
    ],
)
def test_what_is_said_of_all_items_below_holds_up_to_the_next_heading(heading: str) -> None:
    parsed = read(f"食品销售；{heading}餐饮服务、住宿服务；典当业务。一般项目：第二类医疗器械销售")

    assert names(parsed.lines) == ["食品销售", "餐饮服务", "住宿服务", "典当业务", "第二类医疗器械销售"]
    assert owed(parsed) == ["食品销售", "第二类医疗器械销售"]


def test_a_bracket_may_narrow_an_item_and_leave_it_to_branches() -> None:
    line = read("食品销售（仅销售预包装食品，限分支机构经营）").lines[0]

    assert (CATALOGUE.find(line.item_code or "").name, line.branch_only) == (
        "食品销售(仅销售预包装食品)",
        True,
    )


def test_of_items_joined_before_a_branch_mark_only_the_last_is_certainly_of_branches() -> None:
    parsed = read("住宿服务、餐饮服务（限分支机构经营）")

    assert [line.branch_only for line in parsed.lines] == [False, True]
    assert owed(parsed) == []
    assert needs_review(parsed)


@pytest.mark.parametrize(
    "text", ["分支机构经营管理服务", "餐饮服务（不含分支机构）", "餐饮服务(总公司及分支机构均可经营)"]
)
def test_branches_named_otherwise_leave_nothing_to_them(text: str) -> None:
    assert [line.branch_only for line in read(text).lines] == [False]


@given(st.lists(st.sampled_from(LICENSED), min_size=1, max_size=5, unique=True))
def test_every_item_said_as_in_the_catalogue_is_still_owed(items: list[object]) -> None:
    known = [item.name for item in items]  # type: ignore[attr-defined]  # items of the catalogue
    parsed = read(f"许可项目：{'；'.join(known)}（{LICENSED_TAIL}）。")

    assert [item_key(name) for name in owed(parsed)] == [item_key(name) for name in known]


def test_headings_with_a_copula_are_headings() -> None:
    parsed = read("一般经营项目是：软件开发，许可经营项目是：食品销售；餐饮服务")

    assert [line.section.value for line in parsed.lines] == ["一般项目", "许可项目", "许可项目"]
    assert owed(parsed) == ["软件开发", "食品销售", "餐饮服务"]


def test_under_the_heading_of_general_items_no_licensed_item_is_guessed() -> None:
    assert names(read("一般项目：中式快餐").lines) == []
    assert names(read("许可项目：中式快餐").lines) == ["餐饮服务"]
