"""Lines below a table that are no rows of it: totals, who made it, notes."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MAX_FOOTER_CHARS: Final = 300
_WORDS: Final = re.compile(
    r"(?:以上)?(?:合计|总计|小计|共计|累计|汇总|总数)(?:[::(].*|[共为]?\d.*|[条户家张件行个本份]?数?\Z)"
    r"|(?:制表|填表|填报|审核|复核|经办|统计|报送|联系|打印|导出)(?:人|员|单位|部门|机构|日期|时间|方式)?(?:[::].*|\Z)"
    r"|(?:备注|注|说明|附注|数据来源|以下空白|以上)(?:[::\d].*|\Z)"
    r"|[第共]\d+[页条户家张件行个本份].*",
    re.DOTALL,
)
_DELIMITERS: Final = re.compile(r"[,;\t|]")
_CODE: Final = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{15,20}(?![0-9A-Z])")


def is_footer(cells: Iterable[str]) -> bool:
    """Whether a row that cannot be read as data begins with a word of a footer and names no credit code."""
    texts = [text for cell in cells if (text := _compact(cell))]
    return (
        bool(texts) and _WORDS.match(texts[0]) is not None and not any(_CODE.search(text) for text in texts)
    )


def split_line(text: str) -> list[str]:
    """The cells of a line that has other columns than its table."""
    return _DELIMITERS.split(text)


def _compact(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell[:MAX_FOOTER_CHARS]).split()).strip("\"',;|").upper()
