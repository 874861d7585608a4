"""Text files as lines, in bounded memory: encodings, any line ending, lines of a gigabyte."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from hub.feeds.errors import EmptyFileError, EncodingUnknownError

MAX_LINE_BYTES = 1 << 20  # the longest real row, a business scope of 5 000 characters, has some 16 KiB
SAMPLE_BYTES = 1 << 18
TRANSCODE_BYTES = 1 << 16
SHOWN_BYTES = 800  # of a line that is refused as a whole
MIN_ASCII_SHARE = 20  # one character in so many is ASCII in any table: digits, delimiters, line ends
OLD_END = b"\x1a"  # Ctrl-Z, with which CP/M and DOS ended a text
BOM = "\ufeff"

_WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NARROW = ("utf-8", "gb18030")


class Line(NamedTuple):
    """One physical line without its end; `fault` is "", TOO_LONG or ENCODING, and then `text` shows its beginning."""

    number: int
    text: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes become text. `transcode`: through UTF-8 first, for UTF-16 and for files with CR alone."""

    name: str
    transcode: bool = False


def sniff_encoding(sample: bytes) -> Encoding:
    """Return the encoding of a file from its beginning: byte order mark, else UTF-8, else GB18030, by most lines.

    One bad line must not change the reading of all the others, hence the count.
    Raises: EmptyFileError, EncodingUnknownError.
    """
    if not sample.strip():
        raise EmptyFileError
    for mark, name in _WIDE:
        if sample.startswith(mark):
            return Encoding(name, transcode=True)
    wide = _wide_without_mark(sample)
    if wide is not None:
        return Encoding(wide, transcode=True)
    lines = sample.splitlines()
    if len(lines) > 1 and len(sample) >= SAMPLE_BYTES:
        lines.pop()  # cut in the middle
    foreign = [line for line in lines if not line.isascii()]
    bare_returns = b"\r" in sample and b"\n" not in sample
    for name in _NARROW:
        if sum(_decodes(line, name) for line in foreign) * 2 >= len(foreign):
            return Encoding(name, transcode=bare_returns)
    raise EncodingUnknownError


def _wide_without_mark(sample: bytes) -> str | None:
    """UTF-16 without its mark: every ASCII character has a zero byte beside it, always on the same side."""
    units = max(len(sample) // 2, 1)
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    for name, zeros, others, comma in (
        ("utf-16-le", high, low, b",\x00"),
        ("utf-16-be", low, high, b"\x00,"),
    ):
        if zeros * MIN_ASCII_SHARE >= units and others * MIN_ASCII_SHARE < units and comma in sample:
            return name
    return None


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class LineFile:
    """An open text file. Raises as `sniff_encoding` does."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("rb")
        self._size = max(path.stat().st_size, 1)
        try:
            self.encoding = sniff_encoding(self._raw.read(SAMPLE_BYTES))
        except (EmptyFileError, EncodingUnknownError):
            self._raw.close()
            raise

    def lines(self) -> Iterator[Line]:
        """From the first line, each time it is called; only the latest iterator may be used."""
        self._raw.seek(0)
        if not self.encoding.transcode:
            return _lines(self._raw, self.encoding.name)
        return _lines(io.BufferedReader(_Transcoded(self._raw, self.encoding.name)), "utf-8")

    def fraction(self) -> float:
        return min(1.0, self._raw.tell() / self._size)

    def close(self) -> None:
        self._raw.close()


class _Transcoded(io.RawIOBase):
    """Another encoding read as UTF-8 with LF; what cannot be decoded becomes U+FFFD and is refused later."""

    def __init__(self, raw: BinaryIO, encoding: str) -> None:
        self._raw = raw
        self._decode = codecs.getincrementaldecoder(encoding)(errors="replace").decode
        self._pending = b""
        self._carried = ""  # a CR at the end of a chunk, whose LF may come with the next

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a writable buffer is what it is given
        while not self._pending:
            chunk = self._raw.read(TRANSCODE_BYTES)
            text = self._carried + self._decode(chunk, not chunk)
            self._carried = "\r" if chunk and text.endswith("\r") else ""
            text = text.removesuffix("\r") if self._carried else text
            self._pending = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
            if not chunk:
                break
        count = min(len(buffer), len(self._pending))
        buffer[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count


def _lines(file: io.BufferedReader, encoding: str) -> Iterator[Line]:
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        if len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n"):
            number += 1
            _skip_to_end_of_line(file)
            yield Line(number, raw[:SHOWN_BYTES].decode(encoding, "replace"), "TOO_LONG")
            continue
        body = raw.removesuffix(b"\n").removesuffix(b"\r")
        if body.endswith(OLD_END) and not file.peek(1):
            body = body.rstrip(OLD_END)
            if not body:
                return
        for piece in body.split(b"\r") if b"\r" in body else (body,):
            number += 1
            yield _decoded(number, piece, encoding)


def _decoded(number: int, raw: bytes, encoding: str) -> Line:
    try:
        return Line(number, raw.decode(encoding).removeprefix(BOM))
    except UnicodeDecodeError:
        return Line(number, raw[:SHOWN_BYTES].decode(encoding, "backslashreplace"), "ENCODING")


def _skip_to_end_of_line(file: io.BufferedReader) -> None:
    while chunk := file.readline(MAX_LINE_BYTES):
        if chunk.endswith(b"\n"):
            return
