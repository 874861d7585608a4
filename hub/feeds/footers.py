"""Lines below a table that are no rows of it: totals, who made it, notes.

They are looked for only among rows that cannot be read as data, and only where the row has little else: a holder may
be called 合计商行 or 注氏小店, and its row stays one that is refused and named.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MAX_FOOTER_CHARS: Final = 300
MAX_OTHER_CELLS: Final = 2  # with more texts beside figures and signatures a line is a row of the table
_NOTE_MARKS: Final = "※*▲★"
_MARKS: Final = "\"',;|-—–―─━=~_#·…<>《》" + _NOTE_MARKS
_OPENING: Final = "([【〔"
_CLOSING: Final = ")]】〕"
_COUNTED: Final = "[元万亿条户家张件行个本份页宗人]"
_UNIT: Final = rf"(?:\({_COUNTED}+数?\)?)"
_NUMBER: Final = r"[-+¥]?[\d,.]+"
_TOTALS: Final = (
    r"(?:以上|本页|当页|本表|总|全部|年度|本[月季年]|数量|金额|全[市县区]|[\u4e00-\u9fff]{2,4}[市县区])?"
    r"(?:合[计計]|总[计計]|小[计計]|共[计計]|累[计計]|汇总|总数|(?:总?记录|总[户家条件])数|总数量)(?:数量|金额|[人户家]数)?"
    rf"{_UNIT}?(?::.*|{_COUNTED}?数?\Z|[共为]?{_NUMBER}{_COUNTED}*(?:企业|证照|市场主体)?\)?(?:[,。;(].*|\Z))"
    r"|(?:GRAND|SUB)?TOTALS?(?::.*|\d+(?:ROWS?|RECORDS?|ITEMS?)?\Z|\Z)|SUM(?::.*|\Z)"
    rf"|共\d+{_COUNTED}(?:记录|数据|企业|证照|市场主体)?(?:[,。;:(/第].*|\Z)"
)
_PAGES: Final = r"第\d+页(?:[/,]?共\d+页)?\Z|PAGE\d+(?:(?:OF|/)\d+)?\Z|(?:END|EOF|完|结束|数据结束)\Z"
_MAKERS: Final = (
    r"(?:制表|编制|填表|填报|审核|复核|核对|审批|经办|统计|报送|联系|打印|导出|更新|数据更新|(?:单位|部门)?负责|主管)"
    r"(?:人|员|单位|部门|机构|日期|时间|方式|电话|口径|范围)?(?:\([^)]*\)?)?(?::.*|\d{4}[-年/.]?\d.*|\Z)"
    r"|(?:数据|统计)?(?:日期|时间):.*|(?:签字|签名)(?::.*|\Z)|(?:PREPARED|CHECKED)BY:.*"
    r"|(?:单位|部门)?\(?(?:公章|盖章|签章)\)?(?::.*|\Z)"
)
_NOTES: Final = (
    r"(?:备注|注|注释|(?:填[表报])?说明|附注|数据来源|以上)(?:\d{0,2}[:\]】].*|\d{1,2}[、.)].*|\Z)"
    r"|(?:NOTES?|REMARKS?)(?::.*|\Z)|以上(?:数据|信息|内容|统计|名单|均|\d+[条户家]).*|数据来源[于自].*|特此说明.*"
    r"|(?:数据更新至|(?:数据|统计)?截[至止](?:日期|时间|到)?)(?::.*|\d.*|目前.*)"
    r"|(?:此行以下|以下|本页)(?:空白|为空|无正文|无数据|无内容)行?\Z"
)
_WORDS: Final = re.compile(rf"(?:{_TOTALS}|{_PAGES}|{_MAKERS}|{_NOTES})", re.DOTALL)
_FIGURE: Final = re.compile(rf"{_NUMBER}(?:%|{_COUNTED}*)\Z|\d{{4}}[-年/.]\d{{1,2}}[-月/.]\d{{1,2}}日?\Z")
_DELIMITERS: Final = re.compile(r"[,;\t|]")
# With the six digits of a region at least: no words of a note that lost their spaces.
_CODE: Final = re.compile(r"(?<![0-9A-Z])(?=(?:[A-Z]*\d){6})[0-9A-Z]{15,20}(?![0-9A-Z])")


def is_footer(cells: Iterable[str]) -> bool:
    """Return whether a row that cannot be read as data begins with a word of a footer, names no credit code and has little else."""
    written = [text for cell in cells if (text := _compact(cell))]
    texts = [text for text in written if text.strip(_MARKS)]
    if written and not texts:
        return True  # a rule below the table
    if not texts or any(_CODE.search(text) for text in texts):
        return False
    if len(texts) == 1 and texts[0][0] in _NOTE_MARKS:
        return True
    return _is_word(texts[0]) and _others(texts) <= MAX_OTHER_CELLS


def split_line(text: str) -> list[str]:
    """Return the cells of a line that has other columns than its table."""
    return _DELIMITERS.split(text)


def _is_word(text: str) -> bool:
    plain = text.strip(_MARKS)
    if plain[:1] in _OPENING:
        plain = plain.lstrip(_OPENING).rstrip(_CLOSING + _MARKS)
    return _WORDS.match(plain) is not None


def _others(texts: list[str]) -> int:
    """How many cells are neither figures nor words of a footer nor stand behind such a word."""
    words = [_is_word(text) for text in texts]
    return sum(
        not (word or before or _FIGURE.match(text))
        for before, word, text in zip(words, words[1:], texts[1:], strict=False)
    )


def _compact(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell[:MAX_FOOTER_CHARS]).split()).upper()
