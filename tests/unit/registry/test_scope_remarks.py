"""Remarks in the words of a list itself, without a heading: what it leaves out, what branches carry on, what it became."""

import pytest

from hub.registry.scope.pieces import MarkKind
from hub.registry.scope.rules import ParsedScope
from tests.support.scopes import needs_review
from tests.unit.registry.test_scope_phrasings import names, owed, read
from tests.unit.registry.test_scope_rules import assert_covers


def marked(parsed: ParsedScope, text: str, kind: MarkKind) -> list[str]:
    return [text[one.start : one.end] for one in parsed.marks if one.kind is kind]


@pytest.mark.parametrize(
    "above", ["以上项目", "上述项目", "以上范围", "以上经营范围", "以上", "本公司经营范围"]
)
@pytest.mark.parametrize("without", ["不含", "不包括", "均不含"])
@pytest.mark.parametrize("joint", ["、", "和", "及", "或"])
@pytest.mark.parametrize("form", ["软件开发；{}", "软件开发，{}。", "软件开发（{}）", "软件开发；（{}）"])
def test_what_a_scope_does_not_hold_is_excluded_to_the_end_of_its_list(
    form: str, joint: str, without: str, above: str
) -> None:
    text = form.format(f"{above}{without}餐饮服务{joint}住宿服务、食品销售")
    parsed = read(text)

    assert set(names(parsed.lines)) == {"软件开发"}
    assert set(owed(parsed)) <= {"软件开发"}
    assert_covers(parsed, text)


@pytest.mark.parametrize(
    "text", ["软件开发；以上项目不含餐饮服务，住宿服务", "软件开发（上述项目不包括餐饮服务，住宿服务）"]
)
def test_a_list_that_the_whole_scope_does_not_hold_goes_on_over_commas(text: str) -> None:
    parsed = read(text)

    assert names(parsed.lines) == owed(parsed) == ["软件开发"]
    assert MarkKind.EXCLUSION in {one.kind for one in parsed.marks}
    assert owed(read(f"{text}；食品销售")) == ["软件开发", "食品销售"]


@pytest.mark.parametrize(
    "branch",
    [
        "下属分支机构经营",
        "分公司经营",
        "分支机构从事",
        "分支机构从事：",
        "由分支机构经营",
        "限分支机构经营",
        "衢州分公司经营",
        "其分支机构开展",
        "子公司经营",
    ],
)
@pytest.mark.parametrize("before", ["", "软件开发；", "软件开发、", "软件开发，"])
def test_what_branches_carry_on_is_theirs_to_the_end_of_the_list(before: str, branch: str) -> None:
    text = f"{before}{branch}餐饮服务、住宿服务"
    parsed = read(text)

    assert [line.branch_only for line in parsed.lines][-2:] == [True, True]
    assert names(parsed.lines)[-2:] == ["餐饮服务", "住宿服务"]
    assert owed(parsed) == (["软件开发"] if before else [])
    assert_covers(parsed, text)


@pytest.mark.parametrize("parting", ["；", "，", "。"])
def test_behind_the_list_of_a_branch_a_person_decides(parting: str) -> None:
    parsed = read(f"软件开发；分公司经营餐饮服务、住宿服务{parting}食品销售")

    assert names(parsed.lines) == ["软件开发", "餐饮服务", "住宿服务", "食品销售"]
    assert [line.branch_only for line in parsed.lines] == [False, True, True, False]
    assert owed(parsed) == ["软件开发"]


@pytest.mark.parametrize(
    "text",
    [
        "分支机构经营管理",
        "为分公司经营提供服务",
        "总公司及分公司经营软件",
        "销售限分支机构经营软件",
        "分公司经营场所",
    ],
)
def test_a_branch_in_the_name_of_an_item_begins_no_list(text: str) -> None:
    assert "餐饮服务" in owed(read(f"{text}、餐饮服务"))


OTHERS = ["限分支机构经营", "，其他限分支机构经营", "，其余项目均由分公司经营", "均仅限分支机构经营"]


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize("outside", ["除第1项外", "除第一项以外", "除上述第1项之外", "第1项除外，"])
@pytest.mark.parametrize("form", ["（{}）", "。{}", "；{}。"])
def test_all_but_the_counted_items_are_of_branches(form: str, outside: str, others: str) -> None:
    said = form.format(f"{outside}{others}".replace("，，", "，"))
    parsed = read(f"餐饮服务；住宿服务；食品销售{said}")

    assert names(parsed.lines) == ["餐饮服务", "住宿服务", "食品销售"]
    assert [line.branch_only for line in parsed.lines] == [False, True, True]
    assert owed(parsed) == ["餐饮服务"]


def test_all_but_a_count_that_is_not_certain_leave_a_person_to_decide() -> None:
    parsed = read("餐饮服务、住宿服务；食品销售（除第1项外限分支机构经营）")

    assert [line.branch_only for line in parsed.lines] == [False, False, True]
    assert owed(parsed) == ["餐饮服务"]
    assert needs_review(parsed)


@pytest.mark.parametrize(
    "said", ["其余限分支机构经营", "除餐饮服务外限分支机构经营", "其他项目均由分公司经营"]
)
def test_others_that_are_not_counted_leave_a_person_to_decide(said: str) -> None:
    parsed = read(f"餐饮服务；住宿服务；食品销售（{said}）")

    assert names(parsed.lines) == ["餐饮服务", "住宿服务", "食品销售"]
    assert owed(parsed) == []


@pytest.mark.parametrize(
    "heading",
    [
        "取得许可后方可经营：",
        "凭许可证经营：",
        "凭许可证经营 : ",
        "经批准后方可经营：",
        "依法须经批准的项目：",
        "凭有效许可证经营以下项目：",
        "以下项目凭许可证经营：",
        "以下项目取得许可后方可经营：",
        "（凭许可证经营）：",
    ],
)
@pytest.mark.parametrize("before", ["", "软件开发；"])
def test_a_rule_that_heads_a_list_leaves_its_items_as_they_are(before: str, heading: str) -> None:
    text = f"{before}{heading}餐饮服务；住宿服务"
    parsed = read(text)

    assert names(parsed.lines) == owed(parsed) == [*(["软件开发"] if before else []), "餐饮服务", "住宿服务"]
    assert not needs_review(parsed)
    assert_covers(parsed, text)


@pytest.mark.parametrize("stars", ["***", "**", "*", "※", "■■", " *** "])
def test_asterisks_between_items_part_them(stars: str) -> None:
    text = f"软件开发{stars}餐饮服务{stars}"
    parsed = read(text)

    assert names(parsed.lines) == owed(parsed) == ["软件开发", "餐饮服务"]
    assert_covers(parsed, text)


@pytest.mark.parametrize("end", ["#", "##", "。#", "####", "*#", "；#"])
def test_what_fills_the_line_behind_the_last_item_is_no_item(end: str) -> None:
    text = f"软件开发；餐饮服务{end}"
    parsed = read(text)

    assert [line.text for line in parsed.lines] == ["软件开发", "餐饮服务"]
    assert owed(parsed) == ["软件开发", "餐饮服务"]


def test_a_number_sign_within_an_item_stays() -> None:
    assert [line.text for line in read("92#汽油、0#柴油").lines] == ["92#汽油", "0#柴油"]


@pytest.mark.parametrize(
    "text",
    [
        "经营范围由餐饮服务；住宿服务变更为食品销售",
        "经营范围由餐饮服务、住宿服务变更为食品销售",
        "经营范围由餐饮服务；住宿服务变更为：食品销售",
        "经营范围由原来的餐饮服务；住宿服务变更为食品销售。",
        "原经营范围餐饮服务；住宿服务，现变更为食品销售",
        "原经营范围由餐饮服务；住宿服务变更为食品销售",
        "经营范围由一般项目：旅馆；许可项目：餐饮服务变更为许可项目：食品销售",
        "原经营范围：餐饮服务；住宿服务变更为食品销售",
    ],
)
def test_a_change_told_in_one_sentence_leaves_the_scope_after_it(text: str) -> None:
    parsed = read(text)

    assert names(parsed.lines) == owed(parsed) == ["食品销售"]
    assert marked(parsed, text, MarkKind.PAST)
    assert_covers(parsed, text)


def test_a_change_of_which_no_beginning_is_told_leaves_a_person_to_decide() -> None:
    parsed = read("餐饮服务；住宿服务变更为食品销售")

    assert (names(parsed.lines), owed(parsed)) == (["餐饮服务", "住宿服务", "食品销售"], ["食品销售"])


def test_a_scope_that_says_from_whom_it_comes_is_not_past() -> None:
    assert owed(read("经营范围由总公司授权；餐饮服务")) == ["餐饮服务"]


@pytest.mark.parametrize(
    "said",
    [
        "不得从事融资性担保业务，不得从事吸收公众存款",
        "不得从事融资性担保业务，餐饮服务",
        "不得从事融资担保、住宿服务",
        "不含餐饮服务、住宿服务",
    ],
)
def test_a_bracket_of_its_own_that_says_what_is_not_carried_on_is_no_item(said: str) -> None:
    text = f"软件开发；食品销售；（{said}）"
    parsed = read(text)

    assert names(parsed.lines) == owed(parsed) == ["软件开发", "食品销售"]
    assert len(parsed.lines) == 2
    assert_covers(parsed, text)


def test_a_bracket_about_finance_behind_an_item_is_no_part_of_it() -> None:
    parsed = read("软件开发；食品销售（不得从事融资性担保业务，不得吸收公众存款）")

    assert owed(parsed) == ["软件开发", "食品销售"]


def test_ten_thousand_repeated_characters_are_read_to_the_end() -> None:
    for unit in REPEATED:
        text = (unit * 10_000)[:10_000]
        assert_covers(read(text), text)


REPEATED = [
    "以上项目不含",
    "分公司经营",
    "除第1项外",
    "经营范围由",
    "变更为",
    "*",
    "*a",
    "※ ",
    "凭许可证经营：",
    "（不得从事",
]
