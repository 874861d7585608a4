"""The package that a workbook is: a zip file of XML parts, looked at before anything of it is unpacked."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, BinaryIO, Final, NamedTuple
from xml.parsers import expat

from hub.feeds.errors import WorkbookDamagedError, WorkbookTooLargeError

MAX_ENTRIES: Final = 2_000  # parts of a package; a workbook of a hundred sheets has some 300
MAX_PART_BYTES: Final = 512 << 20  # a full sheet of 1 048 576 rows and eight columns unpacks to some 400 MiB
MAX_UNPACKED_BYTES: Final = 1 << 30
MAX_RATIO: Final = 120  # sheets of equal rows pack 40 to 80 times; a bomb packs 1 000 times
RATIO_COUNTS_FROM: Final = 4 << 20  # a small part may pack as well as it likes
MAX_STRINGS_BYTES: Final = 96 << 20  # shared strings are the one part that has to be held in memory
MAX_DEPTH: Final = 40  # elements within elements; a rich text in a cell has eight
MAX_TEXT_CHARS: Final = 1 << 20  # of one element; a cell holds 32 767
MAX_ATTRIBUTES: Final = 100
PIECE_BYTES: Final = 1 << 16
STRINGS_PART: Final = "xl/sharedstrings.xml"
_METHODS: Final = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
)  # others need memory that the file chooses
_ENCRYPTED: Final = 0x1

DAMAGED: Final = (
    zipfile.BadZipFile,
    expat.ExpatError,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    EOFError,
    OverflowError,
    RuntimeError,
    NotImplementedError,
)  # what zipfile, zlib and expat raise at packages that are not what they say


class Relation(NamedTuple):
    """What one part says of another: the last word of the relation's type, and the other part's name."""

    kind: str
    target: str


class WorkbookPackage:
    """An open package. Parts are found whatever the case and slashes of their names.

    Raises: WorkbookTooLargeError, WorkbookDamagedError.
    """

    def __init__(self, source: Path | BinaryIO) -> None:
        with damage_named():
            self._zip = zipfile.ZipFile(source)
        try:
            parts = self._zip.infolist()
            self._parts = {part_name(part.filename): part for part in parts if not part.is_dir()}
            _check_sizes(parts, distinct=len(self._parts))
        except (WorkbookDamagedError, WorkbookTooLargeError):
            self.close()
            raise

    def __contains__(self, name: str) -> bool:
        return part_name(name) in self._parts

    def open(self, name: str) -> IO[bytes]:
        """Raises: KeyError."""
        return self._zip.open(self._parts[part_name(name)])

    def size(self, name: str) -> int:
        return self._parts[part_name(name)].file_size

    def relations(self, name: str) -> Mapping[str, Relation]:
        """Return what a part says of others, by id; outside targets are left out."""
        folder, _, file = part_name(name).rpartition("/")
        rels = f"{folder}/_rels/{file}.rels"
        found: dict[str, Relation] = {}

        def start(tag: str, attributes: Mapping[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes["Target"].replace("\\", "/")
                whole = target if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes["Type"].rpartition("/")[2]
                found[attributes["Id"]] = Relation(kind, part_name(posixpath.normpath(whole)))

        if rels in self:
            with self.open(rels) as part:
                read_xml(part, start=start)
        return MappingProxyType(found)

    def close(self) -> None:
        self._zip.close()


def part_name(name: str) -> str:
    """Return one spelling: forward slashes, no first one, small letters (some writers pack with backslashes)."""
    return name.replace("\\", "/").lstrip("/").lower()


@contextmanager
def damage_named() -> Iterator[None]:
    """Turn what libraries raise at damaged packages into WorkbookDamagedError; the disk's own faults pass."""
    try:
        yield
    except DAMAGED as error:
        raise WorkbookDamagedError(type(error).__name__) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise WorkbookDamagedError(str(error)) from error


def _check_sizes(parts: list[zipfile.ZipInfo], *, distinct: int) -> None:
    if distinct != sum(not part.is_dir() for part in parts):
        raise WorkbookDamagedError("a part is there twice")
    if len(parts) > MAX_ENTRIES or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise WorkbookTooLargeError
    for part in parts:
        limit = MAX_STRINGS_BYTES if part_name(part.filename) == STRINGS_PART else MAX_PART_BYTES
        packed_too_well = (
            part.file_size > RATIO_COUNTS_FROM and part.file_size > max(part.compress_size, 1) * MAX_RATIO
        )
        if part.file_size > limit or packed_too_well:
            raise WorkbookTooLargeError(part.filename[:80])
        if part.compress_type not in _METHODS or part.flag_bits & _ENCRYPTED:
            raise WorkbookDamagedError(f"{part.filename[:80]}: packed in a way that no spreadsheet uses")


Start = Callable[[str, Mapping[str, str]], object]
End = Callable[[str, str], object]


class XmlPieces:
    """A parser that is fed in pieces: names without prefixes, text per element, no document type, bounded depth.

    `start` gets name and attributes, `end` the name and the text directly inside. What they raise comes out of `feed`.
    """

    def __init__(self, *, start: Start | None = None, end: End | None = None) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = _no_document_type
        self._on_start, self._on_end = start, end
        self._texts: list[str] = []
        self._text = ""

    def feed(self, piece: bytes) -> None:
        """Parse some more; the empty piece ends the document. Raises: ExpatError, ValueError."""
        self._parser.Parse(piece, not piece)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._texts) >= MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise ValueError("nested deeper, or with more attributes, than any workbook")
        self._texts.append(self._text)
        self._text = ""
        if self._on_start is not None:
            self._on_start(name.rpartition(":")[2], attributes)

    def _end(self, name: str) -> None:
        text = self._text
        self._text = self._texts.pop()
        if self._on_end is not None:
            self._on_end(name.rpartition(":")[2], text)

    def _characters(self, text: str) -> None:
        self._text += text
        if len(self._text) > MAX_TEXT_CHARS:
            raise ValueError("a text longer than any cell")


def read_xml(part: IO[bytes], *, start: Start | None = None, end: End | None = None) -> None:
    """Parse a whole part. Raises: ExpatError, ValueError."""
    parser = XmlPieces(start=start, end=end)
    while piece := part.read(PIECE_BYTES):
        parser.feed(piece)
    parser.feed(b"")


def _no_document_type(*_: object) -> None:
    raise ValueError("a document type, which no workbook has")
