"""The texts of a workbook's cells: shared once per workbook, or inside the cell."""

import re
from collections.abc import Mapping
from typing import IO, Final, NamedTuple

from hub.feeds.errors import WorkbookTooLargeError
from hub.feeds.readers.package import read_xml
from hub.feeds.readers.styles import is_on

MAX_STRINGS: Final = 4_000_000  # a full sheet of a million rows with four different texts in each
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedText(NamedTuple):
    text: str
    is_struck: bool = False


class TextBuilder:
    """One text from its runs; reading aids (rPh) are not part of it. Struck when any run of it is."""

    def __init__(self) -> None:
        self._runs: list[str] = []
        self._aside = 0
        self._struck = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "rPh":
            self._aside += 1
        elif tag == "strike" and is_on(attributes):
            self._struck = True

    def end(self, tag: str, text: str) -> None:
        if tag == "rPh":
            self._aside -= 1
        elif tag == "t" and not self._aside:
            self._runs.append(text)

    def taken(self) -> SharedText:
        """Return the text, and begin anew."""
        made = SharedText(unescaped("".join(self._runs)), self._struck)
        self._runs, self._struck = [], False
        return made


def shared_strings(part: IO[bytes] | None) -> list[SharedText]:
    """Raises: WorkbookTooLargeError."""
    found: list[SharedText] = []
    builder = TextBuilder()

    def end(tag: str, text: str) -> None:
        if tag != "si":
            builder.end(tag, text)
            return
        found.append(builder.taken())
        if len(found) > MAX_STRINGS:
            raise WorkbookTooLargeError("shared strings")

    if part is not None:
        read_xml(part, start=builder.start, end=end)
    return found


def unescaped(text: str) -> str:
    """`_xHHHH_` as the character it stands for (ECMA-376 Part 1, 22.9.2.19), each once: `_x005F_` protects."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if decoded.isprintable():
        return decoded
    return decoded.encode("utf-16-le", "surrogatepass").decode(
        "utf-16-le", "replace"
    )  # pairs become one character
