"""From a path to the reader for what the file really is, whatever its name says."""

from pathlib import Path

from hub.feeds.errors import EmptyFileError, NotAFileError
from hub.feeds.readers.delimited import DelimitedReader
from hub.feeds.readers.jsonlines import JsonLinesReader
from hub.feeds.readers.rows import TableReader
from hub.feeds.readers.workbook import OLE_MAGIC, WorkbookReader

ZIP_MAGIC = b"PK"
PEEK_BYTES = 4_096


def open_reader(path: Path) -> TableReader:
    """Raises: FileRefusedError (a leaf that says what is wrong with the file)."""
    if not path.is_file():
        raise NotAFileError(str(path))
    with path.open("rb") as file:
        start = file.read(PEEK_BYTES)
    if not start:
        raise EmptyFileError
    if start.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return WorkbookReader(path)
    plain = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return JsonLinesReader(path) if plain.startswith((b"{", b"[")) else DelimitedReader(path)
