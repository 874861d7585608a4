"""What of a department's row is refused when its values are read, one class per fact."""

from hub.kernel.errors import HubError
from hub.kernel.messages import Message


class RowRefusedError(HubError):
    """One value for which a row is refused. Only its leaves are raised."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"{field}: {self.reason}")
        self.field = field
        self.value = value


class FaultyValueError(RowRefusedError):
    """A value with a fault of a table: of credit codes, of license numbers, of kinds of license."""

    def __init__(self, reason: str, said: Message, *, field: str, value: str) -> None:
        self.reason, self.zh, self.en = reason, said.zh, said.en
        super().__init__(field, value)


class ValueTooLongError(RowRefusedError):
    reason = "TOO_LONG"
    zh = "内容过长，超过该栏允许的长度。"
    en = "The value is longer than this column can be."


class EncodingLostError(RowRefusedError):
    reason = "ENCODING"
    zh = "该行含有无法解码的字符，请按 UTF-8 或 GB18030 重新导出。"
    en = "The row holds bytes that are no text; export it again as UTF-8 or GB18030."


class FormulaRefusedError(RowRefusedError):
    reason = "FORMULA"
    zh = "单元格是公式，请改为数值后再报送。"
    en = "The cell is a formula; deliver its value."


class NumberRoundedError(RowRefusedError):
    reason = "NUMBER_ROUNDED"
    zh = "编号曾按数值保存，超过15位的数字已丢失，请将该列设为文本格式后重新导出。"
    en = "The code was kept as a number, which loses digits beyond fifteen; make the column text, export it again."


class NameControlsError(RowRefusedError):
    reason = "NAME_CONTROL_CHARACTERS"
    zh = "名称含有不可见或改变书写方向的字符。"
    en = "The name holds invisible characters or ones that change the direction of writing."


class TextControlsError(RowRefusedError):
    reason = "CONTROL_CHARACTERS"
    zh = "内容含有不可见或改变书写方向的字符。"
    en = "The value holds invisible characters or ones that change the direction of writing."


class DayRefusedError(RowRefusedError):
    reason = "DATE"
    zh = "日期不存在或格式无法识别。"
    en = "The date does not exist or its form is not known."


class PeriodReversedError(RowRefusedError):
    reason = "PERIOD_REVERSED"
    zh = "截止日期早于起始日期。"
    en = "The end lies before the beginning."


class VersionRefusedError(RowRefusedError):
    reason = "VERSION"
    zh = "版本号应为正整数。"
    en = "A version is a whole number from 1."


class AmountRefusedError(RowRefusedError):
    reason = "AMOUNT"
    zh = "金额不是有效的非负数。"
    en = "The amount is not a number, or is below zero."


class AmountFractionError(RowRefusedError):
    reason = "AMOUNT_FRACTION"
    zh = "金额精确到分以下，系统不作四舍五入，请与来源部门核对。"
    en = "The amount has parts of a fen, and nothing is rounded; check with the department."


class PositionRefusedError(RowRefusedError):
    reason = "COORDINATES"
    zh = "经纬度不完整、颠倒或不在中国境内。"
    en = "The coordinates are incomplete, swapped or not in China."


class PhoneRefusedError(RowRefusedError):
    reason = "PHONE"
    zh = "联系电话含有不允许的字符。"
    en = "The telephone number holds other than digits and signs."


class SpreadsheetFaultError(RowRefusedError):
    reason = "CELL_ERROR"
    zh = "单元格是电子表格的错误值(如 #N/A、#REF!)，请在源表中改正后再报送。"
    en = "The cell holds a spreadsheet's error (#N/A, #REF!); mend it in the source table."


class StateUnknownError(RowRefusedError):
    reason = "STATUS"
    zh = "状态不在词表中，请与来源部门核对。"
    en = "The state is in no vocabulary; check with the department."


class UnknownHolderError(RowRefusedError):
    reason = "UNKNOWN_HOLDER"
    zh = "登记库中没有该统一社会信用代码的主体。"
    en = "No enterprise with this credit code is registered."
