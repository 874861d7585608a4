"""What a sentence or a heading says of items beside it: branches carry them on, nobody does, or an earlier scope held them.

A heading is told by its words alone: all that stands before the colon is made of the words below, so that an item with
a colon (货运:普通货运) is none. Each expression has a bound, so that reading stays linear.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Effect(StrEnum):
    PLAIN = "plain"  # nothing about any item
    OWN = "own"  # the enterprise carries the items on
    BRANCH = "branch"
    EXCLUDED = "excluded"
    PAST = "past"  # a scope of before a change
    CURRENT = "current"  # the scope since the change
    UNCLEAR = "unclear"  # something of this kind about items that are not told


class StatementPosition(StrEnum):
    HERE = "here"  # the item that it follows
    ABOVE = "above"  # 以上项目: everything of the section so far, or the `chosen` of it
    BELOW = "below"  # 以下项目, or a heading: everything up to the next heading


@dataclass(frozen=True, slots=True)
class ChosenItems:
    """Items of a list by number: `numbers` as pairs (first, last) counted from 1, or the last `from_end`."""

    numbers: tuple[tuple[int, int], ...] = ()
    from_end: int = 0
    others: bool = False  # all but these

    def places(self, count: int) -> frozenset[int] | None:
        """Return the indices chosen of so many; None when the list is shorter than that."""
        named = self._named(count)
        return frozenset(range(count)) - named if self.others and named is not None else named

    def _named(self, count: int) -> frozenset[int] | None:
        if self.from_end:
            return frozenset(range(count - self.from_end, count)) if self.from_end <= count else None
        found = frozenset(i for first, last in self.numbers for i in range(first - 1, min(last, count + 1)))
        return found if found and min(found) >= 0 and max(found) < count else None


@dataclass(frozen=True, slots=True)
class ScopeStatement:
    effect: Effect
    place: StatementPosition = StatementPosition.HERE
    chosen: ChosenItems | None = None


PLAIN: Final = ScopeStatement(Effect.PLAIN)

_WORD: Final = r"[^;。,、()\[\]【】〔〕]"  # within a clause
_IN: Final = r"[^;。()\[\]【】〔〕]"  # within a sentence
PAPER: Final = (
    "(?:许可证(?:件|书)?|许可文件|许可(?:\\(审批\\))?文件|审批(?:文件|手续)?|批准(?:文件|证书|证件)?|批文|"
    "资质(?:证书|证|等级)?|备案(?:凭证|证明|表|文件|回执)?|有效证件|证书|许可)"
)
BRANCH: Final = (
    "(?:分支机构|分公司|分支单位|分支企业|分支经营机构|分支店|(?<!部)分店|分部|分厂|下属机构|下属门店|"
    "下属企业|下属单位|下属公司|(?<!电)子公司)"
)
_BRANCH_ACT: Final = (
    f"(?:凭{_WORD}{{0,20}}?{PAPER}{_WORD}{{0,6}}?)?(?:持证|另行|方可|使用|从事|开展|进行|办理|实施|运营|生产|加工|"
    "制造|销售|施工|经营|服务|设立|执行|活动|项目|范围){0,4}"
)
_BRANCH_SHUT: Final = "(?!外|以外|之外|除外|不|及|和|与|以及)"
_PARTS: Final = "(?:(?:许可|一般|经营|全部|所有|有关|相关|各)*(?:项目|范围|业务|内容|事项|项)(?:中)?)"
_ONLY: Final = "(?:仅|只|均|都|须|需|应|可|限|限于|由|在|于|归|供|设|另设|下设|另|凭许可证){1,5}"
_BRANCHES: Final = (
    f"(?:{_ONLY}(?:(?!总|本部|不|非|除|及|和|与){_WORD}){{0,16}}?{BRANCH}{_BRANCH_SHUT}{_BRANCH_ACT})"
)
_BY_BRANCHES: Final = f"(?:{_BRANCHES}|{BRANCH}{_BRANCH_SHUT}{_BRANCH_ACT})"
_NOT_CARRIED_ON: Final = (
    "(?:(?:均|都|一律|全部|等|暂)*(?:除外|(?:以|之)外|不得(?:从事|经营|开展|生产|销售)?|不经营|不从事|未经营|禁止(?:从事|经营)?|严禁(?:从事|经营)?|"
    "停止(?:从事|经营)?|暂停(?:从事|经营)?|取消|不属于(?:本企业|本公司)?经营范围|不在(?:本企业|本公司)?经营范围(?:之)?[内列]?|不含在内|"
    "不包括在内|不予经营)(?:的?(?:经营)?活动)?(?![^;。,、()\\[\\]【】〔〕]))"
)
_N: Final = "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_UNITS: Final = (
    "(?:个?(?:许可|一般|经营)?(?:项目|业务|项|类|种)(?:许可|一般|经营)*(?:项目|业务|内容|范围)?|者)"
)
_TO: Final = "[至到~—–-]"
_NUMBERS: Final = f"{_N}(?:项?(?:[、,和及与]|{_TO})(?:第)?{_N}){{0,12}}"
_LISTED: Final = "(?:(?:以上|上述|前述|上列|其中|中|的|该){0,3})"
_CHOSEN: Final = (
    f"(?:以上|上述|前述|上列|上面|前列)(?:的)?(?P<above>{_N}){_UNITS}|"
    f"{_LISTED}(?:前(?:面|边)?(?:的)?(?P<front>{_N}){_UNITS}|(?:最后|最末|末尾|末|后面|后边|后|倒数|这|此|该)(?:的)?(?P<back>{_N}){_UNITS}|"
    f"(?:第)?(?P<numbers>{_NUMBERS})项(?:经营)?(?:项目|业务|内容)?)"
)
_WHOLE_LIST: Final = f"(?:以上|上述|前述|上列|前列|以上所列|上述所列){_PARTS}?"
_OUTSIDE: Final = "(?:以外|之外|外)"
_OTHERS: Final = f"(?:[,、]?(?:其余|其他|其它)?的?(?:各项|{_PARTS})?(?:均|都|全部)?)"
_SENTENCES: Final = tuple(
    (effect, place, re.compile(expression))
    for effect, place, expression in (
        (
            Effect.BRANCH,
            StatementPosition.ABOVE,
            f"(?P<others>除)(?:{_CHOSEN}){_OUTSIDE}{_OTHERS}{_BY_BRANCHES}",
        ),
        (Effect.BRANCH, StatementPosition.ABOVE, f"(?:{_CHOSEN})(?P<others>除外){_OTHERS}{_BY_BRANCHES}"),
        (
            Effect.EXCLUDED,
            StatementPosition.ABOVE,
            f"(?P<others>除)(?:{_CHOSEN}){_OUTSIDE}{_OTHERS}{_NOT_CARRIED_ON}",
        ),
        (Effect.UNCLEAR, StatementPosition.ABOVE, f"除{_IN}{{1,60}}?{_OUTSIDE}{_OTHERS}{_BY_BRANCHES}"),
        (
            Effect.UNCLEAR,
            StatementPosition.ABOVE,
            f"(?:其余|其他|其它)的?(?:各项|{_PARTS})?(?:均|都|全部)?{_BY_BRANCHES}",
        ),
        (Effect.BRANCH, StatementPosition.ABOVE, f"(?:{_CHOSEN})(?:均|都)?{_BY_BRANCHES}"),
        (Effect.EXCLUDED, StatementPosition.ABOVE, f"(?:{_CHOSEN}){_NOT_CARRIED_ON}"),
        (
            Effect.BRANCH,
            StatementPosition.BELOW,
            f"(?:以下|下列|下述)(?:限|仅限|由|{_PARTS})?(?:均)?{_BY_BRANCHES}",
        ),
        (Effect.BRANCH, StatementPosition.ABOVE, f"{_WHOLE_LIST}{_BY_BRANCHES}"),
        (Effect.EXCLUDED, StatementPosition.ABOVE, f"{_WHOLE_LIST}{_NOT_CARRIED_ON}"),
        (Effect.BRANCH, StatementPosition.HERE, f"(?:该|本|此|其中)?{_PARTS}?{_BRANCHES}"),
    )
)
_ALONE: Final = re.compile(f"{BRANCH}{_BRANCH_ACT}")  # tells only as a whole bracket
_DIGITS: Final = {one: i for i, one in enumerate("一二三四五六七八九", 1)} | {"两": 2}


def statement_at(text: str, at: int, end: int) -> tuple[ScopeStatement, int] | None:
    """Return the sentence about other items that begins at `at`, and where it ends."""
    for effect, place, expression in _SENTENCES:
        if (found := expression.match(text, at, end)) is not None:
            below = place is StatementPosition.HERE and text.startswith(":", found.end())
            chosen = _chosen(found) if expression.groups else None
            return ScopeStatement(effect, StatementPosition.BELOW if below else place, chosen), found.end()
    return None


def branch_alone(text: str, at: int, end: int) -> tuple[ScopeStatement, int] | None:
    """Read a whole bracket that names branches only, as (分支机构经营)."""
    found = _ALONE.match(text, at, end)
    return (ScopeStatement(Effect.BRANCH), end) if found is not None and found.end() == end else None


def _chosen(found: re.Match[str]) -> ChosenItems:
    chosen = _counted(found)
    return replace(chosen, others=True) if found.groupdict().get("others") else chosen


def _counted(found: re.Match[str]) -> ChosenItems:
    said = found.groupdict()
    if said["front"]:
        return ChosenItems(((1, _number(said["front"])),))
    if last := said["back"] or said["above"]:
        return ChosenItems(from_end=_number(last))
    pairs = []
    for one in re.split("[、,和及与]", said["numbers"]):
        ends = [_number(each) for each in re.findall(_N, one)]
        pairs.append((ends[0], ends[-1]))
    return ChosenItems(tuple(pairs))


def _number(text: str) -> int:
    """1 to 99, of Chinese or Western figures."""
    if text[0] not in "一二两三四五六七八九十":
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
