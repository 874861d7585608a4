"""Rules of thumb for a line that no spelling fits. A word counts where it stands for itself, not inside a longer one.

危险化学品 is met in 危险化学品销售 and not in 危险化学品包装物 or 非危险化学品; 美发 not in 完美发型. So what stands before
a word up to the nearest boundary must be words that change nothing (中式, 各类, 销售), and what follows it a word of trade.
What does not pass stays unmatched and waits for a person, who is asked about a guess as well.
"""

import re
from functools import cache
from typing import Final

from hub.registry.scope.exclusions import GAP, excludes_itself, stated
from hub.registry.scope.items import Keyword, Nature, ScopeCatalogue, ScopeItem

ANYTHING_BEFORE: Final = "*"  # in a rule of the catalogue: any word may stand before, as in 铁矿 for *矿

_TRADE: Final = (
    "销售|零售|批发|批零|零批|经营|贸易|购销|进出口|出口|进口|服务|业务|活动|项目|供应|制售|外卖|外带|堂食|店|馆|厅|吧|部|"
    "场所|场|等|类|业|的|及其|及|和|与|或|兼|以及|自营|产品|商品|制品|其他|其它"
)
_MAKING: Final = "生产|加工|制造|制作|酿造|养殖|饲养|开采|运输|收购|采购|配送"
_MODIFIER: Final = (
    "中式|西式|中西式|各式|各类|各种|各|大型|中型|小型|普通|一般|特色|自制|传统|现代|高档|中高档|连锁|公共|商务|经济型|快捷|"
    "星级|农家|乡村|便民|社区|专业|综合|专科|中医|国产|进口|品牌|名优|散装|预包装|定型包装|瓶装|罐装|听装|盒装|袋装|国内|"
    "本地|当地|生鲜|新鲜|冷冻|冷藏|常温|家用|民用|主营|兼营|专营|从事|提供|开展|承接|承办|仅限|仅|限|只|含|包括|包含|"
    "第|一|二|三|城市|市内|省内|省际|县际|县内|跨省|道路|公路|旅游|有形|经营性|营利性|酒店|宾馆|男女|时尚|个人"
)
_BOUNDARY: Final = r"、()\[\]【】〔〕《》:;/\-" + re.escape(GAP)
_BEFORE: Final = re.compile(f"(?:\\A|[{_BOUNDARY}])(?:{_MODIFIER}|{_TRADE}|{_MAKING})*\\Z")
_LOOK_BACK: Final = 24  # characters: the longest chain of words before one that is met


def guess(key: str, catalogue: ScopeCatalogue, *, under_general: bool) -> ScopeItem | None:
    """Return the item that the most telling rule of thumb finds in a key, None when none does.

    Under the heading 一般项目 no item that needs a permit is guessed.
    """
    hinted = catalogue.hinted(key)
    if not hinted or excludes_itself(key):
        return None
    said = stated(key, catalogue.negated_words)
    for keyword, item in hinted:
        if _fits(keyword, said) and not (under_general and item.nature is Nature.LICENSED):
            return item
    return None


def _fits(keyword: Keyword, said: str) -> bool:
    if any(word in said for word in keyword.none_of):
        return False
    return all(_stands_alone(word, keyword, said) for word in keyword.all_of)


def _stands_alone(word: str, keyword: Keyword, said: str) -> bool:
    """Whether some place of the word has a boundary on both sides."""
    free = word.startswith(ANYTHING_BEFORE)
    plain = word.removeprefix(ANYTHING_BEFORE)
    at = said.find(plain)
    while at >= 0:
        end = at + len(plain)
        if _follows(keyword).match(said, end) and (
            free or plain in _TRADE_WORDS or _BEFORE.search(_behind(keyword, said, at))
        ):
            return True
        at = said.find(plain, at + 1)
    return False


_TRADE_WORDS: Final = frozenset((*_TRADE.split("|"), *_MAKING.split("|")))


def _behind(keyword: Keyword, said: str, at: int) -> str:
    """What stands before a word, without the other words of its rule; where more stands before that, it is no boundary."""
    text = said[max(0, at - _LOOK_BACK) : at]
    for other in keyword.all_of:
        text = text.replace(other.removeprefix(ANYTHING_BEFORE), "")
    return text if at <= _LOOK_BACK else f"…{text}"


@cache
def _follows(keyword: Keyword) -> re.Pattern[str]:
    own = "|".join(re.escape(word.removeprefix(ANYTHING_BEFORE)) for word in keyword.all_of)
    return re.compile(f"(?:{own}|{_TRADE})*(?:\\Z|[{_BOUNDARY}])")
