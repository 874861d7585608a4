"""Bytes to rows: line ends, encodings, quotes, limits."""

import csv
import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.feeds.errors import EmptyFileError, EncodingUnknownError, NotAFileError
from hub.feeds.readers import delimited, lines
from hub.feeds.readers.delimited import DelimitedReader
from hub.feeds.readers.detection import open_reader
from hub.feeds.readers.json_lines import JsonLinesReader
from hub.feeds.readers.lines import MAX_LINE_BYTES, LineFile, sniff_encoding
from hub.feeds.readers.rows import Header, RawRow
from hub.feeds.readers.workbook import WorkbookReader

CELL = st.text(  # Ctrl-Z in the last cell would be the end of a file of DOS
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x00\x1a\ufeff"), max_size=12
)


def file(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def physical(path: Path) -> list[tuple[int, str, str]]:
    with closing(LineFile(path)) as opened:
        return [(line.number, line.text, line.fault) for line in opened.lines()]


def rows(path: Path, columns: Sequence[str]) -> list[RawRow]:
    with closing(DelimitedReader(path)) as reader:
        (head,) = (one for one in reader.heads() if one.delimiter == ",")
        return list(reader.rows([Header(head, 1, tuple(columns), frozenset(columns))]))


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        ("名称\n衢州\n".encode(), "utf-8"),
        ("名称\n衢州\n".encode("utf-8-sig"), "utf-8"),
        ("名称\n衢州\n".encode("gb18030"), "gb18030"),
        ("𠮷名\n".encode("gb18030"), "gb18030"),
        (b"name\n", "utf-8"),
        ("名称\n".encode("utf-16"), "utf-16"),
        ("名称\n衢州\n衢\n".encode() + "坏".encode("gb18030") + b"\n", "utf-8"),
    ],
)
def test_the_encoding_is_what_most_lines_are_in(sample: bytes, name: str) -> None:
    assert sniff_encoding(sample).name == name


def test_an_empty_file_and_one_that_is_no_text_are_refused() -> None:
    for sample in (b"", b" \r\n"):
        with pytest.raises(EmptyFileError):
            sniff_encoding(sample)
    with pytest.raises(EncodingUnknownError):
        sniff_encoding(b"\xff\xff\xff\n\xff\x80\n\xfe\xff\xff\n\x80\xff\n")


def test_a_character_cut_by_the_end_of_the_sample_does_not_decide() -> None:
    content = ("衢" * 100_000).encode()

    assert sniff_encoding(b"a\n" + content[: lines.SAMPLE_BYTES]).name == "utf-8"


def test_lines_are_numbered_as_an_editor_numbers_them(tmp_path: Path) -> None:
    path = file(tmp_path, b"\xef\xbb\xbfa\r\nb\rc\n\n\xef\xbb\xbfd")

    assert physical(path) == [(1, "a", ""), (2, "b", ""), (3, "c", ""), (4, "", ""), (5, "d", "")]


def test_a_line_that_is_too_long_is_skipped_to_its_end(tmp_path: Path) -> None:
    path = file(tmp_path, b"a\n" + b"x" * (3 * MAX_LINE_BYTES + 7) + b"\nb\n" + b"y" * (MAX_LINE_BYTES + 1))

    assert [(number, text[:2], fault) for number, text, fault in physical(path)] == [
        (1, "a", ""),
        (2, "xx", "TOO_LONG"),
        (3, "b", ""),
        (4, "yy", "TOO_LONG"),
    ]


def test_a_line_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    path = file(tmp_path, b"x" * MAX_LINE_BYTES + b"\nb\n")

    assert [(number, len(text), fault) for number, text, fault in physical(path)] == [
        (1, MAX_LINE_BYTES, ""),
        (2, 1, ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_a_line_end_cut_in_two_by_a_chunk_is_one_line_end(tmp_path: Path, encoding: str) -> None:
    text = "".join(f"{'x' * (number % 7)}\r\n" for number in range(60_000))
    path = file(tmp_path, text.encode(encoding))

    assert [line for _, line, _ in physical(path)] == text.splitlines()


def test_a_file_with_carriage_returns_alone_is_read(tmp_path: Path) -> None:
    assert physical(file(tmp_path, b"a\rb\r")) == [(1, "a", ""), (2, "b", "")]


@settings(deadline=None)  # files on a busy machine
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3).filter(lambda row: any(map(str.strip, row))), max_size=8)
)
def test_what_a_spreadsheet_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([["列A", "列B", "列C"], *table])
    folder = tmp_path_factory.mktemp("csv")

    read = rows(file(folder, out.getvalue().encode()), ["列A", "列B", "列C"])

    assert [row.fault for row in read] == [None] * len(table)
    assert [list(row.values.values()) for row in read] == table


def test_quotes_in_the_middle_of_a_cell_are_text(tmp_path: Path) -> None:
    (row,) = rows(file(tmp_path, b'a,b\n5" pipe,"say ""hi"", he said"\n'), "ab")

    assert row.values == {"a": '5" pipe', "b": 'say "hi", he said'}


def test_many_open_quotes_cost_a_line_each(tmp_path: Path) -> None:
    path = file(tmp_path, b"a,b\n" + b'"open,1\n' * 3 + b"good,2\n")

    read = rows(path, "ab")

    assert [row.fault.reason if row.fault else "" for row in read] == ["QUOTES"] * 3 + [""]
    assert [row.line for row in read] == [2, 3, 4, 5]


def test_a_cell_larger_than_any_cell_is_too_long(tmp_path: Path) -> None:
    (row,) = rows(file(tmp_path, b'a,b\n"' + b"x" * 200_000 + b'",1\n'), "ab")

    assert row.fault is not None
    assert row.fault.reason == "TOO_LONG"


def test_whether_a_quote_is_open_is_told_in_linear_time() -> None:
    for text in ('"' * 100_001, '"a,' * 50_000, '"",' * 50_000 + '"', "a," * 100_000 + '"'):
        assert delimited._is_open(text, ",") == (_naive_open(text))


def _naive_open(text: str) -> bool:
    """The same by hand: inside quotes or not, character by character."""
    inside = at_start = True
    inside = False
    previous_quote = False
    quoted_cell = False
    for character in text:
        if inside:
            if character == '"':
                inside, previous_quote = False, True
                continue
        elif character == ",":
            at_start, quoted_cell, previous_quote = True, False, False
            continue
        elif character == '"' and at_start:
            inside = quoted_cell = True
        elif character == '"' and previous_quote and quoted_cell:
            inside = True
        at_start = previous_quote = False
    return inside


@given(st.text(alphabet='a",\n', max_size=30))
def test_open_quotes_are_found_as_by_hand(text: str) -> None:
    assert delimited._is_open(text, ",") == _naive_open(text)


def test_a_named_pipe_or_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotAFileError):
        open_reader(tmp_path)


@pytest.mark.parametrize("content", [b'{"a": 1}\n', b'\n\n  {"a": 1}\n', b'\xef\xbb\xbf{"a": 1}\n'])
def test_what_a_file_is_is_told_by_its_content(tmp_path: Path, content: bytes) -> None:
    reader = open_reader(file(tmp_path, content))

    assert isinstance(reader, JsonLinesReader)
    assert list(reader.heads()[0].rows[0].cells) == ["a"]
    reader.close()


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="damaged"):
        WorkbookReader(file(tmp_path, b"PK\x03\x04" + b"\0" * 100))
