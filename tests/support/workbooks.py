"""Workbooks put together part by part, with whatever a spreadsheet or a bad hand may put into them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Raw(str):
    """A whole cell's XML, with `{r}` where its reference belongs."""

    __slots__ = ()


def cells(line: int, values: Sequence[object]) -> str:
    """The cells of a row: texts inline, `Raw` as it is, None left out."""
    out = []
    for column, value in enumerate(values, 1):
        reference = f"{get_column_letter(column)}{line}"
        if isinstance(value, Raw):
            out.append(value.replace("{r}", f'r="{reference}"'))
        elif value is not None:
            out.append(f'<c r="{reference}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>')
    return "".join(out)


def sheet(
    rows: Iterable[Sequence[object]], *, attributes: Mapping[int, str] | None = None, tail: str = ""
) -> str:
    """A sheet's XML; `attributes` of rows by line, `tail` what stands behind the rows."""
    given = attributes or {}
    body = "".join(
        f'<row r="{line}" {given.get(line, "")}>{cells(line, values)}</row>'
        for line, values in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{tail}</worksheet>'


def book(
    sheets: Mapping[str, str],
    *,
    styles: str = "",
    properties: str = "",
    states: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A package of these sheets by title; `kinds` other than worksheet, `parts` besides or instead."""
    named, links = [], []
    content: dict[str, str | bytes] = {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'}
    for number, (title, xml) in enumerate(sheets.items(), 1):
        kind = (kinds or {}).get(title, "worksheet")
        state = (states or {}).get(title, "visible")
        named.append(f'<sheet name="{title}" sheetId="{number}" state="{state}" r:id="rId{number}"/>')
        links.append(
            f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{kind}s/sheet{number}.xml"/>'
        )
        content[f"xl/{kind}s/sheet{number}.xml"] = xml
    links.append(f'<Relationship Id="s1" Type="{OFFICE}/styles" Target="styles.xml"/>')
    if "xl/sharedStrings.xml" in (parts or {}):
        links.append(f'<Relationship Id="s2" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>')
    content["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{"".join(named)}</sheets></workbook>'
    )
    content["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONS}">{"".join(links)}</Relationships>'
    )
    content["_rels/.rels"] = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    )
    content["[Content_Types].xml"] = _content_types(content)
    return package(content | dict(parts or {}))


def _content_types(parts: Iterable[str]) -> str:
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles"}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{office}.{kinds.get(name, "worksheet")}+xml"/>'
        for name in parts
        if name.startswith("xl/") and name.endswith(".xml")
    )
    return (
        f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def package(content: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in content.items():
            target.writestr(name, part)
    return out.getvalue()


def workbook_of(folder: Path, name: str, table: bytes) -> Path:
    """A plain workbook with what a CSV table holds."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in csv.reader(table.decode("utf-8-sig").splitlines()):
        sheet.append(row)
    book.save(folder / name)
    return folder / name
