"""Clauses made of the words of licensing law alone: each is a rule about carrying on a business and names none.

Registries of thirty provinces word them differently, and offices shorten them; what they share is their vocabulary. A
clause counts when every word is of it, when it names a basis (许可, 法律, 凭…) and says what follows (方可, 为准, 除外 …). So
法律咨询服务 and (不得经营) are none: one holds another word, the other has no basis and speaks of its item.
"""

import re
from typing import Final

_WORDS: Final = (
    "依法|依照|依据|按照|按规定|按|根据|凭借|凭|持有|持证|持|证照|证件|许可证件|许可证书|许可证|营业执照|执照|证明|证书|证|批件|批文|文件|手续|"
    "有效期限|有效期|有效|期限|期间|期内|之日|长期|时效|至|止|到|"
    "必须|须|需要|需|应当|应|可以|可|方可|方能|才可|才能|始可|待|后方|后|之后|前|之前|时|"
    "经过|经|报经|报|由|取得|获得|获|办理|申办|申请|领取|具备|具有|持有|提供|承接|承揽|"
    "持有效|批准|审批|核准|核定|许可|审核|审查|备案|登记|同意|载明|核发|颁发|公示|前置|后置|专项|专营|专卖|专控|行政|特许|准入|特别|管理|措施|实施|制度|配额|国营|贸易|"
    "相关|有关|主管|监管|管理|政府|上级|有权|各级|部门|机关|机构|单位|工商|市场监督|公司登记|"
    "国务院|国家|法律|行政法规|地方性法规|法规|规章|政策|产业政策|产业|本市|地方|公司法|决定|规定|限制|限定|禁止|淘汰|明令|允许|限于|仅限|限|"
    "经营项目|经营范围|经营活动|经营期限|生产经营|经营者|经营|项目|范围|业务|活动|事项|内容|商品|产品|技术|类|进出口|外商|投资|"
    "生产|销售|从事|开展|展开|进行|选择|使用|执行|"
    "资质证书|资质证|资质等级|资质|资格证书|资格|自主|企业|公司|市场主体|经营主体|商事主体|一般|其他|其它|具体|详细|详见|最终|最后|结果|以|为准|准|"
    "以上|上述|前述|均|都|凡是|凡|如|涉及|涉|属于|属|不属|未经|未获|未取得|未规定|未禁止|未限制|未|非|无需|无须|不需要|不需|不得|不含|不包括|不涉及|严禁|"
    "除外|除|以外|之外|外|另有|从其|有|的|者|在|内|中|之|于|所|和|与|及|或|且|并|但|对|将|该|本|等|各类|请|是|为|则|方|再|"
)
# The longest word first: what is tried is never tried again with a shorter one, so that reading stays linear.
_LONG_FIRST: Final = "|".join(sorted(filter(None, _WORDS.split("|")), key=len, reverse=True))
_NAMED: Final = (
    "《[^《》;。]{1,24}(?:证|证书|证件|法|条例|办法|规定|目录)》|[0-9]{1,4}[年月日./-]?|[(](?:审批|许可|备案|批准|核准)[)]|"
    "(?:(?<=[凭持得的、])|(?<![^;。(]))(?:(?!限|由|分支|有效|许可证)[^;。,、:()\\[\\]【】〔〕《》凭持除外不]){1,10}?"
    "(?:许可|登记|备案|资质|资格|合格)(?:证书|证件|证|凭证)"
)
_COMMA: Final = "[,、](?!以上|上述|前述|以下|下列|下述|其中|前|后|第|最后)"
_OPEN: Final = re.compile(f"(?:{_NAMED}|{_LONG_FIRST}|{_COMMA})++")
_BASIS: Final = re.compile(
    "批准|审批|许可|核准|核定|登记机关|规定|法律|法规|政策|凭|持.{0,12}证|有效期|备案|国家|资质|准入|贸易管理|证|允许"
)
_FOLLOWS: Final = re.compile(
    "方可|方能|才可|才能|始可|后可|为准|除外|从其|办理|允许|许可范围|详见|自主|(?:限于?)?在?.{0,6}证.{0,12}[围期]限?内|经营期限|凭.{0,40}(?:经营|从事|开展|生产|销售|承接|业务)|持.{0,20}经营|"
    "(?:批准|审批|许可|核准|审核|备案|同意)后|(?:须|需|应|应当|必须|需要|依法)(?:依法)?(?:经|取得|报|获|办|批准|审批|许可)|[期围限]内|有效期|"
    "(?:按|依|在).{0,20}(?:许可|批准|核定|核准|资质|规定).{0,20}(?:经营|从事|开展|执行)|"
    "(?:未|前|的|须|需|应).{0,20}不得|无需|无须|不需|不含|不包括|不涉及"
)
_STOPS: Final = frozenset(";。.()[]【】〔〕*※■#★\n")
_PLACE: Final = "(?:(?:另设|增设|设立?)?(?:分支机构|一照多址)?(?:生产|经营)+(?:场所|地址|地点))"
_FINANCE: Final = (
    "不得(?:从事|开展|经营)?(?:吸收(?:公众)?存款|(?:非法)?集资|融资性?担保|代客理财|放贷|发放贷款)"
)
_WHOLE: Final = re.compile(
    "(?:仅|只)?(?:限于?)?筹建(?:期间?内?)?(?:[,、]?(?:期间)?(?:未取得许可证?前?)?(?:不得|严禁)(?:从事|开展)?(?:生产)?经营(?:活动)?)?|"
    "(?:以下|此页|本页|此处|本栏)(?:以下)?(?:空白|无正文|无内容|无)|一照多址|"
    f"{_PLACE}(?:[一二三四1-9])?(?:设在|位于|在|为|[:]){{1,2}}[^;。]{{1,60}}|{_PLACE}(?:另设)?|另设(?:分支机构|经营场所){{1,2}}|"
    "(?:国家)?未经(?:[^;。():]{0,30})(?:批准|许可|审批|核准)[,、]?(?:不得|严禁|禁止)(?:从事|经营|开展)[^;。():]{0,120}|"
    f"(?<=[(\\[【〔]){_FINANCE}[^;。()]{{0,120}}|"  # of a bracket: outside, items may follow
    "不得从事(?:吸收公众存款|向公众融资)[^;。()]{0,120}|"
    "一般(?:经营)?项目(?:可以?)?(?:自主|依法)+(?:选择)?(?:经营|开展经营活动)|"
    "(?:(?:具体|详细)?(?:经营)?(?:范围|项目)?详见|(?:具体|详细)见)[^;。()]{1,30}|"
    "(?:经营|营业)期限(?:自|至|为|到|[:])(?:长期|[0-9年月日./至到-]{4,40})(?:止)?|"
    "(?:国家|法律|法规|政策|、)*允许(?:的)?(?:经营)?(?:范围内?)?(?:的)?"
)


def whole_clause(text: str, at: int, end: int) -> int | None:
    """Return where a remark that begins at `at` ends: of premises, of a business that is only being set up, of the paper."""
    found = _WHOLE.match(text, at, end)
    return found.end() if found is not None and _stops(text, found.end(), end) else None


def legal_clause(text: str, at: int, end: int) -> int | None:
    """Return where the clause that begins at `at` and names no business ends; None when an item begins there.

    `text`: without blanks, in one width.
    """
    found = _OPEN.match(text, at, min(end, at + _LONGEST))
    if found is None:
        return None
    stop = found.end()
    if not _stops(text, stop, end):
        stop = max(text.rfind(",", at, stop), text.rfind("、", at, stop))
    said = text[at : max(stop, at)].rstrip(",、")
    return at + len(said) if is_legal(said) else None


def words_of_law(text: str, at: int) -> int:
    """Return where the words of the vocabulary that stand at `at` end, at most `_LONGEST` characters on."""
    found = _OPEN.match(text, at, at + _LONGEST)
    return at if found is None else found.end()


def is_legal(said: str) -> bool:
    """Return whether words of the vocabulary, that are all of it, make a rule."""
    if said.startswith("除") and "外" not in said:
        return False  # 除销售需要许可的商品 narrows an item, and stands in the names of some
    return _BASIS.search(said) is not None and _FOLLOWS.search(said) is not None


def _stops(text: str, at: int, end: int) -> bool:
    return at >= end or text[at] in _STOPS


_LONGEST: Final = 300  # characters of a clause between semicolons
