"""Sentences that business licenses carry beside their items, in any width, spacing and punctuation.

They say how a business is carried on (after approval, by permit, at the owner's choice), where its items can be looked
up, and whether branches alone carry them on. Each sentence is tried at one place of the text and none repeats itself
without a bound, so that reading stays linear; what is no whole sentence stays a part of the item it stands in.
"""

import re
from bisect import bisect_left
from typing import Final

from hub.registry.scope.exclusions import is_except, is_of_all_above, opens_exclusion
from hub.registry.scope.headings import LONGEST, heading, without_colon
from hub.registry.scope.legal import legal_clause, whole_clause, words_of_law
from hub.registry.scope.statements import (
    PAPER,
    PLAIN,
    Effect,
    ScopeStatement,
    StatementPosition,
    branch_alone,
    statement_at,
)

_J: Final = "[,、;:。.]?"  # a comma or its like may stand there
_IN: Final = r"[^;。()\[\]【】〔〕]"  # within a sentence
_WORD: Final = r"[^;。,、()\[\]【】〔〕]"  # within a clause
_HELD: Final = r"[^;。,、()\[\]【】〔〕凭持]"  # the same, of what is shown
_ACT: Final = "(?:经营活动|生产经营活动|经营|从事|开展|生产|使用|销售|服务|运输)"
_OFFICE: Final = (
    "(?:(?:相关|有关|主管|行政|许可|审批|批准|政府|监管|管理|上级|各|相应|国家)*(?:部门|机关|机构))"
)
_WHO: Final = (
    "(?:(?:各类|该|本|其他)?(?:市场主体|经营主体|商事主体|企业|公司|个体工商户|农民专业合作社|合作社|经营者))"
)
_APPROVED: Final = (
    f"(?:依法|依照法律|按规定|按照规定)?(?:须|需|需要|应|应当|必须)(?:依法)?(?:经|取得)?{_OFFICE}?(?:依法)?"
    "(?:批准|审批|许可|核准|前置审批|行政许可)的?(?:经营|许可|审批)*(?:项目|事项|业务|范围|内容)"
)
_LAW: Final = (
    "(?:国家|法律|行政法规|法规|国务院决定|规章|地方性法规|产业政策|政策)"
    "(?:[、,和与及或]?(?:有关|相关|地方)?(?:法律|行政法规|法规|国务院决定|国务院|规章|政策|规定)){0,6}"
)
_PLAIN: Final = (
    # 依法须经批准的项目,经相关部门批准后方可开展经营活动,具体经营项目以审批结果为准
    f"除{_APPROVED}(?:以外|之外|外)",
    f"(?:但|其中|对|凡)?{_APPROVED}",
    (
        f"(?:须|需|应|应当|待)?(?:依法)?(?:经|待|报|报经){_OFFICE}?(?:依法)?(?:批准|审批|许可|审核|核准|备案)(?:同意)?(?:后|之后|的)?{_J}"
        f"(?:方可|方能|才可|才能|可|始可)?(?:依法)?(?:依|按|按照|根据|凭|在)?(?:相关|有关)*(?:{PAPER}|批准|审批|许可|核准)?的?(?:内容|范围|项目)?(?:内)?"
        "(?:依法)?(?:开展|从事|进行)?(?:相关|相应|生产)*经营(?:活动|项目)?"
    ),
    f"(?:以上|上述)?(?:具体)?的?(?:许可)?经营(?:项目|范围|事项|内容)(?:的)?(?:内容)?(?:均)?以{_IN}{{1,40}}?为准",
    # 除许可业务外,可自主依法经营法律法规非禁止或限制的项目; 市场主体依法自主选择经营项目,开展经营活动
    "除(?:前置)?许可(?:经营)?(?:业务|项目|范围|事项)(?:以外|之外|外)",
    f"{_WHO}自主(?:选择|开展|从事)(?:经营活动|经营项目|经营)",
    (
        f"{_WHO}?(?:可|可以|有权|应)?(?:凭营业执照)?{_J}(?:依法自主|自主依法|自主(?=开展法律))(?:选择|开展|从事|经营|决定)"
        f"{_IN}{{0,30}}?(?:经营活动|经营项目|经营范围|活动|项目|业务|经营)"
    ),
    "(?:依法)?(?:开展|从事|进行)(?:生产|相关)?经营活动",
    f"(?:且|并|但)?(?:不得|严禁|禁止)(?:从事|经营|开展){_IN}{{0,40}}?(?:禁止|限制|淘汰){_IN}{{0,20}}?(?:经营活动|活动|项目|业务|经营)(?:的(?:经营|生产经营)?活动)?",
    f"(?:在)?{_WHO}?(?:许可证|批准文件)?(?:核定|批准|许可)的?(?:经营)?(?:范围|内容)(?:内|和有效期内|及有效期内)(?:从事|开展)?经营(?:活动)?",
    # 凭有效许可证经营,有效期至……
    (
        f"(?:以上|上述|以下|下列|下述|该)?(?:经营)?(?:项目|范围)?(?:并)?(?:均)?(?:须|需|应)?(?:凭|持){_HELD}{{0,30}}?{PAPER}{_HELD}{{0,12}}?{_ACT}"
        "(?:以下|下列|下述)?(?:(?<=[下列述])(?:经营)?(?:项目|业务|商品|范围))?"
    ),
    f"凭营业执照{_J}(?:在)?(?:依法|自主|合法)*(?:开展|从事|选择)?经营(?:活动|项目)?",
    (
        f"(?:本|该|其)?(?:{_WORD}{{0,12}}?{PAPER})?(?:的)?有效(?:期限|日期|期)(?:为|自|从|限)*(?:至|到|止|截止|截至)*{_J}"
        r"(?:长期(?:有效)?|(?:[0-9][0-9年月日./\-至到起止]{3,40}))(?:止|为止|有效)?"
    ),
    f"(?:{_WORD}{{0,12}}?{PAPER})?(?:编号|证号|文号|号码){_J}[a-z0-9{{}}〔〕\\[\\]()第字号\\-]{{4,40}}",
    f"(?:在|按|按照|依照|根据){_WORD}{{0,20}}?(?:许可证|批准|许可|审批|核定|资质){_WORD}{{0,20}}?{_ACT}(?:活动)?",
    # 具体经营项目请登录……公示平台查询
    (
        f"(?:(?:以上|上述)?(?:具体|详细)?的?(?:经营|许可)+(?:项目|范围|内容|事项)请?|请)(?:登录|登陆|访问|通过|到|见|详见|于|在){_IN}{{1,60}}?"
        r"(?:公示(?:平台|系统|网站?)?(?:\([^()]{1,10}\))?(?:进行)?(?:查询|查看)?|查询|查看)"
    ),
    r"(?:查询)?(?:网址|网站)[:为]?(?:https?://)?[a-z0-9./_\-]{4,60}",
    # 法律、法规禁止的,不得经营;应经审批的,未获审批前不得经营
    f"{_LAW}(?:规定|明令|明确|所)?(?:禁止|限制|不允许)(?:经营|从事|开展)?的?(?:项目|业务)?(?:除外|{_J}(?:不得|严禁|禁止)(?:从事|开展)?经营)",
    f"{_LAW}(?:规定)?(?:应当|应|须|需要|需|无需|不需|未规定)(?:经|取得|办理)?{_WORD}{{0,12}}?(?:许可|审批|批准)(?:\\(审批\\))?的",
    f"{_LAW}规定(?:的)?(?:专项审批|前置审批|许可经营项目){_J}(?:除外|按审批的{_IN}{{1,20}}?经营活动)",
    f"(?:以上|上述)?(?:经营范围|项目|范围)?(?:凡|如)?(?:涉及|涉|属于|属|如需|应经|需经|须经){_WORD}{{0,30}}?(?:、{_WORD}{{0,16}}?){{0,2}}(?:许可|审批|批准|资质|专项|前置|许可证|备案){_WORD}{{0,12}}?(?:的项目|的业务|的|项目|业务)",
    (
        f"(?:(?:以下|下列|下述)(?:经营)?(?:项目|范围|业务)?(?:均)?)?(?:须|需|应|未|在|待|依法)*(?:取得|获得|办理|获|持有){_WORD}{{0,24}}?(?:许可|许可证|批准|审批|资质|备案|手续|批文|证件){_WORD}{{0,6}}?{_J}"
        f"(?:方可|才可|才能|可|不得|严禁)(?:从事|开展|进行)?{_WORD}{{0,12}}?经营(?:活动)?"
    ),
    f"按(?:照)?(?:审批|批准|许可)的?{_WORD}{{0,12}}?(?:开展|从事)?经营(?:活动)?",
    f"(?:以上|上述)(?:经营)?(?:范围|项目)(?:均)?(?:不含|不包括|不涉及|除){_LAW}?(?:规定|明令)?(?:需|须|应)?(?:[、,和与及]?(?:前置|禁止|限制|许可|审批|批准|专项|专控|外商投资)){{1,6}}{_WORD}{{0,16}}?(?:项目|业务|商品|活动|外|经营(?:的?(?:项目|业务|商品|活动))?)",
)
_PLAIN_SENTENCE: Final = re.compile("|".join(f"(?:{one})" for one in _PLAIN))
_BETWEEN: Final = re.compile(r"[,、;:。.()\[\]【】〔〕]*")  # sentences of one bracket, perhaps in one more
_ENDING: Final = frozenset(
    ",、;:。.()[]【】〔〕*※■#★"
)  # what may stand behind a sentence that no bracket closes
_OF_ITEMS: Final = frozenset(
    "按持在生审批"
)  # many items begin with these: outside brackets only the words of law tell
_UNSEEN: Final = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_CLOSERS: Final = frozenset(")]】〕")
MAX_STANDING: Final = 600  # characters of a bracket; the longest sentences of a registry have two hundred


class CompactText:
    """A folded text without blanks and unseen characters, and where each of its characters stood."""

    def __init__(self, folded: str) -> None:
        self._places = [i for i, one in enumerate(folded) if not (one.isspace() or one in _UNSEEN)]
        self.text = "".join(folded[i] for i in self._places).translate(_SMALL)

    no_law_before = 0  # up to here no clause of licensing law begins, see standing_sentence

    def at(self, place: int) -> int:
        """Return the first character here that stood at `place` of the text or behind it."""
        return bisect_left(self._places, place)

    def start(self, at: int) -> int:
        """Return where character `at` stood in the text."""
        return self._places[at]

    def is_parted(self, at: int) -> bool:
        """Return whether something unseen stood before character `at`."""
        return self._places[at] > self._places[at - 1] + 1

    def place(self, at: int) -> int:
        """Return where the stretch that ends before character `at` ended in the text."""
        return self._places[at - 1] + 1 if at else 0


def standing_bracket(compact: CompactText, start: int, stop: int) -> ScopeStatement | None:
    """Return what the bracket text[start:stop] says when it holds standing sentences only; None when it is part of an item."""
    at, end = compact.at(start), compact.at(stop)
    if end - at > MAX_STANDING:
        return None
    while compact.text[end - 1] in _CLOSERS:
        end -= 1
    at = _skipped(compact.text, at, end)
    if (told := without_colon(compact.text[at:end][: LONGEST + 1].rstrip(":"))) is not None:
        return told
    said: ScopeStatement | None = None
    while at < end:
        found = (
            _sentence(compact.text, at, end)
            or branch_alone(compact.text, at, end)
            or _left_out(compact.text, at, end)
        )
        if found is None:
            return None
        kind, at = found
        said = kind if said is None or said == PLAIN else said
        at = _skipped(compact.text, at, end)
    return said


def _left_out(text: str, at: int, end: int) -> tuple[ScopeStatement, int] | None:
    """The rest of a bracket that says what the whole scope does not hold: (以上项目不含餐饮服务、住宿服务)."""
    return (ScopeStatement(Effect.EXCLUDED), end) if is_of_all_above(text[at:end]) else None


def standing_sentence(compact: CompactText, start: int) -> tuple[ScopeStatement, int] | None:
    """Return the sentence that begins at text[start] outside brackets, and where it ends; None when an item begins there."""
    text, end = compact.text, compact.at(start)
    said: ScopeStatement | None = None
    plain, law = end < len(text) and text[end] not in _OF_ITEMS, end >= compact.no_law_before
    if law:
        compact.no_law_before = words_of_law(text, end)  # what fails here fails within these words too
    while (found := _sentence(text, end, len(text), plain=plain, law=law)) is not None:
        kind, end = found
        said = kind if said is None or said == PLAIN else said
        if kind.place is StatementPosition.BELOW:
            end += text.startswith(":", end)
            return kind, compact.place(end)
        if end == len(text) or text[end] in _ENDING or compact.is_parted(end):
            return said, compact.place(end)
    return None


def told_by_bracket(compact: CompactText, start: int, stop: int) -> Effect | None:
    """Return what a bracket of its own makes of the list that it holds: (不得从事:…), (不含…), (原经营范围:…)."""
    inner = compact.text[compact.at(start) + 1 : compact.at(stop)][: LONGEST + 1]
    if opens_exclusion(inner) and not is_except(inner):
        return Effect.EXCLUDED
    told = heading(inner.split(":")[0]) if ":" in inner else None
    return told[0].effect if told is not None and told[1] == 0 else None


def without_branch(key: str) -> str | None:
    """Return an item's key without the clause of its bracket that leaves it to branches; None when there is no such clause."""
    bracket = _OWN_BRACKET.search(key)
    if bracket is None:
        return None
    clauses = re.split("[、;,]", bracket.group()[1:-1])
    kept = [clause for clause in clauses if not _is_branch_clause(clause)]
    if len(kept) == len(clauses):
        return None
    return key[: bracket.start()] + (f"({'、'.join(kept)})" if kept else "")


def _is_branch_clause(clause: str) -> bool:
    found = _sentence(clause, 0, len(clause)) or branch_alone(clause, 0, len(clause))
    return found is not None and found[0].effect is Effect.BRANCH and found[1] == len(clause)


def _sentence(
    text: str, at: int, end: int, *, plain: bool = True, law: bool = True
) -> tuple[ScopeStatement, int] | None:
    if (stop := whole_clause(text, at, end)) is not None:
        return PLAIN, stop
    if (told := statement_at(text, at, end)) is not None:
        return told
    if law and (stop := legal_clause(text, at, end)) is not None:
        return PLAIN, stop
    found = _PLAIN_SENTENCE.match(text, at, end) if plain else None
    return None if found is None else (PLAIN, found.end())


def _skipped(text: str, at: int, end: int) -> int:
    between = _BETWEEN.match(text, at, end)
    return at if between is None else between.end()


_OWN_BRACKET: Final = re.compile(r"\([^()]{0,80}\)\Z")
_SMALL: Final = {ord(one): one.lower() for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
