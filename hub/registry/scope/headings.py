"""Headings told by their words: what the list below them is. 不得从事: · 下属分支机构经营: · 原经营范围: · 变更后:"""

import re
from typing import Final

from hub.registry.scope.statements import BRANCH, Effect, ScopeStatement, StatementPosition

LONGEST: Final = 40  # characters of a heading; the longest met has less than thirty

_NOT: Final = (
    "不得|不可|不能|不许|不准|不予|不允许|禁止|严禁|除外|不包括|不包含|不含|不涉及|不涉|不属于|不从事|不经营|不生产|不销售|不开展|不提供|"
    "不做|不设|不在|未含|未包括|未取得|排除|剔除|扣除|取消|停止|停业|暂停|中止|终止|注销|删除|删去|核减|减少|撤销|去除|非经营|例外|负面清单|"
    "以外|之外"
)
_EXCEPT_BELOW: Final = "除(?:去|开|了)?(?=以下|下列|下述)"
_BELOW: Final = "以下|下列|下述|如下|下面"
_PAST: Final = (
    "(?:变更|更改|修改|修订|调整|变动|换照|换证|更正)(?:之)?前|原(?!料|材|辅|油|煤|木|药|粮|糖|奶|浆|版|创|装|矿|盐|铝|纸|水|"
    "生|种|酒|子|始|麻|棉|毛|皮|色|状|味|浓|址|件)|旧(?=经营|项目|范围|的|:|\\Z)|历史|曾经|以前|此前|过去"
)
_CURRENT: Final = (
    "(?:变更|更改|修改|修订|调整|变动|换照|换证|更正)(?:之)?(?:后|为|成)|改为|改成|现(?=经营|登记|核准|有|为|已|在|项目|范围|:|变更|调整|改|更改|\\Z)|目前|"
    "新(?=经营|项目|范围|的|:|\\Z)"
)
_OWN: Final = "新增|增加|增设|增项|总公司|总店|总部|本部|总厂|可|允许|准许|准予|主营|兼营"
_BRANCH_WORDS: Final = f"{BRANCH}|下属|所属|各地|下设|设立|限|仅|只|由|归"
_PLAIN: Final = (
    "本|该|我|企业|公司|单位|店|户|但|其中|且|并|另|所列|列|经营|范围|项目|业务|活动|商品|产品|内容|事项|行业|品种|服务|类|物品|许可|一般|"
    "前置|后置|审批|有关|相关|任何|各类|各项|各种|各|所有|一切|生产|销售|从事|开展|涉及|属于|提供|加工|储存|运输|进行|登记|核准|核定|注册|执照|"
    "的|为|是|有|包括|含|等|均|都|也|亦|内|中|之|在|于|国家|法律|法规|行政|规定|明令|依法|未经|未|批准|取得|证|部门|监管|一律|范畴|列入|"
    "除|外|应|须|需|者|已|与|和|及|或|暂时|暂|具体|名称|清单|目录|部分|限制|[、,()\\[\\]【】〔〕\"'“”]"
)
_ATOM: Final = f"(?:{_NOT}|{_EXCEPT_BELOW}|{_BELOW}|{_PAST}|{_CURRENT}|{_OWN}|{_BRANCH_WORDS}|{_PLAIN})"
_ALL_WORDS: Final = re.compile(f"{_ATOM}++")
_HAS_NOT: Final = re.compile(f"{_NOT}|{_EXCEPT_BELOW}|除(?:外)?\\Z")
_HAS_BELOW: Final = re.compile(_BELOW)
_HAS_PAST: Final = re.compile(f"{_PAST}|经营范围由\\Z")
_HAS_CURRENT: Final = re.compile(_CURRENT)
_HAS_BRANCH: Final = re.compile(BRANCH)
_HAS_OWN: Final = re.compile(
    f"(?:(?<!许)(?:{_OWN}))|\\A(?:经营|本企业|本公司|本店)(?:经营|范围|项目|内容|业务)*(?:为|是)?\\Z"
)
_BOTH: Final = re.compile(
    f"(?:总公司|总店|总部|本部|本公司|公司|企业)[及和与、]{{1,2}}(?:下属|所属|各)*{BRANCH}"
)
_OF_A_BRANCH: Final = re.compile(
    f"(?:(?!总|本部|不|非|除|及|和|与)[^;。,、:()]){{0,12}}{BRANCH}(?:经营|从事|开展|范围|项目|业务|内容|的|为|是){{0,5}}"
)
_BRANCH_OPENS: Final = re.compile(  # and no name of an item: 分支机构经营管理, 为分公司经营提供服务
    "(?:仅|只|均|都|须|限于|限|由|归|其|下属|所属|各地|各|本公司|公司|本企业|企业|该|的|下设|设立|在){0,6}"
    "(?:(?!总|本部|不|非|除|及|和|与|为|受|代|对|给|向|限|由|仅|只|售|销|务|产|加工|开发|制造|运|货|管理)[^;。,、:()]){0,12}"
    f"{BRANCH}(?:可以|可|负责|主要|另|还){{0,2}}(?:经营|从事|开展)"
    "(?!场所|地址|地点|范围|项目|期限|活动|管理|的|业务|者|许可|内容|与|和|及|提供|所|情况|[;。,、:()]).",
    re.DOTALL,
)
_CHANGE_OPENS: Final = re.compile(
    "(?:现将|将|原来的|原|本公司|公司|本企业|企业|变更前){0,3}的?(?:登记|核准|核定){0,2}的?"
    "(?:经营范围由(?:原来的|原来|原先的|原)?|(?<=[原前])经营范围(?:为|是)?)"
)
_AT_THE_END: Final = re.compile(
    "(?:不得|禁止|严禁|不含|不包括|不包含|不从事)(?:从事|经营|开展|生产|销售|以下|下列|项目|业务|活动|的|：){0,5}\\Z"
)


def heading(said: str) -> tuple[ScopeStatement, int] | None:
    """Return what the words before a colon make of the list behind it, and where the heading begins in them.

    `said`: without blanks, in one width. None when an item stands there.
    """
    if not said or len(said) > LONGEST:
        return None
    if (effect := _effect(said)) is not None:
        return ScopeStatement(effect, StatementPosition.BELOW), 0
    if (end := _AT_THE_END.search(said)) is not None:
        return ScopeStatement(Effect.EXCLUDED, StatementPosition.BELOW), end.start()
    return None


def _effect(said: str) -> Effect | None:
    if _OF_A_BRANCH.fullmatch(said) is not None:
        return Effect.BRANCH
    if _ALL_WORDS.fullmatch(said) is None and not said.endswith("经营范围由"):
        return None
    if _BOTH.search(said):
        return Effect.OWN
    for told, effect in (
        (_HAS_NOT, Effect.EXCLUDED),
        (_HAS_PAST, Effect.PAST),
        (_HAS_CURRENT, Effect.CURRENT),
        (_HAS_BRANCH, Effect.BRANCH),
        (_HAS_OWN, Effect.OWN),
    ):
        if told.search(said):
            return effect
    return None


def without_colon(said: str) -> ScopeStatement | None:
    """Return the same for a bracket or a clause that no colon ends: only what names the list below, or a change, is a heading."""
    if len(said) > LONGEST or (effect := _effect(said)) is None:
        return None
    if effect in {Effect.EXCLUDED, Effect.BRANCH} and _HAS_BELOW.search(said):
        unclear = said.startswith("除") and not said.endswith("除外")
        return ScopeStatement(Effect.UNCLEAR if unclear else effect, StatementPosition.BELOW)
    return (
        ScopeStatement(effect, StatementPosition.BELOW) if effect in {Effect.PAST, Effect.CURRENT} else None
    )


def change_opening(said: str) -> int:
    """Return where the beginning of 经营范围由…变更为… ends at the head of a clause; 0 when it is none."""
    found = _CHANGE_OPENS.match(said)
    return 0 if found is None else found.end()


def opening(said: str) -> tuple[ScopeStatement, int] | None:
    """Return the heading that a clause begins with, when its list follows without a colon: 不含以下项目危险化学品. And its end.

    `Place.HERE` where nothing names the list: 分公司经营餐饮服务.
    """
    if (branch := _BRANCH_OPENS.match(said)) is not None:
        return ScopeStatement(Effect.BRANCH), branch.end() - 1
    found = _ALL_WORDS.match(said[:LONGEST])
    if found is None or _HAS_BELOW.search(found.group()) is None:
        return None
    told = without_colon(found.group())
    return None if told is None else (told, found.end())
