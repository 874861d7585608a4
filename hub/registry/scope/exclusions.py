"""What a scope does not hold: words behind 不含 or 非, a list before 除外, and so on. A word there matches nothing.

Reading too much as excluded only leaves a line to a person; reading too little would call for a permit that nobody owes.
"""

import re
from collections.abc import Sequence
from typing import Final

GAP: Final = "|"  # stands for what was taken out of a key, so that words on both sides do not grow together

_NOT_REMOVING: Final = (  # 除 in names of things: 除尘设备, 除草剂, 除湿机
    "尘湿雪草锈臭虫味霜冰螨油甲静垢菌藻磷氟铁杂胶毛皱颤渣硫氧氯沫灰锰砷险蜡氨汽盐炭碳蚊鼠蟑害根旧疤痘斑四污水漆气酸"
)
_NOT_BEFORE: Final = "拆清消去解扣免删铲切祛卸破开废剔灭防脱根驱"  # 拆除, 清除 …
_EXCEPT: Final = f"(?<![{_NOT_BEFORE}])除(?![{_NOT_REMOVING}])"
# 不锈钢, 不动产, 不干胶 … are no negations.
_NO: Final = "不(?!锈|动产|干胶|饱和|燃|带|定|良|粘|沾|孕|育|透|倒|限|同|间断|断|变|停|老|锈钢|仅|少于|低于|超过|再分装)"
_SHUT: Final = "不得|不可|不能|不许|不准|不予|不在|禁止|严禁|停止|暂停|除外|(?:以|之)外(?!卖|送|墙|包|贸|语|科|衣|套|商|销)"

ABOVE: Final = (
    "(?:(?:以上|上述|前述|上列|前列)(?:的|各|所列|所有|全部){0,2}"
    "(?:经营)?(?:项目|范围|业务|内容|事项|项)?(?:中|内|里|均|都|也|皆){0,2})"
)
_LEFT_OUT: Final = f"(?:{_NO}[含包得从涉经]|禁止|严禁)"
_LEFT_OUT_ABOVE: Final = re.compile(f"{ABOVE}{_LEFT_OUT}")
_LISTED: Final = re.compile(
    f"{ABOVE}{_LEFT_OUT}|(?:但|其中|并|且|均|也|亦|及|和)?(?:(?:本|该)?(?:企业|公司|店|单位|户|项目|经营范围)){{0,2}}(?:均|都)?(?:{_NO}[含包得从涉经生销提许准可能设做存储加制]|禁止|严禁|勿|{_EXCEPT})"
)
_CLOSING: Final = re.compile(r"(?:除外|不在(?:此|其|经营)[^、()]{0,4}|不得经营|禁止经营|不予经营)(?:的)?\Z")
_OUTSIDE: Final = re.compile("(?:以外|之外|外)(?:的)?")
_WHOLE: Final = re.compile(
    r"\((?:除外|不含|不包括|不得|禁止|不|暂停|停止|取消|未)(?:经营|销售|生产|从事|开展)?\)"
)

_EXCEPT_TO: Final = re.compile(f"{_EXCEPT}[^()|]{{1,80}}?(?:以外|之外|外)")
_BOTH_WAYS: Final = re.compile(f"[^()|]*(?:{_SHUT})[^()|]*")
_FORWARD: Final = re.compile(f"(?:{_NO}|{_EXCEPT}|无须|无需|无|勿)[^()|]*")
_WORD: Final = re.compile("[非未][^、()|;及和与或]*")


def stated(key: str, kept: Sequence[str] = ()) -> str:
    """Return an item key without what it excludes. `kept`: words with a negation in their own name, as 非处方药.

    Linear: each expression passes once over a key of bounded length.
    """
    for place, word in enumerate(kept):
        key = key.replace(word, chr(_PRIVATE + place))
    key = _EXCEPT_TO.sub(GAP, key)
    key = _BOTH_WAYS.sub(GAP, key) if re.search(_SHUT, key) else key
    key = _WORD.sub(GAP, _FORWARD.sub(GAP, key))
    for place, word in enumerate(kept):
        key = key.replace(chr(_PRIVATE + place), word)
    return key


_PRIVATE: Final = 0xE000  # private use: no text that reaches here holds it, keys are compared only


def excludes_itself(key: str) -> bool:
    """Return whether a bracket says of the item as a whole that it is not carried on."""
    return _WHOLE.search(key) is not None


def opens_exclusion(key: str) -> bool:
    """Return whether a piece begins a list of what is not carried on."""
    return _LISTED.match(key) is not None


def is_of_all_above(key: str) -> bool:
    """Return whether a piece begins a list that the whole scope does not hold: 以上项目不含…."""
    return _LEFT_OUT_ABOVE.match(key) is not None


def closes_exclusion(key: str) -> bool:
    """Return whether a piece ends such a list, of which the beginning is not told."""
    return _CLOSING.search(key) is not None


def stated_behind(key: str) -> bool:
    """Return whether a list that 除 began ends in this piece with 外, and an item follows: 除…外的化工产品销售."""
    found = _OUTSIDE.search(key)
    return found is not None and bool(key[found.end() :].strip("、"))


def is_except(key: str) -> bool:
    return re.match(f"(?:但|其中)?{_EXCEPT}", key) is not None
