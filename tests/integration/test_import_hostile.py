"""Files that mean harm, or look as if they did: bounded memory, nothing run, every good row beside them still in."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.kernel.database import Database
from hub.registry.models import Enterprise
from tests.support.feed_shapes import (
    FOOD_HEADER,
    GOOD,
    HEAD,
    OTHER,
    SHOP,
    credit_code,
    csv_bytes,
    food_number,
)
from tests.support.loading import counts, load, refused, write

MEGABYTE = 1 << 20
LONG_LINE_BYTES = 200 * MEGABYTE
MORE_MEMORY_KIB = 80 * 1024  # than a small file takes


def load_text(db: Database, folder: Path, content: str | bytes) -> dict[str, object]:
    loading = load(db, write(folder, "market.csv", content))
    return {**counts(loading), "lines": [(row.line, row.reason) for row in refused(db, loading)]}


def peak_kib(environ: dict[str, str], path: Path) -> int:
    """The peak resident memory of a process that imports one file."""
    command = [sys.executable, "-m", "hub.cli", "import", "--json", str(path)]
    with subprocess.Popen(command, env={**os.environ, **environ}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        answer = json.loads(process.stdout.read())
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    assert answer["rows"] > 0
    return usage.ru_maxrss


def test_a_line_of_200_megabytes_takes_no_memory_and_harms_no_neighbour(
    environ: dict[str, str], db: Database, tmp_path: Path
) -> None:
    small = write(tmp_path, "small.csv", f"{HEAD}\n{GOOD}\n")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.write(f"{HEAD}\n{GOOD}\n{SHOP},".encode())
        for _ in range(LONG_LINE_BYTES // MEGABYTE):
            file.write(b'"x,' * (MEGABYTE // 3))
        file.write(f"\n{OTHER}\n".encode())

    extra = peak_kib(environ, large) - peak_kib(environ, small)

    assert extra < MORE_MEMORY_KIB
    with db.read() as session:
        assert set(session.scalars(select(Enterprise.uscc))) == {SHOP, credit_code(2)}


def test_memory_does_not_grow_with_the_number_of_rows(environ: dict[str, str], tmp_path: Path) -> None:
    few = write(tmp_path, "few.csv", f"{HEAD}\n" + f"{GOOD}\n" * 2_000)
    many = write(tmp_path, "many.csv", f"{HEAD}\n" + f"{GOOD}\n" * 30_000)

    assert peak_kib(environ, many) - peak_kib(environ, few) < MORE_MEMORY_KIB // 4


def test_an_open_quote_gives_up_its_own_line_only(db: Database, tmp_path: Path) -> None:
    open_quote = GOOD.replace("柯城试验商行", '"柯城试验商行')
    closed_later = OTHER.replace("食品销售。", '"食品销售,烟草制品零售。"')

    result = load_text(db, tmp_path, f"{HEAD}\n{open_quote}\n{closed_later}\n{GOOD}\n")

    assert (result["accepted"], result["lines"]) == (2, [(2, "QUOTES")])


def test_a_quoted_line_break_is_one_row_and_later_lines_keep_their_numbers(
    db: Database, tmp_path: Path
) -> None:
    broken = GOOD.replace("食品销售。", '"食品销售;\r\n烟草制品零售。"')
    bad = OTHER.replace("2020-01-02,长期", "2020-13-02,长期")

    result = load_text(db, tmp_path, f"{HEAD}\r\n{broken}\r\n{bad}\r\n")

    assert (result["rows"], result["accepted"], result["lines"]) == (2, 1, [(4, "DATE")])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_met(db: Database, tmp_path: Path, end: str) -> None:
    assert load_text(db, tmp_path, end.join([HEAD, GOOD, OTHER, ""]))["accepted"] == 2


def test_mixed_line_endings_are_met(db: Database, tmp_path: Path) -> None:
    assert load_text(db, tmp_path, f"{HEAD}\r\n{GOOD}\r{OTHER}\n")["accepted"] == 2


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_encoding_is_recognised(db: Database, tmp_path: Path, encoding: str) -> None:
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")

    result = load_text(db, tmp_path, f"{mark}{HEAD}\r\n{GOOD}\r\n{OTHER}\r\n".encode(encoding))

    assert (result["rows"], result["accepted"]) == (2, 2)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_every_delimiter_is_recognised(db: Database, tmp_path: Path, delimiter: str) -> None:
    text = f"{HEAD}\n{GOOD}\n".replace(",", delimiter)

    assert load_text(db, tmp_path, text)["accepted"] == 1


def test_one_row_in_another_encoding_is_refused_alone(db: Database, tmp_path: Path) -> None:
    content = f"{HEAD}\n{GOOD}\n".encode() + OTHER.encode("gb18030") + b"\n"

    result = load_text(db, tmp_path, content)

    assert (result["accepted"], result["lines"]) == (1, [(3, "ENCODING")])


def test_two_files_joined_with_mark_and_header_in_the_middle_are_one(db: Database, tmp_path: Path) -> None:
    result = load_text(db, tmp_path, f"\ufeff{HEAD}\n{GOOD}\n\ufeff{HEAD}\n\ufeff{OTHER}\n")

    assert (result["accepted"], result["blank"], result["lines"]) == (2, 1, [])


def test_zero_bytes_and_control_characters_are_refused_where_they_stand(db: Database, tmp_path: Path) -> None:
    rows = [
        GOOD.replace("柯城试验商行", "柯城\x00商行"),
        GOOD.replace("试验路", "试验\x1b[2J路"),
        GOOD.replace("食品销售", "食品\u2066销售"),
        GOOD.replace("柯城试验商行", "柯城\u200b商行"),
        GOOD.replace("柯城试验商行", "\u3164"),
        OTHER,
    ]

    result = load_text(db, tmp_path, "\n".join([HEAD, *rows]))

    reasons = [
        "NAME_CONTROL_CHARACTERS",
        "CONTROL_CHARACTERS",
        "CONTROL_CHARACTERS",
        *["NAME_CONTROL_CHARACTERS"] * 2,
    ]
    assert result["accepted"] == 1
    assert result["lines"] == list(enumerate(reasons, 2))


def test_rows_with_too_many_or_too_few_columns_are_refused(db: Database, tmp_path: Path) -> None:
    result = load_text(db, tmp_path, f"{HEAD}\n{GOOD},x\n{SHOP},柯城\n{OTHER},\n")

    assert (result["accepted"], result["lines"]) == (1, [(2, "COLUMNS"), (3, "COLUMNS")])


def test_json_lines_that_are_not_plain_objects_are_refused_one_by_one(db: Database, tmp_path: Path) -> None:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    plain = {
        "licenseType": "道路运输经营许可证",
        "licenseNo": "浙交运管许可衢字330802000001号",
        "holder": "柯城试验商行",
        "holderCode": SHOP,
        "validFrom": 20240101,
        "validTo": None,
        "issuer": "局",
        "state": "有效",
    }
    good = json.dumps(plain)
    lines = [
        good,
        good.replace('"validTo": null', '"validTo": NaN'),
        good.replace('"issuer"', '"state": "注销", "issuer"'),
        json.dumps({**plain, "holder": ["柯城"]}),
        json.dumps({**plain, "holder": True}),
        "[" * 100_000,
        "null",
        good + good,
        json.dumps({**plain, "holder": "\ud800"}),
        json.dumps({**plain, "note": "x" * 3_000}),
        "",
    ]

    loading = load(db, write(tmp_path, "road.jsonl", "\n".join(lines) + "\n"))

    assert counts(loading) == {
        "rows": 11,
        "accepted": 1,
        "duplicate": 0,
        "superseded": 0,
        "blank": 1,
        "refused": {"JSON": 5, "NAME_CONTROL_CHARACTERS": 1, "TOO_LONG": 1, "VALUE_KIND": 2},
    }


def test_a_name_that_grows_when_normalised_is_refused_and_not_cut(any_db: Database, tmp_path: Path) -> None:
    grown = GOOD.replace("柯城试验商行", "\ufdfa" * 100)  # one character that becomes eighteen

    result = load_text(any_db, tmp_path, f"{HEAD}\n{grown}\n")

    assert result["lines"] == [(2, "TOO_LONG")]


def test_a_license_of_another_sources_kind_is_refused(db: Database, tmp_path: Path) -> None:
    load(db, write(tmp_path, "market.csv", f"{HEAD}\n{GOOD}\n"))
    row = [
        food_number(1),
        "烟草专卖零售许可证",
        "柯城试验商行",
        SHOP,
        "柯城",
        "2024-01-01",
        "2028-01-01",
        "局",
        "有效",
        "1",
    ]

    loading = load(db, write(tmp_path, "food.csv", csv_bytes(FOOD_HEADER, [row])))

    assert loading.refused == {"TYPE_OF_OTHER_SOURCE": 1}
