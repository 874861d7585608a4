"""Files that are not what departments' tables come in, named for what they are."""

import re
import zipfile
from pathlib import Path
from typing import Final

from hub.feeds.errors import OtherKindError

_MAGIC: Final = (
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
)
_HTML: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|style|table|div|font|center)\b", re.IGNORECASE
)
_MHTML: Final = re.compile(rb"MIME-Version:", re.IGNORECASE)
_XML: Final = re.compile(rb"<(?:\?xml\b|[A-Za-z][\w.-]*(?::[\w.-]+)?[\s>/])")
_DBF: Final = re.compile(rb"[\x02\x03\x30\x31\x83\x8b\xf5][\x00-\xff][\x01-\x0c][\x01-\x1f]", re.DOTALL)
_PACKAGES: Final = (
    ("word/", "Word (.docx)"),
    ("ppt/", "PowerPoint (.pptx)"),
    ("xl/workbook.bin", "XLSB"),
    ("mimetype", "OpenDocument (.ods)"),
)
MAX_ENTRIES_LOOKED_AT: Final = 2_000


def refuse_other_kinds(path: Path, start: bytes, plain: bytes) -> None:
    """Raises: OtherKindError. `plain`: the beginning without zero bytes, marks and blanks."""
    if start.startswith(b"PK"):
        kind = _of_package(path)
    else:
        kind = next((name for magic, name in _MAGIC if start.startswith(magic)), None) or _of_text(
            start, plain
        )
    if kind is not None:
        raise OtherKindError(kind)


def _of_text(start: bytes, plain: bytes) -> str | None:
    if _HTML.match(plain) or _MHTML.match(plain):
        return "网页 web page (HTML)"
    if _XML.match(plain):
        return "网页 web page (HTML)" if _HTML.search(plain) else "XML"
    if _DBF.match(start) and b"\x00" in start[:32]:
        return "DBF"
    return None


def _of_package(path: Path) -> str | None:
    """What a zip file is that is no workbook; None for one that may be, or is too damaged to tell."""
    try:
        with zipfile.ZipFile(path) as package:
            names = [name.replace("\\", "/").lower() for name in package.namelist()[:MAX_ENTRIES_LOOKED_AT]]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "xl/workbook.xml" in names:
        return None
    found = next((kind for part, kind in _PACKAGES if any(name.startswith(part) for name in names)), None)
    return found or (None if "[content_types].xml" in names else "压缩包 zip archive")
