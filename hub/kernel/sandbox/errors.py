"""Why a file was not parsed. Whoever asked knows what the file was, and says it in words of its own."""

from hub.kernel.errors import HubError, UnavailableError


class ParserError(HubError):
    """The file itself is the reason; another try ends the same way. Only its leaves are raised."""


class TooCostlyError(ParserError):
    """Ended: it took more time, memory or words than a file of its kind may."""

    reason = "FILE_TOO_COSTLY"
    zh = "读取该文件所需的时间或内存超过上限，已停止。请重新导出或拍摄后再试。"
    en = "Reading this file takes more time or memory than allowed, and was stopped. Export or photograph it anew."


class ParserCrashedError(ParserError):
    """Its process ended without an answer and without exceeding a limit."""

    reason = "FILE_BREAKS_READER"
    zh = "该文件已损坏，无法读取。请重新导出或拍摄后再试。"
    en = "The file is damaged and cannot be read. Export or photograph it anew."


class ParserRefusalError(ParserError):
    """The parser itself says no. `code` and `detail` are its own words; the sentence is only for who shows neither."""

    reason = "FILE_REFUSED"
    zh = "文件无法读取。"
    en = "The file cannot be read."

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".rstrip())
        self.code = code
        self.detail = detail


class ParserBusyError(UnavailableError):
    """As many files as may be parsed at once are being parsed."""

    reason = "READERS_BUSY"
    zh = "正在读取的文件过多，请稍后再试。"
    en = "Too many files are being read; try again in a moment."


class ParserAwayError(UnavailableError):
    """No process for parsing can be started."""

    reason = "READERS_AWAY"
    zh = "暂时无法启动文件读取进程，请稍后再试。"
    en = "No process to read files can be started; try again shortly."
