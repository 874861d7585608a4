"""Files that are not what their name says, or not as the last one was: read where the meaning is clear, else named."""

import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from hub.feeds.errors import (
    FileRefusedError,
    JsonDocumentError,
    JsonDocumentTooLargeError,
    OtherKindError,
)
from hub.feeds.readers.delimited import DelimitedReader
from hub.feeds.readers.json_documents import MAX_DOCUMENT_BYTES
from hub.feeds.readers.rows import Header
from hub.kernel.database import Database
from tests.support.feed_shapes import GOOD, HEAD, OTHER, ROAD, SHOP, credit_code
from tests.support.loading import counts, load, refused, write
from tests.support.workbooks import package

SECOND = ROAD | {"licenseNo": "浙交运管许可衢字330802000002号"}


def pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@pytest.fixture
def market(db: Database, tmp_path: Path) -> Database:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    return db


@pytest.mark.parametrize(
    ("content", "accepted"),
    [
        (pretty(ROAD), 1),
        (pretty([ROAD, SECOND]), 2),
        (json.dumps([ROAD, SECOND]), 2),
        (pretty({"data": [ROAD, SECOND]}), 2),
        (json.dumps({"data": [ROAD, SECOND]}), 2),
        (json.dumps({"code": 0, "msg": "ok", "total": 2, "data": [ROAD, SECOND]}), 2),
        (pretty({"code": 0, "result": {"total": 2, "rows": [ROAD, SECOND]}}), 2),
        ("\ufeff" + pretty({"数据": [ROAD]}) + "\r\n\x1a", 1),
        (json.dumps(ROAD), 1),
        (json.dumps(ROAD) + "\n" + json.dumps(SECOND), 2),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_json_is_read_as_lines_as_one_object_and_as_a_list(
    market: Database, tmp_path: Path, content: str, accepted: int, encoding: str
) -> None:
    if encoding == "utf-16":
        content = content.removeprefix("\ufeff").removesuffix("\x1a")

    loading = load(market, write(tmp_path, "road.json", content.encode(encoding)))

    assert (loading.accepted, loading.position, loading.reasons) == (accepted, accepted, {})


def test_a_bad_object_of_a_document_is_refused_alone(market: Database, tmp_path: Path) -> None:
    good = json.dumps(ROAD, ensure_ascii=False)
    rows = [
        good,
        good.replace('"issuer"', '"state": "注销", "issuer"'),
        '"text"',
        "[]",
        good.replace('"2028-12-31"', "NaN"),
        good.replace(f'"{SHOP}"', "913308029373909922"),
        good.replace(f'"{SHOP}"', "9.1e17"),
        good.replace('"局"', "{}"),
    ]

    loading = load(market, write(tmp_path, "road.json", f'{{"data": [{",".join(rows)}]}}'))

    assert counts(loading) == {
        "rows": 8,
        "accepted": 1,
        "duplicate": 0,
        "superseded": 0,
        "blank": 0,
        "refused": {"DATE": 1, "JSON": 3, "NUMBER_ROUNDED": 2, "VALUE_KIND": 1},
    }
    assert [row.line for row in refused(market, loading)] == [2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    "content", ["[" + json.dumps(ROAD) + ",", "[" * 100_000, '[{"a": 1}] x', pretty(ROAD)[:-1] + ", }"]
)
def test_a_broken_document_is_named(db: Database, tmp_path: Path, content: str) -> None:
    with pytest.raises((JsonDocumentError, FileRefusedError)) as caught:
        load(db, write(tmp_path, "road.json", content))
    assert "JSON" in caught.value.reason or caught.value.reason == "FILE_SOURCE_UNKNOWN"


def test_a_document_too_large_to_be_held_is_named(db: Database, tmp_path: Path) -> None:
    with pytest.raises(JsonDocumentTooLargeError):
        load(db, write(tmp_path, "road.json", "[" + " " * MAX_DOCUMENT_BYTES + "]"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [True, False])
def test_utf_16_is_read_with_and_without_its_mark(
    db: Database, tmp_path: Path, encoding: str, *, mark: bool
) -> None:
    text = f"{HEAD}\r\n{GOOD}\r\n{OTHER}\r\n"
    content = ("\ufeff" if mark and encoding != "utf-16" else "") + text

    loading = load(db, write(tmp_path, "market.csv", content.encode(encoding)))

    assert (loading.accepted, loading.reasons) == (2, {})


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\r\n\x1a\x1a", "\r\n\x1a\r\n", "\n\n\x1a"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_old_mark_at_the_end_of_a_file_is_no_row(
    db: Database, tmp_path: Path, end: str, encoding: str
) -> None:
    loading = load(db, write(tmp_path, "market.csv", f"{HEAD}\r\n{GOOD}\r\n{OTHER}{end}".encode(encoding)))

    assert (loading.accepted, loading.reasons) == (2, {})


def test_the_same_mark_in_the_middle_is_refused_where_it_stands(db: Database, tmp_path: Path) -> None:
    loading = load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\x1a\n{OTHER}\n"))

    assert (loading.accepted, loading.refused) == (1, {"DATE": 1})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "HTML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "HTML"),
        ("<HTML><table>统一社会信用代码".encode("gb18030"), "HTML"),
        ("<table border=1>".encode("utf-16"), "HTML"),
        (b"<style>td{}</style><table>", "HTML"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "XML"),
        (b'<?xml version="1.0" encoding="GBK"?><rows/>', "XML"),
        (b"%PDF-1.7\n", "PDF"),
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"\x03\x7e\x0b\x1c" + b"\x00" * 28 + b"C", "DBF"),
        (package({"word/document.xml": "<x/>", "[Content_Types].xml": "<x/>"}), "Word"),
        (
            package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
            "OpenDocument",
        ),
        (package({"xl/workbook.bin": b"\x00", "[Content_Types].xml": "<x/>"}), "XLSB"),
        (package({"a.csv": "x", "b.csv": "y"}), "zip"),
    ],
)
def test_a_file_of_another_kind_is_named_for_what_it_is(
    db: Database, tmp_path: Path, content: bytes, kind: str
) -> None:
    with pytest.raises(OtherKindError) as caught:
        load(db, write(tmp_path, "market.xls", content))

    assert kind in caught.value.detail
    assert caught.value.reason == "FILE_OTHER_KIND"


def swallowed(field: int, *, quote: int) -> str:
    """A row with a quote that opens in one field, and the next one where a field ends with it."""
    first, second = GOOD.split(","), OTHER.split(",")
    first[field] = f'"{first[field]}'
    second[quote] = f'{second[quote]}"'
    return f"{','.join(first)}\n{','.join(second)}\n"


def test_a_quote_left_open_never_swallows_the_next_row_silently(tmp_path: Path) -> None:
    third = GOOD.replace(SHOP, credit_code(3))
    columns = tuple(HEAD.split(","))
    for field in range(len(columns)):
        for quote in range(len(columns)):
            path = write(tmp_path, "market.csv", f"{HEAD}\n{swallowed(field, quote=quote)}{third}\n")
            with closing(DelimitedReader(path)) as reader:
                head = next(one for one in reader.heads() if one.delimiter == ",")
                rows = list(reader.rows([Header(head, 1, columns, frozenset(columns))]))

            assert [row.line for row in rows] == [2, 3, 4]
            assert rows[0].fault is not None
            assert rows[0].fault.reason == "QUOTES"
            assert rows[2].fault is None


def test_the_row_with_the_closing_quote_is_not_read_with_it(db: Database, tmp_path: Path) -> None:
    loading = load(db, write(tmp_path, "market.csv", f"{HEAD}\n{swallowed(9, quote=9)}"))

    assert (loading.position, loading.accepted, loading.refused) == (2, 0, {"QUOTES": 2})


def test_three_rows_inside_one_open_quote_are_each_named_or_read(db: Database, tmp_path: Path) -> None:
    first, last = GOOD.split(","), OTHER.split(",")
    first[12] = f'"{first[12]}'
    last[12] = f'{last[12]}"'
    between = [GOOD.replace(SHOP, credit_code(number)) for number in (3, 4, 5)]
    text = "\n".join([HEAD, ",".join(first), *between, ",".join(last)])

    loading = load(db, write(tmp_path, "market.csv", text + "\n"))

    assert (loading.position, loading.accepted, loading.refused) == (5, 3, {"QUOTES": 2})


def test_a_cell_over_several_lines_that_names_codes_in_a_sentence_is_one_cell(
    db: Database, tmp_path: Path
) -> None:
    scope = f'"食品销售;\n原代码{credit_code(9)}已注销;\n一般项目:日用品"'

    loading = load(
        db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD.replace('食品销售。', scope)}\n{OTHER}\n")
    )

    assert (loading.position, loading.accepted, loading.reasons) == (2, 2, {})


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("市场主体".encode("gb18030"), "市场主体"),
        (b"\xca\xd0", "市"),
        (b"\xff\xfe\xff", "\\xff\\xfe\\xff"),
        ("市场\u202e主体".encode(), "市场\\u202e主体"),
        (b"a\nb", "a\\nb"),
    ],
)
def test_a_file_is_loaded_whatever_bytes_its_name_is(
    db: Database, tmp_path: Path, raw: bytes, shown: str
) -> None:
    path = tmp_path / os.fsdecode(raw + b".csv")
    path.write_bytes(f"{HEAD}\n{GOOD}\n".encode())

    assert load(db, path).file.name == f"{shown}.csv"
