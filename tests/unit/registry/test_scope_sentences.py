"""Standing sentences of business licenses are marks, in any bracket, width, order and spacing; items are not."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.registry.scope.pieces import GENERAL_TAIL, LICENSED_TAIL, MarkKind
from tests.unit.registry.test_scope_phrasings import names, read

WIDE = str.maketrans(",;:()", "，；：（）")
TAILS = [
    GENERAL_TAIL,
    LICENSED_TAIL,
    (
        "市场主体依法自主选择经营项目,开展经营活动;依法须经批准的项目,经相关部门批准后依批准的内容开展经营活动;"
        "不得从事国家和本市产业政策禁止和限制类项目的经营活动。"
    ),
    "企业依法自主选择经营项目,开展经营活动;依法须经批准的项目,经相关部门批准后依批准的内容开展经营活动",
    "依法须经批准的项目,经相关部门批准后方可开展经营活动",
    "依法须经批准的项目经相关部门批准后方可开展经营活动。",
    "依法须经批准的项目,经相关部门批准后 方可开展经营活动",
    "依法须经批准的项目,\n经相关部门批准后\r\n方可开展经营活动",
    "经相关部门批准后方可开展经营活动,依法须经批准的项目",
    "凭许可证经营,有效期至2027年3月1日",
    "凭许可证经营,有效期至2027-03-01",
    "凭有效许可证经营,有效期限:2027.03.01",
    "凭《食品经营许可证》经营",
    "经营项目凭有效许可证经营",
    "具体经营项目请登录广州市商事主体信息公示平台查询",
    "具体经营项目请登录广东省商事主体信息公示平台查询,网址:http://cri.gz.gov.cn/。依法须经批准的项目,经相关部门批准后方可开展经营活动。",
    "具体经营范围以审批机关核定的为准;依法须经批准的项目,经相关部门批准后方可开展经营活动",
    "除许可业务外,可自主依法经营法律法规非禁止或限制的项目",
    "除依法须经批准的项目外,自主开展法律法规未禁止、未限制的经营活动",
    (
        "法律、法规、国务院决定规定禁止的不得经营;法律、法规、国务院决定规定应当许可(审批)的,经审批机关批准后凭许可(审批)文件经营;"
        "法律、法规、国务院决定规定无需许可(审批)的,市场主体自主选择经营。"
    ),
    "国家法律法规禁止的不得经营,涉及行政许可的须取得许可证后方可经营",
    "涉及许可经营的凭许可证经营",
    "涉及许可经营的项目,须取得相关部门许可后方可经营",
    "以上经营范围不含国家法律法规规定禁止、限制和许可经营的项目",
    "未取得许可证的不得经营",
    "依法须经批准的项目,经相关部门批准后在有效期内方可开展经营活动",
    "涉及许可的凭证经营",
    "具体项目以许可证为准",
    "经营范围内属于法律、行政法规规定须经批准的项目,应当依法经过批准后方可经营",
    "国家有专项规定的从其规定",
    "许可经营项目凭许可证经营",
    "以上项目不含前置审批",
]
WRAPPINGS = ["({})", "【{}】", "[{}]", "。({})", ";({})。", " ({})", "\n({})", "(({}))"]


@pytest.mark.parametrize("tail", TAILS, ids=lambda tail: tail[:14])
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_standing_sentences_are_marks_in_any_bracket_and_width(tail: str, wrapping: str) -> None:
    for said in (wrapping.format(tail), wrapping.format(tail).translate(WIDE)):
        for text in (f"软件开发;食品销售{said}", f"{said}软件开发;食品销售"):
            parsed = read(text)

            assert names(parsed.lines) == ["软件开发", "食品销售"], text
            assert {line.confidence for line in parsed.lines} == {1.0}
            assert MarkKind.BOILERPLATE in {one.kind for one in parsed.marks}


@given(st.sampled_from(TAILS), st.data())
def test_blanks_anywhere_in_a_standing_sentence_change_nothing(tail: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(tail)), max_size=6))
    blanks = data.draw(
        st.lists(st.sampled_from(" \u3000\u00a0\u200b\n"), min_size=len(places), max_size=len(places))
    )
    at = dict(zip(places, blanks, strict=True))
    spaced = "".join(chain.from_iterable((at.get(i, ""), one) for i, one in enumerate(tail)))

    assert names(read(f"食品销售（{spaced}）").lines) == ["食品销售"]


@pytest.mark.parametrize(
    "text",
    [
        "自主经营和代理各类商品的进出口业务",
        "通过互联网提供信息查询服务",
        "持有资质证书的工程监理服务",
        "市场调查",
        "法律咨询服务",
        "国家标准物质研制",
        "有效期评估服务",
        "经营性档案整理",
        "按客户要求批准放行服务",
        "依法合规培训服务",
        "凭样品加工金属件",
    ],
)
def test_an_item_that_begins_like_a_standing_sentence_stays_an_item(text: str) -> None:
    parsed = read(f"软件开发；{text}；文具用品零售")

    assert [line.text for line in parsed.lines] == ["软件开发", text, "文具用品零售"]


@pytest.mark.parametrize("filling", ["***", "*", "※", "■■"])
def test_what_fills_the_line_behind_an_item_is_no_part_of_it(filling: str) -> None:
    assert names(read(f"软件开发；餐饮服务{filling}").lines) == ["软件开发", "餐饮服务"]
