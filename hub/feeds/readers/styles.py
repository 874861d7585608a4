"""What a workbook's styles say of a cell: whether its number is a day, and whether it is struck out."""

from collections.abc import Mapping
from typing import IO, Final, NamedTuple

from hub.feeds.readers.package import read_xml

MAX_STYLES: Final = 100_000  # a spreadsheet stops at 65 490
# Days among the numbers that mean other formats in Chinese spreadsheets (ECMA-376 Part 1, 18.8.30, zh-cn).
CHINESE_DAYS: Final = frozenset({27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58})
_NOT_SO: Final = frozenset({"0", "false", "off"})


class CellStyle(NamedTuple):
    """How a cell is shown. `digits`: a whole number gets noughts in front up to so many."""

    is_day: bool = False
    is_struck: bool = False
    digits: int = 0


PLAIN: Final = CellStyle()


class Styles:
    """Styles by the number that a cell names. Raises: ValueError for more than a spreadsheet makes."""

    def __init__(self, part: IO[bytes] | None) -> None:
        self._formats: dict[int, str] = {}
        self._struck: list[bool] = []
        self._within: list[str] = []
        self.all: list[CellStyle] = []
        if part is not None:
            read_xml(part, start=self._start, end=self._end)

    def named(self, number: str | None) -> CellStyle:
        """Raises: IndexError, ValueError."""
        return PLAIN if number is None or not self.all else self.all[int(number)]

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        place = self._within[1:2]
        self._within.append(tag)
        match tag:
            case "numFmt":
                self._formats[int(attributes["numFmtId"])] = attributes["formatCode"][:255]
            case "font" if place == ["fonts"]:
                self._struck.append(False)
            case "strike" if place == ["fonts"]:
                self._struck[-1] = is_on(attributes)
            case "xf" if place == ["cellXfs"]:
                self.all.append(self._style(attributes))
        if len(self.all) + len(self._struck) + len(self._formats) > MAX_STYLES:
            raise ValueError("more styles than a spreadsheet makes")

    def _end(self, _tag: str, _text: str) -> None:
        self._within.pop()

    def _style(self, attributes: Mapping[str, str]) -> CellStyle:
        from openpyxl.styles.numbers import (  # noqa: PLC0415  # a tenth of every start, for workbooks alone
            BUILTIN_FORMATS,
            is_date_format,
            is_timedelta_format,
        )

        number, font = int(attributes.get("numFmtId", 0)), int(attributes.get("fontId", 0))
        code = self._formats.get(number, BUILTIN_FORMATS.get(number, "General"))
        is_day = number in CHINESE_DAYS if number not in self._formats else False
        return CellStyle(
            is_day or (is_date_format(code) and not is_timedelta_format(code)),
            font < len(self._struck) and self._struck[font],
            len(code) if code.strip("0") == "" else 0,
        )


def is_on(attributes: Mapping[str, str]) -> bool:
    """Return whether a property is there without a value, or with one that does not deny it."""
    return attributes.get("val", "1").lower() not in _NOT_SO
