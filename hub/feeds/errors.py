"""Why a whole file cannot be loaded: each leaf says what is wrong with it and what to do next."""

from collections.abc import Iterable

from hub.kernel.errors import ConflictError, HubError
from hub.registry.reading.errors import RowRefusedError


class FileRefusedError(HubError):
    """Nothing of the file could be read. `detail` names the place or the choices, in both languages' terms."""

    reason = "FILE"
    zh = "文件无法读取。"
    en = "The file cannot be read."

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.message.en} {detail}".strip())
        self.detail = detail


class EmptyFileError(FileRefusedError):
    reason = "FILE_EMPTY"
    zh = "文件是空的：请让部门重新导出。"
    en = "The file is empty: ask the department to export it again."


class NotAFileError(FileRefusedError):
    reason = "FILE_MISSING"
    zh = "找不到该文件或不是普通文件。"
    en = "There is no such file, or it is not a regular file."


class EncodingUnknownError(FileRefusedError):
    reason = "FILE_ENCODING"
    zh = "文件编码无法识别：请保存为 UTF-8 或 GB18030。"
    en = "The encoding is not recognised: save the file as UTF-8 or GB18030."


class OldWorkbookError(FileRefusedError):
    reason = "FILE_OLD_WORKBOOK"
    zh = "旧版或加密的 Excel 文件：请去掉密码并另存为 .xlsx。"
    en = "An old or encrypted Excel file: remove the password and save it as .xlsx."


class WorkbookDamagedError(FileRefusedError):
    reason = "FILE_DAMAGED"
    zh = "Excel 文件已损坏或不是工作簿：请重新导出。"
    en = "The workbook is damaged or is none: export it again."


class WorkbookTooLargeError(FileRefusedError):
    """A zip bomb, or a workbook beyond what Excel itself opens."""

    reason = "FILE_TOO_LARGE"
    zh = "Excel 文件解压后过大或压缩比异常，已拒绝：请拆分或改用 CSV。"
    en = "The workbook is too large once unpacked, or packed suspiciously well: split it, or use CSV."


class OtherKindError(FileRefusedError):
    """`detail` says what the file really is."""

    reason = "FILE_OTHER_KIND"
    zh = "文件实际是另一种类型，不能作为数据表读取，请用表格软件打开后另存为 .xlsx 或 CSV："
    en = "The file really is of another kind; open it in a spreadsheet and save it as .xlsx or CSV:"


class JsonDocumentError(FileRefusedError):
    reason = "FILE_JSON"
    zh = "JSON 文档不完整或不是对象列表，请重新导出，或每行一个对象(JSON lines)："
    en = "The JSON document is broken or holds no list of objects; export it again, or one object per line (JSON lines):"


class JsonDocumentTooLargeError(FileRefusedError):
    reason = "FILE_JSON_TOO_LARGE"
    zh = "JSON 文档过大，请改为每行一个对象(JSON lines)。"
    en = "The JSON document is too large to be read as a whole; deliver one object per line (JSON lines)."


class UnknownSourceError(FileRefusedError):
    """No mapping fits the header. `detail` lists the known sources, or the columns a named source lacks."""

    reason = "FILE_SOURCE_UNKNOWN"
    zh = "表头不属于任何已知数据源：请核对表头，或用 --source 指明。"
    en = "The header belongs to no known source: check it, or name the source with --source."


class SheetHiddenError(FileRefusedError):
    """Only sheets that nobody sees hold a table of a known source. `detail` names them."""

    reason = "FILE_SHEET_HIDDEN"
    zh = "数据所在的工作表被隐藏，未读取：如确需报送，请在表格软件中取消隐藏该工作表，保存后重新报送："
    en = "The sheet with the data is hidden and was not read; if it counts, unhide it in a spreadsheet, save and deliver again:"


class MissingColumnsError(FileRefusedError):
    reason = "FILE_COLUMNS_MISSING"
    zh = "缺少必需的列："
    en = "Required columns are missing:"

    def __init__(self, source: str, columns: Iterable[str]) -> None:
        super().__init__(f"{', '.join(columns)} ({source})")


class DuplicateColumnsError(FileRefusedError):
    reason = "FILE_COLUMNS_TWICE"
    zh = "同一内容出现在多列，请只保留一列："
    en = "Several columns hold the same thing; keep one:"


class AmbiguousSourceError(FileRefusedError):
    reason = "FILE_SOURCE_AMBIGUOUS"
    zh = "表头同时符合多个数据源，请用 --source 指明："
    en = "The header fits several sources; name one with --source:"


class NoSuchSourceError(FileRefusedError):
    reason = "SOURCE_UNKNOWN"
    zh = "没有这个数据源。已知数据源："
    en = "There is no such source. Known sources:"


class BatchRefusedError(FileRefusedError):
    """Decided against; a mended file is another one."""

    reason = "BATCH_REFUSED"
    zh = "该批数据将改变过多状态，已被驳回：请更正后重新报送。"
    en = "This batch would have changed too many statuses and was decided against: deliver a mended file."


class AlreadyLoadingError(ConflictError):
    """Another process moved this batch on while we were loading it."""

    reason = "BATCH_MOVED"
    zh = "另一个进程正在导入同一文件，本次已停止，已入库的数据完好。"
    en = "Another process is loading the same file; this one stopped, and nothing was lost."


class ValueMissingError(RowRefusedError):
    reason = "MISSING"
    zh = "必填内容为空。"
    en = "A required value is missing."


class EndNameError(RowRefusedError):
    reason = "END_NAME"
    zh = "该行没有其他行所用的截止日期成员，而本成员名称相近，无法确定是否为截止日期，请统一成员名称。"
    en = "The row lacks the member of the last day that other rows have, and this one may be it; use the same name."
