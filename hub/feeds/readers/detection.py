"""From a path to the reader for what the file really is, whatever its name says."""

from pathlib import Path

from hub.feeds.errors import EmptyFileError, NotAFileError
from hub.feeds.file_names import shown_path
from hub.feeds.readers.delimited import DelimitedReader
from hub.feeds.readers.json_documents import JsonDocumentReader, is_document
from hub.feeds.readers.json_lines import JsonLinesReader
from hub.feeds.readers.kinds import refuse_other_kinds
from hub.feeds.readers.process import WorkbookProcess
from hub.feeds.readers.rows import TableReader
from hub.feeds.readers.workbook import OLE_MAGIC, WorkbookReader
from hub.kernel.sandbox import Sandbox

ZIP_MAGIC = b"PK"
GB18030_MARK = "\ufeff".encode("gb18030")
PEEK_BYTES = 4_096
_WORKBOOK = (ZIP_MAGIC, OLE_MAGIC)


def open_reader(path: Path, sandbox: Sandbox | None = None) -> TableReader:
    """`sandbox`: where workbooks are parsed; None: here, within the same counts but without limits of time and memory.

    Raises: FileRefusedError (a leaf that says what is wrong with the file).
    """
    if not path.is_file():
        raise NotAFileError(shown_path(path))
    with path.open("rb") as file:
        start = file.read(PEEK_BYTES)
    if not start:
        raise EmptyFileError
    plain = start.removeprefix(GB18030_MARK).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    refuse_other_kinds(path, start, plain)
    if start.startswith(_WORKBOOK):
        return WorkbookReader(path) if sandbox is None else WorkbookProcess(path, sandbox)
    if not plain.startswith((b"{", b"[")):
        return DelimitedReader(path)
    return JsonDocumentReader(path) if is_document(path) else JsonLinesReader(path)


def is_workbook(path: Path) -> bool:
    """Return whether it needs a parser in a process of its own. Raises: OSError."""
    with path.open("rb") as file:
        return file.read(PEEK_BYTES).startswith(_WORKBOOK)
