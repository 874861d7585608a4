"""Every reason for which a row is refused, and every doubt with which it is accepted, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.feeds.errors import EndNameError, ValueMissingError
from hub.feeds.kinds import KINDS
from hub.kernel.identifiers import MESSAGES
from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import NUMBER_PROBLEMS, UnknownLicenseTypeError
from hub.registry.reading.errors import RowRefusedError
from keys.messages import sentences

_CODES: Final = (
    "CHARACTER_UNUSUAL",
    "USCC_LENGTH",
    "USCC_ALPHABET",
    "USCC_REGION",
    "USCC_CATEGORY",
    "USCC_CHECK",
)

REASONS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        **{code: MESSAGES[code] for code in _CODES},
        **NUMBER_PROBLEMS,
        **sentences(UnknownLicenseTypeError, RowRefusedError, EndNameError, ValueMissingError),
        **sentences(*(refusal for kind in KINDS for refusal in kind.refusals)),
        "QUOTES": Message(
            "引号没有成对出现，无法划分栏目。", "A quotation mark is not closed; the columns cannot be told."
        ),
        "COLUMNS": Message(
            "栏目数与表头不一致，可能有多余的分隔符。",
            "The row does not have as many columns as the header; look for a stray delimiter.",
        ),
        "JSON": Message("该行不是一个完整的 JSON 对象。", "The line is not one complete JSON object."),
        "VALUE_KIND": Message(
            "该栏应为文字或数字，不能是列表、对象或真假值。",
            "The value must be text or a number, not a list, an object or true and false.",
        ),
        "CELLS_ACROSS": Message(
            "该栏被左侧单元格横向合并，没有自己的值，请取消合并并分别填写。",
            "A cell on the left is merged over this column, which has no value of its own; unmerge them, fill in both.",
        ),
        "ROW_HIDDEN": Message(
            "该行(或其工作表)在表格中被隐藏，未入库；如属有效数据，请取消隐藏后再报送。",
            "The row (or its sheet) is hidden and was not stored; if it counts, show it and deliver it again.",
        ),
        "ROW_STRUCK": Message(
            "该行的单元格带删除线，未入库；如属有效数据，请去掉删除线后再报送。",
            "A cell of the row is struck out and it was not stored; if it counts, remove the line, deliver it again.",
        ),
        "ROW_FOOTER": Message(
            "合计、制表人、说明等行，不是数据。", "A line of totals, authors or notes, not of data."
        ),
    }
)
APART: Final = frozenset(
    {"ROW_HIDDEN", "ROW_STRUCK", "ROW_FOOTER"}
)  # counted apart: neither stored nor refused

QUALITY: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "USCC_ORG_CHECK": MESSAGES["USCC_ORG_CHECK"],
        "USCC_KIND": Message(
            "统一社会信用代码校验无误，但前两位(登记管理部门和机构类别)不在已知类别中。",
            "Both checks of the credit code are right, but its first two characters (registry, kind) are not known.",
        ),
        "USCC_EXCEPTION": Message(
            "统一社会信用代码校验不符，因列入经两人核定的例外清单而接受。",
            "The credit code fails its check and is taken because it stands on the list of exceptions.",
        ),
        "REGION_UNKNOWN": MESSAGES["REGION_UNKNOWN"],
        "REGION_RETIRED": MESSAGES["REGION_RETIRED"],
        "STATE_UNCONFIRMED": Message(
            "登记状态需人工确认。", "The state of registration has to be confirmed by a person."
        ),
        "FACE_INCOMPLETE": Message(
            "照面信息不完整(类型、负责人、登记机关或经营范围缺失)。",
            "The face of the license is incomplete (type, person, authority or scope).",
        ),
        "IN_FUTURE": Message(
            "成立或发证日期晚于今天。", "The date of establishment or issue is in the future."
        ),
        "AMOUNT_TEXT": Message(
            "注册资本不是数字，按原文保存。", "The capital is not a number; kept as delivered."
        ),
        "NO_END_UNUSUAL": Message(
            "该类证照通常有有效期，来源未给出截止日期。",
            "Licenses of this kind usually end; the source gives no last day.",
        ),
        "END_ABSENT": Message(
            "来源数据的该行缺少截止日期这一项(其他行有)，按无截止日期处理，请与来源部门核对。",
            "The source's row has no member for the last day, though others have; taken as no end, check with the department.",
        ),
        "MARKUP_IN_NAME": Message(
            "名称中含有网页转义符(如 &amp;)，按原文保存，请与来源部门核对。",
            "The name holds a web page's escape such as &amp;; kept as delivered, check with the department.",
        ),
        "CELLS_MERGED": Message(
            "该行部分内容来自向下合并的单元格。",
            "Values of this row come from a cell merged over several rows.",
        ),
        "HOLDER_NAME_DIFFERS": Message(
            "证照上的名称与登记名称不同。", "The name on the license differs from the registered one."
        ),
        **NUMBER_PROBLEMS,
    }
)


def reason_name(code: str) -> Message:
    """Return why a row was not stored; one that no sentence was written for says its code."""
    return REASONS.get(code) or Message(code, code)


def quality_name(code: str) -> Message:
    """Return what looks odd in a row that was taken all the same; one that no sentence was written for says its code."""
    return QUALITY.get(code) or Message(code, code)
